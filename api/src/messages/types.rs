//! A project's message as clients see it.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, SimpleObject};
use entity::scalar::Id;
use entity::{project, project_message, project_workflow, user, workflow_step};

use crate::accounts::types::User;
use crate::data::page::{Connection, Node, Window};
use crate::data::relation::Relation;
use crate::data::scope::{Asking, Scope};
use crate::data::wanted::Wanted;
use crate::error::Result;
use crate::in_place::InPlace;
use crate::messages::list;
use crate::projects::types::Project;
use crate::workflow::types::{ProjectWorkflow, WorkflowStep};

/// An entry in a project's record: written by a person, or noted down by the system as the workflow moved. Entries are
/// never edited or deleted. Only staff sees them.
#[derive(SimpleObject)]
#[graphql(complex, name = "ProjectMessage")]
pub struct ProjectMessageFields {
    #[graphql(flatten)]
    pub row: Arc<project_message::Model>,
}

pub type ProjectMessage = InPlace<ProjectMessageFields>;

#[ComplexObject]
impl ProjectMessageFields {
    /// Who wrote it. Null for what the system wrote, and once that person's account is gone; `authorName` remains.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.scope()?.maybe::<user::Entity>(self.row.author_id.as_ref()).await?.map(User::of))
    }

    /// The project whose record it belongs to.
    async fn project(&self, ctx: &Context<'_>) -> Result<Project> {
        Ok(Project::of(ctx.scope()?.load::<project::Entity>(&self.row.project_id).await?))
    }

    /// The message that this one answers: always the first of a thread. Null if this one begins a thread.
    async fn parent_message(&self, ctx: &Context<'_>) -> Result<Option<ProjectMessage>> {
        let parent = ctx.scope()?.maybe::<project_message::Entity>(self.row.parent_message_id.as_ref()).await?;
        Ok(parent.map(ProjectMessage::of))
    }

    /// The workflow it is about.
    async fn workflow(&self, ctx: &Context<'_>) -> Result<Option<ProjectWorkflow>> {
        let workflow = ctx.scope()?.maybe::<project_workflow::Entity>(self.row.workflow_id.as_ref()).await?;
        Ok(workflow.map(ProjectWorkflow::of))
    }

    /// The step of the workflow it is about.
    async fn step(&self, ctx: &Context<'_>) -> Result<Option<WorkflowStep>> {
        let step = ctx.scope()?.maybe::<workflow_step::Entity>(self.row.step_id.as_ref()).await?;
        Ok(step.map(WorkflowStep::of))
    }

    /// The answers to this message, oldest first. Empty for a message that is an answer itself.
    async fn replies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many answers from the start, 1 to 200; 50 if neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only answers after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many answers from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only answers before this cursor.")] before: Option<String>,
    ) -> Result<Connection<ProjectMessage>> {
        let (scope, window) = (ctx.scope()?, Window { first, after, last, before });
        scope.page_of("parentMessageId", &self.row.id, list::replies(scope), &window, ctx).await
    }

    /// Has the signed-in user read it? What one wrote oneself counts as read.
    async fn read_by_me(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(has_read(&self.row, &ctx.scope()?.viewer().id))
    }
}

/// Is this person among the readers of the message?
pub(in crate::messages) fn has_read(row: &project_message::Model, person: &Id) -> bool {
    row.read_by.iter().any(|reader| reader == person.as_str())
}

impl Node for ProjectMessage {
    type Entity = project_message::Entity;

    fn of(row: impl Into<Arc<project_message::Model>>) -> Self {
        Self(ProjectMessageFields { row: row.into() })
    }

    fn relations() -> Vec<Relation<project_message::Entity>> {
        vec![
            Relation::to::<User>("author", "authorId"),
            Relation::to::<Project>("project", "projectId"),
            Relation::to::<ProjectMessage>("parentMessage", "parentMessageId"),
            Relation::to::<ProjectWorkflow>("workflow", "workflowId"),
            Relation::to::<WorkflowStep>("step", "stepId"),
        ]
    }

    async fn lists(scope: &Scope, ids: &[&Id], wanted: &Wanted<'_>) -> Result<()> {
        scope.prefetch_pages("parentMessageId", ids, wanted.pages("replies"), |_| Ok(list::replies(scope))).await
    }
}
