//! Alerts come and go as the workflow moves: the old one closes before the new one is raised, so there is one at most.

use entity::enums::{AlertMethod, AlertStatus};
use entity::scalar::{Id, Instant};
use entity::{project, suppressed_workflow_alert, workflow_alert};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use crate::alerts::due::TurnOverdue;
use crate::alerts::recipient;
use crate::data::ids::new_id;
use crate::data::tx::Tx;
use crate::error::{Error, Result};
use crate::notifications::send::{self, NewNotification};
use crate::workflow::rules::{Alerting, Closed, Due, Item, Step, wording};
use crate::workflow::running::Running;

/// Does with a project's alerts what the rules decided.
///
/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn apply(tx: &mut Tx<'_>, running: &mut Running, alerting: &Alerting) -> Result<()> {
    for (id, reason) in &alerting.lapsed {
        let line_item = running.plan.item(id).and_then(|(_, item)| item.copy_of.clone());
        for alert in running.dismissed.iter().filter(|alert| alert.line_item_id == line_item) {
            let after = workflow_alert::Model { closed_reason: Some(*reason), ..alert.clone() };
            tx.save::<workflow_alert::Entity>(alert, after).await?;
        }
    }
    for (id, how) in &alerting.close {
        if let Some(at) = running.live.iter().position(|alert| alert.id == *id) {
            let alert = running.live.remove(at);
            close(tx, &alert, *how).await?;
        }
    }
    match &alerting.due {
        Due::Nothing => Ok(()),
        Due::Raise { item, due_at } => {
            let (step, item) = placed(running, item)?;
            raise(tx, running, &step, &item, *due_at).await
        }
        Due::Suppress { item, override_id } => {
            let (step, item) = placed(running, item)?;
            suppress(tx, running, &step, &item, override_id).await
        }
    }
}

fn placed(running: &Running, item: &Id) -> Result<(Step, Item)> {
    let found = running.plan.item(item).map(|(step, item)| (step.clone(), item.clone()));
    found.ok_or_else(|| Error::internal("an alert about an item that is not there"))
}

async fn close(tx: &mut Tx<'_>, alert: &workflow_alert::Model, how: Closed) -> Result<()> {
    tx.save::<workflow_alert::Entity>(alert, closed(alert, how, tx.now())).await?;
    Ok(())
}

/// The alert as it ends.
pub(crate) fn closed(alert: &workflow_alert::Model, how: Closed, now: Instant) -> workflow_alert::Model {
    let mut after = workflow_alert::Model { status: how.status(), closed_reason: how.reason(), ..alert.clone() };
    match how {
        Closed::Completed => after.completed_at = Some(now),
        Closed::Dismissed(_) => after.dismissed_at = Some(now),
    }
    after
}

async fn raise(tx: &mut Tx<'_>, running: &mut Running, step: &Step, item: &Item, due_at: Instant) -> Result<()> {
    let recipient = recipient::of(tx, running, step, item.role).await?;
    let alert = row(running, step, item, due_at);
    let alert = workflow_alert::ActiveModel { assigned_to_id: Set(recipient), ..alert };
    let alert = tx.insert::<workflow_alert::Entity>(alert).await?;
    TurnOverdue::schedule(tx, &alert);
    notify(tx, running, &alert).await?;
    running.live.push(alert);
    Ok(())
}

/// The alert of an item in a step, for nobody yet.
pub(crate) fn row(running: &Running, step: &Step, item: &Item, due_at: Instant) -> workflow_alert::ActiveModel {
    let customer = &running.customer;
    workflow_alert::ActiveModel {
        alert_type: Set("Work Flow Line Item".into()),
        priority: Set(step.priority),
        status: Set(AlertStatus::Active),
        title: Set(wording::alert_title(&item.name, &customer.primary_name)),
        message: Set(wording::alert_message(&item.name, &running.project.project_name)),
        step_name: Set(wording::cut(&item.name, wording::ALERT_LINE)),
        due_date: Set(Some(due_at)),
        project_id: Set(running.project.id.clone()),
        workflow_id: Set(running.workflow.id.clone()),
        step_id: Set(step.id.clone()),
        line_item_id: Set(item.copy_of.clone()),
        responsible_role: Set(item.role),
        metadata: Set(Some(json!({
            "phase": step.phase,
            "section": step.name,
            "item": item.name,
            "projectNumber": running.project.project_number,
            "customer": customer.primary_name,
            "address": customer.address,
        }))),
        ..untouched()
    }
}

/// An alert with which nobody has done anything yet.
fn untouched() -> workflow_alert::ActiveModel {
    workflow_alert::ActiveModel {
        is_read: Set(false),
        read_at: Set(None),
        acknowledged: Set(false),
        acknowledged_at: Set(None),
        assigned_by_hand: Set(false),
        created_by_id: Set(None),
        completed_at: Set(None),
        dismissed_at: Set(None),
        dismissed_by_id: Set(None),
        closed_reason: Set(None),
        dismiss_reason: Set(None),
        overdue_at: Set(None),
        ..Default::default()
    }
}

/// Tells the person the alert is assigned to, in the ways the project wants.
///
/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn notify(tx: &mut Tx<'_>, running: &Running, alert: &workflow_alert::Model) -> Result<()> {
    let Some(recipient) = &alert.assigned_to_id else { return Ok(()) };
    if !running.workflow.alert_methods.contains(&AlertMethod::InApp) {
        return Ok(());
    }
    send::send(tx, recipient, notification(&running.project, alert)).await
}

/// What the person is told whose turn it is.
pub(crate) fn notification(project: &project::Model, alert: &workflow_alert::Model) -> NewNotification {
    NewNotification {
        title: alert.title.clone(),
        message: alert.message.clone(),
        kind: entity::enums::NotificationType::WorkflowAlert,
        action_url: Some(format!("/projects/{}/workflow", project.id)),
        action_data: Some(json!({
            "alertId": alert.id, "projectId": project.id, "stepId": alert.step_id, "lineItemId": alert.line_item_id,
        })),
    }
}

async fn suppress(tx: &mut Tx<'_>, running: &Running, step: &Step, item: &Item, override_id: &Id) -> Result<()> {
    let kept = held_back(running, step, item, override_id)?;
    tx.insert::<suppressed_workflow_alert::Entity>(kept).await?;
    Ok(())
}

/// The alert that an item does not get.
///
/// # Errors
/// INTERNAL where no override is in force.
pub(crate) fn held_back(
    running: &Running,
    step: &Step,
    item: &Item,
    override_id: &Id,
) -> Result<suppressed_workflow_alert::ActiveModel> {
    let moved = running.moved.as_ref().ok_or_else(|| Error::internal("suppressed by no override"))?;
    Ok(suppressed_workflow_alert::ActiveModel {
        original_alert_id: Set(new_id()),
        override_id: Set(override_id.clone()),
        suppressed_phase: Set(step.phase),
        suppressed_step_id: Set(item.id.clone()),
        suppressed_step_name: Set(wording::cut(&item.name, wording::ALERT_LINE)),
        original_title: Set(wording::alert_title(&item.name, &running.customer.primary_name)),
        original_message: Set(wording::alert_message(&item.name, &running.project.project_name)),
        original_priority: Set(step.priority),
        suppression_reason: Set(wording::suppression_reason(step.phase, moved.from_phase, moved.to_phase)),
        ..Default::default()
    })
}
