//! Every column of every entity reads what is stored and stores what was read, and nothing of it changes on the way.

use std::fmt::Debug;
use std::pin::Pin;

use entity::placed::{Placed, Table};
use entity::scalar::Instant;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseConnection, IntoActiveModel, QueryFilter, QueryTrait};

use super::catalogue::{Class, Column, rows};
use super::entities::{self, Visitor};
use super::rows::{Fill, Rows};
use crate::harness::database::Backend;

/// Something done with the one row of a table that has this id (SQL).
type WithRow = for<'a> fn(&'a DatabaseConnection, &'a str) -> Pin<Box<dyn Future<Output = ()> + 'a>>;

/// A full row and a sparse one of each table: read, deleted, written again from what was read.
pub async fn every_row_is_read_and_written(backend: Backend) {
    let rows = Rows::on(backend).await;
    for (table, entity) in entities_by_table() {
        for fill in [Fill::All, Fill::Required] {
            let id = rows.insert(&table, fill, &[]).await.unwrap_or_else(|error| panic!("{table}: {error}"));
            let before = all_columns(&rows, &table, &id).await;
            (entity.write_again)(&rows.db, &id).await;
            assert_eq!(all_columns(&rows, &table, &id).await, before, "{table}");
            rows.delete(&table, &id).await.unwrap();
        }
    }
}

/// Each value of each enum column, there and back.
pub async fn every_enum_value_is_stored(backend: Backend) {
    let rows = Rows::on(backend).await;
    let mut entities = entities_by_table();
    // First those of which there can be one row for each value, while no other table needs a row of theirs.
    entities.sort_by_key(|(table, _)| !rows.schema[table].columns.iter().any(|c| is_unique_enum(&rows, table, c)));
    for (table, entity) in entities {
        let id = rows.insert(&table, Fill::All, &[]).await.unwrap();
        for column in &rows.schema[&table].columns {
            let Class::Enum(values) = &column.class else { continue };
            for value in values {
                rows.update(&table, &id, &format!("\"{}\" = '{value}'", column.name)).await.unwrap();
                (entity.write_again)(&rows.db, &id).await;
                let stored = rows.read(&table, &id, &column.name).await;
                assert_eq!(stored, Some(Some(value.clone())), "{table}.{}", column.name);
            }
        }
        rows.delete(&table, &id).await.unwrap();
    }
}

fn is_unique_enum(rows: &Rows, table: &str, column: &Column) -> bool {
    matches!(column.class, Class::Enum(_)) && rows.schema[table].is_unique(&column.name)
}

/// What nobody gave a value gets the default, and "now" is now.
pub async fn defaults_are_written(backend: Backend) {
    let rows = Rows::on(backend).await;
    for (table, owner) in &rows.schema {
        let id = rows.make(table).await;
        for column in &owner.columns {
            let Some(default) = &column.default else { continue };
            let place = format!("{table}.{}", column.name);
            if default == "now" {
                let age = (now() - instant(&rows, table, &id, &column.name).await).num_minutes();
                assert!((-5..=5).contains(&age), "{place} is {age} minutes old");
                continue;
            }
            let stored = rows.read(table, &id, &column.name).await.flatten().unwrap();
            let stored = match (&column.class, stored.as_str()) {
                (Class::Boolean, "0") => "false",
                (Class::Boolean, "1") => "true",
                (_, stored) => stored,
            };
            assert_eq!(stored, default, "{place}");
        }
    }
}

struct Stored {
    write_again: WithRow,
}

fn entities_by_table() -> Vec<(String, Stored)> {
    struct Entities(Vec<(String, Stored)>);
    impl Visitor for Entities {
        fn visit<E>(&mut self)
        where
            E: Table,
            E::Model: IntoActiveModel<E::ActiveModel> + PartialEq + Debug + Sync,
        {
            let write_again: WithRow = |db, id| Box::pin(write_again::<E>(db, id));
            self.0.push((E::default().table_name().to_owned(), Stored { write_again }));
        }
    }
    let mut entities = Entities(Vec::new());
    entities::each(&mut entities);
    entities.0
}

async fn write_again<E>(db: &DatabaseConnection, id: &str)
where
    E: Table,
    E::Model: IntoActiveModel<E::ActiveModel> + PartialEq + Debug + Sync,
{
    let row = one::<E>(db, id).await;
    E::delete_many().filter(Expr::cust(format!("\"id\" = {id}"))).exec(db).await.unwrap();
    E::insert(row.clone().into_active_model().reset_all()).exec_without_returning(db).await.unwrap();
    assert_eq!(one::<E>(db, id).await, row);
}

/// The row, read by the names of its columns and by their places.
async fn one<E: Table<Model: PartialEq + Debug>>(db: &DatabaseConnection, id: &str) -> E::Model {
    let select = E::find().filter(Expr::cust(format!("\"id\" = {id}")));
    let row = db.query_one_raw(select.build(db.get_database_backend())).await.unwrap().expect("the row");
    let placed = E::Model::placed(&row, 0).unwrap();
    assert_eq!(select.one(db).await.unwrap().as_ref(), Some(&placed));
    placed
}

async fn all_columns(rows: &Rows, table: &str, id: &str) -> Vec<Option<String>> {
    let columns = &rows.schema[table].columns;
    let names: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
    let texts = rows.read_all(table, id, &names).await.expect("the row");
    // SQLite keeps the spaces of a JSON text as they were.
    let plain = |text: String| text.replace(", ", ",").replace(": ", ":");
    let is_json = columns.iter().map(|column| column.class == Class::Json);
    texts.into_iter().zip(is_json).map(|(text, is_json)| if is_json { text.map(plain) } else { text }).collect()
}

async fn instant(of: &Rows, table: &str, id: &str, column: &str) -> Instant {
    let sql = format!("SELECT \"{column}\" AS \"at\" FROM \"{table}\" WHERE \"id\" = {id}");
    rows(&of.db, &sql).await[0].try_get("", "at").unwrap()
}

fn now() -> Instant {
    Instant::new(chrono::Utc::now())
}
