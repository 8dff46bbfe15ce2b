//! Reopening a completed item: its completion keeps its row in the audit trail, marked as reopened.

use entity::completed_workflow_item;
use entity::scalar::Id;

use crate::data::access::{Permission, ensure};
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;
use crate::input::Check;
use crate::messages::system::{self, About};
use crate::workflow::complete::standing;
use crate::workflow::may_complete;
use crate::workflow::rules::{self, Cause, wording};
use crate::workflow::running::Running;
use crate::workflow::settle::settle;

pub struct ReopenLineItem {
    pub project: Id,
    pub line_item: Id,
    pub reason: Option<String>,
}

impl UseCase for ReopenLineItem {
    type Output = ();
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut check = Check::default();
        let reason = check.optional("reason", self.reason.as_deref(), 1_000);
        check.done()?;
        let mut running = Running::lock(tx, &self.project).await?;
        let (step, item) = running.copy_of(&self.line_item)?;
        let allowed = may_complete::item(tx, &running, &step.id, item.role).await?;
        ensure(allowed, "Only those who may complete the item can reopen it.")?;
        rules::reopen(&mut running.plan, &item.id)?;
        let completion = standing(tx, &running.tracker, &self.line_item).await?;
        let after = completed_workflow_item::Model {
            reopened_at: Some(tx.now()),
            reopened_by_id: tx.viewer().user(),
            reopen_reason: reason.clone(),
            ..completion.clone()
        };
        tx.save::<completed_workflow_item::Entity>(&completion, after).await?;
        settle(tx, &mut running, &Cause::Reopened(item.id.clone())).await?;
        let message = wording::reopened(&tx.viewer().name, &item.name, &step.name, reason.as_deref());
        let about = About::step(&running, &step, Some(&item));
        system::post(tx, &running.project, &message, &about).await?;
        Ok(())
    }
}
