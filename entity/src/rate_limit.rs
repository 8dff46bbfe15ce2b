//! How often something was done lately by somebody, shared by all instances. The table `rate_limits`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::Instant;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "rate_limits")]
pub struct Model {
    /// What is counted and for whom, for example a kind of request and an address.
    #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(200))")]
    pub id: String,
    /// When the counting began.
    #[sea_orm(column_name = "windowStart")]
    pub window_start: Instant,
    /// When the row is no longer needed.
    #[sea_orm(column_name = "expiresAt")]
    pub expires_at: Instant,
    /// How often since then.
    pub used: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
