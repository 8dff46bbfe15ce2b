//! Somebody has seen an alert and is on it.

use entity::enums::AlertStatus;
use entity::scalar::Id;
use entity::workflow_alert;

use crate::alerts::dismiss::locked;
use crate::data::access::{Permission, ensure};
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::workflow::may_complete;

pub struct AcknowledgeAlert {
    pub alert: Id,
}

impl UseCase for AcknowledgeAlert {
    type Output = ();
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (project, alert) = locked(tx, &self.alert).await?;
        let allowed = may_complete::alert(tx, &project, &alert).await?;
        ensure(allowed, "Only those who may complete the item can acknowledge its alert.")?;
        match alert.status {
            AlertStatus::Acknowledged => return Ok(()),
            AlertStatus::Active => {}
            AlertStatus::Completed | AlertStatus::Dismissed => {
                return Err(Error::conflict("This alert is closed already."));
            }
        }
        let after = workflow_alert::Model {
            status: AlertStatus::Acknowledged,
            acknowledged: true,
            acknowledged_at: Some(tx.now()),
            ..alert.clone()
        };
        tx.save::<workflow_alert::Entity>(&alert, after).await?;
        Ok(())
    }
}
