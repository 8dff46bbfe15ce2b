//! What a document would cost, found without walking any fragment twice.
//!
//! Fragments that spread one another can multiply one kilobyte into a billion fields, and whatever walks the expansion
//! (the library's own limits do) walks all of it. Here each fragment is measured once and remembered, and the sums
//! saturate, so that the time is that of reading the text.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, ServerError, Variables};

use super::errors::{limit, mistake};
use super::given::Given;

/// Selections within one another, through fragments too: what a stack bears without a thought.
const HEIGHT: usize = 30;
/// Values handed to a field that count as one field more.
const VALUES_A_FIELD: u64 = 4;
/// Depth that introspection may have besides the depth limit: the usual query of tools needs 13.
const INTROSPECTION_DEPTH: usize = 16;
/// Attempts to sign in: one of these a request.
const SIGN_INS: [&str; 3] = ["login", "refreshSession", "changePassword"];

/// The cost of a selection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cost {
    /// Fields on this level, those of its fragments included; at the root, the root fields.
    pub(super) level: u64,
    /// Those of them that try to sign in.
    pub(super) sign_ins: u64,
    /// One of them shows the schema.
    pub(super) introspects: bool,
    /// One of them holds the rows of a page.
    paged: bool,
    /// Fields in all, fragments expanded.
    pub(super) fields: u64,
    pub(super) depth: usize,
    height: usize,
    pub(super) aliases: u64,
    pub(super) directives: u64,
    /// Fields in all, those of a page counted once for each row it may have.
    pub(super) complexity: u64,
    /// The same for what shows the schema, by the size that a schema usually has.
    pub(super) introspection: u64,
}

impl Cost {
    /// Both of these selections, side by side.
    fn and(self, other: Self) -> Self {
        Self {
            level: self.level.saturating_add(other.level),
            sign_ins: self.sign_ins.saturating_add(other.sign_ins),
            introspects: self.introspects || other.introspects,
            paged: self.paged || other.paged,
            fields: self.fields.saturating_add(other.fields),
            depth: self.depth.max(other.depth),
            height: self.height.max(other.height),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            complexity: self.complexity.saturating_add(other.complexity),
            introspection: self.introspection.saturating_add(other.introspection),
        }
    }
}

enum Memo {
    Open,
    Known(Cost),
}

/// Measures the selections of one document for one request.
pub(super) struct Meter<'d> {
    document: &'d ExecutableDocument,
    given: Given<'d>,
    fragments: HashMap<&'d Name, Memo>,
    height: usize,
    /// Fields that validation compares: it walks the level of every selection, expanded, once for each in the text.
    pub(super) compared: u64,
}

impl<'d> Meter<'d> {
    pub(super) fn new(document: &'d ExecutableDocument, variables: &'d Variables) -> Self {
        Self { document, given: Given::new(variables), fragments: HashMap::new(), height: 0, compared: 0 }
    }

    /// The cost of a selection; an error for a fragment that contains itself, and for selections too far within one
    /// another.
    pub(super) fn selection(&mut self, set: &'d SelectionSet) -> Result<Cost, ServerError> {
        self.within(set, false)
    }

    /// The cost of a fragment, found the first time and remembered.
    pub(super) fn fragment(&mut self, name: &'d Name) -> Result<Cost, ServerError> {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else { return Ok(Cost::default()) };
        match self.fragments.get(name) {
            Some(Memo::Known(cost)) => return Ok(*cost),
            Some(Memo::Open) => return Err(mistake(format!("The fragment `{name}` contains itself."))),
            None => {}
        }
        self.fragments.insert(name, Memo::Open);
        let introspecting = fragment.node.type_condition.node.on.node.starts_with("__");
        let cost = self.within(&fragment.node.selection_set.node, introspecting)?;
        self.fragments.insert(name, Memo::Known(cost));
        Ok(cost)
    }

    fn within(&mut self, set: &'d SelectionSet, introspecting: bool) -> Result<Cost, ServerError> {
        self.height += 1;
        let mut cost = Cost::default();
        for selection in &set.items {
            let directives = selection.node.directives().len() as u64;
            let one = match &selection.node {
                // Deeper than this nothing is looked at; the check below refuses it.
                _ if self.height > HEIGHT => Cost { height: HEIGHT, ..Cost::default() },
                Selection::Field(field) => self.field(&field.node, introspecting)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?,
                Selection::InlineFragment(inline) => self.within(&inline.node.selection_set.node, introspecting)?,
            };
            cost = cost.and(one);
            cost.directives = cost.directives.saturating_add(directives);
        }
        cost.height += 1;
        self.height -= 1;
        self.compared = self.compared.saturating_add(cost.level);
        if cost.height > HEIGHT {
            return Err(limit("selections within one another", cost.height, HEIGHT));
        }
        Ok(cost)
    }

    fn field(&mut self, field: &'d Field, introspecting: bool) -> Result<Cost, ServerError> {
        let name = field.name.node.as_str();
        let introspects = matches!(name, "__schema" | "__type");
        let below = if field.selection_set.node.items.is_empty() {
            Cost::default()
        } else {
            self.within(&field.selection_set.node, introspecting || introspects)?
        };
        let handed = self.given.handed(&field.arguments) / VALUES_A_FIELD;
        self.compared = self.compared.saturating_add(handed);
        let times = if introspecting { typical_rows(name) } else { self.given.rows(field, below.paged) };
        let shown_below = if name == "ofType" && introspecting { chain(below.complexity) } else { below.complexity };
        let (own, rest) = if introspects { (1, 0) } else { (1 + handed, shown_below.saturating_mul(times)) };
        let shown = if introspects { below.complexity } else { 0 };
        let free = introspects && below.depth <= INTROSPECTION_DEPTH;
        Ok(Cost {
            level: 1,
            sign_ins: u64::from(SIGN_INS.contains(&name)),
            introspects,
            paged: matches!(name, "edges" | "nodes"),
            fields: below.fields.saturating_add(1),
            depth: if free { 1 } else { below.depth + 1 },
            height: below.height,
            aliases: below.aliases.saturating_add(u64::from(field.alias.is_some())),
            directives: below.directives,
            complexity: rest.saturating_add(own),
            introspection: below.introspection.saturating_add(shown),
        })
    }
}

/// Tools ask for nine types within one another and find two: a chain of names costs no more than that.
fn chain(below: u64) -> u64 {
    if below <= 40 { below.min(5) } else { below }
}

/// How many rows the lists of a schema usually have.
fn typical_rows(list: &str) -> u64 {
    match list {
        "types" => 250,
        "fields" => 6,
        "directives" => 5,
        "inputFields" | "enumValues" => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;
    use crate::http::document::Selected;

    fn cost_with(text: &str, variables: serde_json::Value) -> Result<Cost, ServerError> {
        let document = parse_query(text).unwrap();
        let operation = Selected::find(&document, None).unwrap();
        let variables = Variables::from_json(variables);
        Meter::new(&document, &variables).selection(&operation.of(&document).unwrap().selection_set.node)
    }

    fn cost(text: &str) -> Cost {
        cost_with(text, json!({})).unwrap()
    }

    #[test]
    fn pages_multiply() {
        let complexity = |text: &str| cost(text).complexity;
        assert_eq!(complexity("{ viewer { id } }"), 2);
        assert_eq!(complexity("{ projects(first: 10) { edges { node { id } } } }"), 1 + 1 + 10 * 3 - 1);
        assert_eq!(complexity("{ projects { nodes { id } } }"), 1 + 50 * 2);
        assert_eq!(complexity("{ projects { totalCount } }"), 2);
        assert_eq!(complexity("{ projects { ...P } } fragment P on C { edges { cursor } }"), 1 + 50 * 2);
        assert_eq!(complexity("{ projects { ... { edges { cursor } } } }"), 1 + 50 * 2);
        assert_eq!(
            complexity("{ projects(last: 200) { nodes { id tasks(first: 3) { nodes { id } } } } }"),
            1 + 200 * 9
        );
        assert_eq!(complexity("{ projects(first: 201) { nodes { id } } }"), 3);
        assert_eq!(complexity("{ projects(first: null) { nodes { id } } }"), 101);
    }

    #[test]
    fn large_variables_count_at_every_use() {
        let text = "query ($v: [Int]) { a(v: $v) b: a(v: {w: [$v]}) }";
        let found = cost_with(text, json!({ "v": vec![1; 3999] })).unwrap();
        assert_eq!(found.complexity, 2 + 1000 + 1000);
    }

    #[test]
    fn fragments_that_multiply_cost_what_they_expand_to_and_no_time() {
        let twice = (0..25).map(|n| format!(" fragment F{n} on T {{ ...F{} ...F{} }}", n + 1, n + 1));
        let text = twice.collect::<Vec<_>>().concat();
        let found = cost(&format!("{{ ...F0 }} {text} fragment F25 on T {{ a b: c @skip(if: true) login }}"));
        assert_eq!(found.fields, 3 << 25);
        assert_eq!((found.aliases, found.directives, found.sign_ins), (1 << 25, 1 << 25, 1 << 25));
        assert_eq!(found.depth, 1);
    }

    #[test]
    fn cycles_and_towers_are_errors() {
        let message = |text: &str| cost_with(text, json!({})).unwrap_err().message;
        assert!(
            message("{ ...A } fragment A on T { a { ...B } } fragment B on T { ...A }").contains("contains itself")
        );
        let deep = format!("{{ {} a {} }}", "a {".repeat(40), "}".repeat(40));
        assert!(message(&deep).contains("within one another"));
        let chain = (0..600).map(|n| format!(" fragment F{n} on T {{ ...F{} }}", n + 1)).collect::<Vec<_>>().concat();
        assert!(message(&format!("{{ ...F0 }} {chain}")).contains("within one another"));
        // The parts are low enough, the whole is not; measured low part first.
        let half = |of: &str| format!("{} {of} {}", "a {".repeat(20), "}".repeat(20));
        let tower = format!(
            "{{ ...A b {{ ...B }} }} fragment A on T {{ {} }} fragment B on T {{ {} }}",
            half("a"),
            half("...A")
        );
        assert!(message(&tower).contains("within one another"));
    }

    #[test]
    fn depth_counts_fields_and_not_fragments() {
        assert_eq!(cost("{ a { b { c } } ... { d { e { ...F } } } } fragment F on T { f { g } }").depth, 5 - 1);
        assert_eq!(cost("{ a }").depth, 1);
    }

    #[test]
    fn showing_the_schema_has_its_own_account() {
        let usual = cost(crate::http::limits::tests::INTROSPECTION);
        assert_eq!((usual.depth, usual.complexity, usual.introspects), (1, 1, true));
        assert!(usual.introspection > 10_000);
        let spiral = cost("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }");
        assert!(spiral.introspection > 250 * 6 * 6 * 6);
        let deep = format!("{{ __type(name: \"A\") {{ {} name {} }} }}", "ofType {".repeat(20), "}".repeat(20));
        assert_eq!(cost(&deep).depth, 22);
    }
}
