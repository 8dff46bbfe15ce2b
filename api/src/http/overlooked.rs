//! What the specification refuses and the library's validation overlooks.
//!
//! Fields with one key are one field, wherever they come from, so they must be the same field with the same arguments. The
//! library compares the fields of one selection; two that meet further down, from two places of the document, it merges
//! into whatever comes last. Here the selections that belong together are laid side by side, as the answer will be.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Positioned, ServerError};

use super::document::{Selected, ask_the_same};
use super::errors::mistake_at;

/// Refuses what would pass validation and should not. Walks the expanded document, which must have passed the limits.
pub(super) fn check(document: &ExecutableDocument, selected: &Selected) -> Result<(), ServerError> {
    for (_, operation) in document.operations.iter() {
        let mut definitions = operation.node.variable_definitions.iter();
        if let Some(directive) = definitions.find_map(|definition| definition.node.directives.first()) {
            return Err(mistake_at(directive.pos, "No directive may stand at a variable."));
        }
    }
    if let Some(fragment) = document.fragments.get("on") {
        return Err(mistake_at(fragment.pos, "A fragment cannot have the name `on`."));
    }
    let Some(operation) = selected.of(document) else { return Ok(()) };
    Merge { document }.level(&[&operation.selection_set.node])
}

struct Merge<'d> {
    document: &'d ExecutableDocument,
}

/// The fields of a level, by their keys.
type Keys<'d> = HashMap<&'d Name, Vec<&'d Positioned<Field>>>;

impl<'d> Merge<'d> {
    /// Selections that make one object of the answer.
    fn level(&self, sets: &[&'d SelectionSet]) -> Result<(), ServerError> {
        let (mut keys, mut seen) = (Keys::new(), HashSet::new());
        for set in sets {
            self.collect(set, &mut keys, &mut seen);
        }
        for (key, fields) in keys {
            if let Some((first, rest)) = fields.split_first()
                && let Some(other) = rest.iter().find(|other| !ask_the_same(&first.node, &other.node))
            {
                let message = format!("The key `{key}` stands for different fields here: give one of them an alias.");
                let mut error = mistake_at(first.pos, message);
                error.locations.push(other.pos);
                return Err(error);
            }
            let below = fields.iter().map(|field| &field.node.selection_set.node);
            let below: Vec<_> = below.filter(|set| !set.items.is_empty()).collect();
            if !below.is_empty() {
                self.level(&below)?;
            }
        }
        Ok(())
    }

    fn collect(&self, set: &'d SelectionSet, keys: &mut Keys<'d>, seen: &mut HashSet<&'d Name>) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => keys.entry(&field.node.response_key().node).or_default().push(field),
                Selection::InlineFragment(inline) => self.collect(&inline.node.selection_set.node, keys, seen),
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = self.document.fragments.get(name)
                        && seen.insert(name)
                    {
                        self.collect(&fragment.node.selection_set.node, keys, seen);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn refusal(text: &str) -> Option<String> {
        let document = parse_query(text).unwrap();
        check(&document, &Selected::find(&document, None).unwrap()).err().map(|error| error.message)
    }

    #[test]
    fn fields_of_one_key_are_one_field() {
        for same in [
            "{ a b: a(x: 1, y: [$v]) b: a(y: [$v], x: 1) a }",
            "{ a { b } a { c: b } ...F } fragment F on Q { a { b c: b } }",
            "{ x: a { k: b } y: a { k: c } }",
        ] {
            assert_eq!(refusal(same), None, "{same}");
        }
        for other in [
            "{ a: b a: c }",
            "{ a(x: 1) a(x: 2) }",
            "{ a a(x: 2) }",
            "{ a(x: $v) a(x: $w) }",
            "{ a { k: b } a { k: c } }",
            "{ a { b { k: c } } ...F } fragment F on Q { a { ... on A { b { k: d } } } }",
        ] {
            assert!(refusal(other).unwrap().contains("different fields"), "{other}");
        }
    }

    #[test]
    fn what_else_is_overlooked() {
        assert!(refusal("query ($a: Int @x) { a(b: $a) }").unwrap().contains("variable"));
        assert!(refusal("{ ...on } fragment on on Q { a }").unwrap().contains("`on`"));
    }
}
