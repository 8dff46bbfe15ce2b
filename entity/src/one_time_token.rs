//! A token that is good for one thing, once: a new password, a proof of an address, the second half of a sign-in. The
//! table `one_time_tokens`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};
use crate::secret::Secret;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "one_time_tokens")]
pub struct Model {
    /// The id of the token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the token was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// The person for whom it is.
    #[sea_orm(column_name = "userId")]
    pub user_id: Id,
    /// What it is good for.
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub purpose: String,
    /// The SHA-256 of the token, in hexadecimal.
    #[sea_orm(column_name = "tokenHash", column_type = "String(StringLen::N(64))", unique)]
    pub token_hash: Secret,
    /// When it ends.
    #[sea_orm(column_name = "expiresAt")]
    pub expires_at: Instant,
    /// When it was used; null while it was not.
    #[sea_orm(column_name = "usedAt", nullable)]
    pub used_at: Option<Instant>,
    /// What belongs to its purpose, as JSON; null if nothing does.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub details: Option<Json>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
