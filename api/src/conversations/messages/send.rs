//! Somebody writes into a conversation.

use std::collections::BTreeMap;

use async_graphql::InputObject;
use entity::enums::MessageType;
use entity::scalar::Id;
use entity::{document, message};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, QueryFilter};
use serde::Serialize;

use super::list_of;
use crate::conversations::create::bring_back;
use crate::conversations::part::Part;
use crate::data::access::Permission;
use crate::data::idempotency::Once;
use crate::data::tx::{Tx, UseCase, by_id};
use crate::error::{Error, Result};
use crate::fold::fold;
use crate::input::Check;

pub(super) const TEXT: usize = 10_000;
const ATTACHMENTS: usize = 20;

/// A message to a conversation.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct SendMessageInput {
    /// The conversation's id.
    pub conversation_id: Id,
    /// The text, in 1 to 10,000 characters.
    pub text: String,
    /// The message of the same conversation that this one answers.
    pub reply_to_id: Option<Id>,
    /// The ids of documents to send along, 20 at the most. Whoever reads the message needs to reach them by themselves.
    pub attachments: Option<Vec<Id>>,
    /// The same key again from the same person within a day answers the first result; with another input it is a
    /// CONFLICT.
    pub idempotency_key: Option<String>,
}

/// Writes the message. Answers its id.
pub struct SendMessage {
    pub input: SendMessageInput,
}

impl UseCase for SendMessage {
    type Output = Id;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let input = &self.input;
        let mut check = Check::default();
        let text = check.text("text", &input.text, TEXT);
        let attached = input.attachments.as_deref().unwrap_or_default();
        check.ensure(attached.len() <= ATTACHMENTS, "attachments", "At most 20 documents can be sent along.");
        check.done()?;
        let once = Once::new("sendMessage", input.idempotency_key.as_deref(), input);
        if let Some(id) = tx.replay(&once).await? {
            return Ok(id);
        }
        let mut part = Part::lock(tx, &input.conversation_id).await?;
        part.ensure_open()?;
        self.ensure_reply_fits(tx).await?;
        let (message_type, attachments) = attach(tx, attached).await?;
        if !part.conversation.is_group {
            bring_back(tx, &part.conversation).await?;
        }
        let row = message::ActiveModel {
            text_folded: Set(fold(&text)),
            text: Set(text),
            message_type: Set(message_type),
            reply_to_id: Set(input.reply_to_id.clone()),
            attachments: Set(list_of(&attachments)),
            ..Default::default()
        };
        let message = part.say(tx, row).await?;
        tx.remember(&once, &message.id).await?;
        Ok(message.id)
    }
}

impl SendMessage {
    async fn ensure_reply_fits(&self, tx: &Tx<'_>) -> Result<()> {
        let Some(answered) = &self.input.reply_to_id else { return Ok(()) };
        let this = message::Column::ConversationId.eq(self.input.conversation_id.clone());
        let select = tx.find::<message::Entity>().filter(message::Column::Id.eq(answered.clone())).filter(this);
        match tx.first(select).await? {
            Some(_) => Ok(()),
            None => Err(Error::input("input.replyToId", "This conversation has no such message.")),
        }
    }
}

/// The documents, each once, and what that makes of the message.
async fn attach(tx: &Tx<'_>, ids: &[Id]) -> Result<(MessageType, Vec<Id>)> {
    if ids.is_empty() {
        return Ok((MessageType::Text, Vec::new()));
    }
    let named = document::Column::Id.is_in(ids.iter().cloned());
    let found = by_id::<document::Entity>(tx.all(tx.find::<document::Entity>().filter(named)).await?);
    let mut check = Check::default();
    for (place, _) in ids.iter().enumerate().filter(|(_, id)| !found.contains_key(*id)) {
        check.fault(&format!("attachments.{place}"), "There is no such document.");
    }
    check.done()?;
    let pictures = found.values().all(|document| document.mime_type.starts_with("image/"));
    let once: BTreeMap<&Id, usize> = ids.iter().enumerate().rev().map(|(place, id)| (id, place)).collect();
    let in_order: BTreeMap<usize, Id> = once.into_iter().map(|(id, place)| (place, id.clone())).collect();
    let kind = if pictures { MessageType::Image } else { MessageType::File };
    Ok((kind, in_order.into_values().collect()))
}
