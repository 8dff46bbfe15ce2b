//! The workflow template, one for the company: phases, their sections, and the line items of each.

use sea_orm_migration::prelude::*;

use crate::column::{CASCADE, boolean, created, enumeration, id, int, reference, updated, varchar};
use crate::enums;
use crate::kind::Enum;
use crate::table::{Table, create_all, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

const ENUMS: &[Enum] = &[enums::PROJECT_PHASE, enums::RESPONSIBLE_ROLE];

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
    vec![workflow_phases(), workflow_sections(), workflow_line_items()]
}

fn workflow_phases() -> Table {
    Table::new(
        "workflow_phases",
        [
            id(),
            created(),
            updated(),
            varchar("phaseName", 100),
            enumeration("phaseType", &enums::PROJECT_PHASE),
            int("displayOrder"),
            varchar("description", 500).null(),
            boolean("isActive").default("true"),
        ],
    )
    .unique(&["phaseType"])
}

fn workflow_sections() -> Table {
    Table::new(
        "workflow_sections",
        [
            id(),
            created(),
            updated(),
            varchar("sectionNumber", 10),
            varchar("sectionName", 200),
            varchar("displayName", 255),
            int("displayOrder"),
            varchar("description", 500).null(),
            boolean("isActive").default("true"),
            reference("phaseId", "workflow_phases", CASCADE),
        ],
    )
    .unique(&["phaseId", "sectionNumber"])
}

fn workflow_line_items() -> Table {
    Table::new(
        "workflow_line_items",
        [
            id(),
            created(),
            updated(),
            varchar("itemLetter", 10),
            varchar("itemName", 500),
            enumeration("responsibleRole", &enums::RESPONSIBLE_ROLE),
            int("displayOrder"),
            varchar("description", 1000).null(),
            boolean("isActive").default("true"),
            int("estimatedMinutes").default("30"),
            int("alertDays").default("1"),
            reference("sectionId", "workflow_sections", CASCADE),
        ],
    )
    .unique(&["sectionId", "itemLetter"])
    .index(&["sectionId", "displayOrder"])
    .index(&["isActive", "displayOrder"])
}
