//! That a person has read a message of a conversation. The table `message_reads`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "message_reads")]
#[graphql(name = "MessageReadRow")]
pub struct Model {
    /// The id of the reading.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the reading was recorded, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// The message.
    #[sea_orm(column_name = "messageId")]
    pub message_id: Id,
    /// The person.
    #[sea_orm(column_name = "userId")]
    pub user_id: Id,
    /// When they read it, in UTC.
    #[sea_orm(column_name = "readAt")]
    pub read_at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
