//! The enums of calendar.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What kind of event it is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "EventType", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventType {
    /// A meeting; the default.
    Meeting,
    /// An inspection.
    Inspection,
    /// Work on the building.
    Installation,
    /// A deadline.
    Deadline,
    /// A reminder.
    Reminder,
    /// Anything else.
    Other,
}

/// Does an event take place?
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "EventStatus", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventStatus {
    /// It does; the default.
    Confirmed,
    /// It may.
    Tentative,
    /// It does not.
    Cancelled,
}

/// How a person takes part in an event.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "AttendeeStatus", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AttendeeStatus {
    /// The event needs them; the default.
    Required,
    /// They may come.
    Optional,
    /// They organise it.
    Organizer,
}

/// What a person answered to an invitation.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "AttendeeResponse", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AttendeeResponse {
    /// They will come.
    Accepted,
    /// They will not come.
    Declined,
    /// They may come.
    Tentative,
    /// Nothing yet; the default.
    NoResponse,
}
