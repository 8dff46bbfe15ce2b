//! A conversation between two people, or in a group. The table `conversations`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "conversations")]
#[graphql(name = "ConversationRow")]
pub struct Model {
    /// The id of the conversation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the conversation was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the conversation itself last changed (title, description, closing), in UTC. It grows with every such change;
    /// messages and people coming and going leave it alone.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The title; null for one without, as most between two people are.
    #[sea_orm(column_type = "String(StringLen::N(200))", nullable)]
    pub title: Option<String>,
    /// What it is about; null if nothing was entered.
    #[sea_orm(column_type = "String(StringLen::N(500))", nullable)]
    pub description: Option<String>,
    /// Is it a group? Otherwise it is between two people.
    #[sea_orm(column_name = "isGroup")]
    pub is_group: bool,
    /// False once it was closed.
    #[sea_orm(column_name = "isActive")]
    pub is_active: bool,
    /// The ids of the two people, so that a pair has one conversation; null for a group. (An addition to the report.)
    #[sea_orm(column_name = "pairKey", column_type = "String(StringLen::N(80))", nullable, unique)]
    #[graphql(skip)]
    pub pair_key: Option<String>,
    /// The title in lower case, to search in; empty without one. (An addition to the report.)
    #[sea_orm(column_name = "titleFolded", column_type = "Text")]
    #[graphql(skip)]
    pub title_folded: String,
    /// When its latest message was sent, or when it began, in UTC. (An addition to the report.)
    #[sea_orm(column_name = "lastMessageAt")]
    pub last_message_at: Instant,
    /// Its latest message; null before the first. (An addition to the report.)
    #[sea_orm(column_name = "lastMessageId", nullable)]
    #[graphql(skip)]
    pub last_message_id: Option<Id>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
