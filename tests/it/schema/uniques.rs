//! Unique indexes, partial ones included: the second row is refused, by that index.

use ridgeline::data::refusal;
use sea_orm::{DbErr, SqlErr};

use super::cases::{PARTIAL, Partial};
use super::catalogue::Index;
use super::rows::{Fill, Rows};
use crate::harness::database::Backend;

pub async fn uniques_refuse(backend: Backend) {
    let rows = Rows::on(backend).await;
    let mut partial = 0;
    for (name, table) in &rows.schema {
        let id = rows.make(name).await;
        let error = rows.insert(name, Fill::Required, &[("id", id)]).await.expect_err("the id is taken");
        assert!(matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))), "{name}: {error}");
        for index in table.indexes.iter().filter(|index| index.unique) {
            if index.partial {
                partial += 1;
                let case = PARTIAL.iter().find(|case| case.index == index.name);
                refuses_within(&rows, name, index, case.unwrap_or_else(|| panic!("no case for {}", index.name))).await;
            } else {
                refuses_always(&rows, name, index).await;
            }
        }
    }
    assert_eq!(partial, PARTIAL.len(), "a case is left over whose index is gone");
}

/// The same values twice are refused; nothing (NULL) twice is not the same value.
async fn refuses_always(rows: &Rows, table: &str, index: &Index) {
    let set = same_values(rows, table, index).await;
    rows.insert(table, Fill::Required, &set).await.unwrap_or_else(|error| panic!("{}: {error}", index.name));
    is_refused(rows, table, index, &set).await;
    let owner = &rows.schema[table];
    if index.columns.iter().any(|name| owner.column(name).unwrap().nullable) {
        let nothing: Vec<_> = set.iter().map(|(name, _)| (*name, "NULL".to_owned())).collect();
        rows.insert(table, Fill::Required, &nothing).await.unwrap();
        rows.insert(table, Fill::Required, &nothing).await.expect("nobody minds a second row without a value");
    }
}

/// Two rows within the condition are refused, in any mixture; rows without it may be as many as they like.
async fn refuses_within(rows: &Rows, table: &str, index: &Index, case: &Partial) {
    for first in case.within {
        let mut set = same_values(rows, table, index).await;
        for other in case.without.iter().chain(case.without) {
            with(&mut set, *other);
            rows.insert(table, Fill::Required, &set).await.unwrap_or_else(|error| panic!("{}: {error}", index.name));
        }
        with(&mut set, *first);
        rows.insert(table, Fill::Required, &set).await.unwrap_or_else(|error| panic!("{}: {error}", index.name));
        for second in case.within {
            with(&mut set, *second);
            is_refused(rows, table, index, &set).await;
        }
    }
}

fn with<'a>(set: &mut Vec<(&'a str, String)>, (name, value): (&'a str, &'a str)) {
    set.retain(|(other, _)| *other != name);
    set.push((name, value.to_owned()));
}

async fn is_refused(rows: &Rows, table: &str, index: &Index, set: &[(&str, String)]) {
    let error = rows.insert(table, Fill::Required, set).await.expect_err(&format!("{} should refuse", index.name));
    let Some(SqlErr::UniqueConstraintViolation(message)) = error.sql_err() else { panic!("{}: {error}", index.name) };
    // PostgreSQL names the index, SQLite its columns.
    let columns: Vec<_> = index.columns.iter().map(|column| format!("{table}.{column}")).collect();
    assert!(message.contains(&index.name) || message.ends_with(&columns.join(", ")), "{}: {message}", index.name);
    becomes_a_conflict(index, &error);
}

/// Where one field of an input is to blame, the error names it.
fn becomes_a_conflict(index: &Index, error: &DbErr) {
    let said = refusal::of(error);
    assert_eq!(said.code(), "CONFLICT", "{}: {error}", index.name);
    let blamed = ["users_email_key", "customers_primaryEmail_key", "contacts_one_primary"];
    if let ridgeline::error::Error::Conflict { fields, .. } = said {
        assert!(!blamed.contains(&index.name.as_str()) || !fields.is_empty(), "{} should blame a field", index.name);
    }
}

/// A value for each column of the index, to be used twice.
async fn same_values<'a>(rows: &Rows, table: &str, index: &'a Index) -> Vec<(&'a str, String)> {
    let mut set = Vec::new();
    for name in &index.columns {
        let column = rows.schema[table].column(name).unwrap();
        set.push((name.as_str(), rows.some_value(table, column).await));
    }
    set
}
