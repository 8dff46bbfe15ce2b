//! A key that a client sent with a creation, so that sending it again creates nothing. The table `idempotency_keys`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    /// The id of the key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the key was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// The person who sent it.
    #[sea_orm(column_name = "userId")]
    pub user_id: Id,
    /// The key, as the client chose it.
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub key: String,
    /// The mutation that it was sent with.
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub mutation: String,
    /// The SHA-256 of the rest of the input, in hexadecimal.
    #[sea_orm(column_name = "inputHash", column_type = "String(StringLen::N(64))")]
    pub input_hash: String,
    /// The id of what was created; null while that is not known.
    #[sea_orm(column_name = "resultId", nullable)]
    pub result_id: Option<Id>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
