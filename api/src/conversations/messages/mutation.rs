//! What people do with messages: write, edit, delete, react to, and read them.

use async_graphql::{Context, Object, SimpleObject};
use entity::scalar::Id;
use entity::{conversation, conversation_participant as participant, message};

use super::delete::{DeleteMessage, DeleteMessageInput};
use super::edit::{EditMessage, EditMessageInput};
use super::react::{ReactToMessage, ReactToMessageInput, RemoveReaction, RemoveReactionInput};
use super::read::{MarkMessagesDelivered, MarkMessagesDeliveredInput, MarkMessagesRead, MarkMessagesReadInput};
use super::send::{SendMessage, SendMessageInput};
use super::types::Message;
use crate::conversations::types::{Conversation, ConversationParticipant};
use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::data::tx::UseCase;
use crate::error::Result;

#[derive(Default)]
pub struct SaidMutation;

/// What `sendMessage` answers.
#[derive(SimpleObject)]
pub struct SendMessagePayload {
    /// The new message.
    pub message: Message,
}

/// What `editMessage` answers.
#[derive(SimpleObject)]
pub struct EditMessagePayload {
    /// The message as it is now.
    pub message: Message,
}

/// What `deleteMessage` answers.
#[derive(SimpleObject)]
pub struct DeleteMessagePayload {
    /// The message as it is now: without its text.
    pub message: Message,
}

/// What `reactToMessage` answers.
#[derive(SimpleObject)]
pub struct ReactToMessagePayload {
    /// The message as it is now.
    pub message: Message,
}

/// What `removeReaction` answers.
#[derive(SimpleObject)]
pub struct RemoveReactionPayload {
    /// The message as it is now.
    pub message: Message,
}

/// What `markMessagesRead` answers.
#[derive(SimpleObject)]
pub struct MarkMessagesReadPayload {
    /// The conversation, whose `unreadCount` tells what is left.
    pub conversation: Conversation,
}

/// What `markMessagesDelivered` answers.
#[derive(SimpleObject)]
pub struct MarkMessagesDeliveredPayload {
    /// The signed-in user's part in the conversation, as it is now.
    pub participant: ConversationParticipant,
}

async fn written(ctx: &Context<'_>, use_case: &impl UseCase<Output = Id>) -> Result<Message> {
    let scope = ctx.scope()?;
    let id = scope.write(use_case).await?;
    Ok(Message::of(scope.load::<message::Entity>(&id).await?))
}

#[Object]
impl SaidMutation {
    /// Writes into a conversation that one takes part in. Between two people it brings back whoever had left.
    async fn send_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write, and where.")] input: SendMessageInput,
    ) -> Result<SendMessagePayload> {
        Ok(SendMessagePayload { message: written(ctx, &SendMessage { input }).await? })
    }

    /// Changes the text of a message of one's own.
    async fn edit_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which message, and its new text.")] input: EditMessageInput,
    ) -> Result<EditMessagePayload> {
        Ok(EditMessagePayload { message: written(ctx, &EditMessage { input }).await? })
    }

    /// Deletes a message of one's own, or as a MODERATOR or ADMIN of a group anybody's. Its row stays, without its text.
    /// Repeating it changes nothing.
    async fn delete_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which message.")] input: DeleteMessageInput,
    ) -> Result<DeleteMessagePayload> {
        Ok(DeleteMessagePayload { message: written(ctx, &DeleteMessage { input }).await? })
    }

    /// Reacts to a message. Several different reactions of one person stand side by side; repeating one changes nothing.
    async fn react_to_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which message, and the reaction.")] input: ReactToMessageInput,
    ) -> Result<ReactToMessagePayload> {
        Ok(ReactToMessagePayload { message: written(ctx, &ReactToMessage { input }).await? })
    }

    /// Takes back a reaction of one's own. Where there is none, nothing changes.
    async fn remove_reaction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which message, and the reaction.")] input: RemoveReactionInput,
    ) -> Result<RemoveReactionPayload> {
        Ok(RemoveReactionPayload { message: written(ctx, &RemoveReaction { input }).await? })
    }

    /// Notes that the signed-in user has read messages. Repeating it changes nothing, and nobody is told.
    async fn mark_messages_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The messages that were read.")] input: MarkMessagesReadInput,
    ) -> Result<MarkMessagesReadPayload> {
        let scope = ctx.scope()?;
        let id = scope.write(&MarkMessagesRead { input }).await?;
        let conversation = Conversation::of(scope.load::<conversation::Entity>(&id).await?);
        Ok(MarkMessagesReadPayload { conversation })
    }

    /// Notes that messages have reached the signed-in user. Repeating it changes nothing, and nobody is told.
    async fn mark_messages_delivered(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Up to when.")] input: MarkMessagesDeliveredInput,
    ) -> Result<MarkMessagesDeliveredPayload> {
        let scope = ctx.scope()?;
        let id = scope.write(&MarkMessagesDelivered { input }).await?;
        let participant = ConversationParticipant::of(scope.load::<participant::Entity>(&id).await?);
        Ok(MarkMessagesDeliveredPayload { participant })
    }
}
