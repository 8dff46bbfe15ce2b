//! The way up, and the way back down, which leaves nothing behind.

use migration::{Migrator, MigratorTrait};
use sea_orm::{DatabaseConnection, DbBackend};

use super::catalogue::{self, rows, text};
use super::rows::{Fill, Rows};
use crate::harness::database::{self, Backend};

pub async fn up_down_up(backend: Backend) {
    let database = database::empty(backend).await;
    let db = database.connect().await;
    Migrator::up(&db, None).await.unwrap();
    let first = catalogue::read(&db).await;
    Migrator::down(&db, None).await.unwrap();
    assert_eq!(left_over(&db).await, [""; 0]);
    Migrator::up(&db, None).await.unwrap();
    assert_eq!(catalogue::read(&db).await, first);
    Migrator::up(&db, None).await.expect("there is nothing left to do, and that is fine");
}

/// Each migration takes back exactly what it did.
pub async fn every_step_can_be_taken_back(backend: Backend) {
    let database = database::empty(backend).await;
    let db = database.connect().await;
    let mut before = Vec::new();
    for migration in Migrator::migrations() {
        before.push((migration.name().to_owned(), catalogue::read(&db).await));
        Migrator::up(&db, Some(1)).await.unwrap();
    }
    for (name, schema) in before.into_iter().rev() {
        Migrator::down(&db, Some(1)).await.unwrap();
        assert_eq!(catalogue::read(&db).await, schema, "after taking back {name}");
    }
    assert_eq!(left_over(&db).await, [""; 0]);
}

/// Full tables are no obstacle, and what is built anew works.
pub async fn down_with_rows(backend: Backend) {
    let rows = Rows::on(backend).await;
    fill(&rows).await;
    Migrator::down(&rows.db, None).await.unwrap();
    assert_eq!(left_over(&rows.db).await, [""; 0]);
    Migrator::up(&rows.db, None).await.unwrap();
    rows.forget();
    fill(&rows).await;
}

async fn fill(rows: &Rows) {
    for table in rows.schema.keys() {
        rows.insert(table, Fill::All, &[]).await.unwrap_or_else(|error| panic!("{table}: {error}"));
    }
}

/// Tables, types, sequences, anything but the list of what has been applied.
async fn left_over(db: &DatabaseConnection) -> Vec<String> {
    let sql = if db.get_database_backend() == DbBackend::Postgres {
        r"SELECT c.relname::text AS name FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
          UNION SELECT t.typname::text FROM pg_type t WHERE t.typnamespace = current_schema()::regnamespace
          UNION SELECT p.proname::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace"
    } else {
        "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    };
    let names = rows(db, sql).await;
    names.iter().map(|row| text(row, "name")).filter(|name| !name.contains("seaql_migrations")).collect()
}
