//! Who gets a project's alerts: the people about it, read for the rule that chooses among them.

use std::collections::{HashMap, HashSet};

use entity::enums::{ResponsibleRole, UserRole};
use entity::scalar::Id;
use entity::{project_team_member, role_assignment, user, workflow_step};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::data::tx::Tx;
use crate::error::Result;
use crate::workflow::rules::{Staffing, recipient};
use crate::workflow::running::Running;

/// The person to whom an item of this role goes in this step: three statements.
///
/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn of(
    tx: &Tx<'_>,
    running: &Running,
    step: &workflow_step::Model,
    role: ResponsibleRole,
) -> Result<Option<Id>> {
    let staffing = staffing(tx, running, step).await?;
    Ok(recipient(role, step.assigned_to_id.as_ref(), &staffing).cloned())
}

async fn staffing(tx: &Tx<'_>, running: &Running, step: &workflow_step::Model) -> Result<Staffing> {
    let team = tx
        .find_any::<project_team_member::Entity>()
        .filter(project_team_member::Column::ProjectId.eq(running.project.id.clone()))
        .order_by_asc(project_team_member::Column::CreatedAt)
        .order_by_asc(project_team_member::Column::Id);
    let team = tx.all(team).await?.into_iter().map(|member| (member.user_id, member.role)).collect();
    let held = tx.find_any::<role_assignment::Entity>().filter(role_assignment::Column::IsActive.eq(true));
    let role_holders = tx.all(held).await?.into_iter().map(|held| (held.role_type, held.user_id)).collect();
    let mut staffing = Staffing {
        project_manager: running.project.project_manager_id.clone(),
        assignments: assignments(running.workflow.team_assignments.as_ref()),
        role_holders,
        team,
        active: HashSet::new(),
    };
    staffing.active = active(tx, &staffing, step).await?;
    Ok(staffing)
}

/// `teamAssignments`: the id of a person for each role that the project fills by itself.
pub(crate) fn assignments(json: Option<&serde_json::Value>) -> HashMap<ResponsibleRole, Id> {
    json.cloned().and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default()
}

/// Alerts go to active staff alone.
async fn active(tx: &Tx<'_>, staffing: &Staffing, step: &workflow_step::Model) -> Result<HashSet<Id>> {
    let team = staffing.team.iter().map(|(id, _)| id);
    let named = staffing.assignments.values().chain(staffing.role_holders.values()).chain(team);
    let ids: HashSet<Id> = named.chain(&staffing.project_manager).chain(&step.assigned_to_id).cloned().collect();
    let select = tx
        .find_any::<user::Entity>()
        .filter(user::Column::Id.is_in(ids))
        .filter(user::Column::IsActive.eq(true))
        .filter(user::Column::Role.ne(UserRole::Client))
        .select_only()
        .column(user::Column::Id);
    Ok(tx.ids(select).await?.into_iter().collect())
}
