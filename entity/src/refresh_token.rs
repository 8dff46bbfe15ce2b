//! A refresh token of a session, by its hash; using one spends it. The table `refresh_tokens`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};
use crate::secret::Secret;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "refresh_tokens")]
pub struct Model {
    /// The id of the token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the token was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// The session that it prolongs.
    #[sea_orm(column_name = "sessionId")]
    pub session_id: Id,
    /// The SHA-256 of the token, in hexadecimal.
    #[sea_orm(column_name = "tokenHash", column_type = "String(StringLen::N(64))", unique)]
    pub token_hash: Secret,
    /// When it ends.
    #[sea_orm(column_name = "expiresAt")]
    pub expires_at: Instant,
    /// When it was used; null while it was not.
    #[sea_orm(column_name = "spentAt", nullable)]
    pub spent_at: Option<Instant>,
    /// The hash of the token that replaced it; null while it was not used.
    #[sea_orm(column_name = "successorHash", column_type = "String(StringLen::N(64))", nullable)]
    pub successor_hash: Option<Secret>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
