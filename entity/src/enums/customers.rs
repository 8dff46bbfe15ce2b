//! The enums of customers.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Which of a customer's two people to contact first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "ContactType", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContactType {
    /// The first person.
    Primary,
    /// The second person.
    Secondary,
}
