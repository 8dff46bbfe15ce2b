//! Documents that clients sent before, read; and of queries that were executed, that they passed validation.
//!
//! Clients send the same few documents over and over. Validation depends on a document's text and on the values of its
//! variables, and those of the plain types can all be told from their value alone. So a query that has passed once is
//! not validated again for other plain values. Whatever else may differ is: what is left out, lists, inputs, nulls.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use async_graphql::parser::types::{BaseType, ExecutableDocument, OperationType, Type};
use async_graphql::{Name, Value, Variables};

use super::shape::Shape;

/// So many a field takes of a document at the least, as a rule.
const BYTES_A_FIELD: usize = 4;

/// A document as it was read.
pub(super) struct Known {
    pub(super) document: ExecutableDocument,
    /// The length of its text.
    bytes: usize,
    /// The shape of its answers, once it has passed.
    passed: OnceLock<Arc<Shape>>,
}

impl Known {
    pub(super) fn new(document: ExecutableDocument, bytes: usize) -> Self {
        Self { document, bytes, passed: OnceLock::new() }
    }

    /// The shape of the answer, if validation would pass the document with these variables as it has before.
    pub(super) fn passes(&self, variables: &Variables, omitted: &HashSet<Name>) -> Option<Arc<Shape>> {
        let shape = self.passed.get()?;
        (self.is_alike_for_all() && omitted.is_empty() && self.are_plain(variables)).then(|| shape.clone())
    }

    /// Validation has passed the document with these variables left out. Kept is what is no larger than its text
    /// suggests: fragments within fragments can make a great shape of a short one.
    pub(super) fn passed(&self, omitted: &HashSet<Name>, shape: &Arc<Shape>) {
        if self.is_alike_for_all() && omitted.is_empty() && shape.len() <= self.bytes / BYTES_A_FIELD {
            self.passed.get_or_init(|| shape.clone());
        }
    }

    /// Is it a single query? What changes data is validated each time, and so is what shares its variables.
    fn is_alike_for_all(&self) -> bool {
        let mut operations = self.document.operations.iter();
        let first = operations.next().is_some_and(|(_, operation)| operation.node.ty == OperationType::Query);
        first && operations.next().is_none()
    }

    fn are_plain(&self, variables: &Variables) -> bool {
        let operations = self.document.operations.iter();
        let mut definitions = operations.flat_map(|(_, operation)| &operation.node.variable_definitions);
        definitions.all(|definition| {
            let value = variables.get(&definition.node.name.node);
            value.is_some_and(|value| is_plain(&definition.node.var_type.node, value))
        })
    }
}

/// A value that is right wherever a variable of its type may stand.
fn is_plain(ty: &Type, value: &Value) -> bool {
    let BaseType::Named(name) = &ty.base else { return false };
    match (name.as_str(), value) {
        ("ID" | "String", Value::String(_)) | ("Boolean", Value::Boolean(_)) => true,
        ("Int", Value::Number(number)) => number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;
    use crate::http::document::Selected;
    use crate::http::types::FieldTypes;

    fn passes(text: &str, variables: serde_json::Value) -> bool {
        let known = Known::new(parse_query(text).unwrap(), text.len());
        let variables = Variables::from_json(variables);
        assert!(known.passes(&variables, &HashSet::new()).is_none(), "nothing has passed before it was executed");
        known.passed(&HashSet::new(), &Arc::default());
        known.passes(&variables, &HashSet::new()).is_some()
    }

    #[test]
    fn a_query_passes_again_with_other_plain_values() {
        let text = "query ($a: ID!, $b: String, $c: Int, $d: Boolean) { x(a: $a, b: $b, c: $c, d: $d) }";
        assert!(passes("{ x }", json!({})));
        assert!(passes(text, json!({ "a": "1", "b": "", "c": -3, "d": true })));
        for (name, other) in [
            ("a", json!(1)),
            ("b", json!(null)),
            ("b", json!(["x"])),
            ("c", json!(3.5)),
            ("c", json!(1_i64 << 40)),
            ("d", json!("true")),
        ] {
            let mut given = json!({ "a": "1", "b": "", "c": -3, "d": true });
            given[name] = other;
            assert!(!passes(text, given.clone()), "{given}");
        }
    }

    #[test]
    fn whatever_else_may_differ_is_validated() {
        assert!(!passes("mutation { x }", json!({})));
        assert!(!passes("subscription { x }", json!({})));
        assert!(!passes("query A { x } query B { x }", json!({})));
        assert!(!passes("query ($a: [ID!]) { x(a: $a) }", json!({ "a": "1" })));
        assert!(!passes("query ($a: Filter) { x(a: $a) }", json!({ "a": {} })));
        assert!(!passes("query ($a: DateTime) { x(a: $a) }", json!({ "a": "2026-01-01T00:00:00Z" })));
        assert!(!passes("query ($a: ID) { x(a: $a) }", json!({})), "left out");
        let text = "query ($a: ID) { x(a: $a) }";
        let known = Known::new(parse_query(text).unwrap(), text.len());
        known.passed(&HashSet::from([Name::new("a")]), &Arc::default());
        assert!(known.passes(&Variables::from_json(json!({ "a": "1" })), &HashSet::new()).is_none());
    }
    #[test]
    fn what_is_larger_than_its_text_is_not_kept() {
        let text = "{ a { ...F } b { ...F } c { ...F } d { ...F } e { ...F } } fragment F on T { k l m n o p }";
        let document = parse_query(text).unwrap();
        let shape = Shape::of(&document, &Selected::find(&document, None).unwrap(), &FieldTypes::default());
        assert_eq!(shape.len(), 35);
        let known = Known::new(document, text.len());
        known.passed(&HashSet::new(), &Arc::new(shape));
        assert!(known.passes(&Variables::default(), &HashSet::new()).is_none());
    }
}
