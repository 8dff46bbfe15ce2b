//! A person who takes part in a conversation, or did. The table `conversation_participants`.

use sea_orm::entity::prelude::*;

use crate::enums::ConversationRole;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "conversation_participants")]
#[graphql(name = "ConversationParticipantRow")]
pub struct Model {
    /// The id of the participation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the participation was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// The conversation.
    #[sea_orm(column_name = "conversationId")]
    pub conversation_id: Id,
    /// The person.
    #[sea_orm(column_name = "userId")]
    pub user_id: Id,
    /// When they joined, in UTC; anew when they come back.
    #[sea_orm(column_name = "joinedAt")]
    pub joined_at: Instant,
    /// When they left; null while they take part.
    #[sea_orm(column_name = "leftAt", nullable)]
    pub left_at: Option<Instant>,
    /// What they may do in a group.
    pub role: ConversationRole,
    /// When the participation last changed, in UTC. It grows with every change; what was delivered and read leaves it
    /// alone. (An addition to the report.)
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// Up to when messages have reached them; null before the first. (An addition to the report.)
    #[sea_orm(column_name = "lastDeliveredAt", nullable)]
    pub last_delivered_at: Option<Instant>,
    /// Up to when they have read everything; null before the first. (An addition to the report.)
    #[sea_orm(column_name = "lastReadAt", nullable)]
    pub last_read_at: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
