//! A message in the record of a project, by a person or by the system; never edited, never deleted. The table
//! `project_messages`.

use sea_orm::entity::prelude::*;

use crate::enums::{MessagePriority, ProjectMessageType, ProjectPhase};
use crate::list::List;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "project_messages")]
#[graphql(name = "ProjectMessageRow")]
pub struct Model {
    /// The id of the message.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the message was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the message last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The text.
    #[sea_orm(column_type = "Text")]
    pub content: String,
    /// What it is about, in a line.
    #[sea_orm(column_type = "String(StringLen::N(255))")]
    pub subject: String,
    /// What kind of message it is.
    #[sea_orm(column_name = "messageType")]
    pub message_type: ProjectMessageType,
    /// How urgent it is.
    pub priority: MessagePriority,
    /// The person who wrote it; null for the system, or once they are deleted.
    #[sea_orm(column_name = "authorId", nullable)]
    pub author_id: Option<Id>,
    /// The author's name when it was written; "Ridgeline" for the system.
    #[sea_orm(column_name = "authorName", column_type = "String(StringLen::N(100))")]
    pub author_name: String,
    /// The author's role when it was written; null for the system.
    #[sea_orm(column_name = "authorRole", column_type = "String(StringLen::N(50))", nullable)]
    pub author_role: Option<String>,
    /// The project.
    #[sea_orm(column_name = "projectId")]
    pub project_id: Id,
    /// The number of the project.
    #[sea_orm(column_name = "projectNumber")]
    pub project_number: i32,
    /// The workflow that it is about; null if none, or once it is deleted.
    #[sea_orm(column_name = "workflowId", nullable)]
    pub workflow_id: Option<Id>,
    /// The step that it is about; null if none, or once it is deleted.
    #[sea_orm(column_name = "stepId", nullable)]
    pub step_id: Option<Id>,
    /// The name of the step; null if none.
    #[sea_orm(column_name = "stepName", column_type = "String(StringLen::N(255))", nullable)]
    pub step_name: Option<String>,
    /// The phase that it is about; null if none.
    #[sea_orm(nullable)]
    pub phase: Option<ProjectPhase>,
    /// The section that it is about, by its name; null if none.
    #[sea_orm(column_type = "String(StringLen::N(255))", nullable)]
    pub section: Option<String>,
    /// The item that it is about, by its name; null if none.
    #[sea_orm(column_name = "lineItem", column_type = "String(StringLen::N(255))", nullable)]
    pub line_item: Option<String>,
    /// Did the system write it?
    #[sea_orm(column_name = "isSystemGenerated")]
    pub is_system_generated: bool,
    /// Is it about the workflow?
    #[sea_orm(column_name = "isWorkflowMessage")]
    pub is_workflow_message: bool,
    /// The message that it answers; null if none.
    #[sea_orm(column_name = "parentMessageId", nullable)]
    pub parent_message_id: Option<Id>,
    /// The ids of the people who have read it.
    #[sea_orm(column_name = "readBy", column_type = "JsonBinary")]
    pub read_by: List<String>,
    /// How many people have read it.
    #[sea_orm(column_name = "readCount")]
    pub read_count: i32,
    /// More about what happened, as JSON; null if there is nothing.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub metadata: Option<Json>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
