//! A project's own copy of the template, where it stands, what was completed, and the phases that were overridden.

use sea_orm_migration::prelude::*;

use crate::column::{
    CASCADE, RESTRICT, SET_NULL, boolean, created, enumeration, id, instant, int, json, key, list, reference, text,
    updated, varchar,
};
use crate::enums;
use crate::kind::Enum;
use crate::table::{Table, create_all, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

const ENUMS: &[Enum] = &[enums::WORKFLOW_TYPE, enums::WORKFLOW_STATUS, enums::ALERT_PRIORITY];

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
    vec![
        project_workflows(),
        workflow_steps(),
        workflow_subtasks(),
        project_workflow_trackers(),
        completed_workflow_items(),
        project_phase_overrides(),
    ]
}

fn project_workflows() -> Table {
    Table::new(
        "project_workflows",
        [
            id(),
            created(),
            updated(),
            reference("projectId", "projects", CASCADE),
            enumeration("workflowType", &enums::WORKFLOW_TYPE).default("'ROOFING'"),
            enumeration("status", &enums::WORKFLOW_STATUS).default("'NOT_STARTED'"),
            int("currentStepIndex").default("0"),
            int("overallProgress").default("0"),
            instant("workflowStartDate").null(),
            instant("workflowEndDate").null(),
            instant("estimatedCompletionDate").null(),
            instant("actualCompletionDate").null(),
            boolean("enableAlerts").default("true"),
            list("alertMethods"),
            boolean("escalationEnabled").default("true"),
            int("escalationDelayDays").default("2"),
            json("teamAssignments").null(),
            reference("createdById", "users", SET_NULL).null(),
            reference("lastModifiedById", "users", SET_NULL).null(),
        ],
    )
    .unique(&["projectId"])
    .check("overallProgress_range", r#""overallProgress" BETWEEN 0 AND 100"#)
    .check("workflowEndDate_after_start", r#""workflowEndDate" >= "workflowStartDate""#)
}

fn workflow_steps() -> Table {
    Table::new(
        "workflow_steps",
        [
            id(),
            created(),
            updated(),
            varchar("stepId", 50),
            varchar("stepName", 200),
            varchar("description", 1000),
            enumeration("phase", &enums::PROJECT_PHASE),
            enumeration("defaultResponsible", &enums::RESPONSIBLE_ROLE),
            reference("assignedToId", "users", SET_NULL).null(),
            int("estimatedDuration"),
            int("stepOrder"),
            instant("scheduledStartDate").null(),
            instant("scheduledEndDate").null(),
            instant("actualStartDate").null(),
            instant("actualEndDate").null(),
            boolean("isCompleted").default("false"),
            instant("completedAt").null(),
            reference("completedById", "users", SET_NULL).null(),
            enumeration("alertPriority", &enums::ALERT_PRIORITY).default("'MEDIUM'"),
            int("alertDays").default("1"),
            list("overdueIntervals").default("'[1, 3, 7, 14]'"),
            varchar("notes", 2000).null(),
            varchar("completionNotes", 2000).null(),
            list("dependencies"),
            reference("workflowId", "project_workflows", CASCADE),
        ],
    )
    .unique(&["workflowId", "stepId"])
    .index(&["workflowId", "stepOrder"])
    .check("scheduledEndDate_after_start", r#""scheduledEndDate" > "scheduledStartDate""#)
    .check("actualEndDate_after_start", r#""actualEndDate" >= "actualStartDate""#)
}

fn workflow_subtasks() -> Table {
    Table::new(
        "workflow_subtasks",
        [
            id(),
            created(),
            updated(),
            varchar("subTaskId", 50),
            varchar("subTaskName", 500),
            varchar("description", 1000).null(),
            boolean("isCompleted").default("false"),
            instant("completedAt").null(),
            reference("completedById", "users", SET_NULL).null(),
            varchar("notes", 1000).null(),
            reference("stepId", "workflow_steps", CASCADE),
            reference("lineItemId", "workflow_line_items", RESTRICT).null(),
            int("displayOrder"),
            enumeration("responsibleRole", &enums::RESPONSIBLE_ROLE),
            int("estimatedMinutes"),
            int("alertDays"),
            instant("skippedAt").null(),
        ],
    )
    .unique(&["stepId", "subTaskId"])
}

fn project_workflow_trackers() -> Table {
    Table::new(
        "project_workflow_trackers",
        [
            id(),
            created(),
            updated(),
            reference("projectId", "projects", CASCADE),
            reference("currentPhaseId", "workflow_phases", SET_NULL).null(),
            reference("currentSectionId", "workflow_sections", SET_NULL).null(),
            reference("currentLineItemId", "workflow_line_items", SET_NULL).null(),
            reference("lastCompletedItemId", "workflow_line_items", SET_NULL).null(),
            instant("phaseStartedAt").null(),
            instant("sectionStartedAt").null(),
            instant("lineItemStartedAt").null(),
            reference("workflowId", "project_workflows", CASCADE),
        ],
    )
    .unique(&["projectId"])
    .unique(&["workflowId"])
    .index(&["projectId", "currentPhaseId"])
}

fn completed_workflow_items() -> Table {
    Table::new(
        "completed_workflow_items",
        [
            id(),
            created(),
            reference("trackerId", "project_workflow_trackers", CASCADE),
            reference("phaseId", "workflow_phases", RESTRICT),
            reference("sectionId", "workflow_sections", RESTRICT),
            reference("lineItemId", "workflow_line_items", RESTRICT),
            instant("completedAt").default_now(),
            reference("completedById", "users", SET_NULL).null(),
            varchar("notes", 1000).null(),
            instant("reopenedAt").null(),
            reference("reopenedById", "users", SET_NULL).null(),
            varchar("reopenReason", 1000).null(),
        ],
    )
    .unique_where("completed_workflow_items_one_standing", &["trackerId", "lineItemId"], r#""reopenedAt" IS NULL"#)
    .index(&["trackerId", "completedAt"])
    .index(&["trackerId", "lineItemId"])
    .index(&["completedAt"])
}

fn project_phase_overrides() -> Table {
    Table::new(
        "project_phase_overrides",
        [
            id(),
            created(),
            updated(),
            reference("projectId", "projects", CASCADE),
            reference("workflowId", "project_workflows", CASCADE),
            enumeration("fromPhase", &enums::PROJECT_PHASE),
            enumeration("toPhase", &enums::PROJECT_PHASE),
            reference("overriddenById", "users", RESTRICT),
            varchar("reason", 500).null(),
            list("suppressAlertsFor"),
            text("autoLogMessage"),
            boolean("isActive").default("true"),
            key("conversationMessage").null(),
            json("effects"),
            reference("previousOverrideId", "project_phase_overrides", SET_NULL).null(),
            instant("revertedAt").null(),
        ],
    )
    .unique_where("project_phase_overrides_one_active", &["projectId"], r#""isActive""#)
    .index(&["createdAt"])
}
