//! The shape that an answer must have: its keys in the order of the document, and nulls where the schema allows them.
//!
//! The library resolves fields as they become ready and writes them in that order; a field that fails is left out, and
//! an object whose fields all fail is null. Clients that trust the schema cannot read such an answer. So the shape is
//! taken from the document before it runs, and the answer is put into it: a field that failed is null where it may be,
//! or else its object is, and so on upwards, as the specification says.

use std::sync::Arc;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet, Type};
use async_graphql::{Name, Response, Value};

use super::document::Selected;
use super::nulls::mark;
use super::present::{PRESENT, is_conditional};
use super::types::{FieldTypes, is_list, item_of, named, root};

/// The keys of one object, in order.
#[derive(Debug, Default)]
pub(super) struct Shape {
    members: Vec<Member>,
    /// One thing more is asked for (`present.rs`).
    padded: bool,
}

#[derive(Debug)]
struct Member {
    key: Name,
    /// None where the schema has no such field, or none that is checked: then any value will do.
    ty: Option<Arc<Type>>,
    below: Shape,
}

impl Shape {
    /// The shape of an operation's answer. Walks the expanded document, so the document must have passed the limits.
    pub(super) fn of(document: &ExecutableDocument, selected: &Selected, types: &FieldTypes) -> Self {
        let mut shape = Self::default();
        if let Some(operation) = selected.of(document) {
            shape.add(&Source { document, types }, &operation.selection_set.node, Some(root(operation.ty)));
        }
        // Subscriptions keep it for as long as they listen, and documents for as long as they are sent.
        shape.shrink();
        shape
    }

    fn add(&mut self, source: &Source, set: &SelectionSet, parent: Option<&str>) {
        self.padded |= is_conditional(set);
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let ty = parent.and_then(|parent| source.types.of_field(parent, &field.name.node));
                    let place = self.place(&field.response_key().node, ty);
                    // The schema's own description comes in order and without nulls already.
                    if let Some(member) = self.members.get_mut(place)
                        && !field.name.node.starts_with("__")
                    {
                        member.below.add(source, &field.selection_set.node, ty.map(|ty| named(ty).as_str()));
                    }
                }
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    self.add(source, &inline.node.selection_set.node, on.or(parent));
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = source.document.fragments.get(&spread.node.fragment_name.node) {
                        let on = fragment.node.type_condition.node.on.node.as_str();
                        self.add(source, &fragment.node.selection_set.node, Some(on));
                    }
                }
            }
        }
    }

    /// The place of a key, made where there is none yet.
    fn place(&mut self, key: &Name, ty: Option<&Arc<Type>>) -> usize {
        self.members.iter().position(|member| member.key == *key).unwrap_or_else(|| {
            self.members.push(Member { key: key.clone(), ty: ty.cloned(), below: Self::default() });
            self.members.len() - 1
        })
    }

    /// How many keys it has, on all levels.
    pub(super) fn len(&self) -> usize {
        self.members.iter().map(|member| 1 + member.below.len()).sum()
    }

    fn shrink(&mut self) {
        self.members.shrink_to_fit();
        self.members.iter_mut().for_each(|member| member.below.shrink());
    }

    /// Puts an executed response into this shape.
    pub(super) fn settle(&self, response: &mut Response) {
        for error in &response.errors {
            if !error.path.is_empty() {
                mark(&mut response.data, &error.path);
            }
        }
        if !self.settle_value(&mut response.data, None, false) {
            response.data = Value::Null;
        }
    }

    /// False for a null that the value's place does not allow.
    fn settle_value(&self, value: &mut Value, ty: Option<&Type>, nullable: bool) -> bool {
        match value {
            Value::Binary(_) => {
                *value = Value::Null;
                nullable
            }
            // Nothing failed here: every selection was skipped, or was for another type.
            Value::Null if !nullable && !self.members.is_empty() && ty.is_none_or(|ty| !is_list(ty)) => {
                *value = Value::Object(IndexMap::new());
                true
            }
            Value::List(items) => {
                let (item, item_nullable) = item_of(ty);
                let mut whole = true;
                for value in items {
                    whole &= self.settle_value(value, item, item_nullable);
                }
                whole || nullify(value, nullable)
            }
            Value::Object(map) if !self.members.is_empty() => self.settle_members(map) || nullify(value, nullable),
            _ => true,
        }
    }

    fn settle_members(&self, map: &mut IndexMap<Name, Value>) -> bool {
        let (mut whole, mut ordered, mut last) = (true, true, 0);
        if self.padded {
            map.shift_remove(PRESENT);
        }
        for member in &self.members {
            if let Some((place, _, value)) = map.get_full_mut(&member.key) {
                let ty = member.ty.as_deref();
                whole &= member.below.settle_value(value, ty, ty.is_none_or(|ty| ty.nullable));
                ordered &= place >= last;
                last = place;
            }
        }
        if !ordered {
            let mut rest = std::mem::take(map);
            map.extend(self.members.iter().filter_map(|member| rest.swap_remove_entry(&member.key)));
            map.extend(rest);
        }
        whole
    }
}

struct Source<'d> {
    document: &'d ExecutableDocument,
    types: &'d FieldTypes,
}

fn nullify(value: &mut Value, nullable: bool) -> bool {
    *value = Value::Null;
    nullable
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::{PathSegment, ServerError};
    use serde_json::json;

    use super::*;

    const SDL: &str = "type Query { viewer: User! project(id: ID): Project projects: [Project!]! maybe: [Project] raw: JSON! }
        type User { id: ID! name: String } type Project { id: ID! budget: String owner: User! deputy: User tags: [String!] }
        scalar JSON";

    /// The data of an answer once it is put into the shape of the query.
    fn settled(query: &str, data: serde_json::Value, errors: &[serde_json::Value]) -> String {
        let document = parse_query(query).unwrap();
        let selected = Selected::find(&document, None).unwrap();
        let shape = Shape::of(&document, &selected, &FieldTypes::read(SDL));
        let mut response = Response::new(Value::from_json(data).unwrap());
        for path in errors {
            let path = path.as_array().unwrap().iter().map(|step| match step {
                serde_json::Value::String(name) => PathSegment::Field(name.clone()),
                step => PathSegment::Index(usize::try_from(step.as_u64().unwrap()).unwrap()),
            });
            response.errors.push(ServerError::new("failed", None).with_path(path.collect()));
        }
        shape.settle(&mut response);
        serde_json::to_string(&response.data).unwrap()
    }

    #[test]
    fn keys_come_in_the_order_of_the_document() {
        let query = "{ project { ...F id } b: viewer { name id } } fragment F on Project { budget o: owner { id } }";
        let data = json!({ "b": {"id": "1", "name": "x"}, "project": {"id": "2", "o": {"id": "1"}, "budget": "3"} });
        assert_eq!(
            settled(query, data, &[]),
            r#"{"project":{"budget":"3","o":{"id":"1"},"id":"2"},"b":{"name":"x","id":"1"}}"#
        );
    }

    #[test]
    fn a_field_that_failed_is_null_where_it_may_be() {
        let query = "{ project { id budget } viewer { id } }";
        let viewer = json!({ "viewer": { "id": "1" } });
        assert_eq!(settled(query, viewer, &[json!(["project"])]), r#"{"project":null,"viewer":{"id":"1"}}"#);
        let data = json!({ "project": { "id": "2" }, "viewer": { "id": "1" } });
        assert_eq!(
            settled(query, data, &[json!(["project", "budget"])]),
            r#"{"project":{"id":"2","budget":null},"viewer":{"id":"1"}}"#
        );
        assert_eq!(
            settled("{ project { budget } }", json!(null), &[json!(["project", "budget"])]),
            r#"{"project":{"budget":null}}"#
        );
    }

    #[test]
    fn elsewhere_what_holds_it_is_null() {
        let query = "{ project { id owner { name id } deputy { id } } }";
        let data = json!({ "project": { "id": "2", "owner": { "name": "x" }, "deputy": null } });
        assert_eq!(settled(query, data, &[json!(["project", "owner", "id"])]), r#"{"project":null}"#);
        let data = json!({ "project": { "id": "2", "owner": { "id": "1", "name": "x" }, "deputy": null } });
        assert_eq!(
            settled(query, data, &[json!(["project", "deputy", "id"])]),
            r#"{"project":{"id":"2","owner":{"name":"x","id":"1"},"deputy":null}}"#
        );
        assert_eq!(
            settled("{ viewer { id } project { id } }", json!({ "project": null }), &[json!(["viewer"])]),
            "null"
        );
    }

    #[test]
    fn lists() {
        let row = json!({ "id": "1" });
        let query = "{ maybe { id owner { id } } }";
        assert_eq!(
            settled(
                query,
                json!({ "maybe": [row, { "id": "2", "owner": { "id": "3" } }] }),
                &[json!(["maybe", 0, "owner"])]
            ),
            r#"{"maybe":[null,{"id":"2","owner":{"id":"3"}}]}"#
        );
        let query = "{ projects { id owner { id } } }";
        assert_eq!(settled(query, json!({ "projects": [row] }), &[json!(["projects", 0, "owner", "id"])]), "null");
        assert_eq!(settled(query, json!(null), &[json!(["projects", 0])]), "null");
        let query = "{ project { tags } }";
        assert_eq!(
            settled(query, json!({ "project": { "tags": null } }), &[json!(["project", "tags", 1])]),
            r#"{"project":{"tags":null}}"#
        );
    }

    #[test]
    fn what_selects_nothing_is_empty_and_not_null() {
        assert_eq!(settled("{ viewer { id } }", json!(null), &[]), "{}");
        assert_eq!(settled("{ viewer { id } }", json!({ "viewer": null }), &[]), r#"{"viewer":{}}"#);
        assert_eq!(settled("{ project { id } }", json!({ "project": null }), &[]), r#"{"project":null}"#);
        assert_eq!(
            settled("{ raw }", json!({ "raw": { "b": null, "a": [null] } }), &[]),
            r#"{"raw":{"a":[null],"b":null}}"#
        );
    }
}
