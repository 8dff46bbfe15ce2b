//! Somebody has read messages, or has received them. Nobody is told, and nothing but their own marks changes.

use std::cmp::{max, min};
use std::collections::BTreeSet;

use async_graphql::InputObject;
use entity::scalar::{Id, Instant};
use entity::{conversation, conversation_participant as participant, message, message_read};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::READING;
use super::list::{for_somebody_else, read_by};
use crate::data::access::Permission;
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::input::Check;

/// As many as a page has.
const AT_ONCE: usize = 200;

/// Messages of one conversation that the signed-in user has read: either single ones, or all up to an instant.
#[derive(Clone, Debug, InputObject)]
pub struct MarkMessagesReadInput {
    /// The conversation that they belong to.
    pub conversation_id: Id,
    /// Single messages, 200 at the most.
    pub message_ids: Option<Vec<Id>>,
    /// Everything sent until then, since one joined: the `createdAt` of the latest message that was read.
    pub up_to: Option<Instant>,
}

/// Notes who has read what. Answers the conversation's id.
pub struct MarkMessagesRead {
    pub input: MarkMessagesReadInput,
}

impl UseCase for MarkMessagesRead {
    type Output = Id;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let (conversation, me) = part_in(tx, &self.input.conversation_id).await?;
        let (rows, until) = match (&self.input.message_ids, self.input.up_to) {
            (Some(ids), None) => (named(tx, &conversation.id, ids).await?, None),
            (None, Some(until)) => {
                let until = min(until, conversation.last_message_at);
                (unread_until(tx, &me, until).await?, Some(until))
            }
            _ => return Err(Error::input("input.messageIds", "Give `messageIds` or `upTo`, and not both.")),
        };
        // What was read has arrived.
        let arrived = until.or_else(|| rows.iter().map(|row| row.created_at).max());
        let now = tx.now();
        let mine = |row: message::Model| message_read::ActiveModel {
            message_id: Set(row.id),
            user_id: Set(me.user_id.clone()),
            read_at: Set(now),
            ..Default::default()
        };
        let others = rows.into_iter().filter(|row| row.sender_id != me.user_id);
        tx.insert_missing::<message_read::Entity>(others.map(mine).collect(), &READING).await?;
        advance(tx, &me, participant::Column::LastReadAt, until).await?;
        advance(tx, &me, participant::Column::LastDeliveredAt, arrived).await?;
        Ok(conversation.id)
    }
}

/// Up to when messages have reached the signed-in user.
#[derive(Clone, Debug, InputObject)]
pub struct MarkMessagesDeliveredInput {
    /// The conversation that they belong to.
    pub conversation_id: Id,
    /// The `createdAt` of the latest message that arrived. An earlier one than before changes nothing.
    pub up_to: Instant,
}

/// Notes what has arrived. Answers the id of the participation.
pub struct MarkMessagesDelivered {
    pub input: MarkMessagesDeliveredInput,
}

impl UseCase for MarkMessagesDelivered {
    type Output = Id;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let (conversation, me) = part_in(tx, &self.input.conversation_id).await?;
        let until = min(self.input.up_to, conversation.last_message_at);
        advance(tx, &me, participant::Column::LastDeliveredAt, Some(until)).await?;
        Ok(me.id)
    }
}

async fn part_in(tx: &Tx<'_>, id: &Id) -> Result<(conversation::Model, participant::Model)> {
    let conversation = tx.load::<conversation::Entity>(id).await?;
    let mine = participant::Column::UserId.eq(tx.viewer().id.clone());
    let this = participant::Column::ConversationId.eq(id.clone());
    let me = tx.first(tx.find::<participant::Entity>().filter(this).filter(mine)).await?;
    Ok((conversation, me.ok_or_else(|| Error::not_found("conversation"))?))
}

/// The messages with these ids.
async fn named(tx: &Tx<'_>, conversation: &Id, ids: &[Id]) -> Result<Vec<message::Model>> {
    let ids: BTreeSet<&Id> = ids.iter().collect();
    let mut check = Check::default();
    check.ensure(ids.len() <= AT_ONCE, "messageIds", "At most 200 messages at a time.");
    check.done()?;
    let these = message::Column::Id.is_in(ids.iter().map(|id| (*id).clone()));
    let select = tx.find::<message::Entity>().filter(message::Column::ConversationId.eq(conversation.clone()));
    let rows = tx.all(select.filter(these).order_by_asc(message::Column::CreatedAt)).await?;
    if rows.len() < ids.len() {
        return Err(Error::NotFound("This conversation has no such message.".into()));
    }
    Ok(rows)
}

/// What others said in the meantime.
async fn unread_until(tx: &Tx<'_>, me: &participant::Model, until: Instant) -> Result<Vec<message::Model>> {
    let since = me.last_read_at.map_or(me.joined_at, |read| max(read, me.joined_at));
    let select = for_somebody_else(tx.find::<message::Entity>(), &me.user_id)
        .filter(message::Column::ConversationId.eq(me.conversation_id.clone()))
        .filter(message::Column::CreatedAt.gt(since))
        .filter(message::Column::CreatedAt.lte(until))
        .filter(read_by(&me.user_id).not());
    tx.all(select.order_by_asc(message::Column::CreatedAt)).await
}

/// Moves a mark on, never back: whoever comes first, the later instant stays.
async fn advance(
    tx: &Tx<'_>,
    me: &participant::Model,
    mark: participant::Column,
    until: Option<Instant>,
) -> Result<()> {
    let Some(until) = until else { return Ok(()) };
    let update = participant::Entity::update_many()
        .col_expr(mark, Expr::value(until))
        .filter(participant::Column::Id.eq(me.id.clone()))
        .filter(mark.is_null().or(mark.lt(until)));
    tx.update_all(update).await.map(drop)
}
