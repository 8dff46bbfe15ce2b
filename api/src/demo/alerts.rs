//! The alerts of a project at work: raised, closed and held back as the rules say, and what became of the last one.

use entity::enums::{AlertStatus, ResponsibleRole};
use entity::scalar::{Id, Instant};
use entity::{notification, suppressed_workflow_alert, workflow_alert};
use sea_orm::ActiveValue::Set;
use sea_orm::TryIntoModel;

use super::dice::Dice;
use super::people::{Person, Staff};
use super::plots::Sequel;
use super::rows::Rows;
use crate::alerts::raise;
use crate::error::{Error, Result};
use crate::notifications::send;
use crate::workflow::rules::{self, Alerting, Due, Item, Staffing, Step};
use crate::workflow::running::Running;

/// How many closed alerts a sample project keeps: the latest. All of them would be most of the database.
const KEPT: usize = 3;

pub(super) struct Alerts<'a> {
    pub(super) staff: &'a Staff,
    pub(super) staffing: Staffing,
    /// The closed ones, the oldest first.
    pub(super) closed: Vec<workflow_alert::Model>,
}

impl Alerts<'_> {
    pub(super) fn recipient(&self, role: ResponsibleRole) -> Option<Id> {
        rules::recipient(role, None, &self.staffing).cloned()
    }

    /// Does what the rules decided.
    ///
    /// # Errors
    /// INTERNAL where the rules speak of an item that is not there.
    pub(super) fn follow(
        &mut self,
        running: &mut Running,
        alerting: &Alerting,
        rows: &mut Rows,
        at: Instant,
    ) -> Result<()> {
        for (id, how) in &alerting.close {
            if let Some(place) = running.live.iter().position(|alert| alert.id == *id) {
                let alert = overdue_by(running.live.remove(place), at);
                self.closed.push(workflow_alert::Model { updated_at: at, ..raise::closed(&alert, *how, at) });
            }
        }
        match &alerting.due {
            Due::Nothing => {}
            Due::Raise { item, due_at } => {
                let (step, item) = placed(running, item)?;
                let alert = self.raise(running, &step, &item, *due_at, at)?;
                running.live.push(alert);
            }
            Due::Suppress { item, override_id } => {
                let (step, item) = placed(running, item)?;
                let row = raise::held_back(running, &step, &item, override_id)?;
                rows.held_back.push(suppressed_workflow_alert::ActiveModel { created_at: Set(at), ..row });
                running.suppressed.insert(item.id);
            }
        }
        Ok(())
    }

    fn raise(
        &self,
        running: &Running,
        step: &Step,
        item: &Item,
        due_at: Instant,
        at: Instant,
    ) -> Result<workflow_alert::Model> {
        let alert = workflow_alert::ActiveModel {
            id: Set(crate::data::ids::new_id()),
            created_at: Set(at),
            updated_at: Set(at),
            assigned_to_id: Set(self.recipient(item.role)),
            ..raise::row(running, step, item, due_at)
        };
        Ok(alert.try_into_model()?)
    }

    /// What became of the live alert, by the hands of whoever answers for it.
    pub(super) fn go_on(&self, running: &mut Running, sequel: &Sequel, rows: &mut Rows, (by, at): (&Person, Instant)) {
        if matches!(sequel, Sequel::Nothing) {
            return;
        }
        let Some(alert) = running.live.pop() else { return };
        let alert = workflow_alert::Model { updated_at: at, ..overdue_by(alert, at) };
        match sequel {
            Sequel::Nothing => running.live.push(alert),
            Sequel::Acknowledged => running.live.push(workflow_alert::Model {
                status: AlertStatus::Acknowledged,
                acknowledged: true,
                acknowledged_at: Some(at),
                is_read: true,
                read_at: Some(at),
                ..alert
            }),
            Sequel::Dismissed(reason) => running.dismissed.push(workflow_alert::Model {
                status: AlertStatus::Dismissed,
                dismissed_at: Some(at),
                dismissed_by_id: Some(by.id.clone()),
                dismiss_reason: Some((*reason).to_owned()),
                ..alert
            }),
            Sequel::GivenToWorker => {
                self.tell(running, &alert, alert.created_at, rows, None);
                let assigned_to_id = Some(self.staff.worker.id.clone());
                let given = workflow_alert::Model { assigned_to_id, assigned_by_hand: true, ..alert };
                self.tell(running, &given, at, rows, None);
                running.live.push(given);
            }
        }
    }

    /// At the end: what is past due is known to be, for the rest a job waits, and the logins have their notifications.
    pub(super) fn finish(&mut self, running: &mut Running, rows: &mut Rows, dice: &mut Dice, now: Instant) {
        let live: Vec<_> = running.live.drain(..).map(|alert| overdue_by(alert, now)).collect();
        for alert in &live {
            if alert.overdue_at.is_none() {
                rows.waiting.push(alert.clone());
            }
            if !alert.assigned_by_hand {
                let read = dice.one_in(2).then(|| dice.moment(alert.created_at, now));
                self.tell(running, alert, alert.created_at, rows, read);
            }
        }
        running.live = live;
        let kept = self.closed.len().saturating_sub(KEPT);
        rows.alert(self.closed.drain(kept..));
    }

    /// Tells the person to whom the alert is assigned, if that is one of those who sign in.
    fn tell(
        &self,
        running: &Running,
        alert: &workflow_alert::Model,
        at: Instant,
        rows: &mut Rows,
        read_at: Option<Instant>,
    ) {
        let recipient = alert.assigned_to_id.as_ref().and_then(|id| self.staff.find(id));
        let Some(recipient) = recipient.filter(|person| person.signs_in) else { return };
        rows.notifications.push(notification::ActiveModel {
            created_at: Set(at),
            updated_at: Set(read_at.unwrap_or(at)),
            is_read: Set(read_at.is_some()),
            read_at: Set(read_at),
            ..send::row(&recipient.id, raise::notification(&running.project, alert))
        });
    }
}

fn placed(running: &Running, item: &Id) -> Result<(Step, Item)> {
    let found = running.plan.item(item).map(|(step, item)| (step.clone(), item.clone()));
    found.ok_or_else(|| Error::internal("an alert about an item that is not there"))
}

/// The alert as it was known at this moment: told to be overdue at its due date, if that had come.
fn overdue_by(alert: workflow_alert::Model, at: Instant) -> workflow_alert::Model {
    match alert.due_date {
        Some(due) if due <= at && alert.overdue_at.is_none() => {
            workflow_alert::Model { overdue_at: Some(due), updated_at: due.max(alert.updated_at), ..alert }
        }
        _ => alert,
    }
}
