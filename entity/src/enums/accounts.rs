//! The enums of accounts.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What an account is, and with it what it may see and do.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "UserRole", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UserRole {
    /// Runs the system: sees and may do everything.
    Admin,
    /// Runs the business: sees every project and manages customers, projects and people.
    Manager,
    /// Sees every project and runs their own.
    ProjectManager,
    /// Leads a crew: sees the projects they have to do with.
    Foreman,
    /// Does the work: sees the projects they have to do with.
    Worker,
    /// A customer: sees their own projects, and changes nothing.
    Client,
}

/// Something an account may do beyond what its role allows.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "Permission", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Permission {
    /// Create projects and customers.
    CreateProjects,
    /// Edit projects and customers.
    EditProjects,
    /// Delete projects and customers.
    DeleteProjects,
    /// Manage accounts, roles and the workflow template.
    ManageUsers,
    /// See the reports.
    ViewReports,
    /// See and edit budgets and costs.
    ManageFinances,
    /// Remove other people's documents.
    ManageDocuments,
    /// Edit other people's events.
    ManageCalendar,
    /// Kept for existing accounts; there is nothing for it to allow.
    UseAiFeatures,
}

/// The colour scheme of the user interface.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "Theme", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// As the device is set.
    Auto,
}
