//! People come into a group, go, and get their roles.

use std::collections::BTreeSet;

use async_graphql::InputObject;
use entity::conversation_participant as participant;
use entity::enums::ConversationRole;
use entity::scalar::{Id, Instant};

use super::create::joining;
use super::part::Part;
use super::people;
use super::rules::{MOST_PEOPLE, Notice, successor};
use crate::data::access::Permission;
use crate::data::reach::Guarded;
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::input::{Check, unchanged};

/// Whom to take into a group.
#[derive(Clone, Debug, InputObject)]
pub struct AddParticipantsInput {
    /// The group's id.
    pub conversation_id: Id,
    /// The people's ids. Whoever is in it already stays as they are; whoever had gone is back, as a MEMBER.
    pub participant_ids: Vec<Id>,
}

/// Takes people into a group. They see all that was said before. Answers the group's id.
pub struct AddParticipants {
    pub input: AddParticipantsInput,
}

impl UseCase for AddParticipants {
    type Output = Id;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let mut part = Part::lock(tx, &self.input.conversation_id).await?;
        part.ensure_leads_group()?;
        let rows = people::rows(tx, &part.conversation.id).await?;
        let present: BTreeSet<&Id> = present(&rows).map(|row| &row.user_id).collect();
        let given = &self.input.participant_ids;
        let newcomers: BTreeSet<Id> = given.iter().filter(|id| !present.contains(id)).cloned().collect();
        if newcomers.is_empty() {
            return Ok(part.conversation.id);
        }
        let mut check = Check::default();
        let many = "At most 200 people have room in a conversation.";
        check.ensure(present.len() + newcomers.len() <= MOST_PEOPLE, "participantIds", many);
        check.done()?;
        let met = people::all(tx, present.into_iter().cloned()).await?;
        let people = people::admit(tx, given, &newcomers, &met).await?;
        part.note(tx, &Notice::Added(&people::named(&people))).await?;
        take_in(tx, &part, &rows, &newcomers).await?;
        part.tell_moves(tx, &newcomers.into_iter().collect::<Vec<_>>(), &[]);
        Ok(part.conversation.id)
    }
}

/// From the latest message on, which tells of their coming: what stood there before does not count as unread.
async fn take_in(tx: &mut Tx<'_>, part: &Part, rows: &[participant::Model], newcomers: &BTreeSet<Id>) -> Result<()> {
    let (conversation, at) = (&part.conversation.id, part.conversation.last_message_at);
    let mut new = newcomers.clone();
    for row in rows.iter().filter(|row| newcomers.contains(&row.user_id)) {
        let again = participant::Model { left_at: None, joined_at: at, role: ConversationRole::Member, ..row.clone() };
        tx.save::<participant::Entity>(row, again).await?;
        new.remove(&row.user_id);
    }
    let new = new.into_iter().map(|user| joining(conversation, user, ConversationRole::Member, at)).collect();
    tx.insert_all::<participant::Entity>(new).await
}

/// Whom to send out of a group.
#[derive(Clone, Debug, InputObject)]
pub struct RemoveParticipantInput {
    /// The group's id.
    pub conversation_id: Id,
    /// The person's id. To go oneself, there is `leaveConversation`.
    pub user_id: Id,
}

/// Sends somebody out of a group, who then reaches nothing of it any more. Answers the group's id.
pub struct RemoveParticipant {
    pub input: RemoveParticipantInput,
}

impl UseCase for RemoveParticipant {
    type Output = Id;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let mut part = Part::lock(tx, &self.input.conversation_id).await?;
        part.ensure_leads_group()?;
        let user = &self.input.user_id;
        if *user == part.me.user_id {
            return Err(Error::input("input.userId", "To go yourself, use `leaveConversation`."));
        }
        let row = row_of(&people::rows(tx, &part.conversation.id).await?, user)?;
        if row.left_at.is_some() {
            return Ok(part.conversation.id);
        }
        let gone = participant::Model { left_at: Some(tx.now()), ..row.clone() };
        tx.save::<participant::Entity>(&row, gone).await?;
        let person = people::all(tx, [user.clone()]).await?;
        part.note(tx, &Notice::Removed(&people::named(&person))).await?;
        part.tell_moves(tx, &[], std::slice::from_ref(user));
        Ok(part.conversation.id)
    }
}

/// What somebody is to be in a group.
#[derive(Clone, Debug, InputObject)]
pub struct SetParticipantRoleInput {
    /// The group's id.
    pub conversation_id: Id,
    /// The person's id.
    pub user_id: Id,
    /// The role they are to have.
    pub role: ConversationRole,
    /// The participation's `updatedAt` as last read; if it has changed since, nothing is written and the answer is
    /// CONFLICT.
    pub expected_updated_at: Option<Instant>,
}

/// Gives somebody another role in a group.
pub struct SetParticipantRole {
    pub input: SetParticipantRoleInput,
}

impl UseCase for SetParticipantRole {
    type Output = participant::Model;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<participant::Model> {
        let mut part = Part::lock(tx, &self.input.conversation_id).await?;
        part.ensure_leads_group()?;
        let rows = people::rows(tx, &part.conversation.id).await?;
        let row = row_of(&rows, &self.input.user_id)?;
        if row.left_at.is_some() {
            return Err(Error::not_found(participant::Entity::NAME));
        }
        unchanged(self.input.expected_updated_at, &row.id, row.updated_at)?;
        if row.role == self.input.role {
            return Ok(row);
        }
        let admins = present(&rows).filter(|other| other.role == ConversationRole::Admin).count();
        if row.role == ConversationRole::Admin && admins == 1 {
            return Err(Error::conflict("A group needs an admin. Make somebody else one first."));
        }
        let after = participant::Model { role: self.input.role, ..row.clone() };
        let after = tx.save::<participant::Entity>(&row, after).await?;
        let person = people::all(tx, [row.user_id]).await?;
        part.note(tx, &Notice::Role(&people::named(&person), after.role)).await?;
        Ok(after)
    }
}

/// Which conversation to leave.
#[derive(Clone, Debug, InputObject)]
pub struct LeaveConversationInput {
    /// The conversation's id.
    pub conversation_id: Id,
}

/// The viewer goes. A group that loses its last ADMIN gets another. Answers the conversation's id.
pub struct LeaveConversation {
    pub input: LeaveConversationInput,
}

impl UseCase for LeaveConversation {
    type Output = Id;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let mut part = Part::lock(tx, &self.input.conversation_id).await?;
        let before = part.me.clone();
        let gone = participant::Model { left_at: Some(tx.now()), ..before.clone() };
        tx.save::<participant::Entity>(&before, gone).await?;
        if part.conversation.is_group {
            part.note(tx, &Notice::Left).await?;
            appoint(tx, &mut part).await?;
        } else {
            tx.tell(part.feed());
        }
        part.tell_moves(tx, &[], std::slice::from_ref(&before.user_id));
        Ok(part.conversation.id)
    }
}

async fn appoint(tx: &mut Tx<'_>, part: &mut Part) -> Result<()> {
    let rows = people::rows(tx, &part.conversation.id).await?;
    let present: Vec<participant::Model> = present(&rows).cloned().collect();
    let Some(next) = successor(&present, &part.me.user_id) else { return Ok(()) };
    let admin = participant::Model { role: ConversationRole::Admin, ..next.clone() };
    tx.save::<participant::Entity>(next, admin).await?;
    let person = people::all(tx, [next.user_id.clone()]).await?;
    part.note(tx, &Notice::Role(&people::named(&person), ConversationRole::Admin)).await
}

fn present(rows: &[participant::Model]) -> impl Iterator<Item = &participant::Model> {
    rows.iter().filter(|row| row.left_at.is_none())
}

fn row_of(rows: &[participant::Model], user: &Id) -> Result<participant::Model> {
    let row = rows.iter().find(|row| row.user_id == *user).cloned();
    row.ok_or_else(|| Error::not_found(participant::Entity::NAME))
}
