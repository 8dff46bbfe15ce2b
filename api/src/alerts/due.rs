//! At its due date a live alert turns overdue, and boards that filter for it are told.

use entity::scalar::Id;
use entity::workflow_alert;
use serde::{Deserialize, Serialize};

use crate::data::access::Permission;
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};

pub(crate) const JOB: &str = "alert-due";

#[derive(Serialize, Deserialize)]
pub(crate) struct TurnOverdue {
    alert: Id,
    project: Id,
}

impl TurnOverdue {
    pub(crate) fn of(payload: &serde_json::Value) -> Result<Self> {
        serde_json::from_value(payload.clone()).map_err(Error::internal)
    }

    /// Has it done when the alert is due.
    pub(crate) fn schedule(tx: &mut Tx<'_>, alert: &workflow_alert::Model) {
        let Some(due) = alert.due_date else { return };
        let payload = serde_json::json!({ "alert": alert.id, "project": alert.project_id });
        tx.enqueue(JOB, payload, due, Some(dedupe_key(&alert.id)));
    }
}

/// What makes it one job an alert.
pub(crate) fn dedupe_key(alert: &Id) -> String {
    format!("{JOB}:{alert}")
}

impl UseCase for TurnOverdue {
    type Output = ();
    const PERMISSION: Permission = Permission::System;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        // The project or the alert may be gone by now; then there is nothing to tell.
        match tx.lock::<entity::project::Entity>(&self.project).await {
            Err(Error::NotFound(_)) => return Ok(()),
            other => other?,
        };
        let alert = tx.load::<workflow_alert::Entity>(&self.alert).await?;
        let live = alert.status.is_live();
        if live && alert.overdue_at.is_none() {
            let told = workflow_alert::Model { overdue_at: Some(tx.now()), ..alert.clone() };
            tx.save::<workflow_alert::Entity>(&alert, told).await?;
        }
        Ok(())
    }
}
