//! What a request hands over with its document: how many rows its pages may have, how many values its arguments.

use std::collections::HashMap;

use async_graphql::parser::types::Field;
use async_graphql::{Name, Positioned, Value as Const, Variables};
use async_graphql_value::Value;

use super::lengths;

/// The size of a page that is asked for without one.
const PAGE: u64 = 50;
/// The largest page there is; the resolver refuses the rest.
const LARGEST_PAGE: u64 = 200;

/// The variables of a request, defaults included, and how much each holds.
pub(super) struct Given<'d> {
    variables: &'d Variables,
    sizes: HashMap<&'d Name, u64>,
}

impl<'d> Given<'d> {
    pub(super) fn new(variables: &'d Variables) -> Self {
        Self { variables, sizes: variables.iter().map(|(name, value)| (name, size(value))).collect() }
    }

    /// How often what is below a field may be there: once for each row of its page, or of a list of the usual length.
    pub(super) fn rows(&self, field: &Field, paged: bool) -> u64 {
        let asked = field
            .arguments
            .iter()
            .filter(|(name, _)| matches!(name.node.as_str(), "first" | "last"))
            .filter_map(|(_, value)| self.number(&value.node))
            .max();
        asked.unwrap_or_else(|| if paged { PAGE } else { lengths::usual(&field.name.node).unwrap_or(1) })
    }

    /// A page size; 1 for what the resolver will refuse, none for null.
    fn number(&self, value: &Value) -> Option<u64> {
        let number = match value {
            Value::Null => return None,
            Value::Number(number) => number.as_u64(),
            Value::Variable(name) => match self.variables.get(name) {
                None | Some(Const::Null) => return None,
                Some(Const::Number(number)) => number.as_u64(),
                Some(_) => None,
            },
            _ => None,
        };
        Some(number.filter(|number| (1..=LARGEST_PAGE).contains(number)).unwrap_or(1))
    }

    /// The values of a field's arguments.
    pub(super) fn handed(&self, arguments: &[(Positioned<Name>, Positioned<Value>)]) -> u64 {
        arguments.iter().fold(0, |sum, (_, value)| sum.saturating_add(self.written(&value.node)))
    }

    /// The values of an argument; those that variables bring are read, checked and copied at every use.
    fn written(&self, value: &Value) -> u64 {
        match value {
            Value::Variable(name) => self.sizes.get(name).copied().unwrap_or(1),
            Value::List(items) => items.iter().fold(1, |sum, item| sum.saturating_add(self.written(item))),
            Value::Object(fields) => fields.values().fold(1, |sum, field| sum.saturating_add(self.written(field))),
            _ => 1,
        }
    }
}

/// How many values a variable holds; long texts count for more than one.
fn size(value: &Const) -> u64 {
    match value {
        Const::List(items) => items.iter().map(size).sum::<u64>() + 1,
        Const::Object(fields) => fields.values().map(size).sum::<u64>() + 1,
        Const::String(text) => text.len() as u64 / 256 + 1,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::parser::types::Selection;
    use serde_json::json;

    use super::*;
    use crate::http::document::Selected;

    /// The rows and the values of the first root field.
    fn found(field: &str, variables: serde_json::Value) -> (u64, u64) {
        let document = parse_query(format!("query ($n: Int, $v: [Int]) {{ {field} }}")).unwrap();
        let operation = Selected::find(&document, None).unwrap();
        let Selection::Field(field) = &operation.of(&document).unwrap().selection_set.node.items[0].node else {
            panic!("a field")
        };
        let variables = Variables::from_json(variables);
        let given = Given::new(&variables);
        (given.rows(&field.node, true), given.handed(&field.node.arguments))
    }

    #[test]
    fn rows_of_pages() {
        let rows = |arguments: &str, n: serde_json::Value| found(&format!("p{arguments}"), json!({ "n": n })).0;
        assert_eq!(rows("", json!(1)), 50);
        assert_eq!(rows("(first: 7)", json!(1)), 7);
        assert_eq!(rows("(first: 7, last: 9)", json!(1)), 9);
        assert_eq!(rows("(first: null)", json!(1)), 50);
        assert_eq!(rows("(last: $n)", json!(20)), 20);
        assert_eq!(rows("(last: $n)", json!(null)), 50);
        assert_eq!(rows("(last: $n)", json!(1000)), 1);
        assert_eq!(rows("(last: $n)", json!("20")), 1);
        for refused in ["0", "-1", "201", "99999999999999999999", "\"50\"", "1.5"] {
            assert_eq!(rows(&format!("(first: {refused})"), json!(1)), 1, "{refused}");
        }
    }

    #[test]
    fn values_handed_over() {
        let values =
            |arguments: &str| found(&format!("a{arguments}"), json!({ "v": [1, 2, [3]], "n": "x".repeat(1000) })).1;
        assert_eq!(values(""), 0);
        assert_eq!(values("(a: 1, b: {c: [1, 2]})"), 5);
        assert_eq!(values("(a: $v)"), 5);
        assert_eq!(values("(a: {b: [$v, $v]})"), 12);
        assert_eq!(values("(a: $n, b: $unknown)"), 5);
    }
}
