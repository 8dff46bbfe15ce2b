//! What a request brings, checked against what the schema takes before anything runs (GraphQL specification 5.6.1, 5.8.5
//! and 6.1.2): values written in the document, values of variables, and variables where they are used.
//!
//! The library looks at a value where its field is resolved. By then the fields before it have been carried out, and of
//! a variable it never asks what its type was said to be.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{BaseType, ExecutableDocument, Selection, SelectionSet, Type, VariableDefinition};
use async_graphql::{Name, Pos, Positioned, ScalarType, ServerError, Value as Const, Variables};
use async_graphql_value::Value;
use entity::scalar::{Instant, Money};

use super::document::Selected;
use super::errors::mistake_at;
use super::input_types::{Input, Places, Taken};
use super::types::{FieldTypes, named, root};

/// So many faults are told at once.
const TOLD: usize = 20;

/// Refuses values that are not what the schema takes, all at once. The document must have passed the limits.
pub(super) fn check(
    document: &ExecutableDocument,
    selected: &Selected,
    variables: &Variables,
    types: &FieldTypes,
) -> Result<(), Vec<ServerError>> {
    let Some(operation) = selected.of(document) else { return Ok(()) };
    let definitions = operation.variable_definitions.iter();
    let definitions = definitions.map(|definition| (&definition.node.name.node, &definition.node)).collect();
    let mut check = Check { document, types, definitions, seen: HashSet::new(), faults: Vec::new() };
    for definition in &operation.variable_definitions {
        check.definition(definition);
        if let Some(value) = variables.get(&definition.node.name.node) {
            check.variable(definition, value);
        }
    }
    check.set(&operation.selection_set.node, root(operation.ty));
    if check.faults.is_empty() { Ok(()) } else { Err(check.faults) }
}

struct Check<'d> {
    document: &'d ExecutableDocument,
    types: &'d FieldTypes,
    definitions: HashMap<&'d Name, &'d VariableDefinition>,
    seen: HashSet<&'d Name>,
    faults: Vec<ServerError>,
}

/// Where a value is, and why it cannot be there.
type Wrong = (String, String);

/// Where a value comes from: JSON has no names for the values of enumerations but texts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Document,
    Variables,
}

impl<'d> Check<'d> {
    fn fault(&mut self, pos: Pos, message: String) {
        if self.faults.len() < TOLD {
            self.faults.push(mistake_at(pos, message));
        }
    }

    /// Is there such a type, and is the default of it?
    fn definition(&mut self, definition: &Positioned<VariableDefinition>) {
        let (name, ty) = (&definition.node.name.node, &definition.node.var_type.node);
        if !self.types.inputs().has(named(ty)) {
            return self
                .fault(definition.pos, format!("The variable `${name}` cannot be of type `{ty}`: nothing takes it."));
        }
        let Some(default) = &definition.node.default_value else { return };
        if let Err((place, why)) = self.given(ty, &default.node.clone().into_value(), Source::Document) {
            self.fault(default.pos, format!("The default of `${name}` cannot be this: {}.", at(&place, &why)));
        }
    }

    fn variable(&mut self, definition: &Positioned<VariableDefinition>, value: &Const) {
        let (name, ty) = (&definition.node.name.node, &definition.node.var_type.node);
        if let Err((place, why)) = self.given(ty, &value.clone().into_value(), Source::Variables) {
            self.fault(
                definition.pos,
                format!("The variable `${name}` of type `{ty}` cannot be this: {}.", at(&place, &why)),
            );
        }
    }

    fn set(&mut self, set: &'d SelectionSet, parent: &str) {
        for item in &set.items {
            let conditions = item.node.directives().iter();
            for directive in conditions.filter(|one| matches!(one.node.name.node.as_str(), "skip" | "include")) {
                self.condition(&directive.node.arguments);
            }
            match &item.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    if let Some(ty) = self.types.of_field(parent, &field.name.node) {
                        let places = self.types.inputs().of_field(parent, &field.name.node);
                        self.arguments(&field.arguments, places.unwrap_or(&Places::new()));
                        self.set(&field.selection_set.node, named(ty));
                    }
                }
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref().map_or(parent, |on| on.node.on.node.as_str());
                    self.set(&inline.node.selection_set.node, on);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = self.document.fragments.get(name).filter(|_| self.seen.insert(name)) {
                        self.set(&fragment.node.selection_set.node, &fragment.node.type_condition.node.on.node);
                    }
                }
            }
        }
    }

    fn arguments(&mut self, arguments: &[(Positioned<Name>, Positioned<Value>)], places: &Places) {
        let mut known = HashSet::new();
        for (name, value) in arguments {
            let Some(taken) = places.get(&name.node) else {
                self.fault(name.pos, format!("There is no argument `{}` here.", name.node));
                continue;
            };
            if !known.insert(&name.node) {
                self.fault(name.pos, format!("The argument `{}` is given twice.", name.node));
            }
            if let Err((place, why)) = self.place(taken, &value.node, Source::Document) {
                self.fault(value.pos, format!("The argument `{}` cannot be this: {}.", name.node, at(&place, &why)));
            }
        }
    }

    /// `@skip` and `@include`, the directives that there are.
    fn condition(&mut self, arguments: &[(Positioned<Name>, Positioned<Value>)]) {
        let ty = Type { base: BaseType::Named(Name::new("Boolean")), nullable: false };
        let places = Places::from_iter([(Name::new("if"), Taken { ty, has_default: false })]);
        self.arguments(arguments, &places);
    }

    /// A value, or a variable, at a place that takes this.
    fn place(&self, taken: &Taken, value: &Value, source: Source) -> Result<(), Wrong> {
        let Value::Variable(name) = value else { return self.given(&taken.ty, value, source) };
        let Some(definition) = self.definitions.get(name) else { return Ok(()) };
        let ty = &definition.var_type.node;
        let has_default = definition.default_value.as_ref().is_some_and(|default| default.node != Const::Null);
        let never_null = !ty.nullable || taken.has_default || has_default;
        if fits(ty, &taken.ty, never_null) {
            return Ok(());
        }
        Err(wrong(format!("`${name}` is of type `{ty}`, where `{}` is taken", taken.ty)))
    }

    /// A value of this type, literal or of a variable.
    fn given(&self, ty: &Type, value: &Value, source: Source) -> Result<(), Wrong> {
        match (&ty.base, value) {
            (_, Value::Variable(_)) => self.place(&Taken { ty: ty.clone(), has_default: false }, value, source),
            (_, Value::Null) if ty.nullable => Ok(()),
            (_, Value::Null) => Err(wrong(format!("null, where a `{ty}` must be"))),
            (BaseType::List(item), Value::List(items)) => items
                .iter()
                .enumerate()
                .try_for_each(|(place, value)| within(self.given(item, value, source), &format!("[{place}]"))),
            // One is as good as a list of one.
            (BaseType::List(item), one) => self.given(item, one, source),
            (BaseType::Named(name), value) => match self.types.inputs().find(name) {
                Some(Input::Object(places)) => self.object(name, places, value, source),
                Some(Input::Enum(values)) => is_one_of(name, values, value, source),
                Some(Input::Scalar) | None => is_scalar(name, value),
            },
        }
    }

    fn object(&self, name: &Name, places: &Places, value: &Value, source: Source) -> Result<(), Wrong> {
        let Value::Object(fields) = value else { return Err(wrong(format!("no object, where `{name}` is taken"))) };
        for (field, value) in fields {
            let Some(taken) = places.get(field) else {
                return Err((format!(".{field}"), format!("`{name}` has no such field")));
            };
            within(self.place(taken, value, source), &format!(".{field}"))?;
        }
        let mut missing = places.iter().filter(|(field, taken)| taken.is_required() && !fields.contains_key(*field));
        match missing.next() {
            Some((field, taken)) => Err((format!(".{field}"), format!("nothing, where a `{}` must be", taken.ty))),
            None => Ok(()),
        }
    }
}

/// May a variable of this type be used where that type is taken? (5.8.5)
fn fits(variable: &Type, taken: &Type, never_null: bool) -> bool {
    if !taken.nullable && variable.nullable && !never_null {
        return false;
    }
    match (&variable.base, &taken.base) {
        (BaseType::Named(variable), BaseType::Named(taken)) => variable == taken,
        (BaseType::List(variable), BaseType::List(taken)) => fits(variable, taken, !variable.nullable),
        _ => false,
    }
}

fn is_one_of(name: &Name, values: &HashSet<Name>, value: &Value, source: Source) -> Result<(), Wrong> {
    match value {
        Value::Enum(value) if values.contains(value) => Ok(()),
        Value::String(value) if source == Source::Variables && values.contains(value.as_str()) => Ok(()),
        _ => Err(wrong(format!("none of the values of `{name}`"))),
    }
}

fn is_scalar(name: &str, value: &Value) -> Result<(), Wrong> {
    let parsed = |parse: fn(Const) -> bool| value.clone().into_const().is_some_and(parse);
    let right = match (name, value) {
        ("Int", Value::Number(number)) => number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        ("Float", Value::Number(_)) | ("ID" | "String", Value::String(_)) | ("Boolean", Value::Boolean(_)) => true,
        ("ID", Value::Number(number)) => number.is_i64(),
        ("DateTime", _) => parsed(|value| Instant::parse(value).is_ok()),
        ("Decimal", _) => parsed(|value| Money::parse(value).is_ok()),
        ("ID" | "Int" | "Float" | "String" | "Boolean", _) => false,
        // JSON is whatever it is; of a type that there is not, validation knows more.
        _ => true,
    };
    if right { Ok(()) } else { Err(wrong(format!("this is no `{name}`{}", example(name)))) }
}

fn example(scalar: &str) -> &'static str {
    match scalar {
        "DateTime" => "; write an instant like \"2026-03-01T14:05:09.120Z\"",
        "Decimal" => "; write an amount like \"12500.00\"",
        _ => "",
    }
}

fn wrong(why: String) -> Wrong {
    (String::new(), why)
}

fn within(found: Result<(), Wrong>, place: &str) -> Result<(), Wrong> {
    found.map_err(|(inner, why)| (format!("{place}{inner}"), why))
}

fn at(place: &str, why: &str) -> String {
    if place.is_empty() { why.to_owned() } else { format!("at `{}`, {why}", place.trim_start_matches('.')) }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    const SCHEMA: &str = "type Query { find(id: ID!, first: Int, filter: Filter, at: DateTime, tags: [String!], kinds: [Kind!], more: Int! = 3): Task }
        type Task { id: ID! notes(of: Kind): String } enum Kind { OLD NEW } scalar DateTime scalar Decimal
        input Filter { kind: Kind kinds: [Kind!] above: Decimal inner: Inner } input Inner { must: Int! may: Int! = 1 }";

    fn faults(text: &str, variables: serde_json::Value) -> Vec<String> {
        let (document, types) = (parse_query(text).unwrap(), FieldTypes::read(SCHEMA));
        let selected = Selected::find(&document, None).unwrap();
        let found = check(&document, &selected, &Variables::from_json(variables), &types);
        found.err().unwrap_or_default().into_iter().map(|error| error.message).collect()
    }

    #[test]
    fn what_the_schema_takes_passes() {
        for text in [
            "{ find(id: 1, first: 5, at: \"2026-03-01T14:05:09.120Z\", tags: \"one\", kinds: [OLD, NEW]) { id } }",
            "{ find(id: \"a\", filter: { kind: NEW, kinds: OLD, above: \"1.50\", inner: { must: 1 } }) { notes(of: null) } }",
            "{ ...F } fragment F on Query { find(id: \"a\") { ... on Task @skip(if: true) { notes(of: OLD) } } }",
        ] {
            assert_eq!(faults(text, json!({})), [""; 0], "{text}");
        }
        let text = "query($id: ID!, $n: Int = 3, $f: Filter, $k: [Kind!], $t: String!, $b: Boolean!) {
            find(id: $id, first: $n, more: $n, filter: $f, kinds: $k, tags: [$t]) { id @include(if: $b) } }";
        let given = json!({ "id": "a", "n": 1, "f": { "kind": "OLD", "inner": { "must": 2 } }, "k": "NEW", "t": "x", "b": true });
        assert_eq!(faults(text, given), [""; 0]);
    }

    #[test]
    fn what_it_does_not_take_is_told_all_at_once() {
        let text = "{ find(id: true, first: 99999999999, at: \"soon\", tags: [1], kinds: \"OLD\", filter: { inner: {} }) { id } }";
        let found = faults(text, json!({}));
        assert_eq!(found.len(), 6, "{found:?}");
        assert_eq!(found[1], "The argument `first` cannot be this: this is no `Int`.");
        assert!(found[2].contains("write an instant like"), "{found:?}");
        assert_eq!(found[3], "The argument `tags` cannot be this: at `[0]`, this is no `String`.");
        assert_eq!(found[5], "The argument `filter` cannot be this: at `inner.must`, nothing, where a `Int!` must be.");
    }

    #[test]
    fn a_variable_is_what_its_type_says() {
        let one = |ty: &str, at: &str, value: serde_json::Value| {
            faults(&format!("query($v: {ty}) {{ find(id: \"a\", {at}: $v) {{ id }} }}"), json!({ "v": value })).len()
        };
        assert_eq!(one("Int", "first", json!("abc")), 1);
        assert_eq!(one("Int", "first", json!(1_u64 << 40)), 1);
        assert_eq!(one("String", "first", json!("abc")), 1, "used where another type is taken");
        assert_eq!(one("Boolean!", "first", json!(5)), 2);
        assert_eq!(one("[Int]", "first", json!([5])), 1);
        assert_eq!(one("[String]", "tags", json!(["a"])), 1, "items may be null");
        assert_eq!(one("Filter", "filter", json!({ "kind": "OLDER" })), 1);
        assert_eq!(one("Filter", "filter", json!({ "other": 1 })), 1);
        assert_eq!(one("Filter", "filter", json!({ "inner": { "must": null } })), 1);
        assert_eq!(one("Int", "more", json!(1)), 0, "its place has a default");
        assert_eq!(faults("query($v: ID) { find(id: $v) { id } }", json!({ "v": "a" })).len(), 1);
        assert_eq!(faults("query($v: ID = \"b\") { find(id: $v) { id } }", json!({ "v": "a" })).len(), 0);
        assert_eq!(faults("query($v: String) { find(id: 1) { id @skip(if: $v) } }", json!({ "v": "true" })).len(), 1);
    }
}
