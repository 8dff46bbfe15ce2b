//! Is every project as the rules say it must be? Settling a project of which nothing is new must change nothing; what
//! it would change is told, and nothing is written.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use entity::enums::ProjectPhase;
use entity::scalar::{Id, Instant};
use entity::{completed_workflow_item, job, project};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use crate::alerts::due;
use crate::app::App;
use crate::data::access::Permission;
use crate::data::scope::{RequestInfo, Scope};
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::workflow::rules::{self, Cause, Due, Figures, Settled};
use crate::workflow::running::Running;

/// Looks at every project, one after the other, each under its lock. Answers a sentence for everything that is not as
/// it should be.
///
/// # Errors
/// INTERNAL when the database fails.
pub async fn check(app: &Arc<App>) -> Result<Vec<String>> {
    let scope = Scope::system(app, RequestInfo::background());
    let projects = scope.find::<project::Entity>().order_by_asc(project::Column::ProjectNumber);
    let mut found = Vec::new();
    for project in scope.all(projects).await? {
        found.extend(scope.write(&Look { project: project.id, number: project.project_number }).await?);
    }
    Ok(found)
}

struct Look {
    project: Id,
    number: i32,
}

impl UseCase for Look {
    type Output = Vec<String>;
    const PERMISSION: Permission = Permission::System;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<String>> {
        let mut report = Report { number: self.number, found: Vec::new() };
        let running = match Running::lock(tx, &self.project).await {
            Ok(running) => running,
            // Deleted meanwhile.
            Err(Error::NotFound(_)) => return Ok(report.found),
            Err(Error::Conflict { message, .. }) => {
                report.add(message);
                return Ok(report.found);
            }
            Err(error) => return Err(error),
        };
        let settled = rules::settle(&running.plan, &running.facts(), &Cause::Other, tx.now());
        report.standing(&running, &settled);
        report.figures(&running, &settled.figures);
        report.alerts(&running, &settled);
        report.completions(&running, tx).await?;
        report.announcements(&running, tx).await?;
        Ok(report.found)
    }
}

/// What is not as it should be with one project.
struct Report {
    number: i32,
    found: Vec<String>,
}

impl Report {
    fn add(&mut self, what: impl AsRef<str>) {
        self.found.push(format!("Project {}: {}", self.number, what.as_ref()));
    }

    fn same<T: Debug + PartialEq>(&mut self, what: &str, stored: &T, right: &T) {
        if stored != right {
            self.add(format!("{what} is {stored:?} and should be {right:?}."));
        }
    }

    fn standing(&mut self, running: &Running, settled: &Settled) {
        self.same("the tracker's position", &running.facts().position, &settled.position);
        for (id, record) in &settled.steps {
            let name = running.plan.step(id).map_or(id.as_str(), |step| step.name.as_str());
            self.add(format!("the step “{name}” should be recorded as {record:?}."));
        }
    }

    fn figures(&mut self, running: &Running, figures: &Figures) {
        let (project, workflow) = (&running.project, &running.workflow);
        self.same("the progress", &project.progress, &figures.progress);
        self.same("the progress of the workflow", &workflow.overall_progress, &figures.progress);
        self.same::<Option<ProjectPhase>>("the phase", &project.phase, &figures.phase);
        self.same("the status", &project.status, &figures.project_status);
        self.same("the status of the workflow", &workflow.status, &figures.workflow_status);
        self.same("the current step", &workflow.current_step_index, &figures.step_index);
        self.same("the start of the workflow", &workflow.workflow_start_date, &figures.started_at);
        self.same("the end of the workflow", &workflow.workflow_end_date, &figures.ended_at);
        self.same("the completion of the workflow", &workflow.actual_completion_date, &figures.ended_at);
    }

    fn alerts(&mut self, running: &Running, settled: &Settled) {
        if running.live.len() > 1 {
            self.add("more than one alert is live.");
        }
        for (id, how) in &settled.alerting.close {
            self.add(format!("the alert {id} should be closed as {how:?}."));
        }
        for (item, reason) in &settled.alerting.lapsed {
            self.add(format!("the dismissal of the alert of item {item} should have lapsed as {reason:?}."));
        }
        let item = |id| running.plan.item(id).map_or("?", |(_, item)| item.name.as_str());
        match &settled.alerting.due {
            Due::Nothing => {}
            Due::Raise { item: id, .. } => self.add(format!("“{}” should have an alert.", item(id))),
            Due::Suppress { item: id, .. } => {
                self.add(format!("the alert of “{}” should be recorded as held back.", item(id)));
            }
        }
    }

    /// The completions that stand are those of the items that are completed.
    async fn completions(&mut self, running: &Running, tx: &Tx<'_>) -> Result<()> {
        let rows = tx
            .find_any::<completed_workflow_item::Entity>()
            .filter(completed_workflow_item::Column::TrackerId.eq(running.tracker.id.clone()))
            .filter(completed_workflow_item::Column::ReopenedAt.is_null());
        let standing: BTreeMap<Id, Instant> =
            tx.all(rows).await?.into_iter().map(|row| (row.line_item_id, row.completed_at)).collect();
        let items = running.plan.items();
        let completed: BTreeMap<Id, Instant> =
            items.filter_map(|(_, item)| Some((item.copy_of.clone()?, item.completed.as_ref()?.at))).collect();
        for (line_item, at) in &completed {
            self.same(&format!("the completion of line item {line_item}"), &standing.get(line_item), &Some(at));
        }
        for line_item in standing.keys().filter(|line_item| !completed.contains_key(line_item)) {
            self.add(format!("the completion of line item {line_item} stands, and the item is not completed."));
        }
        Ok(())
    }

    /// A live alert is overdue, or a job waits for that.
    async fn announcements(&mut self, running: &Running, tx: &Tx<'_>) -> Result<()> {
        for alert in &running.live {
            if alert.due_date.is_none() || alert.overdue_at.is_some() {
                continue;
            }
            let waiting = tx
                .find_any::<job::Entity>()
                .filter(job::Column::DedupeKey.eq(due::dedupe_key(&alert.id)))
                .filter(job::Column::DoneAt.is_null())
                .filter(job::Column::FailedAt.is_null());
            if tx.first(waiting).await?.is_none() {
                self.add(format!("nothing waits for the due date of the alert {}.", alert.id));
            }
        }
        Ok(())
    }
}
