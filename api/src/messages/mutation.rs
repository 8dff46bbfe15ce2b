//! What people do with project messages: write them and read them.

use async_graphql::{Context, Object, SimpleObject};
use entity::project_message;

use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::error::Result;
use crate::messages::list;
use crate::messages::read::{MarkProjectMessagesRead, MarkProjectMessagesReadInput};
use crate::messages::send::{SendProjectMessage, SendProjectMessageInput};
use crate::messages::types::ProjectMessage;

#[derive(Default)]
pub struct MessagesMutation;

/// What `sendProjectMessage` answers.
#[derive(SimpleObject)]
pub struct SendProjectMessagePayload {
    /// The new message.
    pub message: ProjectMessage,
}

/// What `markProjectMessagesRead` answers.
#[derive(SimpleObject)]
pub struct MarkProjectMessagesReadPayload {
    /// How many messages of the project the signed-in user has still not read.
    pub unread_count: i64,
}

#[Object]
impl MessagesMutation {
    /// Writes a message into a project's record. Staff only.
    async fn send_project_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write, and where.")] input: SendProjectMessageInput,
    ) -> Result<SendProjectMessagePayload> {
        let scope = ctx.scope()?;
        let id = scope.write(&SendProjectMessage { input }).await?;
        let message = ProjectMessage::of(scope.load::<project_message::Entity>(&id).await?);
        Ok(SendProjectMessagePayload { message })
    }

    /// Notes that the signed-in user has read these messages. Repeating it changes nothing, and nobody is told.
    async fn mark_project_messages_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The messages that were read.")] input: MarkProjectMessagesReadInput,
    ) -> Result<MarkProjectMessagesReadPayload> {
        let scope = ctx.scope()?;
        let project = scope.write(&MarkProjectMessagesRead { input }).await?;
        let unread_count = scope.count(list::unread(scope, Some(&project))).await?;
        Ok(MarkProjectMessagesReadPayload { unread_count })
    }
}
