//! Moving a project to another phase by hand, and taking that back.

use entity::enums::ProjectPhase;
use entity::list::List;
use entity::project_phase_override;
use entity::scalar::Id;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, QueryFilter};

use crate::data::access::{Permission, ensure};
use crate::data::idempotency::Once;
use crate::data::ids::new_id;
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::input::Check;
use crate::messages::system::{self, About};
use crate::workflow::rules::{self, Cause, Effect, PhaseMove, Refusal, wording};
use crate::workflow::running::Running;
use crate::workflow::settle::settle;

const WHO: &str = "Only the project's manager and the company's managers move a project to another phase.";

pub struct OverridePhase {
    pub project: Id,
    pub to: ProjectPhase,
    pub reason: Option<String>,
    pub suppress: Option<Vec<ProjectPhase>>,
    pub key: Option<String>,
}

impl UseCase for OverridePhase {
    type Output = Id;
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let input = (&self.project, self.to, &self.reason, &self.suppress);
        let once = Once::new("overridePhase", self.key.as_deref(), &input);
        if let Some(id) = tx.replay(&once).await? {
            return Ok(id);
        }
        let mut check = Check::default();
        let reason = check.optional("reason", self.reason.as_deref(), 500);
        check.done()?;
        let mut running = Running::lock(tx, &self.project).await?;
        ensure(tx.viewer().leads(&running.project), WHO)?;
        let moved = rules::override_to(&mut running.plan, self.to, self.suppress.as_deref(), tx.now())?;
        let previous = running.moved.take();
        if let Some(previous) = &previous {
            let after = project_phase_override::Model { is_active: false, ..previous.clone() };
            tx.save::<project_phase_override::Entity>(previous, after).await?;
        }
        let who = tx.viewer().name.clone();
        let message = wording::overridden(&who, moved.from, moved.to, &moved.suppresses, reason.as_deref());
        let about = About::workflow(&running, Some(moved.to));
        let posted = system::post(tx, &running.project, &message, &about).await?;
        let row = project_phase_override::ActiveModel {
            overridden_by_id: Set(tx.viewer().id.clone()),
            reason: Set(reason),
            auto_log_message: Set(message.content),
            conversation_message: Set(Some(posted)),
            previous_override_id: Set(previous.map(|previous| previous.id)),
            ..row(&running, moved)?
        };
        let row = tx.insert::<project_phase_override::Entity>(row).await?;
        let id = row.id.clone();
        running.moved = Some(row);
        running.suppressed.clear();
        settle(tx, &mut running, &Cause::Overridden).await?;
        tx.remember(&once, &id).await?;
        Ok(id)
    }
}

/// The move itself; who made it, and what was said of it, is for the caller.
///
/// # Errors
/// INTERNAL, which it never is: what it did has a JSON form.
pub(crate) fn row(running: &Running, moved: PhaseMove) -> Result<project_phase_override::ActiveModel> {
    Ok(project_phase_override::ActiveModel {
        id: Set(new_id()),
        project_id: Set(running.project.id.clone()),
        workflow_id: Set(running.workflow.id.clone()),
        from_phase: Set(moved.from),
        to_phase: Set(moved.to),
        suppress_alerts_for: Set(moved.suppresses.into_iter().collect::<List<_>>()),
        effects: Set(serde_json::to_value(&moved.effects).map_err(Error::internal)?),
        ..Default::default()
    })
}

/// Takes the override in force back and puts the one before it in force again.
pub struct RevertOverride {
    pub project: Id,
    pub key: Option<String>,
}

impl UseCase for RevertOverride {
    type Output = Id;
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        // Without a key, a second tap would take back the override before as well.
        let once = Once::new("revertOverride", self.key.as_deref(), &self.project);
        if let Some(id) = tx.replay(&once).await? {
            return Ok(id);
        }
        let mut running = Running::lock(tx, &self.project).await?;
        ensure(tx.viewer().leads(&running.project), WHO)?;
        let moved = running.moved.take().ok_or(Refusal::NotInForce)?;
        let effects: Vec<Effect> = serde_json::from_value(moved.effects.clone()).map_err(Error::internal)?;
        rules::revert(&mut running.plan, &effects, tx.now());
        let after = project_phase_override::Model { is_active: false, reverted_at: Some(tx.now()), ..moved.clone() };
        tx.save::<project_phase_override::Entity>(&moved, after).await?;
        if let Some(previous) = &moved.previous_override_id {
            running.reinstate(tx, previous).await?;
        }
        settle(tx, &mut running, &Cause::Overridden).await?;
        let stands = running.project.phase.unwrap_or(moved.from_phase);
        let message = wording::reverted(&tx.viewer().name, moved.from_phase, moved.to_phase, stands);
        let about = About::workflow(&running, Some(stands));
        system::post(tx, &running.project, &message, &about).await?;
        tx.remember(&once, &moved.id).await?;
        Ok(moved.id)
    }
}

impl Running {
    async fn reinstate(&mut self, tx: &mut Tx<'_>, id: &Id) -> Result<()> {
        let same = project_phase_override::Column::Id.eq(id.clone());
        let Some(row) = tx.first(tx.find_any::<project_phase_override::Entity>().filter(same)).await? else {
            return Ok(());
        };
        let after = project_phase_override::Model { is_active: true, ..row.clone() };
        let row = tx.save::<project_phase_override::Entity>(&row, after).await?;
        self.suppressed = super::running::suppressed(tx, Some(&row)).await?;
        self.moved = Some(row);
        Ok(())
    }
}
