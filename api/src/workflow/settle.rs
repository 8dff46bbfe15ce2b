//! Writes down what the rules say follows from the states of a project's items: every operation ends here.

use entity::scalar::Id;
use entity::{project, project_workflow, project_workflow_tracker, workflow_step, workflow_subtask};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::alerts;
use crate::data::tx::Tx;
use crate::error::Result;
use crate::messages;
use crate::messages::system::About;
use crate::workflow::rules::wording::{self, Finished, SystemMessage};
use crate::workflow::rules::{self, Cause, Figures, Item, Milestone, Position, Settled, Step, StepRecord};
use crate::workflow::running::Running;

/// Settles a project in the transaction that changed it, under the project's lock.
///
/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn settle(tx: &mut Tx<'_>, running: &mut Running, cause: &Cause) -> Result<()> {
    let settled = rules::settle(&running.plan, &running.facts(), cause, tx.now());
    save_items(tx, running).await?;
    save_steps(tx, running, &settled).await?;
    save_tracker(tx, running, &settled.position).await?;
    save_workflow(tx, running, &settled.figures).await?;
    save_project(tx, running, &settled.figures).await?;
    alerts::raise::apply(tx, running, &settled.alerting).await?;
    tell_milestones(tx, running, cause, &settled).await
}

/// The items whose state the operation changed. Items left behind, or taken up again, by the dozen are one statement.
async fn save_items(tx: &mut Tx<'_>, running: &Running) -> Result<()> {
    let (mut skipped, mut taken_up): (Vec<Id>, Vec<Id>) = (Vec::new(), Vec::new());
    let mut skipped_at = tx.now();
    for ((_, item), (_, stored)) in running.plan.items().zip(running.stored.items()) {
        if item.completed.is_some() != stored.completed.is_some() {
            let row = workflow_subtask::ActiveModel {
                id: Set(item.id.clone()),
                updated_at: Set(tx.after(stored.changed_at)),
                ..Default::default()
            };
            tx.update::<workflow_subtask::Entity>(with_state(row, item)).await?;
        } else if item.skipped_at != stored.skipped_at {
            match item.skipped_at {
                Some(at) => {
                    skipped_at = at;
                    skipped.push(item.id.clone());
                }
                None => taken_up.push(item.id.clone()),
            }
        }
    }
    for (ids, at) in [(skipped, Some(skipped_at)), (taken_up, None)] {
        if !ids.is_empty() {
            let update = workflow_subtask::Entity::update_many()
                .col_expr(workflow_subtask::Column::SkippedAt, Expr::value(at))
                .col_expr(workflow_subtask::Column::UpdatedAt, Expr::value(tx.now()))
                .filter(workflow_subtask::Column::Id.is_in(ids));
            tx.update_all(update).await?;
        }
    }
    Ok(())
}

/// The row with the state that its item has come to.
pub(crate) fn with_state(row: workflow_subtask::ActiveModel, item: &Item) -> workflow_subtask::ActiveModel {
    let completed = item.completed.as_ref();
    workflow_subtask::ActiveModel {
        is_completed: Set(completed.is_some()),
        completed_at: Set(completed.map(|done| done.at)),
        completed_by_id: Set(completed.and_then(|done| done.by.clone())),
        skipped_at: Set(item.skipped_at),
        ..row
    }
}

async fn save_steps(tx: &mut Tx<'_>, running: &Running, settled: &Settled) -> Result<()> {
    for (id, record) in &settled.steps {
        let Some(stored) = running.stored.step(id) else { continue };
        let row = workflow_step::ActiveModel {
            id: Set(id.clone()),
            updated_at: Set(tx.after(stored.changed_at)),
            ..Default::default()
        };
        tx.update::<workflow_step::Entity>(with_record(row, record)).await?;
    }
    Ok(())
}

/// The row with what the rules record about its step.
pub(crate) fn with_record(row: workflow_step::ActiveModel, record: &StepRecord) -> workflow_step::ActiveModel {
    let completed = record.completed.as_ref();
    workflow_step::ActiveModel {
        actual_start_date: Set(record.started_at),
        actual_end_date: Set(completed.map(|done| done.at)),
        is_completed: Set(completed.is_some()),
        completed_at: Set(completed.map(|done| done.at)),
        completed_by_id: Set(completed.and_then(|done| done.by.clone())),
        ..row
    }
}

async fn save_tracker(tx: &mut Tx<'_>, running: &mut Running, position: &Position) -> Result<()> {
    let after = tracker_at(running, position);
    running.tracker = tx.save::<project_workflow_tracker::Entity>(&running.tracker, after).await?;
    Ok(())
}

/// The tracker at this position.
pub(crate) fn tracker_at(running: &Running, position: &Position) -> project_workflow_tracker::Model {
    project_workflow_tracker::Model {
        current_phase_id: position.phase.and_then(|phase| running.phase_id(phase)),
        current_section_id: position.section.clone(),
        current_line_item_id: position.line_item.clone(),
        last_completed_item_id: position.last_completed.clone(),
        phase_started_at: position.phase_started_at,
        section_started_at: position.section_started_at,
        line_item_started_at: position.line_item_started_at,
        ..running.tracker.clone()
    }
}

async fn save_workflow(tx: &mut Tx<'_>, running: &mut Running, figures: &Figures) -> Result<()> {
    let after = workflow_with(running, figures, tx.viewer().user());
    running.workflow = tx.save::<project_workflow::Entity>(&running.workflow, after).await?;
    Ok(())
}

/// The workflow with these figures, and who moved it on; the system leaves that as it was.
pub(crate) fn workflow_with(running: &Running, figures: &Figures, who: Option<Id>) -> project_workflow::Model {
    project_workflow::Model {
        status: figures.workflow_status,
        overall_progress: figures.progress,
        current_step_index: figures.step_index,
        workflow_start_date: figures.started_at,
        workflow_end_date: figures.ended_at,
        actual_completion_date: figures.ended_at,
        estimated_completion_date: Some(figures.estimated_at),
        last_modified_by_id: who.or_else(|| running.workflow.last_modified_by_id.clone()),
        ..running.workflow.clone()
    }
}

async fn save_project(tx: &mut Tx<'_>, running: &mut Running, figures: &Figures) -> Result<()> {
    let after = project_with(running, figures);
    running.project = tx.save::<project::Entity>(&running.project, after).await?;
    Ok(())
}

/// The project with these figures.
pub(crate) fn project_with(running: &Running, figures: &Figures) -> project::Model {
    project::Model {
        status: figures.project_status,
        progress: figures.progress,
        phase: figures.phase,
        ..running.project.clone()
    }
}

async fn tell_milestones(tx: &mut Tx<'_>, running: &Running, cause: &Cause, settled: &Settled) -> Result<()> {
    let Cause::Completed(item) = cause else { return Ok(()) };
    let Some((step, item)) = running.plan.item(item) else { return Ok(()) };
    let who = tx.viewer().name.clone();
    for milestone in &settled.milestones {
        let (message, about) = reached(running, *milestone, (step, item), &who);
        messages::system::post(tx, &running.project, &message, &about).await?;
    }
    Ok(())
}

/// What the record says of a milestone that this person reached with this item, and what that is about.
pub(crate) fn reached(
    running: &Running,
    milestone: Milestone,
    (step, item): (&Step, &Item),
    who: &str,
) -> (SystemMessage, About) {
    let project = &running.project.project_name;
    let last = Finished { item: &item.name, section: &step.name, phase: step.phase, project, who };
    (wording::milestone(milestone, last), About::step(running, step, Some(item)))
}
