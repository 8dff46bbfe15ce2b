//! Files of a project: `documents`, who downloaded them, and the workflow steps they are attached to.

use sea_orm_migration::prelude::*;

use crate::column::{
    CASCADE, RESTRICT, SET_NULL, boolean, created, enumeration, id, instant, int, list, reference, updated, varchar,
};
use crate::enums;
use crate::kind::Enum;
use crate::table::{Table, create_all, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

const ENUMS: &[Enum] = &[enums::DOCUMENT_TYPE];

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
    vec![documents(), document_downloads(), workflow_step_attachments()]
}

fn documents() -> Table {
    Table::new(
        "documents",
        [
            id(),
            created(),
            updated(),
            varchar("fileName", 255),
            varchar("originalName", 255),
            varchar("fileUrl", 1000),
            varchar("mimeType", 100),
            int("fileSize"),
            enumeration("fileType", &enums::DOCUMENT_TYPE),
            varchar("description", 1000).null(),
            list("tags"),
            int("version").default("1"),
            boolean("isActive").default("true"),
            int("downloadCount").default("0"),
            instant("lastDownloadedAt").null(),
            varchar("checksum", 255).null(),
            boolean("isPublic").default("false"),
            reference("projectId", "projects", CASCADE),
            reference("uploadedById", "users", RESTRICT),
            reference("previousVersionId", "documents", SET_NULL).null(),
        ],
    )
    .index(&["projectId", "createdAt", "id"])
    .check("fileSize_positive", r#""fileSize" > 0"#)
}

fn document_downloads() -> Table {
    Table::new(
        "document_downloads",
        [id(), created(), reference("documentId", "documents", CASCADE), reference("userId", "users", CASCADE)],
    )
}

fn workflow_step_attachments() -> Table {
    Table::new(
        "workflow_step_attachments",
        [
            id(),
            created(),
            reference("stepId", "workflow_steps", CASCADE),
            reference("documentId", "documents", CASCADE),
        ],
    )
    .unique(&["stepId", "documentId"])
}
