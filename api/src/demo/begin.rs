//! A project on its first day: the same rows that creating one makes, with their defaults written out.

use std::collections::HashMap;

use entity::enums::{AlertMethod, AlertPriority, ProjectStatus, WorkflowStatus};
use entity::list::List;
use entity::scalar::{Id, Instant};
use entity::{project_workflow, project_workflow_tracker, workflow_step, workflow_subtask};
use sea_orm::ActiveValue::Set;
use sea_orm::TryIntoModel;

use crate::data::ids::new_id;
use crate::error::Result;
use crate::workflow::copy::{self, Section};
use crate::workflow::create;
use crate::workflow::rules::{Item, Plan, Step, StepRecord};

/// What a project has before anything is done: nothing but what was entered.
pub(super) const UNTOUCHED: (ProjectStatus, WorkflowStatus) = (ProjectStatus::Pending, WorkflowStatus::NotStarted);

/// A project's own copy of the template.
pub(super) struct Copy {
    pub(super) steps: Vec<workflow_step::Model>,
    pub(super) subtasks: Vec<workflow_subtask::Model>,
}

/// The workflow, a tracker that settling puts in its place, and the steps and items.
///
/// # Errors
/// INTERNAL when the engine's rows have a column that is not filled in here.
pub(super) fn workflow(
    project: &entity::project::Model,
    sections: &[Section],
) -> Result<(project_workflow::Model, project_workflow_tracker::Model, Copy)> {
    let at = project.created_at;
    let workflow = workflow_row(project);
    let (steps, subtasks) = copy::rows(&workflow.id, sections);
    let copy = Copy {
        steps: steps.into_iter().map(|row| step(row, at)).collect::<Result<_>>()?,
        subtasks: subtasks.into_iter().map(|row| subtask(row, at)).collect::<Result<_>>()?,
    };
    let tracker = tracker(&project.id, &workflow.id, at);
    Ok((workflow, tracker, copy))
}

/// The copy as the rules see it: nothing of it is done.
pub(super) fn plan(copy: &Copy) -> Plan {
    let mut items: HashMap<&Id, Vec<Item>> = HashMap::new();
    for row in &copy.subtasks {
        items.entry(&row.step_id).or_default().push(Item {
            id: row.id.clone(),
            copy_of: row.line_item_id.clone(),
            name: row.sub_task_name.clone(),
            order: row.display_order,
            role: row.responsible_role,
            alert_days: row.alert_days,
            completed: None,
            skipped_at: None,
            changed_at: row.updated_at,
        });
    }
    let step = |row: &workflow_step::Model| Step {
        id: row.id.clone(),
        section: row.step_id.as_str().into(),
        name: row.step_name.clone(),
        phase: row.phase,
        order: row.step_order,
        assignee: None,
        priority: row.alert_priority,
        record: StepRecord::default(),
        changed_at: row.updated_at,
        items: items.remove(&row.id).unwrap_or_default(),
    };
    Plan::new(copy.steps.iter().map(step).collect())
}

fn workflow_row(project: &entity::project::Model) -> project_workflow::Model {
    project_workflow::Model {
        id: new_id(),
        created_at: project.created_at,
        updated_at: project.created_at,
        project_id: project.id.clone(),
        workflow_type: create::workflow_type(project.project_type),
        status: UNTOUCHED.1,
        current_step_index: 0,
        overall_progress: 0,
        workflow_start_date: None,
        workflow_end_date: None,
        estimated_completion_date: None,
        actual_completion_date: None,
        enable_alerts: true,
        alert_methods: List(vec![AlertMethod::InApp, AlertMethod::Email]),
        escalation_enabled: true,
        escalation_delay_days: 2,
        team_assignments: None,
        created_by_id: project.created_by_id.clone(),
        last_modified_by_id: None,
    }
}

fn tracker(project: &Id, workflow: &Id, at: Instant) -> project_workflow_tracker::Model {
    project_workflow_tracker::Model {
        id: new_id(),
        created_at: at,
        updated_at: at,
        project_id: project.clone(),
        current_phase_id: None,
        current_section_id: None,
        current_line_item_id: None,
        last_completed_item_id: None,
        phase_started_at: None,
        section_started_at: None,
        line_item_started_at: None,
        workflow_id: workflow.clone(),
    }
}

fn step(row: workflow_step::ActiveModel, at: Instant) -> Result<workflow_step::Model> {
    let row = workflow_step::ActiveModel {
        created_at: Set(at),
        updated_at: Set(at),
        assigned_to_id: Set(None),
        scheduled_start_date: Set(None),
        scheduled_end_date: Set(None),
        actual_start_date: Set(None),
        actual_end_date: Set(None),
        is_completed: Set(false),
        completed_at: Set(None),
        completed_by_id: Set(None),
        alert_priority: Set(AlertPriority::Medium),
        overdue_intervals: Set(List(vec![1, 3, 7, 14])),
        notes: Set(None),
        completion_notes: Set(None),
        dependencies: Set(List::default()),
        ..row
    };
    Ok(row.try_into_model()?)
}

fn subtask(row: workflow_subtask::ActiveModel, at: Instant) -> Result<workflow_subtask::Model> {
    let row = workflow_subtask::ActiveModel {
        id: Set(new_id()),
        created_at: Set(at),
        updated_at: Set(at),
        is_completed: Set(false),
        completed_at: Set(None),
        completed_by_id: Set(None),
        notes: Set(None),
        skipped_at: Set(None),
        ..row
    };
    Ok(row.try_into_model()?)
}
