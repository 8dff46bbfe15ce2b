//! An omitted variable never erases.
//!
//! To the library, a variable that was not given is null: `update(input: { name: $name })` sent without `name` would
//! clear the name. By the specification the field is then absent, which leaves the name alone. So before anything is
//! executed, every argument and every field of an input object whose variable was neither given nor has a default is
//! taken out of the document; in a list, where nothing can be absent, it becomes null.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet};
use async_graphql::{Name, Positioned, ServerError, Value as Given, Variables};
use async_graphql_value::Value;

use super::document::{Selected, operations_mut, reached, uses};
use super::errors::mistake_at;

type Used = HashMap<Option<Name>, HashSet<Name>>;

/// Gives the selected operation's variables their defaults, and says which stay without a value. An error for each that
/// had to be given.
pub(super) fn complete(
    document: &ExecutableDocument,
    selected: &Selected,
    variables: &mut Variables,
) -> Result<HashSet<Name>, Vec<ServerError>> {
    let Some(operation) = selected.of(document) else { return Ok(HashSet::new()) };
    let missing = missing(operation, variables);
    if !missing.is_empty() {
        return Err(missing);
    }
    Ok(if are_repeated(operation) { HashSet::new() } else { fill(operation, variables) })
}

/// Takes out what stays without a value.
pub(super) fn omit(document: &mut ExecutableDocument, selected: &Selected, omitted: &HashSet<Name>) {
    let Some(operation) = selected.of(document).filter(|_| !omitted.is_empty()) else { return };
    let before = used(document);
    let fragments = reached(document, operation);
    if let Some(operation) = selected.of_mut(document) {
        strip_selections(&mut operation.selection_set.node, omitted);
    }
    for (_, fragment) in document.fragments.iter_mut().filter(|(name, _)| fragments.contains(*name)) {
        strip_selections(&mut fragment.node.selection_set.node, omitted);
    }
    forget_unused(document, omitted, &before);
}

/// A variable defined twice is for validation to refuse.
fn are_repeated(operation: &OperationDefinition) -> bool {
    let mut known = HashSet::new();
    !operation.variable_definitions.iter().all(|definition| known.insert(&definition.node.name.node))
}

fn missing(operation: &OperationDefinition, variables: &Variables) -> Vec<ServerError> {
    let definitions = operation.variable_definitions.iter().filter(|definition| {
        let given = variables.get(&definition.node.name.node);
        let has_default = definition.node.default_value.is_some();
        !definition.node.var_type.node.nullable && (given == Some(&Given::Null) || (given.is_none() && !has_default))
    });
    definitions
        .map(|definition| {
            let (name, ty) = (&definition.node.name.node, &definition.node.var_type.node);
            mistake_at(definition.pos, format!("The variable `${name}` of type `{ty}` must be given a value."))
        })
        .collect()
}

/// Gives variables their defaults, and says which stay without a value.
fn fill(operation: &OperationDefinition, variables: &mut Variables) -> HashSet<Name> {
    let mut omitted = HashSet::new();
    for definition in &operation.variable_definitions {
        let name = &definition.node.name.node;
        if variables.contains_key(name) {
            continue;
        }
        match &definition.node.default_value {
            Some(default) => drop(variables.insert(name.clone(), default.node.clone())),
            None => drop(omitted.insert(name.clone())),
        }
    }
    omitted
}

fn strip_selections(set: &mut SelectionSet, omitted: &HashSet<Name>) {
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(field) => {
                strip_arguments(&mut field.node.arguments, omitted);
                strip_selections(&mut field.node.selection_set.node, omitted);
            }
            Selection::InlineFragment(inline) => strip_selections(&mut inline.node.selection_set.node, omitted),
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn strip_arguments(arguments: &mut Vec<(Positioned<Name>, Positioned<Value>)>, omitted: &HashSet<Name>) {
    arguments.retain_mut(|(_, value)| keep(&mut value.node, omitted));
}

/// Strips what is inside a value, and says whether the value itself is there.
fn keep(value: &mut Value, omitted: &HashSet<Name>) -> bool {
    match value {
        Value::Variable(name) => return !omitted.contains(name),
        Value::Object(fields) => fields.retain(|_, field| keep(field, omitted)),
        Value::List(items) => {
            for item in items {
                if !keep(item, omitted) {
                    *item = Value::Null;
                }
            }
        }
        _ => {}
    }
    true
}

/// The variables that each operation uses, its fragments' included.
fn used(document: &ExecutableDocument) -> Used {
    let of = |(name, operation): (Option<&Name>, &Positioned<OperationDefinition>)| {
        let mut used = HashSet::new();
        uses(&operation.node.selection_set.node, &mut used);
        for fragment in reached(document, &operation.node) {
            if let Some(fragment) = document.fragments.get(&fragment) {
                uses(&fragment.node.selection_set.node, &mut used);
            }
        }
        (name.cloned(), used)
    };
    document.operations.iter().map(of).collect()
}

/// Validation refuses variables that nothing uses: those whose last use was just taken out go too.
fn forget_unused(document: &mut ExecutableDocument, omitted: &HashSet<Name>, before: &Used) {
    let after = used(document);
    for (name, operation) in operations_mut(document) {
        let has = |used: &Used, variable: &Name| {
            used.get(&name.cloned()).is_some_and(|variables| variables.contains(variable))
        };
        operation.variable_definitions.retain(|definition| {
            let variable = &definition.node.name.node;
            !omitted.contains(variable) || !has(before, variable) || has(&after, variable)
        });
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    fn supply(
        document: &mut ExecutableDocument,
        selected: &Selected,
        variables: &mut Variables,
    ) -> Result<(), Vec<ServerError>> {
        let omitted = complete(document, selected, variables)?;
        omit(document, selected, &omitted);
        Ok(())
    }

    /// The arguments of the first field, as text, once the variables are supplied.
    fn supplied(text: &str, given: serde_json::Value) -> String {
        let mut document = parse_query(text).unwrap();
        let selected =
            Selected::find(&document, document.operations.iter().next().unwrap().0.cloned().as_deref()).unwrap();
        supply(&mut document, &selected, &mut Variables::from_json(given)).unwrap();
        let operation = selected.of(&document).unwrap();
        let Selection::Field(field) = &operation.selection_set.node.items[0].node else { panic!("a field") };
        let arguments: Vec<_> =
            field.node.arguments.iter().map(|(name, value)| format!("{}: {}", name.node, value.node)).collect();
        format!("{} ${}", arguments.join(", "), operation.variable_definitions.len())
    }

    #[test]
    fn spread_variables_that_are_omitted_leave_their_field_alone() {
        let text =
            "mutation ($id: ID!, $n: String, $m: String) { update(input: { id: $id, name: $n, note: $m }) { id } }";
        assert_eq!(supplied(text, json!({ "id": "1" })), "input: {id: $id} $1");
        assert_eq!(supplied(text, json!({ "id": "1", "n": "x" })), "input: {id: $id, name: $n} $2");
        assert_eq!(supplied(text, json!({ "id": "1", "n": null })), "input: {id: $id, name: $n} $2");
    }

    #[test]
    fn what_validation_refuses_it_still_sees() {
        assert_eq!(supplied("query ($a: Int, $b: Int) { x(a: $a) }", json!({})), " $1");
        assert_eq!(supplied("query ($a: Int, $a: Int) { x(a: $a) }", json!({})), "a: $a $2");
        assert_eq!(supplied("query ($a: Boolean) { x(a: $a) @skip(if: $a) }", json!({})), " $1");
    }

    #[test]
    fn a_whole_input_as_one_variable_stays_as_it_is() {
        let text = "mutation ($input: UpdateInput!) { update(input: $input) { id } }";
        assert_eq!(supplied(text, json!({ "input": { "id": "1" } })), "input: $input $1");
    }

    #[test]
    fn arguments_objects_and_lists() {
        let text = "query ($a: Int, $b: Int, $c: Int = 3) { x(a: $a, b: [1, $b, {c: $b}], c: $c, d: {e: {f: $a}}) }";
        assert_eq!(supplied(text, json!({})), "b: [1, null, {}], c: $c, d: {e: {}} $1");
        assert_eq!(supplied(text, json!({ "a": 1, "b": 2 })), "a: $a, b: [1, $b, {c: $b}], c: $c, d: {e: {f: $a}} $3");
    }

    #[test]
    fn fragments_too_and_shared_ones_without_harm() {
        let text = "query A ($n: Int) { x { ...F } } query B ($n: Int, $m: Int) { ...F ...G } \
                    fragment F on T { y(n: $n) } fragment G on T { y(n: $m) }";
        let mut document = parse_query(text).unwrap();
        let selected = Selected::find(&document, Some("A")).unwrap();
        supply(&mut document, &selected, &mut Variables::default()).unwrap();
        let definitions = |name: &str| {
            let selected = Selected::find(&document, Some(name)).unwrap();
            selected.of(&document).unwrap().variable_definitions.len()
        };
        // B's own use of $m is none of A's business; its $n has lost its last use and goes with it.
        assert_eq!((definitions("A"), definitions("B")), (0, 1));
    }

    #[test]
    fn defaults_are_given_and_required_ones_are_asked_for() {
        let mut document = parse_query("query ($a: Int! = 1, $b: Int!, $c: ID!, $d: Int) { x(a: $a) }").unwrap();
        let selected = Selected::find(&document, None).unwrap();
        let mut variables = Variables::from_json(json!({ "c": null }));
        let errors = supply(&mut document, &selected, &mut variables).unwrap_err();
        let messages: Vec<_> = errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(messages.len(), 2);
        assert!(messages[0].contains("`$b` of type `Int!`") && messages[1].contains("`$c`"));

        let mut variables = Variables::from_json(json!({ "b": 1, "c": "x" }));
        supply(&mut document, &selected, &mut variables).unwrap();
        assert_eq!(variables.get("a"), Some(&Given::from(1)));
        let mut variables = Variables::from_json(json!({ "a": null, "b": 1, "c": "x" }));
        assert_eq!(supply(&mut document, &selected, &mut variables).unwrap_err().len(), 1);
    }
}
