//! What people do with projects by hand.

use async_graphql::{Context, Object, SimpleObject};
use entity::scalar::Id;
use entity::{project, project_team_member};

use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::error::Result;
use crate::projects::delete::{DeleteProject, DeleteProjectInput};
use crate::projects::team::{
    AddTeamMember, AddTeamMemberInput, RemoveTeamMember, RemoveTeamMemberInput, UpdateTeamMember, UpdateTeamMemberInput,
};
use crate::projects::types::{Project, ProjectTeamMember};
use crate::projects::update::{UpdateProject, UpdateProjectInput};

/// The changed project.
#[derive(SimpleObject)]
pub struct UpdateProjectPayload {
    /// As it is now.
    project: Project,
}

/// The deleted project.
#[derive(SimpleObject)]
pub struct DeleteProjectPayload {
    /// Its id, which nothing has any more.
    id: Id,
}

/// The new team member.
#[derive(SimpleObject)]
pub struct AddTeamMemberPayload {
    /// As it is now.
    team_member: ProjectTeamMember,
}

/// The changed team member.
#[derive(SimpleObject)]
pub struct UpdateTeamMemberPayload {
    /// As it is now.
    team_member: ProjectTeamMember,
}

/// The team member who was removed.
#[derive(SimpleObject)]
pub struct RemoveTeamMemberPayload {
    /// The id that they had as a team member, which nothing has any more.
    id: Id,
    /// The project whose team it was; null where leaving it took the project out of the viewer's own reach.
    project: Option<Project>,
}

#[derive(Default)]
pub struct ProjectsMutation;

#[Object]
impl ProjectsMutation {
    /// Changes a project: what is given, and nothing else. Status, phase and progress follow from its workflow.
    async fn update_project(&self, ctx: &Context<'_>, input: UpdateProjectInput) -> Result<UpdateProjectPayload> {
        let region = ctx.caller().app.settings.phone_region;
        let row = ctx.scope()?.write(&UpdateProject { input, region }).await?;
        Ok(UpdateProjectPayload { project: Project::of(row) })
    }

    /// Deletes a project with its workflow, alerts, messages, tasks and documents. Calendar events stay, without it.
    /// There is no way back; archiving keeps everything.
    async fn delete_project(&self, ctx: &Context<'_>, input: DeleteProjectInput) -> Result<DeleteProjectPayload> {
        let id = input.project_id.clone();
        ctx.scope()?.write(&DeleteProject { input }).await?;
        Ok(DeleteProjectPayload { id })
    }

    /// Puts a person on a project's team. A CONFLICT if they are on it already.
    async fn add_team_member(&self, ctx: &Context<'_>, input: AddTeamMemberInput) -> Result<AddTeamMemberPayload> {
        let scope = ctx.scope()?;
        let id = scope.write(&AddTeamMember { input }).await?;
        let row = scope.load::<project_team_member::Entity>(&id).await?;
        Ok(AddTeamMemberPayload { team_member: ProjectTeamMember::of(row) })
    }

    /// Changes what a person does in a project's team.
    async fn update_team_member(
        &self,
        ctx: &Context<'_>,
        input: UpdateTeamMemberInput,
    ) -> Result<UpdateTeamMemberPayload> {
        let row = ctx.scope()?.write(&UpdateTeamMember { input }).await?;
        Ok(UpdateTeamMemberPayload { team_member: ProjectTeamMember::of(row) })
    }

    /// Takes a person off a project's team.
    async fn remove_team_member(
        &self,
        ctx: &Context<'_>,
        input: RemoveTeamMemberInput,
    ) -> Result<RemoveTeamMemberPayload> {
        let (scope, id) = (ctx.scope()?, input.team_member_id.clone());
        let project = scope.write(&RemoveTeamMember { input }).await?;
        let project = scope.one::<project::Entity>(&project).await?.map(Project::of);
        Ok(RemoveTeamMemberPayload { id, project })
    }
}
