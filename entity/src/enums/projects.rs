//! The enums of projects.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// The kind of work that a project is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "ProjectType", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProjectType {
    /// A complete new roof.
    RoofReplacement,
    /// A renovated kitchen.
    KitchenRemodel,
    /// A renovated bathroom.
    BathroomRenovation,
    /// Siding on the outer walls.
    SidingInstallation,
    /// New windows, or replaced ones.
    WindowReplacement,
    /// New floors.
    Flooring,
    /// Painting, inside or outside.
    Painting,
    /// Electrical work.
    ElectricalWork,
    /// Plumbing.
    Plumbing,
    /// Heating, ventilation and air conditioning: installed or serviced.
    Hvac,
    /// A new deck.
    DeckConstruction,
    /// Landscaping.
    Landscaping,
    /// Anything else.
    Other,
}

/// Where a project stands as a whole.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "ProjectStatus", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProjectStatus {
    /// Nothing of it has been done yet.
    Pending,
    /// It is being worked on.
    InProgress,
    /// Everything is done.
    Completed,
    /// It was put on hold; it raises no alerts until it is resumed.
    OnHold,
}

/// How urgent a project or a task is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "Priority", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Priority {
    /// It can wait.
    Low,
    /// As urgent as most; the default.
    Medium,
    /// It comes before others.
    High,
}
