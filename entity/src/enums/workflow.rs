//! The enums of workflow.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// The six phases that a project goes through, in this order.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "ProjectPhase", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProjectPhase {
    /// Somebody asked; the first contact and inspection.
    Lead,
    /// The offer is being worked out.
    Prospect,
    /// The customer has agreed; everything is prepared.
    Approved,
    /// The work is being done.
    Execution,
    /// Supplements are claimed for what came up during the work.
    SecondSupplement,
    /// The job is closed: final inspection, papers and payment.
    Completion,
}

/// Which trade a workflow follows; a label that follows from the project's type.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "WorkflowType", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WorkflowType {
    /// Roofing; the default.
    Roofing,
    /// Kitchens.
    KitchenRemodel,
    /// Bathrooms.
    BathroomRenovation,
    /// Siding.
    Siding,
    /// Windows.
    Windows,
    /// Any other trade.
    General,
}

/// Where a workflow stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "WorkflowStatus", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WorkflowStatus {
    /// Nothing of it has been done yet; the default.
    NotStarted,
    /// It is being worked through.
    InProgress,
    /// Nothing is open any more.
    Completed,
    /// The project was put on hold.
    OnHold,
    /// It was cancelled; it raises no alerts until it is resumed.
    Cancelled,
}

/// Who in the company answers for a line item.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "ResponsibleRole", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ResponsibleRole {
    /// The office.
    Office,
    /// The administration.
    Administration,
    /// The project's manager.
    ProjectManager,
    /// The field director.
    FieldDirector,
    /// The roof supervisor on the project's team.
    RoofSupervisor,
}
