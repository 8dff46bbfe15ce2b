//! Where the change log stands, in its only row. The table `change_head`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "change_head")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// The greatest number given so far.
    pub last: i64,
    /// The number up to which the log was pruned.
    #[sea_orm(column_name = "prunedBelow")]
    pub pruned_below: i64,
    /// What cursors begin with; another one after every restore, so that old cursors are refused.
    #[sea_orm(column_type = "String(StringLen::N(32))")]
    pub epoch: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
