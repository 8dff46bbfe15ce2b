//! What tells people that something is theirs to do: alerts, the alerts an override held back, notifications, and who
//! holds which company-wide role.

use sea_orm_migration::prelude::*;

use crate::column::{
    CASCADE, SET_NULL, boolean, created, enumeration, id, instant, json, key, reference, text, updated, varchar,
};
use crate::enums;
use crate::kind::Enum;
use crate::table::{Table, create_all, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

const ENUMS: &[Enum] = &[enums::ALERT_STATUS, enums::NOTIFICATION_TYPE, enums::ROLE_TYPE, enums::ALERT_METHOD];

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
    vec![workflow_alerts(), suppressed_workflow_alerts(), notifications(), role_assignments()]
}

fn workflow_alerts() -> Table {
    Table::new(
        "workflow_alerts",
        [
            id(),
            created(),
            updated(),
            varchar("type", 100).default("'Work Flow Line Item'"),
            enumeration("priority", &enums::ALERT_PRIORITY).default("'MEDIUM'"),
            enumeration("status", &enums::ALERT_STATUS).default("'ACTIVE'"),
            varchar("title", 255),
            text("message"),
            varchar("stepName", 255),
            boolean("isRead").default("false"),
            instant("readAt").null(),
            boolean("acknowledged").default("false"),
            instant("acknowledgedAt").null(),
            instant("dueDate").null(),
            reference("projectId", "projects", CASCADE),
            reference("workflowId", "project_workflows", CASCADE),
            reference("stepId", "workflow_steps", CASCADE),
            reference("assignedToId", "users", SET_NULL).null(),
            reference("createdById", "users", SET_NULL).null(),
            json("metadata").null(),
            enumeration("responsibleRole", &enums::RESPONSIBLE_ROLE).default("'OFFICE'"),
            reference("lineItemId", "workflow_line_items", SET_NULL).null(),
            boolean("assignedByHand").default("false"),
            instant("completedAt").null(),
            instant("dismissedAt").null(),
            reference("dismissedById", "users", SET_NULL).null(),
            varchar("closedReason", 20).null(),
            varchar("dismissReason", 500).null(),
            instant("overdueAt").null(),
        ],
    )
    .unique_where("workflow_alerts_one_live", &["projectId", "stepId"], r#""status" IN ('ACTIVE', 'ACKNOWLEDGED')"#)
    .index(&["projectId", "status"])
    .index(&["assignedToId", "status"])
    .index(&["stepId", "status"])
    .index(&["status", "createdAt", "id"])
    .index(&["createdAt DESC", "projectId"])
    .index(&["workflowId", "stepId"])
    .one_of(
        "closedReason",
        &["REOPENED", "OVERRIDDEN", "ON_HOLD", "ARCHIVED", "CANCELLED", "ALERTS_OFF", "TEMPLATE_CHANGED"],
    )
}

fn suppressed_workflow_alerts() -> Table {
    Table::new(
        "suppressed_workflow_alerts",
        [
            id(),
            created(),
            key("originalAlertId"),
            reference("overrideId", "project_phase_overrides", CASCADE),
            enumeration("suppressedPhase", &enums::PROJECT_PHASE),
            key("suppressedStepId"),
            varchar("suppressedStepName", 255),
            varchar("originalTitle", 255),
            text("originalMessage"),
            enumeration("originalPriority", &enums::ALERT_PRIORITY),
            varchar("suppressionReason", 500),
        ],
    )
    .unique(&["originalAlertId"])
    .unique(&["overrideId", "suppressedStepId"])
    .index(&["suppressedPhase"])
    .index(&["createdAt"])
}

fn notifications() -> Table {
    Table::new(
        "notifications",
        [
            id(),
            created(),
            updated(),
            varchar("title", 200),
            varchar("message", 1000),
            enumeration("type", &enums::NOTIFICATION_TYPE),
            boolean("isRead").default("false"),
            instant("readAt").null(),
            varchar("actionUrl", 500).null(),
            json("actionData").null(),
            reference("recipientId", "users", CASCADE),
        ],
    )
    .index(&["recipientId", "createdAt", "id"])
    .index(&["recipientId", "isRead"])
}

fn role_assignments() -> Table {
    Table::new(
        "role_assignments",
        [
            id(),
            created(),
            updated(),
            enumeration("roleType", &enums::ROLE_TYPE),
            reference("userId", "users", CASCADE),
            instant("assignedAt"),
            reference("assignedById", "users", SET_NULL).null(),
            boolean("isActive").default("true"),
        ],
    )
    .unique(&["roleType"])
    .index(&["roleType", "isActive"])
    .index(&["assignedAt"])
}
