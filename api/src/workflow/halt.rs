//! What stops a project and sets it going again: hold, archive, cancel, and alerts switched off. Held, archived or
//! cancelled, its items may still be completed; there are no alerts until it goes on.

use entity::scalar::Id;
use entity::{project, project_workflow};

use crate::data::access::{Permission, ensure};
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::input::Check;
use crate::messages::system::{self, About};
use crate::workflow::rules::wording::{self, SystemMessage};
use crate::workflow::rules::{Cause, Halt, check_hold};
use crate::workflow::running::Running;
use crate::workflow::settle::settle;

/// Puts one of the halts in force, or takes it out of force. Saying it twice changes nothing.
pub struct SetHalt {
    pub project: Id,
    pub halt: Halt,
    pub on: bool,
    pub reason: Option<String>,
}

impl UseCase for SetHalt {
    type Output = ();
    const PERMISSION: Permission = Permission::RunProjects;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut check = Check::default();
        let reason = check.optional("reason", self.reason.as_deref(), 500);
        check.done()?;
        let mut running = Running::lock(tx, &self.project).await?;
        ensure(
            tx.viewer().runs(&running.project),
            "Only the project's manager and the company's managers may do this.",
        )?;
        if running.halts.contains(&self.halt) == self.on {
            return Ok(());
        }
        if self.on {
            self.possible(&running)?;
            running.halts.insert(self.halt);
        } else {
            running.halts.remove(&self.halt);
        }
        self.write_flag(tx, &mut running).await?;
        settle(tx, &mut running, &Cause::Other).await?;
        if let Some(message) = message(self.halt, self.on, &tx.viewer().name, reason.as_deref()) {
            let about = About::workflow(&running, running.project.phase);
            system::post(tx, &running.project, &message, &about).await?;
        }
        Ok(())
    }
}

impl SetHalt {
    fn possible(&self, running: &Running) -> Result<()> {
        match self.halt {
            Halt::Held => Ok(check_hold(&running.plan)?),
            Halt::Cancelled if running.plan.has_ended() => {
                Err(Error::conflict("This project is finished, so its workflow cannot be cancelled."))
            }
            _ => Ok(()),
        }
    }

    /// Holding and cancelling are kept as the status that settling writes; the others have a column of their own.
    async fn write_flag(&self, tx: &mut Tx<'_>, running: &mut Running) -> Result<()> {
        match self.halt {
            Halt::Archived => {
                let archived_at = self.on.then(|| tx.now());
                let after = project::Model { archived: self.on, archived_at, ..running.project.clone() };
                running.project = tx.save::<project::Entity>(&running.project, after).await?;
            }
            Halt::AlertsOff => {
                let after = project_workflow::Model { enable_alerts: !self.on, ..running.workflow.clone() };
                running.workflow = tx.save::<project_workflow::Entity>(&running.workflow, after).await?;
            }
            Halt::Held | Halt::Cancelled => {}
        }
        Ok(())
    }
}

/// What the record says when a halt comes into force, or goes.
pub(crate) fn message(halt: Halt, on: bool, who: &str, reason: Option<&str>) -> Option<SystemMessage> {
    Some(match (halt, on) {
        (Halt::Held, true) => wording::held(who, reason),
        (Halt::Held, false) => wording::resumed(who),
        (Halt::Archived, true) => wording::archived(who),
        (Halt::Archived, false) => wording::unarchived(who),
        (Halt::Cancelled, true) => wording::cancelled(who, reason),
        (Halt::Cancelled, false) => wording::workflow_resumed(who),
        (Halt::AlertsOff, _) => return None,
    })
}
