//! The root fields of mutations and subscriptions, laid out flat.
//!
//! By the specification fields with the same key are one field, and fragments at the root are as good as the fields in
//! them. The library runs such a mutation twice and overlooks such a subscription, so the two are put right here:
//! fragments at the root are replaced by their fields, and equal fields become one.

use std::collections::HashMap;

use async_graphql::parser::types::{
    ExecutableDocument, Field, FragmentDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, ServerError};

use super::document::{Selected, ask_the_same, reached_by_any};
use super::errors::mistake;
use super::types::root;

type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// Flattens the root of the selected operation, which must have passed the limits: what is expanded here is copied.
pub(super) fn flatten(document: &mut ExecutableDocument, selected: &Selected) -> Result<(), ServerError> {
    let Some(operation) = selected.of(document) else { return Ok(()) };
    if operation.ty == OperationType::Query {
        return Ok(());
    }
    let root = root(operation.ty);
    let mut flat = Flat { fragments: &document.fragments, root, items: Vec::new() };
    flat.add(&operation.selection_set.node);
    if operation.ty == OperationType::Subscription {
        check_subscription(&flat.items)?;
    }
    let items = flat.items;
    let before = reached_by_any(document);
    if let Some(operation) = selected.of_mut(document) {
        operation.selection_set.node.items = items;
    }
    // Validation refuses fragments that nothing spreads: those that were laid out go.
    let after = reached_by_any(document);
    document.fragments.retain(|name, _| after.contains(name) || !before.contains(name));
    Ok(())
}

/// A subscription listens to one thing, so that a stream has one order and one cursor.
fn check_subscription(items: &[Positioned<Selection>]) -> Result<(), ServerError> {
    if items.len() != 1 {
        return Err(mistake(format!("A subscription has one root field; this one has {}.", items.len())));
    }
    if items.iter().any(|item| is_conditional(&item.node)) {
        return Err(mistake("The root of a subscription cannot depend on `@skip` or `@include`."));
    }
    Ok(())
}

struct Flat<'d> {
    fragments: &'d Fragments,
    root: &'static str,
    items: Vec<Positioned<Selection>>,
}

impl Flat<'_> {
    fn add(&mut self, set: &SelectionSet) {
        for item in &set.items {
            match self.inside(&item.node) {
                Some(set) => self.add(set),
                None => match &item.node {
                    Selection::Field(field) => self.add_field(field, item),
                    _ => self.items.push(item.clone()),
                },
            }
        }
    }

    /// The selections of a fragment that certainly applies; any other is for validation to judge.
    fn inside<'a>(&self, item: &'a Selection) -> Option<&'a SelectionSet>
    where
        Self: 'a,
    {
        if !item.directives().is_empty() {
            return None;
        }
        match item {
            Selection::Field(_) => None,
            Selection::InlineFragment(inline) => {
                let on = inline.node.type_condition.as_ref();
                on.is_none_or(|on| on.node.on.node == self.root).then_some(&inline.node.selection_set.node)
            }
            Selection::FragmentSpread(spread) => self
                .fragments
                .get(&spread.node.fragment_name.node)
                .filter(|fragment| {
                    fragment.node.directives.is_empty() && fragment.node.type_condition.node.on.node == self.root
                })
                .map(|fragment| &fragment.node.selection_set.node),
        }
    }

    fn add_field(&mut self, field: &Positioned<Field>, item: &Positioned<Selection>) {
        let same = self.items.iter_mut().find_map(|known| match &mut known.node {
            Selection::Field(known) if is_same(&known.node, &field.node) => Some(known),
            _ => None,
        });
        match same {
            Some(known) => {
                let more = field.node.selection_set.node.items.iter().cloned();
                known.node.selection_set.node.items.extend(more);
            }
            None => self.items.push(item.clone()),
        }
    }
}

/// The same field with the same arguments under the same key.
fn is_same(one: &Field, other: &Field) -> bool {
    one.response_key().node == other.response_key().node
        && one.directives.is_empty()
        && other.directives.is_empty()
        && ask_the_same(one, other)
}

fn is_conditional(item: &Selection) -> bool {
    item.directives().iter().any(|directive| matches!(directive.node.name.node.as_str(), "skip" | "include"))
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    /// The keys of the root, each with the keys below it.
    fn flat(text: &str) -> Result<(String, usize), ServerError> {
        let mut document = parse_query(text).unwrap();
        let selected = Selected::find(&document, None).unwrap();
        flatten(&mut document, &selected)?;
        let keys = |set: &SelectionSet| -> Vec<String> {
            set.items
                .iter()
                .map(|item| match &item.node {
                    Selection::Field(field) => field.node.response_key().node.to_string(),
                    _ => "...".into(),
                })
                .collect()
        };
        let root = &selected.of(&document).unwrap().selection_set.node;
        let below = root.items.iter().map(|item| match &item.node {
            Selection::Field(field) => keys(&field.node.selection_set.node).join(" "),
            _ => String::new(),
        });
        let parts: Vec<_> = keys(root).into_iter().zip(below).map(|(key, below)| format!("{key}({below})")).collect();
        Ok((parts.join(" "), document.fragments.len()))
    }

    #[test]
    fn equal_root_fields_of_a_mutation_are_one() {
        let text = "mutation { a(x: 1) { b } a(x: 1) { c } ...F ... on Mutation { a(x: 1) { d } } a(x: 2) { e } } \
                    fragment F on Mutation { a(x: 1) { ...G } k: a { b } } fragment G on A { z }";
        assert_eq!(flat(text).unwrap(), ("a(b c ... d) k(b) a(e)".into(), 1));
    }

    #[test]
    fn fragments_at_the_root_of_a_subscription_are_their_fields() {
        let text = "subscription { ...F } fragment F on Subscription { ... { alertChanged { id } } }";
        assert_eq!(flat(text).unwrap(), ("alertChanged(id)".into(), 0));
        assert_eq!(flat("subscription { a { b } a { c } }").unwrap().0, "a(b c)");
        assert!(flat("subscription { a { b } c: a { b } }").unwrap_err().message.contains("has 2"));
        assert!(flat("subscription ($x: Boolean!) { alertChanged @skip(if: $x) { id } }").is_err());
    }

    #[test]
    fn what_may_not_apply_is_left_to_validation() {
        let text = "mutation { ...F ... on Query { b } ...G @skip(if: true) } \
                    fragment F on Query { a } fragment G on Mutation { c }";
        assert_eq!(flat(text).unwrap(), ("...() ...() ...()".into(), 2));
        assert_eq!(flat("{ a { b } a { c } }").unwrap(), ("a(b) a(c)".into(), 0));
    }
}
