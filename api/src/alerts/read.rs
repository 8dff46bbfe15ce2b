//! Whether the person that an alert is assigned to has seen it.

use entity::scalar::Id;
use entity::workflow_alert;

use crate::alerts::dismiss::locked;
use crate::data::access::{Permission, ensure};
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;

pub struct MarkAlertRead {
    pub alert: Id,
}

impl UseCase for MarkAlertRead {
    type Output = ();
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (_, alert) = locked(tx, &self.alert).await?;
        let mine = alert.assigned_to_id.as_ref() == Some(&tx.viewer().id);
        ensure(mine, "Only the person an alert is assigned to marks it as read.")?;
        if alert.is_read {
            return Ok(());
        }
        let after = workflow_alert::Model { is_read: true, read_at: Some(tx.now()), ..alert.clone() };
        tx.save::<workflow_alert::Entity>(&alert, after).await?;
        Ok(())
    }
}
