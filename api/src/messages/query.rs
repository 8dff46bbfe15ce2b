//! What clients read of project messages.

use async_graphql::{Context, Object};
use entity::project;
use entity::scalar::Id;

use crate::data::page::{Connection, Window};
use crate::data::scope::{Asking, Scope};
use crate::error::Result;
use crate::messages::list::{self, MessageFilter};
use crate::messages::types::ProjectMessage;

#[derive(Default)]
pub struct MessagesQuery;

#[Object]
impl MessagesQuery {
    /// A message of a project's record; null where the signed-in user sees none with this id.
    async fn project_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The message's id.")] id: Id,
    ) -> Result<Option<ProjectMessage>> {
        ctx.scope()?.node::<ProjectMessage>(&id, ctx).await
    }

    /// Messages of projects' records, newest first.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn project_messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project whose record to read; without it, those of all projects within reach.")]
        project_id: Option<Id>,
        #[graphql(desc = "How many messages from the start, 1 to 200; 50 if neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only messages after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many messages from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only messages before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which messages to list.")] filter: Option<MessageFilter>,
    ) -> Result<Connection<ProjectMessage>> {
        let scope = ctx.scope()?;
        within_reach(scope, project_id.as_ref()).await?;
        let listing = list::filtered(scope, project_id.as_ref(), &filter.unwrap_or_default());
        scope.page(listing, &Window { first, after, last, before }, ctx).await
    }

    /// How many messages the signed-in user has not read yet.
    async fn unread_project_message_count(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project to count in; without it, all projects within reach.")] project_id: Option<Id>,
    ) -> Result<i64> {
        let scope = ctx.scope()?;
        within_reach(scope, project_id.as_ref()).await?;
        scope.count(list::unread(scope, project_id.as_ref())).await
    }
}

/// A project that is not there is said to be missing: an empty list would look like an empty record.
async fn within_reach(scope: &Scope, project: Option<&Id>) -> Result<()> {
    if let Some(project) = project {
        scope.load::<project::Entity>(project).await?;
    }
    Ok(())
}
