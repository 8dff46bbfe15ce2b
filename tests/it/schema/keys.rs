//! Foreign keys: which there are, and what happens to a row when the one it refers to goes or changes its id.

use std::collections::BTreeSet;

use ridgeline::data::refusal;

use super::catalogue::ForeignKey;
use super::rows::{Fill, Rows};
use super::{fixture, report};
use crate::harness::database::Backend;

/// Every key of the list, and no other; what an id changes to is followed everywhere.
pub async fn keys_are_those_agreed(backend: Backend) {
    let rows = Rows::on(backend).await;
    let mut stored = BTreeSet::new();
    for (table, key) in all(&rows) {
        assert_eq!(key.on_update, "CASCADE", "{table}.{}", key.column);
        stored.insert([table, key.column, key.table, key.on_delete]);
    }
    let agreed = fixture::lines(fixture::KEYS).into_iter().map(|line: [&str; 4]| line.map(str::to_owned));
    assert_eq!(stored, agreed.collect());
}

pub async fn keys_have_an_index(backend: Backend) {
    let rows = Rows::on(backend).await;
    for (table, key) in all(&rows) {
        assert!(report::serves(&rows.schema[&table], &[&key.column]), "{table}.{} has no index", key.column);
    }
}

/// Each key in deed: a stranger is refused, a new id is followed, and deleting does what was agreed.
pub async fn keys_follow_their_rules(backend: Backend) {
    let rows = Rows::on(backend).await;
    for (table, key) in all(&rows) {
        let place = format!("{table}.{}", key.column);
        let parent = rows.make(&key.table).await;
        let set = [(key.column.as_str(), parent.clone())];
        let child = rows.insert(&table, Fill::Required, &set).await.unwrap_or_else(|error| panic!("{place}: {error}"));
        refuses_a_stranger(&rows, &table, &child, &key).await;
        let renamed = format!("'new_{}", parent.trim_start_matches('\''));
        rows.update(&key.table, &parent, &format!("\"id\" = {renamed}")).await.unwrap();
        let followed = rows.read(&table, &child, &key.column).await;
        assert_eq!(followed, Some(Some(renamed.trim_matches('\'').to_owned())), "{place} follows a new id");
        let deleted = rows.delete(&key.table, &renamed).await;
        let left = rows.read(&table, &child, &key.column).await;
        match key.on_delete.as_str() {
            "RESTRICT" => {
                let error = deleted.expect_err(&place);
                assert_eq!(refusal::of(&error).code(), "CONFLICT", "{place}: {error}");
                assert_eq!(left, followed, "{place}");
            }
            "SET NULL" => assert_eq!((deleted.is_ok(), left), (true, Some(None)), "{place}"),
            "CASCADE" => assert_eq!((deleted.is_ok(), left), (true, None), "{place}"),
            other => panic!("{place} has the unknown rule {other}"),
        }
    }
}

async fn refuses_a_stranger(rows: &Rows, table: &str, child: &str, key: &ForeignKey) {
    let change = format!("\"{}\" = 'nobody'", key.column);
    let error = rows.update(table, child, &change).await.expect_err("there is no such row to refer to");
    assert_eq!(refusal::of(&error).code(), "CONFLICT", "{table}.{}: {error}", key.column);
}

fn all(rows: &Rows) -> Vec<(String, ForeignKey)> {
    rows.schema.iter().flat_map(|(name, table)| table.keys.iter().map(|key| (name.clone(), key.clone()))).collect()
}
