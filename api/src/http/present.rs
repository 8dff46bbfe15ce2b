//! Objects of which everything is skipped.
//!
//! The library makes null of them, and null swallows what another selection of the same object asks for. So a selection
//! that may come to nothing asks for one thing more, whatever happens; the shape of the answer takes it out again.

use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Pos, Positioned};

use super::document::operations_mut;

/// The key of what is asked for besides.
pub(super) const PRESENT: &str = "ridgeline__present";

/// What stands there is what was asked for.
const ROOTS: [&str; 3] = ["Query", "Mutation", "Subscription"];

/// Adds it to every selection that may come to nothing, but at the root.
pub(super) fn pad(document: &mut ExecutableDocument) {
    for (_, operation) in operations_mut(document) {
        at_root(&mut operation.selection_set.node);
    }
    for fragment in document.fragments.values_mut() {
        let is_root = ROOTS.contains(&fragment.node.type_condition.node.on.node.as_str());
        let set = &mut fragment.node.selection_set.node;
        if is_root { at_root(set) } else { in_set(set) }
    }
}

/// May a selection that is written so be left out?
pub(super) fn is_conditional(set: &SelectionSet) -> bool {
    set.items.iter().any(|item| !item.node.directives().is_empty())
}

fn at_root(set: &mut SelectionSet) {
    below(set, at_root);
}

fn in_set(set: &mut SelectionSet) {
    below(set, in_set);
    if is_conditional(set) {
        let field = Field {
            alias: Some(Positioned::new(Name::new(PRESENT), Pos::default())),
            name: Positioned::new(Name::new("__typename"), Pos::default()),
            arguments: Vec::new(),
            directives: Vec::new(),
            selection_set: Positioned::new(SelectionSet { items: Vec::new() }, Pos::default()),
        };
        let field = Selection::Field(Positioned::new(field, Pos::default()));
        set.items.push(Positioned::new(field, Pos::default()));
    }
}

/// Goes on with what is selected of objects, and with the fragments of this one.
fn below(set: &mut SelectionSet, fragment: fn(&mut SelectionSet)) {
    for item in &mut set.items {
        match &mut item.node {
            // What shows the schema is not put into any shape.
            Selection::Field(field) if field.node.name.node.starts_with("__") => {}
            Selection::Field(field) if field.node.selection_set.node.items.is_empty() => {}
            Selection::Field(field) => in_set(&mut field.node.selection_set.node),
            Selection::InlineFragment(inline) => fragment(&mut inline.node.selection_set.node),
            Selection::FragmentSpread(_) => {}
        }
    }
}
