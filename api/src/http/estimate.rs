//! What an operation may ask of the database, estimated from its document, and what it asked in the end: told to the
//! client in `extensions.cost`.

use async_graphql::parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet};
use async_graphql::{Value, Variables, value};

use super::given::Given;
use super::types::{FieldTypes, named, root};
use crate::data::gather::Spent;

/// What an operation may ask of the database at the most, lists without pages taken to be of the usual length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Estimate {
    complexity: u64,
    statements: u64,
    rows: u64,
}

impl Estimate {
    /// Walks the expanded document, so the document must have passed the limits.
    pub(super) fn of(
        document: &ExecutableDocument,
        operation: &OperationDefinition,
        variables: &Variables,
        types: &FieldTypes,
        complexity: u64,
    ) -> Self {
        let mut walk = Walk { document, types, given: Given::new(variables), found: Self::default() };
        walk.set(&operation.selection_set.node, root(operation.ty), 1);
        Self { complexity, ..walk.found }
    }

    /// The entry of an answer's extensions.
    pub(super) fn beside(self, spent: &Spent) -> Value {
        let Self { complexity, statements, rows } = self;
        let (actual_statements, actual_rows) = (spent.statements(), spent.rows());
        value!({
            "estimated": { "complexity": complexity, "statements": statements, "rows": rows },
            "actual": { "statements": actual_statements, "rows": actual_rows },
        })
    }
}

struct Walk<'d> {
    document: &'d ExecutableDocument,
    types: &'d FieldTypes,
    given: Given<'d>,
    found: Estimate,
}

impl<'d> Walk<'d> {
    fn set(&mut self, set: &'d SelectionSet, parent: &str, parents: u64) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.field(&field.node, parent, parents),
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref().map_or(parent, |on| on.node.on.node.as_str());
                    self.set(&inline.node.selection_set.node, on, parents);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) {
                        let on = fragment.node.type_condition.node.on.node.as_str();
                        self.set(&fragment.node.selection_set.node, on, parents);
                    }
                }
            }
        }
    }

    fn field(&mut self, field: &'d Field, parent: &str, parents: u64) {
        let name = field.name.node.as_str();
        if name == "totalCount" {
            self.asks(1);
        }
        let Some(ty) = self.types.of_field(parent, name).filter(|_| !field.selection_set.node.items.is_empty()) else {
            return;
        };
        let below = named(ty).as_str();
        let rows = if below.ends_with("Connection") {
            self.asks(parents.saturating_mul(self.given.rows(field, true)))
        } else if parent.ends_with("Connection") || parent.ends_with("Edge") {
            // The rows of a page were read with it.
            parents
        } else {
            self.asks(parents.saturating_mul(self.given.rows(field, false)))
        };
        self.set(&field.selection_set.node, below, rows);
    }

    /// One statement, for so many rows.
    fn asks(&mut self, rows: u64) -> u64 {
        self.found.statements = self.found.statements.saturating_add(1);
        self.found.rows = self.found.rows.saturating_add(rows);
        rows
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;
    use crate::http::document::Selected;

    const SCHEMA: &str = "type Query { projects(first: Int): ProjectConnection! viewer: User! }
        type ProjectConnection { nodes: [Project!]! edges: [ProjectEdge!]! totalCount: Int! }
        type ProjectEdge { node: Project! }
        type Project { id: ID! manager: User teamMembers: [User!]! projects(first: Int): ProjectConnection! }
        type User { id: ID! }";

    fn estimate(text: &str) -> (u64, u64) {
        let (document, types) = (parse_query(text).unwrap(), FieldTypes::read(SCHEMA));
        let operation = Selected::find(&document, None).unwrap().of(&document).unwrap().clone();
        let variables = Variables::from_json(json!({ "n": 7 }));
        let found = Estimate::of(&document, &operation, &variables, &types, 0);
        (found.statements, found.rows)
    }

    #[test]
    fn a_statement_for_the_page_and_one_for_each_relation() {
        assert_eq!(estimate("{ viewer { id } }"), (1, 1));
        assert_eq!(estimate("{ projects { nodes { id } } }"), (1, 50));
        assert_eq!(estimate("{ projects(first: 20) { totalCount edges { node { id manager { id } } } } }"), (3, 41));
        assert_eq!(
            estimate(
                "query ($n: Int) { projects(first: $n) { nodes { ...P } } } \
                             fragment P on Project { teamMembers { id } projects(first: 3) { nodes { id } } }"
            ),
            (3, 98)
        );
    }
}
