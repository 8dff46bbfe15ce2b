//! A message of a conversation. A deleted one keeps its row, without its text. The table `messages`.

use sea_orm::entity::prelude::*;

use crate::enums::MessageType;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "messages")]
#[graphql(name = "MessageRow")]
pub struct Model {
    /// The id of the message.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the message was sent, in UTC. No two messages of a conversation have the same instant, and a later one has a
    /// later one.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the message last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The text; empty once deleted.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// What kind of message it is.
    #[sea_orm(column_name = "messageType")]
    pub message_type: MessageType,
    /// Was the text changed after sending?
    #[sea_orm(column_name = "isEdited")]
    pub is_edited: bool,
    /// When it was last changed; null if never.
    #[sea_orm(column_name = "editedAt", nullable)]
    pub edited_at: Option<Instant>,
    /// Was it deleted?
    #[sea_orm(column_name = "isDeleted")]
    pub is_deleted: bool,
    /// When it was deleted; null if it was not.
    #[sea_orm(column_name = "deletedAt", nullable)]
    pub deleted_at: Option<Instant>,
    /// The conversation.
    #[sea_orm(column_name = "conversationId")]
    pub conversation_id: Id,
    /// The person who sent it; for a SYSTEM message, the one who did what it tells of.
    #[sea_orm(column_name = "senderId")]
    pub sender_id: Id,
    /// The message that it answers; null if none.
    #[sea_orm(column_name = "replyToId", nullable)]
    pub reply_to_id: Option<Id>,
    /// The documents sent along, as a JSON list of ids; null if none.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    #[graphql(skip)]
    pub attachments: Option<Json>,
    /// Who reacted with what, as JSON; null if nobody did.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    #[graphql(skip)]
    pub reactions: Option<Json>,
    /// What a SYSTEM message tells of, as JSON; null for the others. `kind` is CREATED, ADDED, REMOVED, LEFT, ROLE_CHANGED,
    /// TITLE_CHANGED, DESCRIPTION_CHANGED, CLOSED or REOPENED; `by` the id of who did it, `users` the ids of whom it
    /// happened to; with ROLE_CHANGED `role`, with TITLE_CHANGED `title`.
    #[sea_orm(column_name = "systemData", column_type = "JsonBinary", nullable)]
    pub system_data: Option<Json>,
    /// The text in lower case, to search in; empty once deleted, and for SYSTEM messages. (An addition to the report.)
    #[sea_orm(column_name = "textFolded", column_type = "Text")]
    #[graphql(skip)]
    pub text_folded: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
