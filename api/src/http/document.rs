//! Finding one's way in a parsed document: the operation that is asked for, the fragments it reaches, the variables it
//! uses. Nothing here walks a fragment twice.

use std::collections::HashSet;

use async_graphql::parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet};
use async_graphql::{Name, Positioned, ServerError};
use async_graphql_value::Value;

use super::errors::mistake;

/// The operation that a request runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selected(Option<Name>);

impl Selected {
    /// Finds the operation by its name, or the only one.
    pub(super) fn find(document: &ExecutableDocument, name: Option<&str>) -> Result<Self, ServerError> {
        let mut operations = document.operations.iter();
        match name {
            Some(wanted) => operations
                .find_map(|(name, _)| name.filter(|name| name.as_str() == wanted))
                .map(|name| Self(Some(name.clone())))
                .ok_or_else(|| mistake(format!("The document has no operation named `{wanted}`."))),
            None if operations.len() > 1 => {
                Err(mistake("The document has several operations: say in `operationName` which one to run."))
            }
            None => Ok(Self(operations.next().and_then(|(name, _)| name.cloned()))),
        }
    }

    pub(super) fn name(&self) -> Option<&Name> {
        self.0.as_ref()
    }

    pub(super) fn of<'d>(&self, document: &'d ExecutableDocument) -> Option<&'d OperationDefinition> {
        document.operations.iter().find(|(name, _)| *name == self.name()).map(|(_, operation)| &operation.node)
    }

    pub(super) fn of_mut<'d>(&self, document: &'d mut ExecutableDocument) -> Option<&'d mut OperationDefinition> {
        operations_mut(document).find(|(name, _)| *name == self.name()).map(|(_, operation)| operation)
    }
}

/// All operations of a document, to be changed.
pub(super) fn operations_mut(
    document: &mut ExecutableDocument,
) -> impl Iterator<Item = (Option<&Name>, &mut OperationDefinition)> {
    use async_graphql::parser::types::DocumentOperations::{Multiple, Single};
    let (single, multiple) = match &mut document.operations {
        Single(operation) => (Some((None, &mut operation.node)), None),
        Multiple(operations) => (None, Some(operations.iter_mut())),
    };
    single.into_iter().chain(multiple.into_iter().flatten().map(|(name, operation)| (Some(name), &mut operation.node)))
}

/// The names of the fragments that an operation reaches, straight or through other fragments.
pub(super) fn reached(document: &ExecutableDocument, operation: &OperationDefinition) -> HashSet<Name> {
    reached_from(document, vec![&operation.selection_set.node])
}

/// The names of the fragments that any operation reaches.
pub(super) fn reached_by_any(document: &ExecutableDocument) -> HashSet<Name> {
    let operations = document.operations.iter();
    reached_from(document, operations.map(|(_, operation)| &operation.node.selection_set.node).collect())
}

fn reached_from<'d>(document: &'d ExecutableDocument, mut ahead: Vec<&'d SelectionSet>) -> HashSet<Name> {
    let mut found = HashSet::new();
    while let Some(set) = ahead.pop() {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => ahead.push(&field.node.selection_set.node),
                Selection::InlineFragment(inline) => ahead.push(&inline.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = document.fragments.get(name)
                        && found.insert(name.clone())
                    {
                        ahead.push(&fragment.node.selection_set.node);
                    }
                }
            }
        }
    }
    found
}

/// The same field with the same arguments, in whatever order.
pub(super) fn ask_the_same(one: &Field, other: &Field) -> bool {
    one.name.node == other.name.node
        && one.arguments.len() == other.arguments.len()
        && one
            .arguments
            .iter()
            .all(|(name, value)| other.get_argument(&name.node).is_some_and(|argument| argument.node == value.node))
}

/// The names of the variables that a selection uses itself, not through fragments.
pub(super) fn uses(set: &SelectionSet, found: &mut HashSet<Name>) {
    for selection in &set.items {
        for directive in selection.node.directives() {
            arguments(&directive.node.arguments, found);
        }
        match &selection.node {
            Selection::Field(field) => {
                arguments(&field.node.arguments, found);
                uses(&field.node.selection_set.node, found);
            }
            Selection::InlineFragment(inline) => uses(&inline.node.selection_set.node, found),
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn arguments(arguments: &[(Positioned<Name>, Positioned<Value>)], found: &mut HashSet<Name>) {
    for (_, value) in arguments {
        variables_in(&value.node, found);
    }
}

fn variables_in(value: &Value, found: &mut HashSet<Name>) {
    match value {
        Value::Variable(name) => drop(found.insert(name.clone())),
        Value::List(items) => items.iter().for_each(|item| variables_in(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| variables_in(field, found)),
        _ => {}
    }
}

/// Gives back the room that is not needed: subscriptions keep their document for as long as they listen.
pub(super) fn shrink(set: &mut SelectionSet) {
    set.items.shrink_to_fit();
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(field) => {
                field.node.arguments.shrink_to_fit();
                shrink(&mut field.node.selection_set.node);
            }
            Selection::InlineFragment(inline) => shrink(&mut inline.node.selection_set.node),
            Selection::FragmentSpread(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn finds_the_operation() {
        let one = parse_query("{ a }").unwrap();
        assert_eq!(Selected::find(&one, None).unwrap(), Selected(None));
        assert!(Selected::find(&one, Some("Q")).is_err());

        let two = parse_query("query A { a } mutation B { b }").unwrap();
        assert!(Selected::find(&two, None).unwrap_err().message.contains("operationName"));
        assert!(Selected::find(&two, Some("C")).unwrap_err().message.contains("`C`"));
        let selected = Selected::find(&two, Some("B")).unwrap();
        assert_eq!(selected.of(&two).unwrap().selection_set.node.items.len(), 1);
    }

    #[test]
    fn fragments_and_variables_are_found_once() {
        let text = "query ($a: Int) { x(n: $a, o: {p: [$b]}) @skip(if: $c) { ...F ...F } } \
                    fragment F on T { ...G ...F } fragment G on T { y(n: $d) } fragment H on T { y }";
        let document = parse_query(text).unwrap();
        let operation = Selected(None).of(&document).unwrap();
        let mut names: Vec<_> = reached(&document, operation).into_iter().map(|name| name.to_string()).collect();
        names.sort();
        assert_eq!(names, ["F", "G"]);
        let mut found = HashSet::new();
        uses(&operation.selection_set.node, &mut found);
        assert_eq!(found.len(), 3);
    }
}
