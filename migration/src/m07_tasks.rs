//! Work that stands beside the workflow: `tasks` and what each waits for.

use sea_orm_migration::prelude::*;

use crate::column::{
    CASCADE, RESTRICT, SET_NULL, created, enumeration, id, instant, int, list, reference, updated, varchar,
};
use crate::enums;
use crate::kind::Enum;
use crate::table::{Table, create_all, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

const ENUMS: &[Enum] = &[enums::TASK_STATUS, enums::TASK_CATEGORY];

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
    vec![tasks(), task_dependencies()]
}

fn tasks() -> Table {
    Table::new(
        "tasks",
        [
            id(),
            created(),
            updated(),
            varchar("title", 200),
            varchar("description", 2000).null(),
            instant("dueDate"),
            enumeration("status", &enums::TASK_STATUS).default("'TO_DO'"),
            enumeration("priority", &enums::PRIORITY).default("'MEDIUM'"),
            int("estimatedHours").null(),
            int("actualHours").null(),
            enumeration("category", &enums::TASK_CATEGORY).default("'OTHER'"),
            list("tags"),
            varchar("notes", 1000).null(),
            instant("completedAt").null(),
            reference("projectId", "projects", CASCADE),
            reference("assignedToId", "users", RESTRICT),
            reference("createdById", "users", SET_NULL).null(),
        ],
    )
    .index(&["projectId", "status"])
    .index(&["assignedToId", "status"])
    .index(&["dueDate", "id"])
}

fn task_dependencies() -> Table {
    Table::new(
        "task_dependencies",
        [id(), created(), reference("parentTaskId", "tasks", CASCADE), reference("dependentTaskId", "tasks", CASCADE)],
    )
    .unique(&["parentTaskId", "dependentTaskId"])
}
