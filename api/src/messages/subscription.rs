//! A project's record as it grows.

use std::future::ready;

use async_graphql::{Context, SimpleObject, Subscription};
use entity::enums::ChangeKind;
use entity::project;
use entity::scalar::Id;
use futures_util::{Stream, TryStreamExt};

use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::data::stream::Seen;
use crate::data::told::Told;
use crate::error::Result;
use crate::messages::types::ProjectMessage;

#[derive(Default)]
pub struct MessagesSubscription;

/// A message came into a project's record.
#[derive(SimpleObject)]
pub struct ProjectMessageChange {
    /// Where this change stands in the log. Subscribe with it as `after` to go on from here.
    pub cursor: String,
    /// What happened to the message.
    pub kind: ChangeKind,
    /// The message's id.
    pub id: Id,
    /// The message as it is now; null for DELETED.
    pub message: Option<ProjectMessage>,
}

impl ProjectMessageChange {
    fn of(seen: Seen) -> Self {
        let message = match seen.told() {
            Some(Told::Message(row)) => Some(ProjectMessage::of(row.clone())),
            _ => None,
        };
        Self { cursor: seen.cursor, kind: seen.kind, id: seen.id, message }
    }
}

#[Subscription]
impl MessagesSubscription {
    /// Messages as they come into projects' records. Reading a message is not told of.
    async fn project_message_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only messages of this project; without it, of all projects within reach.")]
        project_id: Option<Id>,
        #[graphql(desc = "The last cursor received, or `changeCursor`: first comes everything after it, in order.")]
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<ProjectMessageChange>>> {
        let scope = ctx.scope()?;
        // Whoever resumes may have yet to hear that the project is gone.
        if let (Some(project), None) = (&project_id, &after) {
            scope.load::<project::Entity>(project).await?;
        }
        let changes = scope.changes("project_messages", after).await?;
        Ok(changes
            .try_filter(move |seen| ready(project_id.is_none() || seen.event.project == project_id))
            .map_ok(ProjectMessageChange::of))
    }
}
