//! A device that a person has signed in from. The table `user_devices`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "user_devices")]
pub struct Model {
    /// The id of the device.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the device was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the device last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The person.
    #[sea_orm(column_name = "userId")]
    pub user_id: Id,
    /// A hash over the person and the client's fingerprint, so that two people can share a computer.
    #[sea_orm(column_name = "deviceFingerprint", column_type = "String(StringLen::N(255))", unique)]
    pub device_fingerprint: String,
    /// What the person or the client calls it; null if nothing.
    #[sea_orm(column_name = "deviceName", column_type = "String(StringLen::N(100))", nullable)]
    pub device_name: Option<String>,
    /// What kind of device it is, for example "desktop"; null if unknown.
    #[sea_orm(column_name = "deviceType", column_type = "String(StringLen::N(50))", nullable)]
    pub device_type: Option<String>,
    /// The browser's or application's own description; null if unknown.
    #[sea_orm(column_name = "userAgent", column_type = "String(StringLen::N(500))", nullable)]
    pub user_agent: Option<String>,
    /// The IP address of the last sign-in; null if unknown.
    #[sea_orm(column_name = "ipAddress", column_type = "String(StringLen::N(45))", nullable)]
    pub ip_address: Option<String>,
    /// Where the last sign-in came from, as JSON; null if unknown.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub location: Option<Json>,
    /// Is no second factor asked for on it?
    pub trusted: bool,
    /// Does the device recognise the person itself, by face or finger?
    #[sea_orm(column_name = "biometricEnabled")]
    pub biometric_enabled: bool,
    /// When it was last used; null if never since it was added.
    #[sea_orm(column_name = "lastUsed", nullable)]
    pub last_used: Option<Instant>,
    /// False once it was removed.
    #[sea_orm(column_name = "isActive")]
    pub is_active: bool,
    /// Until when it is trusted; null when it is not. (An addition to the report.)
    #[sea_orm(column_name = "trustedUntil", nullable)]
    pub trusted_until: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
