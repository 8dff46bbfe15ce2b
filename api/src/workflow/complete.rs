//! Completing a line item: the audit trail gets its row, and the workflow moves on.

use entity::scalar::Id;
use entity::{completed_workflow_item, project_workflow_tracker};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, QueryFilter};

use crate::data::access::{Permission, ensure};
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::input::Check;
use crate::workflow::may_complete;
use crate::workflow::rules::{self, Cause, Completion, Item, Step};
use crate::workflow::running::Running;
use crate::workflow::settle::settle;

pub struct CompleteLineItem {
    pub project: Id,
    pub line_item: Id,
    pub notes: Option<String>,
}

/// What completing came to.
pub struct Completed {
    pub completion: Id,
    pub already: bool,
    /// The live alert that the project has now.
    pub alert: Option<Id>,
}

impl UseCase for CompleteLineItem {
    type Output = Completed;
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Completed> {
        let mut check = Check::default();
        let notes = check.optional("notes", self.notes.as_deref(), 1_000);
        check.done()?;
        let mut running = Running::lock(tx, &self.project).await?;
        let (step, item) = running.copy_of(&self.line_item)?;
        let allowed = may_complete::item(tx, &running, &step.id, item.role).await?;
        ensure(allowed, "Only the project's manager and team, and whoever answers for the item, can complete it.")?;
        let who = tx.viewer().user();
        let outcome = rules::complete(&mut running.plan, &item.id, who.as_ref(), tx.now())?;
        let already = outcome == Completion::Already;
        let completion = if already {
            standing(tx, &running.tracker, &self.line_item).await?
        } else {
            let completion = record(tx, &running, &step, &item, notes).await?;
            settle(tx, &mut running, &Cause::Completed(item.id)).await?;
            completion
        };
        let alert = running.live.first().map(|alert| alert.id.clone());
        Ok(Completed { completion: completion.id, already, alert })
    }
}

async fn record(
    tx: &mut Tx<'_>,
    running: &Running,
    step: &Step,
    item: &Item,
    notes: Option<String>,
) -> Result<completed_workflow_item::Model> {
    let row = row(running, step, item)?;
    let row = completed_workflow_item::ActiveModel {
        completed_at: Set(tx.now()),
        completed_by_id: Set(tx.viewer().user()),
        notes: Set(notes),
        ..row
    };
    tx.insert::<completed_workflow_item::Entity>(row).await
}

/// A completion of this item, by nobody yet.
///
/// # Errors
/// INTERNAL where the item is no copy of a line item, or the template has lost its phase.
pub(crate) fn row(running: &Running, step: &Step, item: &Item) -> Result<completed_workflow_item::ActiveModel> {
    let line_item = item.copy_of.clone().ok_or_else(|| Error::internal("a completion without a line item"))?;
    let phase = running.phase_id(step.phase).ok_or_else(|| Error::internal("a phase without its row"))?;
    Ok(completed_workflow_item::ActiveModel {
        tracker_id: Set(running.tracker.id.clone()),
        phase_id: Set(phase),
        section_id: Set(step.section.clone()),
        line_item_id: Set(line_item),
        reopened_at: Set(None),
        reopened_by_id: Set(None),
        reopen_reason: Set(None),
        ..Default::default()
    })
}

/// The completion of a line item that has not been reopened.
///
/// # Errors
/// INTERNAL where a completed item has none.
pub(super) async fn standing(
    tx: &Tx<'_>,
    tracker: &project_workflow_tracker::Model,
    line_item: &Id,
) -> Result<completed_workflow_item::Model> {
    let select = tx
        .find_any::<completed_workflow_item::Entity>()
        .filter(completed_workflow_item::Column::TrackerId.eq(tracker.id.clone()))
        .filter(completed_workflow_item::Column::LineItemId.eq(line_item.clone()))
        .filter(completed_workflow_item::Column::ReopenedAt.is_null());
    tx.first(select).await?.ok_or_else(|| Error::internal("a completed item without its completion"))
}
