//! SQLite's catalogue. What its types cannot say (lengths, values of enums) stands in CHECKs, whose text is read.

use sea_orm::{DatabaseConnection, QueryResult};

use super::{Class, Column, ForeignKey, Index, Schema, default, flag, numbers, rows, text};

const TABLES: &str =
    "sqlite_master m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'seaql_migrations'";

pub async fn read(db: &DatabaseConnection) -> Schema {
    let mut schema = Schema::new();
    let tables = format!("SELECT m.name, m.sql FROM {TABLES}");
    for row in rows(db, &tables).await {
        let (name, sql) = (text(&row, "name"), text(&row, "sql"));
        let table = schema.entry(name.clone()).or_default();
        table.checks = checks(&sql).map(|(name, _)| name.to_owned()).collect();
        let columns =
            format!("SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('{name}') ORDER BY cid");
        table.columns = rows(db, &columns).await.iter().map(|row| column(&name, &sql, row)).collect();
        let keys = format!("SELECT \"from\", \"table\", on_delete, on_update FROM pragma_foreign_key_list('{name}')");
        table.keys = rows(db, &keys).await.iter().map(key).collect();
    }
    for row in rows(db, INDEXES).await {
        if let Some(table) = schema.get_mut(&text(&row, "table")) {
            table.indexes.insert(index(&row));
        }
    }
    schema
}

const INDEXES: &str = r#"
    SELECT m.name AS "table", i.name AS "index", i."unique", i.partial,
           (SELECT group_concat(name || iif("desc", ' DESC', ''), ',')
            FROM (SELECT * FROM pragma_index_xinfo(i.name) WHERE key ORDER BY seqno)) AS "columns"
    FROM sqlite_master m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin = 'c'"#;

fn index(row: &QueryResult) -> Index {
    Index {
        name: text(row, "index"),
        columns: text(row, "columns").split(',').map(str::to_owned).collect(),
        unique: flag(row, "unique"),
        partial: flag(row, "partial"),
    }
}

fn key(row: &QueryResult) -> ForeignKey {
    ForeignKey {
        column: text(row, "from"),
        table: text(row, "table"),
        on_delete: text(row, "on_delete"),
        on_update: text(row, "on_update"),
    }
}

fn column(table: &str, sql: &str, row: &QueryResult) -> Column {
    let name = text(row, "name");
    let primary = row.try_get::<i32>("", "pk").unwrap() > 0;
    // The one integer type that counts up holds 64 bits.
    let counts_up = primary && sql.contains("AUTOINCREMENT");
    let class = if counts_up { Class::Big } else { class(table, &name, &text(row, "type"), sql) };
    Column {
        nullable: !flag(row, "notnull") && !primary,
        default: default(row.try_get("", "dflt_value").unwrap()),
        enum_name: None,
        class,
        primary,
        name,
    }
}

fn class(table: &str, column: &str, kind: &str, sql: &str) -> Class {
    // Types of the SQL standard come back in capitals.
    let kind = kind.to_lowercase();
    match kind.as_str() {
        "text" => enum_values(table, column, sql).map_or(Class::Text, Class::Enum),
        "integer" => Class::Int,
        "bigint" => Class::Big,
        "boolean" => Class::Boolean,
        "timestamp_with_timezone_text" => Class::Instant,
        "jsonb_text" => Class::Json,
        "blob" => Class::Bytes,
        _ if kind.starts_with("varchar(") => Class::Varchar(numbers(&kind)[0]),
        _ if kind.starts_with("real(") => Class::Decimal(numbers(&kind)[0], numbers(&kind)[1]),
        _ => panic!("an unknown type: {kind}"),
    }
}

fn enum_values(table: &str, column: &str, sql: &str) -> Option<Vec<String>> {
    let name = format!("{table}_{column}_fits_check");
    let (_, condition) = checks(sql).find(|(check, _)| *check == name)?;
    let (_, list) = condition.split_once(" IN (")?;
    Some(list.split('\'').skip(1).step_by(2).map(str::to_owned).collect())
}

/// The CHECKs of a table's DDL: name and what follows it.
fn checks(sql: &str) -> impl Iterator<Item = (&str, &str)> {
    sql.split("CONSTRAINT \"").skip(1).filter_map(|constraint| constraint.split_once("\" CHECK "))
}
