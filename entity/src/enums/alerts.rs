//! The enums of alerts.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// How urgent an alert is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "AlertPriority", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AlertPriority {
    /// It can wait.
    Low,
    /// As urgent as most; the default.
    Medium,
    /// It comes before others.
    High,
}

/// A way by which an alert reaches a person.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "AlertMethod", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AlertMethod {
    /// A notification in the application.
    InApp,
    /// An e-mail.
    Email,
    /// A text message.
    Sms,
}

/// Where an alert stands. ACTIVE and ACKNOWLEDGED ones are live.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "AlertStatus", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AlertStatus {
    /// Nobody has taken it up yet; the default.
    Active,
    /// Somebody has said that they are on it.
    Acknowledged,
    /// It was closed without its item being completed, by a person or by the system.
    Dismissed,
    /// Its item was completed.
    Completed,
}

impl AlertStatus {
    /// Still asking for something to be done.
    pub const LIVE: [Self; 2] = [Self::Active, Self::Acknowledged];

    #[must_use]
    pub fn is_live(self) -> bool {
        Self::LIVE.contains(&self)
    }
}

/// What a notification is about.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "NotificationType", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NotificationType {
    /// A task was assigned to you.
    TaskAssigned,
    /// A task was completed.
    TaskCompleted,
    /// A project changed.
    ProjectUpdate,
    /// An alert was raised for you, or is due or overdue.
    WorkflowAlert,
    /// Something about your account or the system.
    SystemMessage,
    /// Something comes up soon.
    Reminder,
}

/// A company-wide role that one person holds.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "RoleType", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RoleType {
    /// Answers for items of project managers where the project has none.
    ProjectManager,
    /// Directs the work in the field.
    FieldDirector,
    /// Answers for items of the office.
    OfficeStaff,
    /// Answers for items of the administration.
    Administration,
}

/// Why the system closed a live alert before its item was completed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))", rename_all = "SCREAMING_SNAKE_CASE")]
#[graphql(name = "AlertClosedReason")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClosedReason {
    /// An earlier item was reopened and is current again.
    Reopened,
    /// The project was moved to another phase.
    Overridden,
    /// The project was put on hold.
    OnHold,
    /// The project was archived.
    Archived,
    /// The workflow was cancelled.
    Cancelled,
    /// Alerts were turned off for the project.
    AlertsOff,
    /// The item is no longer part of the project's workflow.
    TemplateChanged,
}
