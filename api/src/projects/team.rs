//! Who works on a project. Being on the team opens the project to people in the field.

use async_graphql::{InputObject, MaybeUndefined};
use entity::scalar::{Id, Instant};
use entity::{project, project_team_member};
use sea_orm::ActiveValue::Set;
use serde::Serialize;

use crate::accounts::staff;
use crate::data::access::{Permission, ensure};
use crate::data::idempotency::Once;
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;
use crate::input::{Check, unchanged};
use crate::workflow::handover;

/// Who is to work on a project.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct AddTeamMemberInput {
    /// The project's id.
    pub project_id: Id,
    /// The person's id: somebody who works here now and is not on the team yet.
    pub user_id: Id,
    /// What they do there, at most 100 characters. The "roof supervisor" gets the alerts of that role.
    pub role: Option<String>,
    /// The same key again from the same person within a day answers the first result; with another input it is a
    /// CONFLICT.
    pub idempotency_key: Option<String>,
}

/// Puts a person on a project's team.
pub struct AddTeamMember {
    pub input: AddTeamMemberInput,
}

impl UseCase for AddTeamMember {
    type Output = Id;
    const PERMISSION: Permission = Permission::RunProjects;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let once = Once::new("addTeamMember", self.input.idempotency_key.as_deref(), &self.input);
        if let Some(id) = tx.replay(&once).await? {
            return Ok(id);
        }
        let project = locked(tx, &self.input.project_id).await?;
        let mut check = Check::default();
        let role = check.optional("role", self.input.role.as_deref(), 100);
        let works_here = staff::active(tx, &self.input.user_id).await?.is_some();
        check.ensure(works_here, "userId", staff::NOT_STAFF);
        check.done()?;
        let member = project_team_member::ActiveModel {
            project_id: Set(project.id.clone()),
            user_id: Set(self.input.user_id.clone()),
            role: Set(role),
            ..Default::default()
        };
        let member = tx.insert::<project_team_member::Entity>(member).await?;
        handover::manager_changed(tx, &project).await?;
        tx.remember(&once, &member.id).await?;
        Ok(member.id)
    }
}

/// What is to change about a person's part in a team.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateTeamMemberInput {
    /// The team member's id.
    pub team_member_id: Id,
    /// `updatedAt` as last read; if it has changed since, nothing is written and the answer is CONFLICT.
    pub expected_updated_at: Option<Instant>,
    /// What they do there, at most 100 characters; null clears.
    pub role: MaybeUndefined<String>,
}

/// Changes what a person does in a team.
pub struct UpdateTeamMember {
    pub input: UpdateTeamMemberInput,
}

impl UseCase for UpdateTeamMember {
    type Output = project_team_member::Model;
    const PERMISSION: Permission = Permission::RunProjects;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<project_team_member::Model> {
        let (project, before) = member(tx, &self.input.team_member_id).await?;
        unchanged(self.input.expected_updated_at, &before.id, before.updated_at)?;
        let (mut check, mut after) = (Check::default(), before.clone());
        check.nullable(self.input.role.clone(), |c, text| after.role = c.optional("role", text.as_deref(), 100));
        check.done()?;
        let row = tx.save::<project_team_member::Entity>(&before, after).await?;
        if row.role != before.role {
            handover::manager_changed(tx, &project).await?;
        }
        Ok(row)
    }
}

/// Who is to leave a team.
#[derive(Clone, Debug, InputObject)]
pub struct RemoveTeamMemberInput {
    /// The team member's id.
    pub team_member_id: Id,
}

/// Takes a person off a project's team. Answers which project that was.
pub struct RemoveTeamMember {
    pub input: RemoveTeamMemberInput,
}

impl UseCase for RemoveTeamMember {
    type Output = Id;
    const PERMISSION: Permission = Permission::RunProjects;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let (project, member) = member(tx, &self.input.team_member_id).await?;
        tx.delete::<project_team_member::Entity>(&member).await?;
        handover::manager_changed(tx, &project).await?;
        Ok(project.id)
    }
}

async fn locked(tx: &Tx<'_>, project: &Id) -> Result<project::Model> {
    let project = tx.lock::<project::Entity>(project).await?;
    let sentence = "Only the project's manager and the company's managers may change its team.";
    ensure(tx.viewer().runs(&project), sentence)?;
    Ok(project)
}

/// A team member, read again under the project's lock.
async fn member(tx: &Tx<'_>, id: &Id) -> Result<(project::Model, project_team_member::Model)> {
    let member = tx.load::<project_team_member::Entity>(id).await?;
    let project = locked(tx, &member.project_id).await?;
    Ok((project, tx.load::<project_team_member::Entity>(id).await?))
}
