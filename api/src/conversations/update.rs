//! The title and description of a conversation, and its closing.

use async_graphql::{InputObject, MaybeUndefined};
use entity::conversation;
use entity::scalar::{Id, Instant};

use super::create::{DESCRIPTION, TITLE};
use super::part::Part;
use super::rules::Notice;
use crate::data::access::Permission;
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;
use crate::fold::fold;
use crate::input::{Check, unchanged};

/// What is to change about a conversation: absent fields stay as they are, null clears.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateConversationInput {
    /// The conversation's id.
    pub conversation_id: Id,
    /// `updatedAt` as last read; if the conversation has changed since, nothing is written and the answer is CONFLICT.
    /// Messages do not count as a change.
    pub expected_updated_at: Option<Instant>,
    /// Title, at most 200 characters.
    pub title: MaybeUndefined<String>,
    /// What it is about, at most 500 characters.
    pub description: MaybeUndefined<String>,
    /// False closes a group: nobody can write, edit or react until it is opened again. What was said can be read.
    pub is_active: MaybeUndefined<bool>,
}

/// Changes a conversation: a group by its ADMINs, one between two people by either.
pub struct UpdateConversation {
    pub input: UpdateConversationInput,
}

impl UseCase for UpdateConversation {
    type Output = Id;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let mut part = Part::lock(tx, &self.input.conversation_id).await?;
        let before = part.conversation.clone();
        if before.is_group {
            part.ensure_leads_group()?;
        }
        unchanged(self.input.expected_updated_at, &before.id, before.updated_at)?;
        let after = self.changed(&before)?;
        part.conversation = tx.save::<conversation::Entity>(&before, after.clone()).await?;
        for notice in notices(&before, &after) {
            part.note(tx, &notice).await?;
        }
        Ok(before.id)
    }
}

impl UpdateConversation {
    fn changed(&self, before: &conversation::Model) -> Result<conversation::Model> {
        let (mut row, input, mut check) = (before.clone(), self.input.clone(), Check::default());
        check.nullable(input.title, |c, text| {
            row.title = c.optional("title", text.as_deref(), TITLE);
            row.title_folded = row.title.as_deref().map(fold).unwrap_or_default();
        });
        check.nullable(input.description, |c, text| {
            row.description = c.optional("description", text.as_deref(), DESCRIPTION);
        });
        check.required("isActive", input.is_active, |c, active| {
            c.ensure(active || before.is_group, "isActive", "Only a group can be closed.");
            row.is_active = active;
        });
        check.done()?;
        Ok(row)
    }
}

/// What a group notes down about it; between two people nothing is.
fn notices<'a>(before: &conversation::Model, after: &'a conversation::Model) -> Vec<Notice<'a>> {
    let mut notices = Vec::new();
    if before.title != after.title {
        notices.push(Notice::Title(after.title.as_deref()));
    }
    if before.description != after.description {
        notices.push(Notice::Description);
    }
    if before.is_active != after.is_active {
        notices.push(if after.is_active { Notice::Reopened } else { Notice::Closed });
    }
    if before.is_group { notices } else { Vec::new() }
}
