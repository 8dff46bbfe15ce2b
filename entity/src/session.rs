//! A sign-in that lasts: its access and refresh tokens stand and fall with it. The table `sessions`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    /// The id of the session.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the session was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the session last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The person who signed in.
    #[sea_orm(column_name = "userId")]
    pub user_id: Id,
    /// When it ends at the latest.
    #[sea_orm(column_name = "expiresAt")]
    pub expires_at: Instant,
    /// When it was ended before that; null while it was not.
    #[sea_orm(column_name = "endedAt", nullable)]
    pub ended_at: Option<Instant>,
    /// Why it was ended; null while it was not.
    #[sea_orm(column_name = "endedReason", column_type = "String(StringLen::N(50))", nullable)]
    pub ended_reason: Option<String>,
    /// When it was last used.
    #[sea_orm(column_name = "lastUsedAt")]
    pub last_used_at: Instant,
    /// The IP address of the sign-in; null if unknown.
    #[sea_orm(column_name = "ipAddress", column_type = "String(StringLen::N(45))", nullable)]
    pub ip_address: Option<String>,
    /// The browser's or application's own description; null if unknown.
    #[sea_orm(column_name = "userAgent", column_type = "String(StringLen::N(500))", nullable)]
    pub user_agent: Option<String>,
    /// The hash of the device, as in `user_devices`; null if the client sent none.
    #[sea_orm(column_name = "deviceFingerprint", column_type = "String(StringLen::N(255))", nullable)]
    pub device_fingerprint: Option<String>,
    /// What the client calls the device; null if nothing.
    #[sea_orm(column_name = "deviceName", column_type = "String(StringLen::N(100))", nullable)]
    pub device_name: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
