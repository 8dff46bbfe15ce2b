//! What the database refuses in a single row: rules over its values, and values that do not fit their columns.

use ridgeline::data::refusal;
use ridgeline::error::Error;
use sea_orm::{DbErr, RuntimeErr};

use super::cases::CHECKS;
use super::catalogue::{Class, Column};
use super::rows::{Fill, Rows};
use super::values;
use crate::harness::database::Backend;

/// Every CHECK of the catalogue that is not a column's type: the wrong is refused by that very CHECK and becomes an
/// error that names the field, the edge of the right is taken.
pub async fn checks_refuse(backend: Backend) {
    let rows = Rows::on(backend).await;
    let mut tried = 0;
    for (name, table) in &rows.schema {
        let id = rows.insert(name, Fill::All, &[]).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        for column in table.columns.iter().filter(|column| column.name.to_lowercase().ends_with("email")) {
            let check = format!("{name}_{}_lower_case_check", column.name);
            assert!(table.checks.contains(&check), "e-mail addresses are kept in lower case: {check}");
        }
        for check in table.checks.iter().filter(|check| !is_of_a_type(check)) {
            if let Some(column) =
                check.strip_prefix(&format!("{name}_")).and_then(|c| c.strip_suffix("_lower_case_check"))
            {
                refuses(&rows, name, &id, &format!("\"{column}\" = 'Someone@example.com'"), check, column).await;
                rows.update(name, &id, &format!("\"{column}\" = 'someone@example.com'")).await.unwrap();
                continue;
            }
            let case = CHECKS.iter().find(|case| case.check == check).unwrap_or_else(|| panic!("no case for {check}"));
            tried += 1;
            for change in case.refuses {
                refuses(&rows, name, &id, change, check, case.field).await;
            }
            for change in case.takes {
                rows.update(name, &id, change).await.unwrap_or_else(|error| panic!("{check}, {change}: {error}"));
            }
        }
    }
    assert_eq!(tried, CHECKS.len(), "a case is left over whose CHECK is gone");
}

async fn refuses(rows: &Rows, table: &str, id: &str, change: &str, check: &str, field: &str) {
    let error = rows.update(table, id, change).await.expect_err(&format!("{check} should refuse {change}"));
    assert!(error.to_string().contains(check), "{check} should refuse {change}, not: {error}");
    let Error::BadUserInput(faults) = refusal::of(&error) else { panic!("{error} should be the input's fault") };
    // Without a field: no input sets this.
    assert!(field.is_empty() || faults[0].path == format!("input.{field}"), "{check} should blame {field}: {faults:?}");
}

/// Every column of every table: what its type cannot hold.
pub async fn types_refuse(backend: Backend) {
    let rows = Rows::on(backend).await;
    for (name, table) in &rows.schema {
        let id = rows.insert(name, Fill::All, &[]).await.unwrap();
        for column in &table.columns {
            let instants: &[&str] = if backend == Backend::Sqlite { values::OTHER_INSTANTS } else { &[] };
            let instants = instants.iter().filter(|_| column.class == Class::Instant).map(|&text| text.to_owned());
            for value in values::misfits(column).into_iter().chain(instants) {
                let refused = rows.update(name, &id, &format!("\"{}\" = {value}", column.name)).await;
                let error = refused.expect_err(&format!("{name}.{} should refuse {value}", column.name));
                assert_eq!(
                    code(&error),
                    expected(backend, column, &value),
                    "{name}.{} = {value}: {error}",
                    column.name
                );
            }
        }
    }
}

/// SQLite refuses by a CHECK, PostgreSQL by the type, in its own words.
fn expected(backend: Backend, column: &Column, value: &str) -> &'static str {
    if backend == Backend::Sqlite {
        return "275";
    }
    match &column.class {
        Class::Varchar(_) => "22001",
        Class::Boolean if value == "2" => "42804",
        Class::Instant => "22007",
        Class::Json if column.default.is_some() && value != "'[1'" => "23514",
        Class::Boolean | Class::Enum(_) | Class::Json => "22P02",
        _ => "22003",
    }
}

/// A column of n takes n characters of any alphabet, and not one more.
pub async fn lengths_are_characters(backend: Backend) {
    let rows = Rows::on(backend).await;
    for (name, table) in &rows.schema {
        let mut id = rows.insert(name, Fill::All, &[]).await.unwrap();
        for column in &table.columns {
            let Class::Varchar(length) = column.class else { continue };
            let text = |count: u32| "屋🏠é".chars().cycle().take(count as usize).collect::<String>();
            let set = |count| format!("\"{}\" = '{}'", column.name, text(count));
            let place = format!("{name}.{}", column.name);
            let error = rows.update(name, &id, &set(length + 1)).await.expect_err(&place);
            assert_eq!(refusal::of(&error).code(), "BAD_USER_INPUT", "{place}: {error}");
            let is_one_of_few = table.checks.contains(&format!("{name}_{}_known_check", column.name));
            if table.key(&column.name).is_none() && !is_one_of_few {
                rows.update(name, &id, &set(length)).await.unwrap_or_else(|error| panic!("{place}: {error}"));
                id = if column.primary { format!("'{}'", text(length)) } else { id };
            }
        }
    }
}

/// The checks that stand for a column's type.
fn is_of_a_type(check: &str) -> bool {
    check.ends_with("_fits_check") || check.ends_with("_is_list_check")
}

fn code(error: &DbErr) -> String {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else {
        panic!("{error} is no refusal")
    };
    cause.as_database_error().unwrap().code().unwrap().into_owned()
}
