//! The enums of documents.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What kind of document a file is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "DocumentType", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DocumentType {
    /// A drawing of the building.
    Blueprint,
    /// A permit.
    Permit,
    /// An invoice.
    Invoice,
    /// A photo.
    Photo,
    /// A contract or agreement.
    Contract,
    /// A report.
    Report,
    /// A technical specification.
    Specification,
    /// A letter or an e-mail.
    Correspondence,
    /// Anything else.
    Other,
}
