//! Values for columns, as SQL that both databases read.

use super::catalogue::{Class, Column, Table};

/// Some value that the column takes, a new one for each number where the column wants that.
pub fn sample(table: &str, column: &Column, owner: &Table, number: usize) -> String {
    if let Some(value) = particular(table, &column.name) {
        return value.to_owned();
    }
    match &column.class {
        Class::Varchar(_) | Class::Text => format!("'v{number}'"),
        Class::Int if owner.is_unique(&column.name) => number.to_string(),
        Class::Int | Class::Big => (number % 100 + 1).to_string(),
        Class::Boolean => number.is_multiple_of(2).to_string(),
        Class::Instant => instant(number),
        Class::Json if column.default.is_some() => "'[]'".to_owned(),
        Class::Json => r#"'{"some":["thing",null,1.5]}'"#.to_owned(),
        Class::Bytes => "CAST('some bytes' AS bytea)".to_owned(),
        Class::Decimal(..) => format!("{}.{:02}", number % 100, number % 99 + 1),
        Class::Enum(values) => format!("'{}'", values[number % values.len()]),
    }
}

/// Columns whose values are few, though their type says nothing of it.
fn particular(table: &str, column: &str) -> Option<&'static str> {
    match (table, column) {
        ("workflow_alerts", "closedReason") => Some("'ON_HOLD'"),
        ("changes", "kind") => Some("'UPDATED'"),
        ("change_head", "id") => Some("1"),
        _ => None,
    }
}

/// Later for greater numbers, with and without milliseconds.
fn instant(number: usize) -> String {
    let millis = if number.is_multiple_of(2) { ".250" } else { "" };
    format!("'2026-03-01T{:02}:{:02}:{:02}{millis}+00:00'", number / 3600 % 24, number / 60 % 60, number % 60)
}

/// Values that do not fit the column's type.
pub fn misfits(column: &Column) -> Vec<String> {
    let texts: &[&str] = match &column.class {
        Class::Varchar(length) => return vec![format!("'{}'", "x".repeat(*length as usize + 1))],
        Class::Int => &["2147483648", "-2147483649"],
        Class::Boolean => &["2", "'perhaps'"],
        Class::Instant => &["'some day'", "''"],
        // A list is an array and nothing else.
        Class::Json if column.default.is_some() => &["'[1'", "'{}'", "'null'", "'\"[]\"'"],
        Class::Json => &["'{'", "'not json'", "''"],
        Class::Decimal(12, _) => &["10000000000", "-10000000000"],
        Class::Decimal(..) => &["1000", "-1000"],
        Class::Enum(_) => &["'NO_SUCH_VALUE'", "'active'", "''"],
        Class::Text | Class::Big | Class::Bytes => &[],
    };
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// Texts that are instants to a person, and not the one text that SQLite keeps for each.
pub const OTHER_INSTANTS: &[&str] = &[
    "'2026-03-01T14:05:09Z'",
    "'2026-03-01 14:05:09+00:00'",
    "'2026-03-01T14:05:09+02:00'",
    "'2026-03-01T14:05:09.000+00:00'",
    "'2026-03-01T14:05:09.12+00:00'",
    "'2026-03-01T14:05:09.123456+00:00'",
    "'12026-03-01T14:05:09+00:00'",
    "'2026-03-01T14:05:09'",
];
