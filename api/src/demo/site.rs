//! A project at work, in memory: people do to it what they do in the office, and after each deed the rules settle it as
//! they settle the stored one. What the engine would write is gathered as rows.

use std::collections::HashMap;

use entity::enums::{ProjectPhase, ProjectStatus, UserRole};
use entity::project_phase_override;
use entity::scalar::{Id, Instant, Money};
use entity::{project, project_workflow, project_workflow_tracker, workflow_step, workflow_subtask};
use rust_decimal::Decimal;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveEnum, IntoActiveModel, TryIntoModel};

use super::alerts::Alerts;
use super::begin::Copy;
use super::dice::Dice;
use super::people::{Person, Staff};
use super::plots::{Deed, Sequel};
use super::rows::Rows;
use super::texts::COMPLETION_NOTES;
use crate::data::ids::new_id;
use crate::error::{Error, Result};
use crate::messages::system::{self, About};
use crate::workflow::rules::wording::{self, SystemMessage};
use crate::workflow::rules::{self, Cause, Halt, Item, Settled};
use crate::workflow::running::Running;
use crate::workflow::{complete, halt, override_phase, settle};

pub(super) struct Site<'a> {
    pub(super) running: Running,
    /// Its steps and items as they began.
    pub(super) copy: Copy,
    /// When steps and items were last changed.
    pub(super) touched: HashMap<Id, Instant>,
    pub(super) alerts: Alerts<'a>,
    pub(super) staff: &'a Staff,
    pub(super) dice: Dice,
    pub(super) rows: &'a mut Rows,
}

impl Site<'_> {
    /// The first settling, and the record's first words.
    pub(super) fn open(&mut self, by: &Person, customer: &str) -> Result<()> {
        let at = self.running.project.created_at;
        self.settle(&Cause::Other, by, at)?;
        let message = wording::created(&by.name, &self.running.project.project_name, customer);
        self.note(&message, &About::workflow(&self.running, self.running.project.phase), at);
        Ok(())
    }

    /// Does one thing after the other, each at its moment.
    pub(super) fn go_through(&mut self, deeds: &[Deed], moments: &mut impl Iterator<Item = Instant>) -> Result<()> {
        for deed in deeds {
            for at in moments.by_ref().take(deed.moments()) {
                match deed {
                    Deed::Work(_) => self.complete(at)?,
                    Deed::Override { to, suppress, reason } => self.override_to(*to, *suppress, reason, at)?,
                    Deed::Halt(halt, reason) => self.stop(*halt, reason, at)?,
                }
            }
        }
        Ok(())
    }

    /// Now and then a crew works out of order.
    fn complete(&mut self, at: Instant) -> Result<()> {
        let ahead = if self.dice.one_in(40) { 2 } else { 0 };
        let open = || self.running.plan.items().filter(|(_, item)| item.is_open() && item.copy_of.is_some());
        let Some((step, item)) = open().nth(ahead).or_else(|| open().next()) else { return Ok(()) };
        let (step, item) = (step.clone(), item.clone());
        let who = self.hands(&item);
        rules::complete(&mut self.running.plan, &item.id, Some(&who.id), at)?;
        self.touch(&item.id, at);
        let notes = self.dice.one_in(12).then(|| (*self.dice.pick(&COMPLETION_NOTES)).to_owned());
        let row = complete::row(&self.running, &step, &item)?;
        self.rows.completions.push(entity::completed_workflow_item::ActiveModel {
            created_at: Set(at),
            completed_at: Set(at),
            completed_by_id: Set(Some(who.id.clone())),
            notes: Set(notes),
            ..row
        });
        let settled = self.settle(&Cause::Completed(item.id.clone()), &who, at)?;
        for milestone in settled.milestones {
            let (message, about) = settle::reached(&self.running, milestone, (&step, &item), &who.name);
            self.note(&message, &about, at);
        }
        Ok(())
    }

    /// Who completes an item: mostly the one whose turn it is, sometimes who runs the project.
    fn hands(&mut self, item: &Item) -> Person {
        let turn = self.alerts.recipient(item.role).and_then(|id| self.staff.find(&id));
        let lead = self.lead();
        let steps_in = self.dice.one_in(8);
        turn.filter(|_| !steps_in).cloned().unwrap_or(lead)
    }

    /// The project's manager; without one the operations manager.
    pub(super) fn lead(&self) -> Person {
        let manager = self.running.project.project_manager_id.as_ref().and_then(|id| self.staff.find(id));
        manager.unwrap_or(&self.staff.manager).clone()
    }

    fn override_to(
        &mut self,
        to: ProjectPhase,
        suppress: Option<&[ProjectPhase]>,
        reason: &str,
        at: Instant,
    ) -> Result<()> {
        let moved = rules::override_to(&mut self.running.plan, to, suppress, at)?;
        for effect in &moved.effects {
            self.touch(&effect.item, at);
        }
        let previous = self.running.moved.take();
        let who = self.lead();
        let message = wording::overridden(&who.name, moved.from, moved.to, &moved.suppresses, Some(reason));
        let posted = self.note(&message, &About::workflow(&self.running, Some(to)), at);
        let row = project_phase_override::ActiveModel {
            created_at: Set(at),
            updated_at: Set(at),
            overridden_by_id: Set(who.id.clone()),
            reason: Set(Some(reason.to_owned())),
            auto_log_message: Set(message.content),
            conversation_message: Set(Some(posted)),
            previous_override_id: Set(previous.as_ref().map(|previous| previous.id.clone())),
            is_active: Set(true),
            reverted_at: Set(None),
            ..override_phase::row(&self.running, moved)?
        };
        self.rows.overrides.extend(previous.map(|previous| project_phase_override::Model {
            is_active: false,
            updated_at: at,
            ..previous
        }));
        self.running.moved = Some(row.try_into_model()?);
        self.running.suppressed.clear();
        self.settle(&Cause::Overridden, &who, at)?;
        Ok(())
    }

    /// The item's row has changed; what it says is written down at the end.
    fn touch(&mut self, item: &Id, at: Instant) {
        self.touched.insert(item.clone(), at);
    }

    fn stop(&mut self, halt: Halt, reason: &str, at: Instant) -> Result<()> {
        let who = self.lead();
        let running = &mut self.running;
        running.halts.insert(halt);
        match halt {
            Halt::Held => rules::check_hold(&running.plan)?,
            Halt::Cancelled => {}
            Halt::Archived => {
                let project = running.project.clone();
                running.project = project::Model { archived: true, archived_at: Some(at), updated_at: at, ..project };
            }
            Halt::AlertsOff => {
                let workflow = running.workflow.clone();
                running.workflow = project_workflow::Model { enable_alerts: false, updated_at: at, ..workflow };
            }
        }
        self.settle(&Cause::Other, &who, at)?;
        if let Some(message) = halt::message(halt, true, &who.name, Some(reason)) {
            self.note(&message, &About::workflow(&self.running, self.running.project.phase), at);
        }
        Ok(())
    }

    fn settle(&mut self, cause: &Cause, who: &Person, at: Instant) -> Result<Settled> {
        let running = &mut self.running;
        let settled = rules::settle(&running.plan, &running.facts(), cause, at);
        for (id, record) in &settled.steps {
            running.plan.steps.iter_mut().filter(|step| step.id == *id).for_each(|step| step.record = record.clone());
            self.touched.insert(id.clone(), at);
        }
        let tracker = settle::tracker_at(running, &settled.position);
        if tracker != running.tracker {
            running.tracker = project_workflow_tracker::Model { updated_at: at, ..tracker };
        }
        let workflow = settle::workflow_with(running, &settled.figures, Some(who.id.clone()));
        if workflow != running.workflow {
            running.workflow = project_workflow::Model { updated_at: at, ..workflow };
        }
        let project = settle::project_with(running, &settled.figures);
        if project != running.project {
            running.project = project::Model { updated_at: at, ..project };
        }
        self.alerts.follow(running, &settled.alerting, self.rows, at)?;
        Ok(settled)
    }

    /// Notes something down in the system's name.
    fn note(&mut self, message: &SystemMessage, about: &About, at: Instant) -> Id {
        let id = new_id();
        self.rows.messages.push(entity::project_message::ActiveModel {
            id: Set(id.clone()),
            created_at: Set(at),
            updated_at: Set(at),
            ..system::row(&self.running.project, message, about)
        });
        id
    }

    /// What became of the live alert, and of the costs.
    pub(super) fn aftermath(&mut self, sequel: &Sequel, last: Instant, now: Instant) {
        let (who, at) = (self.lead(), self.dice.moment(last, now));
        self.alerts.go_on(&mut self.running, sequel, self.rows, (&who, at));
        let project = &mut self.running.project;
        if project.status == ProjectStatus::Completed {
            let cost = project.estimated_cost.map_or(project.budget, |cost| cost).decimal();
            project.actual_cost = Some(Money::new(cost * Decimal::new(self.dice.between(90, 108), 2)));
        }
    }

    /// Gives the rows away, as they stand at the end.
    pub(super) fn close(mut self, now: Instant) -> Result<()> {
        let running = &mut self.running;
        for row in self.copy.steps {
            let found = running.plan.step(&row.id);
            let step = found.ok_or_else(|| Error::internal("a row without its step"))?;
            let at = *self.touched.get(&row.id).unwrap_or(&row.updated_at);
            let row = workflow_step::ActiveModel { updated_at: Set(at), ..row.into_active_model() };
            self.rows.steps.push(settle::with_record(row, &step.record));
        }
        for row in self.copy.subtasks {
            let found = running.plan.item(&row.id).map(|(_, item)| item);
            let item = found.ok_or_else(|| Error::internal("a subtask without its item"))?;
            let at = *self.touched.get(&row.id).unwrap_or(&row.updated_at);
            let row = workflow_subtask::ActiveModel { updated_at: Set(at), ..row.into_active_model() };
            self.rows.subtasks.push(settle::with_state(row, item));
        }
        self.rows.overrides.extend(running.moved.take());
        self.alerts.finish(running, self.rows, &mut self.dice, now);
        self.rows.take(self.running);
        Ok(())
    }
}

/// The role as messages keep it.
pub(super) fn role_name(role: UserRole) -> String {
    role.to_value()
}
