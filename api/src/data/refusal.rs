//! What the database refuses, said as the error a person can act on.
//!
//! Use-cases check first and kindly; when two people are at it at once, the constraint decides and this file words it.

use sea_orm::{DbErr, RuntimeErr};

use crate::error::{Error, Fault};

/// A unique index: its name on PostgreSQL, its columns as SQLite names them, the input's field, and the sentence.
struct Unique {
    index: &'static str,
    columns: &'static str,
    field: &'static str,
    says: &'static str,
}

const UNIQUE: &[Unique] = &[
    Unique {
        index: "users_email_key",
        columns: "users.email",
        field: "email",
        says: "Another account already uses this e-mail address.",
    },
    Unique {
        index: "customers_primaryEmail_key",
        columns: "customers.primaryEmail",
        field: "primaryEmail",
        says: "Another customer already uses this e-mail address.",
    },
    Unique {
        index: "contacts_one_primary",
        columns: "contacts.customerId",
        field: "isPrimary",
        says: "This customer already has a primary contact.",
    },
    Unique {
        index: "project_team_members_projectId_userId_key",
        columns: "project_team_members.projectId, project_team_members.userId",
        field: "userId",
        says: "This person is already on the project's team.",
    },
    Unique {
        index: "workflow_phases_phaseType_key",
        columns: "workflow_phases.phaseType",
        field: "phaseType",
        says: "The template already has this phase.",
    },
    Unique {
        index: "role_assignments_roleType_key",
        columns: "role_assignments.roleType",
        field: "roleType",
        says: "Somebody has just been given this role.",
    },
];

/// The error that a refusal of the database amounts to.
#[must_use]
pub fn of(error: &DbErr) -> Error {
    let (Some(code), message, constraint) = parts(error) else {
        return Error::internal(error);
    };
    match code.as_str() {
        // Unique: PostgreSQL; SQLite's unique index and primary key.
        "23505" | "2067" | "1555" => unique(&message, constraint.as_deref()),
        // Foreign key.
        "23001" | "23503" | "787" | "1811" => {
            Error::conflict("Something this refers to has just been removed, or something else still refers to this.")
        }
        // CHECK, too long, out of range.
        "23514" | "275" | "22001" | "22003" => check(&message, constraint.as_deref()),
        // A character that PostgreSQL cannot keep.
        "22021" => Error::input("input", "The character U+0000 cannot be kept."),
        // Serialisation failure, deadlock; busy in its three forms.
        "40001" | "40P01" | "55P03" | "5" | "6" | "261" | "517" => Error::Retry(error.to_string()),
        _ => Error::internal(error),
    }
}

fn unique(message: &str, constraint: Option<&str>) -> Error {
    let known = UNIQUE.iter().find(|unique| {
        constraint == Some(unique.index) || message.strip_prefix("UNIQUE constraint failed: ") == Some(unique.columns)
    });
    match known {
        Some(unique) => Error::taken(format!("input.{}", unique.field), unique.says),
        None => Error::conflict("Somebody else has just made the same change."),
    }
}

/// The name of a CHECK is its table's and its column's: `projects_endDate_after_start_check`.
fn check(message: &str, constraint: Option<&str>) -> Error {
    let name = constraint.or_else(|| message.strip_prefix("CHECK constraint failed: ")).unwrap_or("");
    let name = name.trim_end_matches("_check");
    let field = name.split('_').rfind(|part| part.chars().any(char::is_uppercase)).or_else(|| name.split('_').nth(1));
    let path = field.map_or_else(|| "input".to_owned(), |field| format!("input.{field}"));
    Error::BadUserInput(vec![Fault::new(
        path,
        "This value does not fit. It may be too long, too large or out of order.",
    )])
}

fn parts(error: &DbErr) -> (Option<String>, String, Option<String>) {
    let (DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))
    | DbErr::Conn(RuntimeErr::SqlxError(error))) = error
    else {
        return (None, String::new(), None);
    };
    match error.as_database_error() {
        Some(database) => (
            database.code().map(std::borrow::Cow::into_owned),
            database.message().to_owned(),
            database.constraint().map(str::to_owned),
        ),
        None => (None, String::new(), None),
    }
}
