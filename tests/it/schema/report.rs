//! The report, fact by fact.

use std::collections::BTreeMap;

use entity::enums;
use sea_orm::{ActiveEnum, ColumnType};

use super::catalogue::{self, Class, Column, Schema, Table};
use super::fixture;
use crate::harness::database::{self, Backend};

/// A column's type, length, nullability, default and uniqueness.
pub async fn columns(backend: Backend) {
    let schema = of(backend).await;
    for [table, column, kind, length, nullable, default, unique] in fixture::lines(fixture::REPORT) {
        let place = format!("{table}.{column}");
        let table = schema.get(table).unwrap_or_else(|| panic!("there is no table {table}"));
        let stored = table.column(column).unwrap_or_else(|| panic!("there is no {place}"));
        is_of_type(&place, stored, kind, length);
        assert_eq!(stored.nullable, nullable == "null", "may {place} be null?");
        // "Array fields: initialize as empty arrays."
        let default = if kind.ends_with("[]") && default.is_empty() { "[]" } else { default };
        assert_eq!(stored.default.as_deref().unwrap_or_default(), default, "the default of {place}");
        assert_eq!(stored.primary, unique == "primary", "is {place} the primary key?");
        assert!(unique != "unique" || table.is_unique(column), "{place} should be unique");
    }
}

fn is_of_type(place: &str, column: &Column, kind: &str, length: &str) {
    let fits = match (kind, length) {
        ("String", "text") => column.class == Class::Text,
        // Without a length: keys are as long as ids are, other text is as long as it likes, or as was decided.
        ("String", "") => matches!(column.class, Class::Varchar(32 | 100) | Class::Text),
        ("String", length) => column.class == Class::Varchar(length.parse().unwrap()),
        // A counter that authenticators may run beyond 32 bits.
        ("Int", _) if place == "webauthn_credentials.counter" => column.class == Class::Big,
        ("Int", _) => column.class == Class::Int,
        ("Boolean", _) => column.class == Class::Boolean,
        ("DateTime", _) => column.class == Class::Instant,
        ("Bytes", _) => column.class == Class::Bytes,
        ("Decimal", "12,2") => column.class == Class::Decimal(12, 2),
        ("Decimal", "5,2") => column.class == Class::Decimal(5, 2),
        ("Json", _) => column.class == Class::Json,
        (list, _) if list.ends_with("[]") => column.class == Class::Json,
        (name, _) => column.class == Class::Enum(values(name)) && column.enum_name.as_deref().is_none_or(|n| n == name),
    };
    assert!(fits, "{place} is {:?} and should be {kind} {length}", column.class);
}

/// Each unique constraint, literally or as the domain has it instead, and none that nobody asked for; each index that
/// the report lists, and those that pages and jobs go by.
pub async fn uniques_and_indexes(backend: Backend) {
    let schema = of(backend).await;
    let mut wanted = fixture::lines(fixture::REPORT_UNIQUES);
    wanted.extend(fixture::lines(fixture::FURTHER_UNIQUES));
    let uniques: usize = schema.values().map(|table| table.indexes.iter().filter(|index| index.unique).count()).sum();
    assert_eq!(uniques, wanted.len(), "unique indexes");
    for [table, columns, named] in wanted {
        let mut uniques = schema[table].indexes.iter().filter(|index| index.unique);
        let found = match named {
            "" => uniques.any(|index| !index.partial && index.columns.join(",") == columns),
            name => uniques.any(|index| index.partial && index.name == name),
        };
        assert!(found, "{table} should be unique by {columns} {named}");
    }
    let mut wanted = fixture::lines(fixture::REPORT_INDEXES);
    wanted.extend(fixture::lines(fixture::FURTHER_INDEXES));
    for [table, columns] in wanted {
        let columns: Vec<_> = columns.split(',').collect();
        assert!(serves(&schema[table], &columns), "{table} should have an index on {columns:?}");
    }
}

/// An index serves whoever asks for the columns that it begins with.
pub fn serves(table: &Table, columns: &[&str]) -> bool {
    let begins = |index: &catalogue::Index| columns.iter().zip(&index.columns).filter(|(a, b)| *a == b).count();
    table.indexes.iter().any(|index| !index.partial && begins(index) == columns.len())
}

/// PostgreSQL's enum types are the report's, values in the report's order.
pub async fn enum_types(backend: Backend) {
    let database = database::fresh(backend).await;
    let stored: BTreeMap<_, _> = catalogue::enum_types(&database.connect().await).await.into_iter().collect();
    let wanted = fixture::lines(fixture::REPORT_ENUMS).into_iter().map(|[name, values]| (name.into(), values.into()));
    assert_eq!(stored, wanted.collect::<BTreeMap<String, String>>());
}

/// The program's enums are the report's, values in the report's order.
pub fn enums() {
    let ours = [
        of_program::<enums::UserRole>(),
        of_program::<enums::Permission>(),
        of_program::<enums::Theme>(),
        of_program::<enums::ContactType>(),
        of_program::<enums::ProjectType>(),
        of_program::<enums::ProjectStatus>(),
        of_program::<enums::Priority>(),
        of_program::<enums::ProjectPhase>(),
        of_program::<enums::WorkflowType>(),
        of_program::<enums::WorkflowStatus>(),
        of_program::<enums::ResponsibleRole>(),
        of_program::<enums::AlertPriority>(),
        of_program::<enums::AlertMethod>(),
        of_program::<enums::AlertStatus>(),
        of_program::<enums::TaskStatus>(),
        of_program::<enums::TaskCategory>(),
        of_program::<enums::DocumentType>(),
        of_program::<enums::ProjectMessageType>(),
        of_program::<enums::MessagePriority>(),
        of_program::<enums::ConversationRole>(),
        of_program::<enums::MessageType>(),
        of_program::<enums::EventType>(),
        of_program::<enums::EventStatus>(),
        of_program::<enums::AttendeeStatus>(),
        of_program::<enums::AttendeeResponse>(),
        of_program::<enums::NotificationType>(),
        of_program::<enums::RoleType>(),
        of_program::<enums::MfaMethod>(),
        of_program::<enums::SecurityEventType>(),
    ];
    let wanted = fixture::lines(fixture::REPORT_ENUMS).into_iter().map(|[name, values]| (name.into(), values.into()));
    assert_eq!(ours.to_vec(), wanted.collect::<Vec<(String, String)>>());
}

fn of_program<E: ActiveEnum<Value = String>>() -> (String, String) {
    assert!(matches!(E::db_type().get_column_type(), ColumnType::Enum { .. }), "{} is no enum type", E::name());
    (E::name().to_string(), E::values().join(" "))
}

fn values(name: &str) -> Vec<String> {
    let enums = fixture::lines::<2>(fixture::REPORT_ENUMS);
    let found = enums.iter().find(|[other, _]| *other == name).unwrap_or_else(|| panic!("the report has no {name}"));
    found[1].split(' ').map(str::to_owned).collect()
}

async fn of(backend: Backend) -> Schema {
    catalogue::read(&database::fresh(backend).await.connect().await).await
}
