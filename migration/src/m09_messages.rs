//! The record of a project, and people's conversations with one another.

use sea_orm_migration::prelude::*;

use crate::column::{
    CASCADE, RESTRICT, SET_NULL, boolean, created, enumeration, folded, id, instant, int, json, key, list, reference,
    text, updated, varchar,
};
use crate::enums;
use crate::kind::Enum;
use crate::table::{Table, create_all, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

const ENUMS: &[Enum] =
    &[enums::PROJECT_MESSAGE_TYPE, enums::MESSAGE_PRIORITY, enums::CONVERSATION_ROLE, enums::MESSAGE_TYPE];

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
    vec![project_messages(), conversations(), conversation_participants(), messages(), message_reads()]
}

fn project_messages() -> Table {
    Table::new(
        "project_messages",
        [
            id(),
            created(),
            updated(),
            text("content"),
            varchar("subject", 255),
            enumeration("messageType", &enums::PROJECT_MESSAGE_TYPE).default("'WORKFLOW_UPDATE'"),
            enumeration("priority", &enums::MESSAGE_PRIORITY).default("'MEDIUM'"),
            reference("authorId", "users", SET_NULL).null(),
            varchar("authorName", 100),
            varchar("authorRole", 50).null(),
            reference("projectId", "projects", CASCADE),
            int("projectNumber"),
            reference("workflowId", "project_workflows", SET_NULL).null(),
            reference("stepId", "workflow_steps", SET_NULL).null(),
            varchar("stepName", 255).null(),
            enumeration("phase", &enums::PROJECT_PHASE).null(),
            varchar("section", 255).null(),
            varchar("lineItem", 255).null(),
            boolean("isSystemGenerated").default("false"),
            boolean("isWorkflowMessage").default("false"),
            reference("parentMessageId", "project_messages", SET_NULL).null(),
            list("readBy"),
            int("readCount").default("0"),
            json("metadata").null(),
        ],
    )
    .index(&["projectId", "createdAt", "id"])
    .index(&["workflowId", "stepId"])
    .index(&["phase"])
    .index(&["isSystemGenerated"])
}

fn conversations() -> Table {
    Table::new(
        "conversations",
        [
            id(),
            created(),
            updated(),
            varchar("title", 200).null(),
            varchar("description", 500).null(),
            boolean("isGroup").default("false"),
            boolean("isActive").default("true"),
            varchar("pairKey", 80).null(),
            folded("titleFolded").default("''"),
            instant("lastMessageAt").default_now(),
            // Not a foreign key: the two tables would refer to each other, and messages are never removed by themselves.
            key("lastMessageId").null(),
        ],
    )
    .unique(&["pairKey"])
    .index(&["lastMessageAt", "id"])
}

fn conversation_participants() -> Table {
    Table::new(
        "conversation_participants",
        [
            id(),
            created(),
            reference("conversationId", "conversations", CASCADE),
            reference("userId", "users", CASCADE),
            instant("joinedAt").default_now(),
            instant("leftAt").null(),
            enumeration("role", &enums::CONVERSATION_ROLE).default("'MEMBER'"),
            updated(),
            instant("lastDeliveredAt").null(),
            instant("lastReadAt").null(),
        ],
    )
    .unique(&["conversationId", "userId"])
}

fn messages() -> Table {
    Table::new(
        "messages",
        [
            id(),
            created(),
            updated(),
            text("text"),
            enumeration("messageType", &enums::MESSAGE_TYPE).default("'TEXT'"),
            boolean("isEdited").default("false"),
            instant("editedAt").null(),
            boolean("isDeleted").default("false"),
            instant("deletedAt").null(),
            reference("conversationId", "conversations", CASCADE),
            reference("senderId", "users", RESTRICT),
            reference("replyToId", "messages", SET_NULL).null(),
            json("attachments").null(),
            json("reactions").null(),
            json("systemData").null(),
            folded("textFolded").default("''"),
        ],
    )
    .index(&["conversationId", "createdAt", "id"])
}

fn message_reads() -> Table {
    Table::new(
        "message_reads",
        [
            id(),
            created(),
            reference("messageId", "messages", CASCADE),
            reference("userId", "users", CASCADE),
            instant("readAt").default_now(),
        ],
    )
    .unique(&["messageId", "userId"])
}
