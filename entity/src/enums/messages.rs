//! The enums of messages.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What kind of message stands in a project's record.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "ProjectMessageType", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProjectMessageType {
    /// The workflow was moved by hand: overridden, reverted, reopened, held or resumed; the default.
    WorkflowUpdate,
    /// The last open item of a phase was completed.
    PhaseCompletion,
    /// The last open item of a section was completed.
    StepCompletion,
    /// A person wrote it.
    UserMessage,
    /// Anything else that the system records.
    SystemNotification,
    /// A person wrote it about an alert.
    AlertDiscussion,
    /// The last open item of the project was completed.
    ProjectMilestone,
}

/// How urgent a message is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "MessagePriority", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MessagePriority {
    /// It can wait.
    Low,
    /// As urgent as most; the default.
    Medium,
    /// It should be read soon.
    High,
    /// It should be read at once.
    Urgent,
}

/// What a person may do in a group conversation.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "ConversationRole", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConversationRole {
    /// Manages members and roles, and removes messages.
    Admin,
    /// Removes messages.
    Moderator,
    /// Writes messages; the default.
    Member,
}

/// What kind of message it is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "MessageType", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MessageType {
    /// Text; the default.
    Text,
    /// A picture.
    Image,
    /// A file.
    File,
    /// Written by the system, for example when somebody joins.
    System,
    /// A notice of the system.
    Notification,
}
