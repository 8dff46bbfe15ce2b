//! An alert given to a person by hand: it stays with them when managers, steps and roles change hands.

use entity::scalar::Id;
use entity::workflow_alert;

use crate::accounts::staff;
use crate::alerts::dismiss::locked;
use crate::alerts::raise;
use crate::data::access::{Permission, ensure};
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::workflow::running::Running;

pub struct AssignAlert {
    pub alert: Id,
    pub to: Id,
}

impl UseCase for AssignAlert {
    type Output = ();
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (project, alert) = locked(tx, &self.alert).await?;
        ensure(tx.viewer().leads(&project), "Only the project's manager and the company's managers assign alerts.")?;
        staff::require(tx, "userId", &self.to).await?;
        if !alert.status.is_live() {
            return Err(Error::conflict("This alert is closed, so it cannot be assigned any more."));
        }
        if alert.assigned_by_hand && alert.assigned_to_id.as_ref() == Some(&self.to) {
            return Ok(());
        }
        let new = alert.assigned_to_id.as_ref() != Some(&self.to);
        let mut after =
            workflow_alert::Model { assigned_to_id: Some(self.to.clone()), assigned_by_hand: true, ..alert.clone() };
        if new {
            (after.is_read, after.read_at) = (false, None);
        }
        let alert = tx.save::<workflow_alert::Entity>(&alert, after).await?;
        if new {
            let running = Running::of(tx, project).await?;
            raise::notify(tx, &running, &alert).await?;
        }
        Ok(())
    }
}
