//! PostgreSQL's catalogue.

use sea_orm::{DatabaseConnection, QueryResult};

use super::{Class, Column, ForeignKey, Index, Schema, default, flag, numbers, rows, text};

const TABLES: &str = r"
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
    WHERE c.relkind = 'r' AND c.relname <> 'seaql_migrations'";

const COLUMNS: &str = r#"
    SELECT t.name AS "table", a.attname::text AS "column", format_type(a.atttypid, a.atttypmod) AS "type",
           NOT a.attnotnull AS "nullable", pg_get_expr(d.adbin, d.adrelid) AS "default",
           EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary AND a.attnum = ANY(i.indkey))
               AS "primary",
           ARRAY_TO_STRING(ARRAY(SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = a.atttypid
               ORDER BY e.enumsortorder), ',') AS "values"
    FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
    ORDER BY t.name, a.attnum"#;

const INDEXES: &str = r#"
    SELECT t.name AS "table", i.relname::text AS "index", x.indisunique AS "unique", x.indpred IS NOT NULL AS "partial",
           ARRAY_TO_STRING(ARRAY(
               SELECT a.attname || CASE WHEN x.indoption[k - 1] & 1 = 1 THEN ' DESC' ELSE '' END
               FROM generate_series(1, x.indnkeyatts) k
               JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[k - 1] ORDER BY k), ',') AS "columns"
    FROM t JOIN pg_index x ON x.indrelid = t.oid AND NOT x.indisprimary JOIN pg_class i ON i.oid = x.indexrelid"#;

const CHECKS: &str = r#"
    SELECT t.name AS "table", k.conname::text AS "check"
    FROM t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'c'"#;

const KEYS: &str = r#"
    SELECT t.name AS "table", a.attname::text AS "column", r.relname::text AS "other",
           k.confdeltype::text AS "delete", k.confupdtype::text AS "update"
    FROM t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f' AND cardinality(k.conkey) = 1
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1] JOIN pg_class r ON r.oid = k.confrelid"#;

pub async fn read(db: &DatabaseConnection) -> Schema {
    let of_tables = |sql| format!("WITH t AS (SELECT c.oid, c.relname::text AS name {TABLES}) {sql}");
    let mut schema = Schema::new();
    for row in rows(db, &of_tables(COLUMNS)).await {
        schema.entry(text(&row, "table")).or_default().columns.push(column(&row));
    }
    for row in rows(db, &of_tables(INDEXES)).await {
        let columns = text(&row, "columns").split(',').map(str::to_owned).collect();
        let (unique, partial) = (flag(&row, "unique"), flag(&row, "partial"));
        let index = Index { name: text(&row, "index"), columns, unique, partial };
        schema.get_mut(&text(&row, "table")).unwrap().indexes.insert(index);
    }
    for row in rows(db, &of_tables(CHECKS)).await {
        schema.get_mut(&text(&row, "table")).unwrap().checks.insert(text(&row, "check"));
    }
    for row in rows(db, &of_tables(KEYS)).await {
        let (on_delete, on_update) = (rule(&text(&row, "delete")), rule(&text(&row, "update")));
        let key = ForeignKey { column: text(&row, "column"), table: text(&row, "other"), on_delete, on_update };
        schema.get_mut(&text(&row, "table")).unwrap().keys.insert(key);
    }
    schema
}

/// The enum types of the schema, each with its values in order.
pub async fn enums(db: &DatabaseConnection) -> Vec<(String, String)> {
    let sql = r#"SELECT t.typname::text AS "name", string_agg(e.enumlabel, ' ' ORDER BY e.enumsortorder) AS "values"
        FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
        JOIN pg_namespace n ON n.oid = t.typnamespace AND n.nspname = current_schema()
        GROUP BY t.typname ORDER BY t.typname"#;
    rows(db, sql).await.iter().map(|row| (text(row, "name"), text(row, "values"))).collect()
}

fn column(row: &QueryResult) -> Column {
    let kind = text(row, "type");
    let values = text(row, "values");
    let class = class(&kind, &values);
    Column {
        name: text(row, "column"),
        enum_name: matches!(class, Class::Enum(_)).then(|| kind.trim_matches('"').to_owned()),
        class,
        nullable: flag(row, "nullable"),
        default: default(row.try_get("", "default").unwrap()),
        primary: flag(row, "primary"),
    }
}

fn class(kind: &str, values: &str) -> Class {
    match kind {
        "text" => Class::Text,
        "integer" => Class::Int,
        "bigint" => Class::Big,
        "boolean" => Class::Boolean,
        "timestamp(3) with time zone" => Class::Instant,
        "jsonb" => Class::Json,
        "bytea" => Class::Bytes,
        _ if kind.starts_with("character varying(") => Class::Varchar(numbers(kind)[0]),
        _ if kind.starts_with("numeric(") => Class::Decimal(numbers(kind)[0], numbers(kind)[1]),
        _ if !values.is_empty() => Class::Enum(values.split(',').map(str::to_owned).collect()),
        _ => panic!("an unknown type: {kind}"),
    }
}

fn rule(letter: &str) -> String {
    let rule = match letter {
        "c" => "CASCADE",
        "n" => "SET NULL",
        "r" => "RESTRICT",
        other => panic!("an unknown rule: {other}"),
    };
    rule.to_owned()
}
