//! A project as clients see it, with everything that hangs on it.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, SimpleObject};
use entity::enums::UserRole;
use entity::scalar::{Id, Money};
use entity::{customer, project, project_team_member, project_workflow, project_workflow_tracker, user};
use futures_util::future::try_join3;

use crate::accounts::types::User;
use crate::alerts::list::{self as alerts, AlertFilter};
use crate::alerts::types::WorkflowAlert;
use crate::customers::types::Customer;
use crate::data::access::ensure;
use crate::data::page::{Connection, Node, Window};
use crate::data::relation::Relation;
use crate::data::scope::{Asking, Scope};
use crate::data::wanted::{Asked, Wanted};
use crate::error::Result;
use crate::in_place::InPlace;
use crate::messages::list as messages;
use crate::messages::types::ProjectMessage;
use crate::workflow::types::{ProjectWorkflow, ProjectWorkflowTracker};

/// A piece of work for a customer.
#[derive(SimpleObject)]
#[graphql(complex, name = "Project")]
pub struct ProjectFields {
    #[graphql(flatten)]
    row: Arc<project::Model>,
}

pub type Project = InPlace<ProjectFields>;

impl ProjectFields {
    /// Clients see what they agreed to pay, and no cost.
    fn ensure_money(&self, ctx: &Context<'_>, agreed: bool) -> Result<()> {
        let viewer = ctx.scope()?.viewer();
        let sees = viewer.sees_money(&self.row) || (agreed && viewer.role == UserRole::Client);
        ensure(sees, "You need the permission MANAGE_FINANCES to see this.")
    }

    async fn person(ctx: &Context<'_>, id: Option<&Id>) -> Result<Option<User>> {
        Ok(ctx.scope()?.maybe::<user::Entity>(id).await?.map(User::of))
    }
}

#[ComplexObject]
impl ProjectFields {
    /// The amount agreed on with the customer. Null, with a FORBIDDEN error, for those who may not see money.
    async fn budget(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        self.ensure_money(ctx, true).map(|()| Some(self.row.budget))
    }

    /// What the work is expected to cost; null if unknown. Null, with a FORBIDDEN error, for those who may not see
    /// money, and for clients.
    async fn estimated_cost(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        self.ensure_money(ctx, false).map(|()| self.row.estimated_cost)
    }

    /// What the work has cost; null if unknown. Null, with a FORBIDDEN error, for those who may not see money, and for
    /// clients.
    async fn actual_cost(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        self.ensure_money(ctx, false).map(|()| self.row.actual_cost)
    }

    /// What the office noted down. Null, with a FORBIDDEN error, for clients.
    async fn notes(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        ensure(ctx.scope()?.viewer().is_staff(), "Only staff may see the notes.")?;
        Ok(self.row.notes.as_deref())
    }

    /// Whom the work is for.
    async fn customer(&self, ctx: &Context<'_>) -> Result<Customer> {
        Ok(Customer::of(ctx.scope()?.load::<customer::Entity>(&self.row.customer_id).await?))
    }

    /// Who runs the project; null while nobody does.
    async fn project_manager(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Self::person(ctx, self.row.project_manager_id.as_ref()).await
    }

    /// Who entered the project; null where that account is gone, and for clients.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Self::person(ctx, self.row.created_by_id.as_ref()).await
    }

    /// Who works on the project, the first one added first. Empty for clients.
    async fn team_members(&self, ctx: &Context<'_>) -> Result<Vec<ProjectTeamMember>> {
        ctx.scope()?.nodes_of("projectId", &self.row.id, "createdAt").await
    }

    /// The project's own copy of the template, step by step.
    async fn workflow(&self, ctx: &Context<'_>) -> Result<Option<ProjectWorkflow>> {
        let row = ctx.scope()?.one_of::<project_workflow::Entity>("projectId", &self.row.id).await?;
        Ok(row.map(ProjectWorkflow::of))
    }

    /// Where the project stands in its workflow.
    async fn tracker(&self, ctx: &Context<'_>) -> Result<Option<ProjectWorkflowTracker>> {
        let row = ctx.scope()?.one_of::<project_workflow_tracker::Entity>("projectId", &self.row.id).await?;
        Ok(row.map(ProjectWorkflowTracker::of))
    }

    /// The project's alerts, the newest first. Empty for clients.
    async fn alerts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 200; 50 if neither is given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<AlertFilter>,
    ) -> Result<Connection<WorkflowAlert>> {
        let scope = ctx.scope()?;
        let listing = alerts::listing(scope, filter.as_ref(), None);
        scope.page_of("projectId", &self.row.id, listing, &Window { first, after, last, before }, ctx).await
    }

    /// What was said about the project, by people and by the system, the newest first. Empty for clients.
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 200; 50 if neither is given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<ProjectMessage>> {
        let scope = ctx.scope()?;
        let window = Window { first, after, last, before };
        scope.page_of("projectId", &self.row.id, messages::listing(scope), &window, ctx).await
    }
}

impl Node for Project {
    type Entity = project::Entity;

    fn of(row: impl Into<Arc<project::Model>>) -> Self {
        Self(ProjectFields { row: row.into() })
    }

    fn relations() -> Vec<Relation<project::Entity>> {
        vec![
            Relation::to::<Customer>("customer", "customerId"),
            Relation::to::<User>("projectManager", "projectManagerId"),
            Relation::to::<User>("createdBy", "createdById"),
            Relation::of::<ProjectWorkflow>("workflow", "projectId"),
            Relation::of::<ProjectWorkflowTracker>("tracker", "projectId"),
        ]
    }

    async fn lists(scope: &Scope, ids: &[&Id], wanted: &Wanted<'_>) -> Result<()> {
        let alerts = |page: &Asked<'_>| {
            let filter = page.argument::<AlertFilter>("filter")?;
            Ok(alerts::listing(scope, filter.as_ref(), None))
        };
        try_join3(
            scope.prefetch_of::<project_team_member::Entity>("projectId", wanted.ids("teamMembers", ids), "createdAt"),
            scope.prefetch_pages("projectId", ids, wanted.pages("alerts"), alerts),
            scope.prefetch_pages("projectId", ids, wanted.pages("messages"), |_| Ok(messages::listing(scope))),
        )
        .await?;
        Ok(())
    }
}

/// A person on a project's team. Seen by staff alone.
#[derive(SimpleObject)]
#[graphql(complex, name = "ProjectTeamMember")]
pub struct ProjectTeamMemberFields {
    #[graphql(flatten)]
    row: Arc<project_team_member::Model>,
}

pub type ProjectTeamMember = InPlace<ProjectTeamMemberFields>;

#[ComplexObject]
impl ProjectTeamMemberFields {
    /// The person.
    async fn user(&self, ctx: &Context<'_>) -> Result<User> {
        Ok(User::of(ctx.scope()?.load::<user::Entity>(&self.row.user_id).await?))
    }

    /// The project they work on.
    async fn project(&self, ctx: &Context<'_>) -> Result<Project> {
        Ok(Project::of(ctx.scope()?.load::<project::Entity>(&self.row.project_id).await?))
    }
}

impl Node for ProjectTeamMember {
    type Entity = project_team_member::Entity;

    fn of(row: impl Into<Arc<project_team_member::Model>>) -> Self {
        Self(ProjectTeamMemberFields { row: row.into() })
    }

    fn relations() -> Vec<Relation<project_team_member::Entity>> {
        vec![Relation::to::<User>("user", "userId"), Relation::to::<Project>("project", "projectId")]
    }
}
