//! A step given to a person: they get its alerts and may complete its items.

use entity::scalar::Id;
use entity::workflow_step;

use crate::accounts::staff;
use crate::alerts::reassign;
use crate::data::access::{Permission, ensure};
use crate::data::changes::Feed;
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::workflow::running::Running;

pub struct AssignStep {
    pub project: Id,
    pub step: Id,
    /// None takes it from whoever has it.
    pub to: Option<Id>,
}

impl UseCase for AssignStep {
    type Output = ();
    const PERMISSION: Permission = Permission::RunProjects;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut running = Running::lock(tx, &self.project).await?;
        ensure(
            tx.viewer().runs(&running.project),
            "Only the project's manager and the company's managers assign steps.",
        )?;
        if let Some(to) = &self.to {
            staff::require(tx, "userId", to).await?;
        }
        let steps = &mut running.plan.steps;
        let step = steps.iter_mut().find(|step| step.id == self.step).ok_or_else(|| Error::not_found("step"))?;
        if step.assignee == self.to {
            return Ok(());
        }
        step.assignee.clone_from(&self.to);
        let row = tx.load::<workflow_step::Entity>(&self.step).await?;
        let after = workflow_step::Model { assigned_to_id: self.to.clone(), ..row.clone() };
        tx.save::<workflow_step::Entity>(&row, after).await?;
        tx.tell(Feed::part_of_project(&running.project.id));
        reassign::within(tx, &mut running).await
    }
}
