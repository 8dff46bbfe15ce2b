//! Reading projects.

use async_graphql::{Context, Object};
use entity::scalar::Id;

use crate::data::page::{Connection, Window};
use crate::data::scope::Asking;
use crate::error::Result;
use crate::projects::list::{self, ProjectFilter, ProjectOrder};
use crate::projects::types::Project;

#[derive(Default)]
pub struct ProjectsQuery;

#[Object]
impl ProjectsQuery {
    /// A project by id; null where there is none within the viewer's reach.
    async fn project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project's id.")] id: Id,
    ) -> Result<Option<Project>> {
        ctx.scope()?.node::<Project>(&id, ctx).await
    }

    /// The projects within the viewer's reach, the newest first unless ordered otherwise. Archived ones only when the
    /// filter asks for them.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 200; 50 if neither is given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<ProjectFilter>,
        #[graphql(desc = "In which order.")] order_by: Option<ProjectOrder>,
    ) -> Result<Connection<Project>> {
        let scope = ctx.scope()?;
        let listing = list::listing(scope, filter.as_ref(), order_by.as_ref())?;
        scope.page(listing, &Window { first, after, last, before }, ctx).await
    }
}
