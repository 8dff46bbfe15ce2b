//! `__typename`, which validation steps over: what stands at it would be seen by nobody.
//!
//! A variable that only a directive of a `__typename` uses would be called unused, and a directive that does not exist
//! would pass. So its directives are moved to a fragment around it, which means the same and is looked at.

use async_graphql::parser::types::{ExecutableDocument, Field, InlineFragment, Selection, SelectionSet};
use async_graphql::{Positioned, ServerError};

use super::document::operations_mut;
use super::errors::mistake_at;

/// Wraps every `__typename` that has directives, and refuses what it cannot have.
pub(super) fn wrap(document: &mut ExecutableDocument) -> Result<(), ServerError> {
    for (_, operation) in operations_mut(document) {
        in_set(&mut operation.selection_set.node)?;
    }
    document.fragments.values_mut().try_for_each(|fragment| in_set(&mut fragment.node.selection_set.node))
}

fn in_set(set: &mut SelectionSet) -> Result<(), ServerError> {
    for item in &mut set.items {
        match &mut item.node {
            Selection::Field(field) if field.node.name.node == "__typename" => {
                check(field)?;
                if let Some(wrapped) = wrapped(field) {
                    item.node = wrapped;
                }
            }
            Selection::Field(field) => in_set(&mut field.node.selection_set.node)?,
            Selection::InlineFragment(inline) => in_set(&mut inline.node.selection_set.node)?,
            Selection::FragmentSpread(_) => {}
        }
    }
    Ok(())
}

fn check(field: &Positioned<Field>) -> Result<(), ServerError> {
    if field.node.arguments.is_empty() && field.node.selection_set.node.items.is_empty() {
        return Ok(());
    }
    Err(mistake_at(field.pos, "`__typename` is a name: it has neither arguments nor fields."))
}

fn wrapped(field: &mut Positioned<Field>) -> Option<Selection> {
    if field.node.directives.is_empty() {
        return None;
    }
    let directives = std::mem::take(&mut field.node.directives);
    let items = vec![Positioned::new(Selection::Field(field.clone()), field.pos)];
    let selection_set = Positioned::new(SelectionSet { items }, field.pos);
    let inline = InlineFragment { type_condition: None, directives, selection_set };
    Some(Selection::InlineFragment(Positioned::new(inline, field.pos)))
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn directives_go_to_a_fragment_around_it() {
        let text = "query ($a: Boolean!) { x { n: __typename @skip(if: $a) } __typename ...F } \
                    fragment F on T { __typename @include(if: $a) @other }";
        let mut document = parse_query(text).unwrap();
        wrap(&mut document).unwrap();
        let fragment = &document.fragments["F"].node.selection_set.node.items[0].node;
        let Selection::InlineFragment(inline) = fragment else { panic!("a fragment") };
        assert_eq!(inline.node.directives.len(), 2);
        let Selection::Field(field) = &inline.node.selection_set.node.items[0].node else { panic!("a field") };
        assert!(field.node.directives.is_empty());
        let (_, operation) = document.operations.iter().next().unwrap();
        assert!(matches!(operation.node.selection_set.node.items[1].node, Selection::Field(_)));
    }

    #[test]
    fn it_has_neither_arguments_nor_fields() {
        for text in
            ["{ __typename(a: 1) }", "{ x { __typename { id } } }", "{ ... { __typename(a: $b) @skip(if: true) } }"]
        {
            assert!(wrap(&mut parse_query(text).unwrap()).is_err(), "{text}");
        }
    }
}
