//! Who may complete an item (and reopen it, and answer its alert): `ADMIN`, `MANAGER`, the project's manager, a team
//! member, the active holder of the item's role, or the person the step or its live alert is assigned to.

use entity::enums::ResponsibleRole;
use entity::scalar::Id;
use entity::{project, project_team_member, role_assignment, workflow_alert, workflow_step};
use sea_orm::{ColumnTrait, QueryFilter};

use crate::data::tx::Tx;
use crate::error::Result;
use crate::workflow::rules::held_role;
use crate::workflow::running::Running;

/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn item(tx: &Tx<'_>, running: &Running, step: &Id, role: ResponsibleRole) -> Result<bool> {
    let mut assignees = running.live.iter().filter(|alert| alert.step_id == *step).map(|alert| &alert.assigned_to_id);
    let assigned = assignees.any(|assignee| assignee.as_ref() == Some(&tx.viewer().id));
    let step = running.plan.step(step).and_then(|step| step.assignee.as_ref());
    anyone(tx, &running.project, assigned || step == Some(&tx.viewer().id), role).await
}

/// The same for the item of an alert.
///
/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn alert(tx: &Tx<'_>, project: &project::Model, alert: &workflow_alert::Model) -> Result<bool> {
    let live = alert.status.is_live();
    let step =
        tx.first(tx.find_any::<workflow_step::Entity>().filter(workflow_step::Column::Id.eq(alert.step_id.clone())));
    let step = step.await?.and_then(|step| step.assigned_to_id);
    let me = Some(&tx.viewer().id);
    let assigned = (live && alert.assigned_to_id.as_ref() == me) || step.as_ref() == me;
    anyone(tx, project, assigned, alert.responsible_role).await
}

async fn anyone(tx: &Tx<'_>, project: &project::Model, assigned: bool, role: ResponsibleRole) -> Result<bool> {
    let viewer = tx.viewer();
    if !viewer.is_staff() {
        return Ok(false);
    }
    if assigned || viewer.leads(project) {
        return Ok(true);
    }
    let member = project_team_member::Column::ProjectId.eq(project.id.clone());
    let myself = project_team_member::Column::UserId.eq(viewer.id.clone());
    if tx.first(tx.find_any::<project_team_member::Entity>().filter(member).filter(myself)).await?.is_some() {
        return Ok(true);
    }
    let holder = tx
        .find_any::<role_assignment::Entity>()
        .filter(role_assignment::Column::RoleType.eq(held_role(role)))
        .filter(role_assignment::Column::UserId.eq(viewer.id.clone()))
        .filter(role_assignment::Column::IsActive.eq(true));
    Ok(tx.first(holder).await?.is_some())
}
