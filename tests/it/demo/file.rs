//! All that is stored of a project's workflow, and whether two projects' are the same.

use std::slice::from_ref;

use entity::completed_workflow_item::Column as Done;
use entity::enums::AlertStatus;
use entity::project_phase_override::Column as Moved;
use entity::project_team_member::Column as Member;
use entity::scalar::{Id, Instant};
use entity::suppressed_workflow_alert::Column as Held;
use entity::workflow_alert::Column as Alert;
use entity::workflow_step::Column as Step;
use entity::workflow_subtask::Column as Item;
use entity::{
    completed_workflow_item, project, project_message, project_phase_override, project_team_member, project_workflow,
    project_workflow_tracker, suppressed_workflow_alert, workflow_alert, workflow_step, workflow_subtask,
};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};

/// Everything that is stored of a project's workflow.
pub struct File {
    pub project: project::Model,
    pub team: Vec<project_team_member::Model>,
    pub workflow: project_workflow::Model,
    tracker: project_workflow_tracker::Model,
    steps: Vec<workflow_step::Model>,
    subtasks: Vec<workflow_subtask::Model>,
    pub completions: Vec<completed_workflow_item::Model>,
    pub overrides: Vec<project_phase_override::Model>,
    held_back: Vec<suppressed_workflow_alert::Model>,
    alerts: Vec<workflow_alert::Model>,
    pub messages: Vec<project_message::Model>,
}

/// The rows that name one of these ids in a column.
async fn of<E: EntityTrait>(db: &DatabaseConnection, column: E::Column, ids: &[Id], order: E::Column) -> Vec<E::Model> {
    E::find().filter(column.is_in(ids.iter().cloned())).order_by_asc(order).all(db).await.unwrap()
}

/// What the system wrote.
async fn written(db: &DatabaseConnection, project: &Id) -> Vec<project_message::Model> {
    let written = project_message::Entity::find()
        .filter(project_message::Column::ProjectId.eq(project.clone()))
        .filter(project_message::Column::IsSystemGenerated.eq(true))
        .order_by_asc(project_message::Column::CreatedAt)
        .order_by_asc(project_message::Column::Subject);
    written.all(db).await.unwrap()
}

impl File {
    pub async fn of(db: &DatabaseConnection, project: &Id) -> Self {
        let one = from_ref(project);
        let workflow = project_workflow::Column::ProjectId.eq(project.clone());
        let workflow = project_workflow::Entity::find().filter(workflow).one(db).await.unwrap().unwrap();
        let tracker = project_workflow_tracker::Column::ProjectId.eq(project.clone());
        let tracker = project_workflow_tracker::Entity::find().filter(tracker).one(db).await.unwrap().unwrap();
        let steps = of::<workflow_step::Entity>(db, Step::WorkflowId, from_ref(&workflow.id), Step::StepOrder).await;
        let of_steps: Vec<Id> = steps.iter().map(|step| step.id.clone()).collect();
        let overrides = of::<project_phase_override::Entity>(db, Moved::ProjectId, one, Moved::CreatedAt).await;
        let moves: Vec<Id> = overrides.iter().map(|moved| moved.id.clone()).collect();
        Self {
            project: project::Entity::find_by_id(project.clone()).one(db).await.unwrap().unwrap(),
            team: of::<project_team_member::Entity>(db, Member::ProjectId, one, Member::UserId).await,
            subtasks: of::<workflow_subtask::Entity>(db, Item::StepId, &of_steps, Item::LineItemId).await,
            completions: of::<completed_workflow_item::Entity>(
                db,
                Done::TrackerId,
                from_ref(&tracker.id),
                Done::CompletedAt,
            )
            .await,
            held_back: of::<suppressed_workflow_alert::Entity>(db, Held::OverrideId, &moves, Held::CreatedAt).await,
            alerts: of::<workflow_alert::Entity>(db, Alert::ProjectId, one, Alert::CreatedAt).await,
            messages: written(db, project).await,
            workflow,
            tracker,
            steps,
            overrides,
        }
    }

    /// But for ids, numbers and the milliseconds that tell two changes of one transaction apart.
    pub fn same_as(&self, other: &Self) {
        let name = format!("{} {}", self.project.project_number, self.project.project_name);
        self.same_project(other, &name);
        self.same_workflow(other, &name);
        self.same_steps(other, &name);
        self.same_record(other, &name);
        self.same_alerts(other, &name);
    }

    fn same_project(&self, other: &Self, name: &str) {
        let theirs = &other.project;
        assert_close(self.project.updated_at, theirs.updated_at, name);
        let ours = project::Model {
            id: theirs.id.clone(),
            project_number: theirs.project_number,
            updated_at: theirs.updated_at,
            // Not entered when a project is created.
            notes: None,
            actual_cost: None,
            ..self.project.clone()
        };
        assert_eq!(&ours, theirs, "{name}");
    }

    fn same_workflow(&self, other: &Self, name: &str) {
        let theirs = &other.workflow;
        assert_close(self.workflow.updated_at, theirs.updated_at, name);
        let ours = project_workflow::Model {
            id: theirs.id.clone(),
            project_id: theirs.project_id.clone(),
            updated_at: theirs.updated_at,
            ..self.workflow.clone()
        };
        assert_eq!(&ours, theirs, "{name}");
        let theirs = &other.tracker;
        assert_close(self.tracker.updated_at, theirs.updated_at, name);
        let ours = project_workflow_tracker::Model {
            id: theirs.id.clone(),
            project_id: theirs.project_id.clone(),
            workflow_id: theirs.workflow_id.clone(),
            updated_at: theirs.updated_at,
            ..self.tracker.clone()
        };
        assert_eq!(&ours, theirs, "{name}");
    }

    fn same_steps(&self, other: &Self, name: &str) {
        assert_eq!(self.steps.len(), other.steps.len(), "{name}");
        for (ours, theirs) in self.steps.iter().zip(&other.steps) {
            assert_close(ours.updated_at, theirs.updated_at, name);
            let ours = workflow_step::Model {
                id: theirs.id.clone(),
                workflow_id: theirs.workflow_id.clone(),
                updated_at: theirs.updated_at,
                ..ours.clone()
            };
            assert_eq!(&ours, theirs, "{name}");
        }
        assert_eq!(self.subtasks.len(), other.subtasks.len(), "{name}");
        for (ours, theirs) in self.subtasks.iter().zip(&other.subtasks) {
            assert_close(ours.updated_at, theirs.updated_at, name);
            let ours = workflow_subtask::Model {
                id: theirs.id.clone(),
                step_id: theirs.step_id.clone(),
                updated_at: theirs.updated_at,
                ..ours.clone()
            };
            assert_eq!(&ours, theirs, "{name}");
        }
    }

    fn same_record(&self, other: &Self, name: &str) {
        let completions = |file: &Self| -> Vec<_> {
            let done = file.completions.iter();
            done.map(|done| format!("{done:?}").replace(&done.id.0, "").replace(&done.tracker_id.0, "")).collect()
        };
        assert_eq!(completions(self), completions(other), "{name}");
        let messages = |file: &Self| -> Vec<_> {
            let step = |message: &project_message::Model| {
                let step = file.steps.iter().find(|step| Some(&step.id) == message.step_id.as_ref());
                step.map(|step| step.step_id.clone())
            };
            let messages = file.messages.iter();
            let place = |m: &project_message::Model| (m.phase, step(m), m.section.clone(), m.line_item.clone());
            let text = |m: &project_message::Model| (m.message_type, m.subject.clone(), m.content.clone());
            messages.map(|m| format!("{} {:?} {:?} {}", m.created_at, text(m), place(m), m.author_name)).collect()
        };
        assert_eq!(messages(self), messages(other), "{name}");
        let overrides = |file: &Self| -> Vec<_> {
            let moved = file.overrides.iter();
            let effects = |moved: &project_phase_override::Model| moved.effects.as_array().unwrap().len();
            moved
                .map(|m| (m.created_at, m.from_phase, m.to_phase, m.is_active, m.auto_log_message.clone(), effects(m)))
                .map(|moved| format!("{moved:?}"))
                .collect()
        };
        assert_eq!(overrides(self), overrides(other), "{name}");
        let held_back = |file: &Self| -> Vec<_> {
            let held = file.held_back.iter();
            held.map(|held| (held.created_at, held.original_title.clone(), held.suppression_reason.clone())).collect()
        };
        assert_eq!(held_back(self), held_back(other), "{name}");
    }

    /// The sample keeps the live one and the last of the closed ones.
    fn same_alerts(&self, other: &Self, name: &str) {
        let (ours, theirs) = (self.known_alerts(), other.known_alerts());
        assert!(theirs.ends_with(&ours), "{name}\n{ours:#?}\n{theirs:#?}");
        let live = |alerts: &[workflow_alert::Model]| {
            alerts.iter().filter(|a| matches!(a.status, AlertStatus::Active | AlertStatus::Acknowledged)).count()
        };
        assert_eq!(live(&self.alerts), live(&other.alerts), "{name}");
        assert!(ours.len() >= theirs.len().min(3), "{name}");
    }

    /// What is told of each alert but when it was overdue, which is a job's to say.
    fn known_alerts(&self) -> Vec<String> {
        let line = |alert: &workflow_alert::Model| {
            let times = (alert.created_at, alert.due_date, alert.completed_at, alert.dismissed_at);
            let state = (alert.status, alert.closed_reason, alert.priority, alert.is_read, alert.created_by_id.clone());
            let person = (&alert.assigned_to_id, alert.assigned_by_hand, alert.responsible_role, &alert.line_item_id);
            let text = (&alert.alert_type, &alert.title, &alert.message, &alert.step_name);
            let mut metadata = alert.metadata.clone().unwrap();
            assert_eq!(metadata["projectNumber"], self.project.project_number);
            metadata["projectNumber"] = 0.into();
            format!("{times:?} {state:?} {person:?} {text:?} {metadata}")
        };
        self.alerts.iter().map(line).collect()
    }
}

/// Each change of a row moves its instant on by a millisecond at least.
fn assert_close(ours: Instant, theirs: Instant, name: &str) {
    let apart = (theirs - ours).num_milliseconds();
    assert!((0..10).contains(&apart), "{name}: {ours} and {theirs}");
}
