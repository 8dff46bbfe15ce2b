//! Where a field failed: the library leaves it out, and this puts its place back, so that [`super::shape`] can see it.

use async_graphql::indexmap::IndexMap;
use async_graphql::{Name, PathSegment, Value};

/// Marks the place where a field failed. What the library left out on the way is put back: a key, or an object that
/// had lost all of its fields. The mark is a kind of value that no field of the schema has.
pub(super) fn mark(data: &mut Value, path: &[PathSegment]) {
    let mut at = data;
    for step in path {
        match step {
            PathSegment::Field(name) => {
                if *at == Value::Null {
                    *at = Value::Object(IndexMap::new());
                }
                let Value::Object(map) = at else { return };
                at = map.entry(Name::new(name)).or_insert(Value::Null);
            }
            PathSegment::Index(index) => {
                // A list that an item's failure took with it.
                if *at == Value::Null {
                    break;
                }
                let Value::List(items) = at else { return };
                let Some(item) = items.get_mut(*index) else { return };
                at = item;
            }
        }
    }
    if *at == Value::Null {
        *at = Value::Binary(axum::body::Bytes::new());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn marked(data: serde_json::Value, path: &[PathSegment]) -> Value {
        let mut data = Value::from_json(data).unwrap();
        mark(&mut data, path);
        data
    }

    fn key(name: &str) -> PathSegment {
        PathSegment::Field(name.into())
    }

    #[test]
    fn places_are_put_back() {
        let mark = || Value::Binary(axum::body::Bytes::new());
        assert_eq!(marked(json!(null), &[]), mark());
        let object = |name, value| Value::Object(IndexMap::from_iter([(Name::new(name), value)]));
        assert_eq!(marked(json!(null), &[key("a"), key("b")]), object("a", object("b", mark())));
        assert_eq!(marked(json!({ "a": null }), &[key("a")]), object("a", mark()));
        assert_eq!(marked(json!({ "a": null }), &[key("a"), PathSegment::Index(3), key("b")]), object("a", mark()));
        let list = object("a", Value::List(vec![object("b", mark())]));
        assert_eq!(marked(json!({ "a": [{}] }), &[key("a"), PathSegment::Index(0), key("b")]), list);
    }

    #[test]
    fn what_is_there_stays() {
        let data = json!({ "a": { "b": 1 } });
        let same = Value::from_json(data.clone()).unwrap();
        assert_eq!(marked(data.clone(), &[key("a"), key("b")]), same);
        assert_eq!(marked(data.clone(), &[key("a"), key("b"), key("c")]), same);
        assert_eq!(marked(data, &[key("a"), PathSegment::Index(0)]), same);
    }
}
