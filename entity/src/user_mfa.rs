//! A second factor of a person, at most one for each method. The table `user_mfa`.

use sea_orm::entity::prelude::*;

use crate::enums::MfaMethod;
use crate::list::List;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};
use crate::secret::Secret;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "user_mfa")]
pub struct Model {
    /// The id of the second factor.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the second factor was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the second factor last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The person.
    #[sea_orm(column_name = "userId")]
    pub user_id: Id,
    /// The method.
    pub method: MfaMethod,
    /// The secret of the method, encrypted; null where it needs none.
    #[sea_orm(column_type = "String(StringLen::N(255))", nullable)]
    pub secret: Option<Secret>,
    /// The hashes of the backup codes that have not been used.
    #[sea_orm(column_name = "backupCodes", column_type = "JsonBinary")]
    pub backup_codes: List<String>,
    /// The number to which codes are sent, in E.164; null unless the method is SMS.
    #[sea_orm(column_name = "phoneNumber", column_type = "String(StringLen::N(20))", nullable)]
    pub phone_number: Option<String>,
    /// Is it in use? False until it was confirmed once.
    pub enabled: bool,
    /// When it was last used; null if never.
    #[sea_orm(column_name = "lastUsed", nullable)]
    pub last_used: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
