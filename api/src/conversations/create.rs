//! A conversation begins: between two people, who have one only, or as a group.

use std::collections::BTreeSet;

use async_graphql::InputObject;
use entity::enums::ConversationRole;
use entity::scalar::{Id, Instant};
use entity::{conversation, conversation_participant as participant};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use serde::Serialize;

use super::part::Part;
use super::people;
use super::rules::{MOST_PEOPLE, Notice, pair_key};
use crate::data::access::Permission;
use crate::data::changes::Feed;
use crate::data::idempotency::Once;
use crate::data::ids::new_id;
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::fold::fold;
use crate::input::Check;

pub(super) const TITLE: usize = 200;
pub(super) const DESCRIPTION: usize = 500;

/// Whom to talk to.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct CreateConversationInput {
    /// The others: one between two people, up to 199 in a group. Oneself need not be named; the same person twice is one.
    /// Active staff may talk to each other, a client of the company to the managers of their own projects.
    pub participant_ids: Vec<Id>,
    /// A title, at most 200 characters. Given with a conversation between two people that is there already, it changes
    /// nothing.
    pub title: Option<String>,
    /// Is it to be a group? If left out, it is one when more than one other person is named.
    pub is_group: Option<bool>,
    /// What it is about, at most 500 characters.
    pub description: Option<String>,
    /// The same key again from the same person within a day answers the first result; with another input it is a
    /// CONFLICT.
    pub idempotency_key: Option<String>,
}

/// Begins a conversation, or finds the one that the two people have. Answers its id.
pub struct CreateConversation {
    pub input: CreateConversationInput,
}

impl UseCase for CreateConversation {
    type Output = Id;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let mut others: BTreeSet<Id> = self.input.participant_ids.iter().cloned().collect();
        others.remove(&tx.viewer().id);
        let is_group = self.input.is_group.unwrap_or(others.len() > 1);
        let row = self.row(&others, is_group, tx.now())?;
        let once = Once::new("createConversation", self.input.idempotency_key.as_deref(), &self.input);
        if let Some(id) = tx.replay(&once).await? {
            return Ok(id);
        }
        let id = match others.first() {
            Some(other) if !is_group => self.between_two(tx, row, other).await?,
            _ => self.group(tx, row, &others).await?,
        };
        tx.remember(&once, &id).await?;
        Ok(id)
    }
}

impl CreateConversation {
    fn row(&self, others: &BTreeSet<Id>, is_group: bool, now: Instant) -> Result<conversation::ActiveModel> {
        let mut check = Check::default();
        let title = check.optional("title", self.input.title.as_deref(), TITLE);
        let description = check.optional("description", self.input.description.as_deref(), DESCRIPTION);
        check.ensure(!others.is_empty(), "participantIds", "Name at least one other person.");
        let many = "At most 200 people have room in a conversation.";
        check.ensure(others.len() < MOST_PEOPLE, "participantIds", many);
        let pair = "With more than one other person it is a group.";
        check.ensure(is_group || others.len() <= 1, "isGroup", pair);
        check.done()?;
        Ok(conversation::ActiveModel {
            title_folded: Set(title.as_deref().map(fold).unwrap_or_default()),
            title: Set(title),
            description: Set(description),
            is_group: Set(is_group),
            is_active: Set(true),
            last_message_at: Set(now),
            ..Default::default()
        })
    }

    /// The conversation that they have, or their first. When both begin it at once the pair's unique key decides:
    /// whoever comes second waits for the first, adds nothing, and finds what the first has begun.
    async fn between_two(&self, tx: &mut Tx<'_>, row: conversation::ActiveModel, other: &Id) -> Result<Id> {
        let key = pair_key(&tx.viewer().id, other);
        if let Some(known) = of_pair(tx, &key).await? {
            bring_back(tx, &known).await?;
            return Ok(known.id);
        }
        self.admit(tx, &BTreeSet::from([other.clone()])).await?;
        let id = new_id();
        let row = conversation::ActiveModel { id: Set(id.clone()), pair_key: Set(Some(key.clone())), ..row };
        tx.insert_missing::<conversation::Entity>(vec![row], &[conversation::Column::PairKey]).await?;
        let standing = of_pair(tx, &key).await?.ok_or_else(|| Error::Retry("a conversation was given up".into()))?;
        if standing.id == id {
            let people = [tx.viewer().id.clone(), other.clone()].map(|id| (id, ConversationRole::Member));
            gather(tx, &id, people.to_vec()).await?;
        }
        Ok(standing.id)
    }

    async fn group(&self, tx: &mut Tx<'_>, row: conversation::ActiveModel, others: &BTreeSet<Id>) -> Result<Id> {
        let people = self.admit(tx, others).await?;
        let members = others.iter().map(|id| (id.clone(), ConversationRole::Member));
        let everybody = [(tx.viewer().id.clone(), ConversationRole::Admin)].into_iter().chain(members).collect();
        let id = tx.insert::<conversation::Entity>(row).await?.id;
        gather(tx, &id, everybody).await?;
        let mut part = Part::lock(tx, &id).await?;
        part.note(tx, &Notice::Created(&people::named(&people))).await?;
        Ok(id)
    }

    async fn admit(&self, tx: &Tx<'_>, others: &BTreeSet<Id>) -> Result<Vec<entity::user::Model>> {
        let myself = people::all(tx, [tx.viewer().id.clone()]).await?;
        people::admit(tx, &self.input.participant_ids, others, &myself).await
    }
}

async fn of_pair(tx: &Tx<'_>, key: &str) -> Result<Option<conversation::Model>> {
    let theirs = tx.find_any::<conversation::Entity>().filter(conversation::Column::PairKey.eq(key));
    tx.first(theirs.lock(LockType::NoKeyUpdate)).await
}

/// The people of a new conversation, who hear of it.
async fn gather(tx: &mut Tx<'_>, conversation: &Id, people: Vec<(Id, ConversationRole)>) -> Result<()> {
    let (ids, now): (Vec<Id>, _) = (people.iter().map(|(id, _)| id.clone()).collect(), tx.now());
    let rows = people.into_iter().map(|(user, role)| joining(conversation, user, role, now)).collect();
    tx.insert_all::<participant::Entity>(rows).await?;
    tx.tell_reach(&Feed::conversation(conversation), &ids, &[]);
    Ok(())
}

/// The row of somebody who joins.
pub(super) fn joining(conversation: &Id, user: Id, role: ConversationRole, at: Instant) -> participant::ActiveModel {
    participant::ActiveModel {
        conversation_id: Set(conversation.clone()),
        user_id: Set(user),
        role: Set(role),
        joined_at: Set(at),
        ..Default::default()
    }
}

/// Whoever had left a conversation between two people is back. What was said before does not count as unread.
///
/// # Errors
/// INTERNAL when the database fails.
pub(super) async fn bring_back(tx: &mut Tx<'_>, conversation: &conversation::Model) -> Result<()> {
    let mut back = Vec::new();
    for row in people::rows(tx, &conversation.id).await?.into_iter().filter(|row| row.left_at.is_some()) {
        let again = participant::Model { left_at: None, joined_at: conversation.last_message_at, ..row.clone() };
        back.push(tx.save::<participant::Entity>(&row, again).await?.user_id);
    }
    if !back.is_empty() {
        tx.tell_reach(&Feed::conversation(&conversation.id), &back, &[]);
    }
    Ok(())
}
