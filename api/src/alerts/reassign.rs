//! When a manager, a step or a role changes hands, live alerts that nobody assigned by hand move along.

use entity::enums::{ResponsibleRole, RoleType};
use entity::scalar::Id;
use entity::workflow_alert;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::alerts::{raise, recipient};
use crate::data::access::Permission;
use crate::data::ids::new_id;
use crate::data::reach::live_alerts;
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::workflow::rules::held_role;
use crate::workflow::running::Running;

pub(crate) const JOB: &str = "alert-reassign";

/// Gives a project's live alerts to whom they go now, under the project's lock.
///
/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn within(tx: &mut Tx<'_>, running: &mut Running) -> Result<()> {
    for at in 0..running.live.len() {
        let Some(alert) = running.live.get(at).filter(|alert| !alert.assigned_by_hand).cloned() else { continue };
        let Some(step) = running.plan.step(&alert.step_id) else { continue };
        let to = recipient::of(tx, running, step, alert.responsible_role).await?;
        if to == alert.assigned_to_id {
            continue;
        }
        let after = workflow_alert::Model { assigned_to_id: to, is_read: false, read_at: None, ..alert.clone() };
        let alert = tx.save::<workflow_alert::Entity>(&alert, after).await?;
        raise::notify(tx, running, &alert).await?;
    }
    Ok(())
}

/// The holder of a role changed: every project with a live alert of that role is looked at again, each in its own
/// transaction, so that no lock is held on all of them at once.
///
/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn role_changed(tx: &mut Tx<'_>, role: RoleType) -> Result<()> {
    use ResponsibleRole::{Administration, FieldDirector, Office, ProjectManager, RoofSupervisor};
    let roles = [Office, Administration, ProjectManager, FieldDirector, RoofSupervisor];
    let select = tx
        .find_any::<workflow_alert::Entity>()
        .filter(live_alerts())
        .filter(workflow_alert::Column::AssignedByHand.eq(false))
        .filter(workflow_alert::Column::ResponsibleRole.is_in(roles.into_iter().filter(|r| held_role(*r) == role)))
        .select_only()
        .column(workflow_alert::Column::ProjectId);
    for project in tx.ids(select).await? {
        let dedupe = format!("{JOB}:{}:{project}", new_id());
        tx.enqueue(JOB, serde_json::json!({ "project": project }), tx.now(), Some(dedupe));
    }
    Ok(())
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Reassign {
    project: Id,
}

impl Reassign {
    pub(crate) fn of(payload: &serde_json::Value) -> Result<Self> {
        serde_json::from_value(payload.clone()).map_err(Error::internal)
    }
}

impl UseCase for Reassign {
    type Output = ();
    const PERMISSION: Permission = Permission::System;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        match Running::lock(tx, &self.project).await {
            Ok(mut running) => within(tx, &mut running).await,
            // Deleted meanwhile.
            Err(Error::NotFound(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
