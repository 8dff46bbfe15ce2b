//! The work itself: `projects`, and who is on the team of each.

use sea_orm_migration::prelude::*;

use crate::column::{
    CASCADE, SET_NULL, boolean, created, decimal, enumeration, folded, id, instant, int, reference, updated, varchar,
};
use crate::enums;
use crate::kind::Enum;
use crate::table::{Table, create_all, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

const ENUMS: &[Enum] = &[enums::PROJECT_TYPE, enums::PROJECT_STATUS, enums::PRIORITY];

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
    vec![projects(), project_team_members()]
}

fn projects() -> Table {
    Table::new(
        "projects",
        [
            id(),
            created(),
            updated(),
            int("projectNumber"),
            varchar("projectName", 200),
            enumeration("projectType", &enums::PROJECT_TYPE),
            enumeration("status", &enums::PROJECT_STATUS).default("'PENDING'"),
            boolean("archived").default("false"),
            instant("archivedAt").null(),
            int("progress").default("0"),
            varchar("description", 2000).null(),
            enumeration("priority", &enums::PRIORITY).default("'MEDIUM'"),
            decimal("budget", 12),
            decimal("estimatedCost", 12).null(),
            decimal("actualCost", 12).null(),
            instant("startDate"),
            instant("endDate"),
            varchar("notes", 1000).null(),
            varchar("pmPhone", 20).null(),
            varchar("pmEmail", 255).null(),
            reference("customerId", "customers", CASCADE),
            reference("projectManagerId", "users", SET_NULL).null(),
            reference("createdById", "users", SET_NULL).null(),
            enumeration("phase", &enums::PROJECT_PHASE).null(),
            folded("nameFolded"),
        ],
    )
    .unique(&["projectNumber"])
    .index(&["createdAt", "id"])
    .index(&["phase"])
    .index(&["status"])
    .index(&["nameFolded", "id"])
    .lower_case("pmEmail")
    .check("progress_range", r#""progress" BETWEEN 0 AND 100"#)
    .check("budget_positive", r#""budget" > 0"#)
    .check("estimatedCost_positive", r#""estimatedCost" > 0"#)
    .check("actualCost_positive", r#""actualCost" > 0"#)
    .check("endDate_after_start", r#""endDate" > "startDate""#)
}

fn project_team_members() -> Table {
    Table::new(
        "project_team_members",
        [
            id(),
            created(),
            reference("projectId", "projects", CASCADE),
            reference("userId", "users", CASCADE),
            varchar("role", 100).null(),
            updated(),
        ],
    )
    .unique(&["projectId", "userId"])
}
