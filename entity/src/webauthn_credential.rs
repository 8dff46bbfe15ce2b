//! A passkey of a person. The table `webauthn_credentials`.

use sea_orm::entity::prelude::*;

use crate::list::List;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "webauthn_credentials")]
pub struct Model {
    /// The id of the passkey.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the passkey was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the passkey last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The person.
    #[sea_orm(column_name = "userId")]
    pub user_id: Id,
    /// The authenticator's own id for it, in base64url.
    #[sea_orm(column_name = "credentialID", column_type = "String(StringLen::N(255))", unique)]
    pub credential_id: String,
    /// The public key, as the authenticator wrote it.
    #[sea_orm(column_name = "credentialPublicKey", column_type = "Blob")]
    pub credential_public_key: Vec<u8>,
    /// How often it was used, by the authenticator's own count; 0 for one that does not count.
    pub counter: i64,
    /// Whether it lives on one device ("singleDevice") or may be copied to others ("multiDevice").
    #[sea_orm(column_name = "deviceType", column_type = "String(StringLen::N(50))")]
    pub device_type: String,
    /// Is there a copy of it elsewhere?
    #[sea_orm(column_name = "backedUp")]
    pub backed_up: bool,
    /// How the authenticator can be reached, for example "usb" or "internal".
    #[sea_orm(column_type = "JsonBinary")]
    pub transports: List<String>,
    /// What the person calls it; null if nothing.
    #[sea_orm(column_type = "String(StringLen::N(100))", nullable)]
    pub nickname: Option<String>,
    /// When it was last used; null if never.
    #[sea_orm(column_name = "lastUsed", nullable)]
    pub last_used: Option<Instant>,
    /// False once it was removed.
    #[sea_orm(column_name = "isActive")]
    pub is_active: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
