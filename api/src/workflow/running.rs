//! A project at work: its rows, read under the project's lock, as the plan and the facts that the rules go by.

use std::collections::{BTreeSet, HashMap};

use entity::enums::{AlertStatus, ProjectPhase};
use entity::scalar::Id;
use entity::{
    customer, project, project_phase_override, project_workflow, project_workflow_tracker, suppressed_workflow_alert,
    workflow_alert, workflow_phase,
};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, QueryFilter};

use crate::data::joined::{Joined, Together};
use crate::data::reach::alerts_in;
use crate::data::tx::Tx;
use crate::error::{Error, Result};
use crate::workflow::rules::{ActiveOverride, Facts, Halt, Item, LiveAlert, Plan, Position, Step};
use crate::workflow::stored;

/// Everything a use-case needs to change where a project stands.
pub(crate) struct Running {
    pub(crate) project: project::Model,
    pub(crate) customer: customer::Model,
    pub(crate) workflow: project_workflow::Model,
    pub(crate) tracker: project_workflow_tracker::Model,
    /// The override in force.
    pub(crate) moved: Option<project_phase_override::Model>,
    pub(crate) live: Vec<workflow_alert::Model>,
    /// Alerts that a person dismissed and whose item is unchanged since.
    pub(crate) dismissed: Vec<workflow_alert::Model>,
    /// Items for which the override in force holds a suppressed alert.
    pub(crate) suppressed: BTreeSet<Id>,
    pub(crate) plan: Plan,
    /// The plan as it was read.
    pub(crate) stored: Plan,
    pub(crate) halts: BTreeSet<Halt>,
    phases: HashMap<ProjectPhase, Id>,
}

impl Running {
    /// Locks the project and reads it whole, in one journey more.
    ///
    /// # Errors
    /// NOT_FOUND where the viewer reaches no such project; CONFLICT where it has no workflow.
    pub(crate) async fn lock(tx: &Tx<'_>, project: &Id) -> Result<Self> {
        let project = tx.lock::<project::Entity>(project).await?;
        Self::of(tx, project).await
    }

    pub(crate) async fn of(tx: &Tx<'_>, project: project::Model) -> Result<Self> {
        // After the lock, not with it: whoever waits for one is given the locked row as it came to be, and all others as
        // they were before.
        let asked = [whole(tx, &project).asked(), stored::asked(tx, &project.id), alerts(tx, &project.id).asked()];
        let [whole, copy, alerts] = tx.each(asked).await?;
        let together = whole.first().ok_or_else(|| Error::conflict("This project has no workflow."))?;
        let workflow = together.row::<project_workflow::Entity>()?;
        let tracker = together.row::<project_workflow_tracker::Entity>()?;
        let moved = together.maybe::<project_phase_override::Entity>()?;
        let plan = stored::plan(&copy)?;
        let suppressed = suppressed(tx, moved.as_ref()).await?;
        let alerts = alerts.iter().map(Together::row::<workflow_alert::Entity>).collect::<Result<Vec<_>>>()?;
        let (live, dismissed) = alerts.into_iter().partition(|alert| alert.status != AlertStatus::Dismissed);
        let begun = Self::begun((project, together.row::<customer::Entity>()?), (workflow, tracker), plan);
        Ok(Self { moved, live, dismissed, suppressed, ..begun })
    }

    /// A project without alerts and without an override: as it begins.
    pub(crate) fn begun(
        (project, customer): (project::Model, customer::Model),
        (workflow, tracker): (project_workflow::Model, project_workflow_tracker::Model),
        (plan, phases): (Plan, HashMap<ProjectPhase, Id>),
    ) -> Self {
        Self {
            halts: Halt::stored(project.status, workflow.status, project.archived, workflow.enable_alerts),
            project,
            customer,
            workflow,
            tracker,
            moved: None,
            live: Vec::new(),
            dismissed: Vec::new(),
            suppressed: BTreeSet::new(),
            stored: plan.clone(),
            plan,
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

    /// The project's copy of a line item, with its step.
    ///
    /// # Errors
    /// NOT_FOUND where the project does not follow it.
    pub(crate) fn copy_of(&self, line_item: &Id) -> Result<(Step, Item)> {
        let found = self.plan.copy_of(line_item).map(|(step, item)| (step.clone(), item.clone()));
        found.ok_or_else(|| Error::NotFound("This project has no such line item.".into()))
    }
}

/// The project's workflow, with what there is one of for each project.
fn whole(tx: &Tx<'_>, project: &project::Model) -> Joined<project_workflow::Entity> {
    let of_project = project_workflow::Column::ProjectId.eq(project.id.clone());
    let workflow = || Expr::col(project_workflow::Column::Id.as_column_ref());
    let tracked = Expr::col(project_workflow_tracker::Column::WorkflowId.as_column_ref()).eq(workflow());
    let customer = customer::Column::Id.eq(project.customer_id.clone());
    let moved = project_phase_override::Column::ProjectId.eq(project.id.clone());
    Joined::of(tx.find_any::<project_workflow::Entity>().filter(of_project))
        .with::<project_workflow_tracker::Entity>(Condition::all().add(tracked))
        .with::<customer::Entity>(Condition::all().add(customer))
        .maybe_with::<project_phase_override::Entity>(
            Condition::all().add(moved).add(project_phase_override::Column::IsActive.eq(true)),
        )
}

pub(super) async fn suppressed(tx: &Tx<'_>, moved: Option<&project_phase_override::Model>) -> Result<BTreeSet<Id>> {
    let Some(moved) = moved else { return Ok(BTreeSet::new()) };
    let of = suppressed_workflow_alert::Column::OverrideId.eq(moved.id.clone());
    let rows = tx.all(tx.find_any::<suppressed_workflow_alert::Entity>().filter(of)).await?;
    Ok(rows.into_iter().map(|row| row.suppressed_step_id).collect())
}

/// The live alerts, and those that a person dismissed and that still hold.
fn alerts(tx: &Tx<'_>, project: &Id) -> Joined<workflow_alert::Entity> {
    let select = tx
        .find_any::<workflow_alert::Entity>()
        .filter(workflow_alert::Column::ProjectId.eq(project.clone()))
        .filter(alerts_in(&[AlertStatus::Active, AlertStatus::Acknowledged, AlertStatus::Dismissed]))
        .filter(workflow_alert::Column::ClosedReason.is_null());
    Joined::of(select)
}

/// The row of each phase.
///
/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn phases(tx: &Tx<'_>) -> Result<HashMap<ProjectPhase, Id>> {
    let rows = tx.all(tx.find_any::<workflow_phase::Entity>()).await?;
    Ok(rows.into_iter().map(|row| (row.phase_type, row.id)).collect())
}
