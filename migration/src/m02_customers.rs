//! Whom the company works for: `customers` and their further `contacts`.

use sea_orm_migration::prelude::*;

use crate::column::{CASCADE, boolean, created, enumeration, folded, id, reference, updated, varchar};
use crate::enums;
use crate::kind::Enum;
use crate::table::{Table, create_all, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

const ENUMS: &[Enum] = &[enums::CONTACT_TYPE];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_all(manager, ENUMS, &tables()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, ENUMS, &tables()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> Vec<Table> {
    vec![customers(), contacts()]
}

fn customers() -> Table {
    Table::new(
        "customers",
        [
            id(),
            created(),
            updated(),
            varchar("primaryName", 100),
            varchar("primaryEmail", 255),
            varchar("primaryPhone", 20),
            varchar("secondaryName", 100).null(),
            varchar("secondaryEmail", 255).null(),
            varchar("secondaryPhone", 20).null(),
            enumeration("primaryContact", &enums::CONTACT_TYPE).default("'PRIMARY'"),
            varchar("address", 500),
            varchar("notes", 2000).null(),
            folded("nameFolded"),
            folded("searchFolded"),
        ],
    )
    .unique(&["primaryEmail"])
    .index(&["createdAt", "id"])
    .index(&["nameFolded", "id"])
    .lower_case("primaryEmail")
    .lower_case("secondaryEmail")
}

fn contacts() -> Table {
    Table::new(
        "contacts",
        [
            id(),
            created(),
            updated(),
            varchar("name", 100),
            varchar("phone", 20).null(),
            varchar("email", 255).null(),
            varchar("role", 50).null(),
            boolean("isPrimary").default("false"),
            boolean("isActive").default("true"),
            varchar("notes", 500).null(),
            reference("customerId", "customers", CASCADE),
        ],
    )
    .unique_where("contacts_one_primary", &["customerId"], r#""isPrimary""#)
    .lower_case("email")
}
