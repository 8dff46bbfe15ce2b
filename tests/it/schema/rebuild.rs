//! A table of SQLite takes a new shape without losing the rows that refer to it.

use migration::rebuild::{Shape, rebuild};
use sea_orm::{DatabaseConnection, TransactionTrait};
use sea_orm_migration::SchemaManager;

use super::catalogue::{self, Class, rows, text};
use super::rows::{Fill, Rows};
use crate::harness::database::Backend;

/// Customers, projects and contacts: the project's customer and the contact's are two.
const ALL: [i64; 3] = [2, 1, 1];

/// Customers get a column: their projects and contacts stay, and so do indexes, checks and keys.
pub async fn rebuilding_keeps_what_refers_to_the_table(backend: Backend) {
    let rows = with_children(backend).await;
    let before = catalogue::read(&rows.db).await;
    let definition = definition(&rows.db).await.replacen("\"nameFolded\"", "\"since\" integer, \"nameFolded\"", 1);
    change(&rows, &definition, "\"id\"").await.unwrap();
    let mut after = catalogue::read(&rows.db).await;
    let columns = &mut after.get_mut("customers").unwrap().columns;
    let new = columns.iter().position(|column| column.name == "since").unwrap();
    assert_eq!(columns.remove(new).class, Class::Int);
    assert_eq!(after, before);
    assert_eq!(counts(&rows.db).await, ALL);
    keys_still_count(&rows).await;
}

/// Had the ids changed on the way, projects would belong to nobody: everything is taken back.
pub async fn rebuilding_leaves_no_strays(backend: Backend) {
    let rows = with_children(backend).await;
    let before = catalogue::read(&rows.db).await;
    let definition = definition(&rows.db).await;
    let error = change(&rows, &definition, "'x' || \"id\"").await.expect_err("projects would refer to nothing");
    assert!(error.to_string().contains("rows that refer to nothing"), "{error}");
    assert_eq!(catalogue::read(&rows.db).await, before);
    assert_eq!(counts(&rows.db).await, ALL);
    keys_still_count(&rows).await;
}

/// Inside a transaction, foreign keys could not be turned off, and the children would go.
pub async fn rebuilding_needs_no_transaction_around_it(backend: Backend) {
    let rows = with_children(backend).await;
    let transaction = rows.db.begin().await.unwrap();
    let shape = Shape { table: "customers", definition: "", columns: &[] };
    let error = rebuild(&SchemaManager::new(&transaction), &shape).await.expect_err("there is a transaction");
    assert!(error.to_string().contains("inside a transaction"), "{error}");
    transaction.rollback().await.unwrap();
    assert_eq!(counts(&rows.db).await, ALL);
}

async fn with_children(backend: Backend) -> Rows {
    let rows = Rows::on(backend).await;
    rows.insert("projects", Fill::All, &[]).await.unwrap();
    rows.insert("contacts", Fill::All, &[]).await.unwrap();
    assert_eq!(counts(&rows.db).await, ALL);
    rows
}

/// The customers again, each column from what it was, the id from this.
async fn change(of: &Rows, definition: &str, id: &str) -> Result<(), sea_orm::DbErr> {
    let quoted: Vec<_> = of.schema["customers"]
        .columns
        .iter()
        .map(|column| (column.name.clone(), format!("\"{}\"", column.name)))
        .collect();
    let columns: Vec<_> =
        quoted.iter().map(|(name, value)| (name.as_str(), if name == "id" { id } else { value.as_str() })).collect();
    let shape = Shape { table: "customers", definition, columns: &columns };
    rebuild(&SchemaManager::new(&of.db), &shape).await
}

async fn definition(db: &DatabaseConnection) -> String {
    let sql = text(&rows(db, "SELECT sql FROM sqlite_master WHERE name = 'customers'").await[0], "sql");
    sql.split_once('(').unwrap().1.strip_suffix(')').unwrap().to_owned()
}

async fn keys_still_count(rows: &Rows) {
    let orphan = rows.insert("contacts", Fill::Required, &[("customerId", "'nobody'".to_owned())]).await;
    assert!(orphan.is_err(), "foreign keys should be on again");
}

async fn counts(db: &DatabaseConnection) -> [i64; 3] {
    let mut counts = [0; 3];
    for (count, table) in counts.iter_mut().zip(["customers", "projects", "contacts"]) {
        let found = rows(db, &format!("SELECT count(*) AS n FROM {table}")).await;
        *count = found[0].try_get("", "n").unwrap();
    }
    counts
}
