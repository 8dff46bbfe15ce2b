//! A person writes into a project's record: a new thread, an answer, or a discussion of an alert.

use async_graphql::InputObject;
use entity::enums::{MessagePriority, ProjectMessageType};
use entity::list::List;
use entity::scalar::Id;
use entity::{project, project_message, workflow_alert, workflow_step};
use sea_orm::ActiveEnum;
use sea_orm::ActiveValue::Set;
use serde::Serialize;
use serde_json::json;

use crate::data::access::Permission;
use crate::data::idempotency::Once;
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::input::Check;
use crate::messages::system::About;
use crate::workflow::rules::wording;

const SUBJECT: usize = 255;
const CONTENT: usize = 10_000;
/// `authorName`.
const NAME: usize = 100;

/// A message to be written into a project's record.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct SendProjectMessageInput {
    /// The project whose record it goes into.
    pub project_id: Id,
    /// What it is about, in 1 to 255 characters.
    pub subject: String,
    /// The message itself, in 1 to 10,000 characters.
    pub content: String,
    /// How urgent it is; MEDIUM if left out.
    pub priority: Option<MessagePriority>,
    /// The message of the same project that this one answers. An answer to an answer joins the same thread.
    pub parent_message_id: Option<Id>,
    /// Makes it a discussion of this alert of the same project: its type is then `ALERT_DISCUSSION`.
    pub alert_id: Option<Id>,
    /// The same key again from the same person within a day answers the first result; with another input it is a
    /// CONFLICT.
    pub idempotency_key: Option<String>,
}

/// Writes the message. Its author is the viewer, who has read it.
pub struct SendProjectMessage {
    pub input: SendProjectMessageInput,
}

impl UseCase for SendProjectMessage {
    type Output = Id;
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let input = &self.input;
        let mut check = Check::default();
        let subject = check.text("subject", &input.subject, SUBJECT);
        let content = check.text("content", &input.content, CONTENT);
        check.done()?;
        let once = Once::new("sendProjectMessage", input.idempotency_key.as_deref(), input);
        if let Some(id) = tx.replay(&once).await? {
            return Ok(id);
        }
        let project = tx.lock::<project::Entity>(&input.project_id).await?;
        let thread = self.thread(tx).await?;
        let alert = self.alert(tx).await?;
        let about = match &alert {
            Some(alert) => {
                let step = tx.load::<workflow_step::Entity>(&alert.step_id).await?;
                About::alert(alert, (&step.step_name, step.phase))
            }
            None => About::default(),
        };
        let row = project_message::ActiveModel {
            subject: Set(subject),
            content: Set(content),
            message_type: Set(match alert {
                Some(_) => ProjectMessageType::AlertDiscussion,
                None => ProjectMessageType::UserMessage,
            }),
            priority: Set(input.priority.unwrap_or(MessagePriority::Medium)),
            parent_message_id: Set(thread),
            metadata: Set(alert.map(|alert| json!({ "alertId": alert.id }))),
            ..about.placed(by_viewer(tx), &project)
        };
        let message = tx.insert::<project_message::Entity>(row).await?;
        tx.remember(&once, &message.id).await?;
        Ok(message.id)
    }
}

impl SendProjectMessage {
    /// The message that the thread began with.
    async fn thread(&self, tx: &Tx<'_>) -> Result<Option<Id>> {
        let Some(parent) = &self.input.parent_message_id else { return Ok(None) };
        let parent = tx.load::<project_message::Entity>(parent).await?;
        if parent.project_id != self.input.project_id {
            return Err(Error::input("input.parentMessageId", "This message is in the record of another project."));
        }
        Ok(Some(parent.parent_message_id.unwrap_or(parent.id)))
    }

    async fn alert(&self, tx: &Tx<'_>) -> Result<Option<workflow_alert::Model>> {
        let Some(alert) = &self.input.alert_id else { return Ok(None) };
        let alert = tx.load::<workflow_alert::Entity>(alert).await?;
        if alert.project_id != self.input.project_id {
            return Err(Error::input("input.alertId", "This alert is about another project."));
        }
        Ok(Some(alert))
    }
}

/// The columns that say who wrote it, with the author as the first reader.
fn by_viewer(tx: &Tx<'_>) -> project_message::ActiveModel {
    let viewer = tx.viewer();
    let author = viewer.user();
    let readers: List<String> = author.iter().map(|id| id.as_str().to_owned()).collect();
    project_message::ActiveModel {
        author_name: Set(wording::cut(&viewer.name, NAME)),
        author_role: Set(author.is_some().then(|| viewer.role.to_value())),
        author_id: Set(author),
        read_count: Set(i32::from(!readers.is_empty())),
        read_by: Set(readers),
        ..Default::default()
    }
}
