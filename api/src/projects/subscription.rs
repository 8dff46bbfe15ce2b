//! Projects as they change: where they stand, how far they are, who works on them.

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
use crate::projects::types::Project;

#[derive(Default)]
pub struct ProjectsSubscription;

/// A project came, changed or went.
#[derive(SimpleObject)]
pub struct ProjectChange {
    /// Where this change stands in the log. Subscribe with it as `after` to go on from here.
    pub cursor: String,
    /// What happened to the project, as far as the signed-in user can see: a project that comes within reach is CREATED,
    /// one that leaves it DELETED.
    pub kind: ChangeKind,
    /// The project's id.
    pub id: Id,
    /// The project as it is now; null for DELETED.
    pub project: Option<Project>,
}

impl ProjectChange {
    fn of(seen: Seen) -> Self {
        let project = match seen.told() {
            Some(Told::Project(row)) => Some(Project::of(row.clone())),
            _ => None,
        };
        Self { cursor: seen.cursor, kind: seen.kind, id: seen.id, project }
    }
}

#[Subscription]
impl ProjectsSubscription {
    /// Position, progress, status, team or any other field of a project changed.
    async fn project_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this project; without it, all projects within reach.")] project_id: Option<Id>,
        #[graphql(desc = "The last cursor received, or `changeCursor`: first comes everything after it, in order.")]
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<ProjectChange>>> {
        let scope = ctx.scope()?;
        // Whoever resumes may have yet to hear that the project is gone.
        if let (Some(project), None) = (&project_id, &after) {
            scope.load::<project::Entity>(project).await?;
        }
        let changes = scope.changes("projects", after).await?;
        Ok(changes
            .try_filter(move |seen| ready(project_id.as_ref().is_none_or(|project| seen.id == *project)))
            .map_ok(ProjectChange::of))
    }
}
