//! Somebody decides that an alert need not be acted on. The item stays open; its alert comes back only when the item
//! changes.

use entity::enums::AlertStatus;
use entity::scalar::Id;
use entity::{project, workflow_alert};

use crate::data::access::{Permission, ensure};
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::input::Check;
use crate::workflow::may_complete;

pub struct DismissAlert {
    pub alert: Id,
    pub reason: Option<String>,
}

impl UseCase for DismissAlert {
    type Output = ();
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut check = Check::default();
        let reason = check.optional("reason", self.reason.as_deref(), 500);
        check.done()?;
        let (project, alert) = locked(tx, &self.alert).await?;
        let allowed = may_complete::alert(tx, &project, &alert).await?;
        ensure(allowed, "Only those who may complete the item can dismiss its alert.")?;
        match alert.status {
            AlertStatus::Dismissed => return Ok(()),
            AlertStatus::Completed => return Err(Error::conflict("The alert's item is completed already.")),
            AlertStatus::Active | AlertStatus::Acknowledged => {}
        }
        let after = workflow_alert::Model {
            status: AlertStatus::Dismissed,
            dismissed_at: Some(tx.now()),
            dismissed_by_id: tx.viewer().user(),
            dismiss_reason: reason,
            ..alert.clone()
        };
        tx.save::<workflow_alert::Entity>(&alert, after).await?;
        Ok(())
    }
}

/// An alert with its project, under the project's lock: the id is read, the project locked, the alert read again.
///
/// # Errors
/// NOT_FOUND where the viewer reaches no such alert.
pub(super) async fn locked(tx: &Tx<'_>, alert: &Id) -> Result<(project::Model, workflow_alert::Model)> {
    let seen = tx.load::<workflow_alert::Entity>(alert).await?;
    let project = tx.lock::<project::Entity>(&seen.project_id).await?;
    Ok((project, tx.load::<workflow_alert::Entity>(alert).await?))
}
