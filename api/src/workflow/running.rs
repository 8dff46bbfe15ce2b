//! A project at work: its rows, read under the project's lock, as the plan and the facts that the rules go by.

use std::collections::{BTreeSet, HashMap};

use entity::enums::{AlertStatus, ProjectPhase};
use entity::scalar::{Id, Instant};
use entity::{
    customer, project, project_phase_override, project_workflow, project_workflow_tracker, suppressed_workflow_alert,
    workflow_alert, workflow_phase, workflow_step, workflow_subtask,
};
use sea_orm::{ColumnTrait, QueryFilter};

use crate::data::tx::Tx;
use crate::error::{Error, Result};
use crate::workflow::rules::{ActiveOverride, Done, Facts, Halt, Item, LiveAlert, Plan, Position, Step, StepRecord};

/// Everything a use-case needs to change where a project stands.
pub(crate) struct Running {
    pub(crate) project: project::Model,
    pub(crate) customer: customer::Model,
    pub(crate) workflow: project_workflow::Model,
    pub(crate) tracker: project_workflow_tracker::Model,
    pub(crate) steps: Vec<workflow_step::Model>,
    pub(crate) subtasks: Vec<workflow_subtask::Model>,
    /// The override in force.
    pub(crate) moved: Option<project_phase_override::Model>,
    pub(crate) live: Vec<workflow_alert::Model>,
    /// Alerts that a person dismissed and whose item is unchanged since.
    pub(crate) dismissed: Vec<workflow_alert::Model>,
    /// Items for which the override in force holds a suppressed alert.
    pub(crate) suppressed: BTreeSet<Id>,
    pub(crate) plan: Plan,
    pub(crate) halts: BTreeSet<Halt>,
    phases: HashMap<ProjectPhase, Id>,
}

/// A project's own copy of the template, and where it stands in it.
pub(crate) struct Copy {
    pub(crate) workflow: project_workflow::Model,
    pub(crate) tracker: project_workflow_tracker::Model,
    pub(crate) steps: Vec<workflow_step::Model>,
    pub(crate) subtasks: Vec<workflow_subtask::Model>,
}

impl Running {
    /// Locks the project and reads it whole: a fixed number of statements, whatever its size.
    ///
    /// # Errors
    /// NOT_FOUND where the viewer reaches no such project; CONFLICT where it has no workflow.
    pub(crate) async fn lock(tx: &Tx<'_>, project: &Id) -> Result<Self> {
        let project = tx.lock::<project::Entity>(project).await?;
        Self::of(tx, project).await
    }

    pub(crate) async fn of(tx: &Tx<'_>, project: project::Model) -> Result<Self> {
        let none = || Error::conflict("This project has no workflow.");
        let by_project = project_workflow::Column::ProjectId.eq(project.id.clone());
        let workflow =
            tx.first(tx.find_any::<project_workflow::Entity>().filter(by_project)).await?.ok_or_else(none)?;
        let by_workflow = project_workflow_tracker::Column::WorkflowId.eq(workflow.id.clone());
        let tracker =
            tx.first(tx.find_any::<project_workflow_tracker::Entity>().filter(by_workflow)).await?.ok_or_else(none)?;
        let customer = customer::Column::Id.eq(project.customer_id.clone());
        let customer = tx.first(tx.find_any::<customer::Entity>().filter(customer)).await?.ok_or_else(none)?;
        let of_workflow = workflow_step::Column::WorkflowId.eq(workflow.id.clone());
        let steps = tx.all(tx.find_any::<workflow_step::Entity>().filter(of_workflow)).await?;
        // By the steps just read, which an index finds; by a sub-query the database may well look through all projects'.
        let of_steps = workflow_subtask::Column::StepId.is_in(steps.iter().map(|step| step.id.clone()));
        let subtasks = tx.all(tx.find_any::<workflow_subtask::Entity>().filter(of_steps)).await?;
        let moved = active_override(tx, &project.id).await?;
        let suppressed = suppressed(tx, moved.as_ref()).await?;
        let (live, dismissed) = alerts(tx, &project.id).await?;
        let copy = Copy { workflow, tracker, steps, subtasks };
        let begun = Self::begun(project, customer, copy, phases(tx).await?);
        Ok(Self { moved, live, dismissed, suppressed, ..begun })
    }

    /// A project from its rows, without alerts and without an override: as it begins.
    pub(crate) fn begun(
        project: project::Model,
        customer: customer::Model,
        copy: Copy,
        phases: HashMap<ProjectPhase, Id>,
    ) -> Self {
        let Copy { workflow, tracker, steps, subtasks } = copy;
        Self {
            plan: plan(&steps, &subtasks),
            halts: Halt::stored(project.status, workflow.status, project.archived, workflow.enable_alerts),
            project,
            customer,
            workflow,
            tracker,
            steps,
            subtasks,
            moved: None,
            live: Vec::new(),
            dismissed: Vec::new(),
            suppressed: BTreeSet::new(),
            phases,
        }
    }

    /// What settling must know beyond the plan.
    pub(crate) fn facts(&self) -> Facts {
        let items = |alerts: &[workflow_alert::Model]| -> BTreeSet<Id> {
            alerts.iter().filter_map(|alert| self.item_of(alert)).collect()
        };
        Facts {
            halts: self.halts.clone(),
            active_override: self.moved.as_ref().map(|moved| ActiveOverride {
                id: moved.id.clone(),
                suppresses: moved.suppress_alerts_for.0.clone(),
                recorded: self.suppressed.clone(),
            }),
            live: self.live.iter().map(|alert| LiveAlert { id: alert.id.clone(), item: self.item_of(alert) }).collect(),
            dismissed: items(&self.dismissed),
            position: self.position(),
            started_at: self.workflow.workflow_start_date,
        }
    }

    fn position(&self) -> Position {
        let tracker = &self.tracker;
        let phase = self.phases.iter().find(|(_, id)| Some(*id) == tracker.current_phase_id.as_ref());
        Position {
            phase: phase.map(|(phase, _)| *phase),
            section: tracker.current_section_id.clone(),
            line_item: tracker.current_line_item_id.clone(),
            phase_started_at: tracker.phase_started_at,
            section_started_at: tracker.section_started_at,
            line_item_started_at: tracker.line_item_started_at,
            last_completed: tracker.last_completed_item_id.clone(),
        }
    }

    /// The subtask that an alert is about.
    fn item_of(&self, alert: &workflow_alert::Model) -> Option<Id> {
        let line_item = alert.line_item_id.as_ref()?;
        self.plan.copy_of(line_item).map(|(_, item)| item.id.clone())
    }

    pub(crate) fn phase_id(&self, phase: ProjectPhase) -> Option<Id> {
        self.phases.get(&phase).cloned()
    }

    pub(crate) fn step(&self, id: &Id) -> Option<&workflow_step::Model> {
        self.steps.iter().find(|step| step.id == *id)
    }

    pub(crate) fn subtask(&self, id: &Id) -> Option<&workflow_subtask::Model> {
        self.subtasks.iter().find(|subtask| subtask.id == *id)
    }

    /// The project's copy of a line item, with its step.
    ///
    /// # Errors
    /// NOT_FOUND where the project does not follow it.
    pub(crate) fn copy_of(&self, line_item: &Id) -> Result<(Step, Item)> {
        let found = self.plan.copy_of(line_item).map(|(step, item)| (step.clone(), item.clone()));
        found.ok_or_else(|| Error::NotFound("This project has no such line item.".into()))
    }
}

async fn active_override(tx: &Tx<'_>, project: &Id) -> Result<Option<project_phase_override::Model>> {
    let select = tx
        .find_any::<project_phase_override::Entity>()
        .filter(project_phase_override::Column::ProjectId.eq(project.clone()))
        .filter(project_phase_override::Column::IsActive.eq(true));
    tx.first(select).await
}

pub(super) async fn suppressed(tx: &Tx<'_>, moved: Option<&project_phase_override::Model>) -> Result<BTreeSet<Id>> {
    let Some(moved) = moved else { return Ok(BTreeSet::new()) };
    let of = suppressed_workflow_alert::Column::OverrideId.eq(moved.id.clone());
    let rows = tx.all(tx.find_any::<suppressed_workflow_alert::Entity>().filter(of)).await?;
    Ok(rows.into_iter().map(|row| row.suppressed_step_id).collect())
}

/// The live alerts, and those that a person dismissed and that still hold.
async fn alerts(tx: &Tx<'_>, project: &Id) -> Result<(Vec<workflow_alert::Model>, Vec<workflow_alert::Model>)> {
    let standing = [AlertStatus::Active, AlertStatus::Acknowledged, AlertStatus::Dismissed];
    let select = tx
        .find_any::<workflow_alert::Entity>()
        .filter(workflow_alert::Column::ProjectId.eq(project.clone()))
        .filter(workflow_alert::Column::Status.is_in(standing))
        .filter(workflow_alert::Column::ClosedReason.is_null());
    Ok(tx.all(select).await?.into_iter().partition(|alert| alert.status != AlertStatus::Dismissed))
}

/// The row of each phase.
///
/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn phases(tx: &Tx<'_>) -> Result<HashMap<ProjectPhase, Id>> {
    let rows = tx.all(tx.find_any::<workflow_phase::Entity>()).await?;
    Ok(rows.into_iter().map(|row| (row.phase_type, row.id)).collect())
}

fn plan(steps: &[workflow_step::Model], subtasks: &[workflow_subtask::Model]) -> Plan {
    let mut items: HashMap<&Id, Vec<Item>> = HashMap::new();
    for subtask in subtasks {
        items.entry(&subtask.step_id).or_default().push(item(subtask));
    }
    let step = |row: &workflow_step::Model| Step {
        id: row.id.clone(),
        section: row.step_id.as_str().into(),
        name: row.step_name.clone(),
        phase: row.phase,
        order: row.step_order,
        record: StepRecord {
            started_at: row.actual_start_date,
            completed: done(row.is_completed, row.completed_at, row.completed_by_id.as_ref()),
        },
        items: items.remove(&row.id).unwrap_or_default(),
    };
    Plan::new(steps.iter().map(step).collect())
}

fn item(row: &workflow_subtask::Model) -> Item {
    Item {
        id: row.id.clone(),
        copy_of: row.line_item_id.clone(),
        name: row.sub_task_name.clone(),
        order: row.display_order,
        role: row.responsible_role,
        alert_days: row.alert_days,
        completed: done(row.is_completed, row.completed_at, row.completed_by_id.as_ref()),
        skipped_at: row.skipped_at,
    }
}

fn done(is_completed: bool, at: Option<Instant>, by: Option<&Id>) -> Option<Done> {
    at.filter(|_| is_completed).map(|at| Done { at, by: by.cloned() })
}
