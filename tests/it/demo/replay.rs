//! Sample projects lived through once more, deed by deed, by the engine itself: both must come to the same rows.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use entity::enums::{AlertStatus, ProjectStatus, WorkflowStatus};
use entity::scalar::{Id, Instant};
use entity::{
    completed_workflow_item, project, project_message, project_phase_override, project_team_member, project_workflow,
    project_workflow_tracker, suppressed_workflow_alert, user, workflow_alert, workflow_step, workflow_subtask,
};
use ridgeline::app::App;
use ridgeline::data::scope::Scope;
use ridgeline::workflow::complete::CompleteLineItem;
use ridgeline::workflow::create::{CreateProject, CreateProjectInput};
use ridgeline::workflow::halt::SetHalt;
use ridgeline::workflow::override_phase::OverridePhase;
use ridgeline::workflow::rules::Halt;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};

use super::{all, filled};
use crate::data_bench::Bench;
use crate::harness::database::Backend;

/// At work, not begun, past due, finished, held, moved, archived, cancelled, held back, moved twice, without alerts.
const CHOSEN: [i32; 11] = [10_001, 10_002, 10_003, 10_005, 10_011, 10_012, 10_015, 10_018, 10_019, 10_024, 10_025];

pub async fn replayed(backend: Backend) {
    let (bench, app) = filled(backend, 25).await;
    let mut office = Office { people: HashMap::new(), app, bench };
    for person in all::<user::Entity>(&office.bench.db).await {
        let scope = office.bench.sign_in(&office.app, &person.id).await;
        office.people.insert(person.id, (person.email, scope));
    }
    let chosen = project::Column::ProjectNumber.is_in(CHOSEN);
    let projects = project::Entity::find().filter(chosen).order_by_asc(project::Column::ProjectNumber);
    let projects = projects.all(&office.bench.db).await.unwrap();
    assert_eq!(projects.len(), CHOSEN.len());
    for sample in &projects {
        let again = office.live_through(sample).await;
        let (sample, again) = (File::of(&office.bench.db, &sample.id).await, File::of(&office.bench.db, &again).await);
        sample.same_as(&again);
    }
}

struct Office {
    app: Arc<App>,
    bench: Bench,
    /// Everybody with the e-mail address, signed in.
    people: HashMap<Id, (String, Scope)>,
}

/// Something that happened to a project.
enum Deed {
    Complete { line_item: Id, notes: Option<String> },
    Move(project_phase_override::Model),
    Stop(Halt, Option<String>),
}

impl Office {
    fn at(&self, at: Instant) {
        self.bench.clock.advance(at - self.bench.now());
    }

    fn manager(&self) -> &Scope {
        self.people.values().find(|(email, _)| email == "manager@ridgeline.test").map(|(_, scope)| scope).unwrap()
    }

    async fn live_through(&self, sample: &project::Model) -> Id {
        let db = &self.bench.db;
        let file = File::of(db, &sample.id).await;
        self.at(sample.created_at);
        let creator = &self.people[sample.created_by_id.as_ref().unwrap()].1;
        let project = creator.write(&CreateProject { input: input(sample) }).await.unwrap();
        // The crew was there from the first day.
        for member in file.team {
            let id = Id(format!("again-{}", &member.id.0[..20]));
            let row = project_team_member::ActiveModel {
                id: Set(id),
                created_at: Set(member.created_at),
                updated_at: Set(member.updated_at),
                project_id: Set(project.clone()),
                user_id: Set(member.user_id),
                role: Set(member.role),
            };
            project_team_member::Entity::insert(row).exec_without_returning(db).await.unwrap();
        }
        let lead = sample.project_manager_id.as_ref().map_or(self.manager(), |manager| &self.people[manager].1);
        for (at, (who, deed)) in deeds(db, sample).await {
            self.at(at);
            let who = who.as_ref().map_or(lead, |who| &self.people[who].1);
            self.repeat(who, &project, deed).await;
        }
        project
    }

    async fn repeat(&self, who: &Scope, project: &Id, deed: Deed) {
        let project = project.clone();
        match deed {
            Deed::Complete { line_item, notes } => {
                let done = who.write(&CompleteLineItem { project, line_item, notes }).await.unwrap();
                assert!(!done.already);
            }
            Deed::Move(moved) => {
                let suppress = Some(moved.suppress_alerts_for.0);
                let again = OverridePhase { project, to: moved.to_phase, reason: moved.reason, suppress };
                who.write(&again).await.unwrap();
            }
            Deed::Stop(halt, reason) => {
                who.write(&SetHalt { project, halt, on: true, reason }).await.unwrap();
            }
        }
    }
}

fn input(sample: &project::Model) -> CreateProjectInput {
    CreateProjectInput {
        customer_id: sample.customer_id.clone(),
        project_name: sample.project_name.clone(),
        project_type: sample.project_type,
        budget: sample.budget,
        start_date: sample.start_date,
        end_date: sample.end_date,
        project_manager_id: sample.project_manager_id.clone(),
        description: sample.description.clone(),
        priority: Some(sample.priority),
        estimated_cost: sample.estimated_cost,
        section_ids: None,
        idempotency_key: None,
    }
}

/// What happened, in order, and who did it; the project's lead where nobody is named.
async fn deeds(db: &DatabaseConnection, sample: &project::Model) -> BTreeMap<Instant, (Option<Id>, Deed)> {
    let file = File::of(db, &sample.id).await;
    let mut deeds = BTreeMap::new();
    for done in file.completions {
        let deed = Deed::Complete { line_item: done.line_item_id, notes: done.notes };
        deeds.insert(done.completed_at, (done.completed_by_id, deed));
    }
    for moved in file.overrides {
        deeds.insert(moved.created_at, (Some(moved.overridden_by_id.clone()), Deed::Move(moved)));
    }
    let said = |subject: &str| {
        let message = file.messages.iter().find(|message| message.subject == subject).unwrap();
        (message.created_at, message.content.split_once(" Reason: ").map(|(_, reason)| reason.to_owned()))
    };
    if sample.status == ProjectStatus::OnHold {
        let (at, reason) = said("Project on hold");
        deeds.insert(at, (None, Deed::Stop(Halt::Held, reason)));
    }
    if file.workflow.status == WorkflowStatus::Cancelled {
        let (at, reason) = said("Workflow cancelled");
        deeds.insert(at, (None, Deed::Stop(Halt::Cancelled, reason)));
    }
    if let Some(at) = sample.archived_at {
        deeds.insert(at, (None, Deed::Stop(Halt::Archived, None)));
    }
    if !file.workflow.enable_alerts {
        deeds.insert(file.workflow.updated_at, (None, Deed::Stop(Halt::AlertsOff, None)));
    }
    deeds
}

/// Everything that is stored of a project's workflow.
struct File {
    project: project::Model,
    team: Vec<project_team_member::Model>,
    workflow: project_workflow::Model,
    tracker: project_workflow_tracker::Model,
    steps: Vec<workflow_step::Model>,
    subtasks: Vec<workflow_subtask::Model>,
    completions: Vec<completed_workflow_item::Model>,
    overrides: Vec<project_phase_override::Model>,
    held_back: Vec<suppressed_workflow_alert::Model>,
    alerts: Vec<workflow_alert::Model>,
    messages: Vec<project_message::Model>,
}

async fn rows<E: EntityTrait>(
    db: &DatabaseConnection,
    column: E::Column,
    ids: &[Id],
    order: E::Column,
) -> Vec<E::Model> {
    E::find().filter(column.is_in(ids.iter().cloned())).order_by_asc(order).all(db).await.unwrap()
}

impl File {
    async fn of(db: &DatabaseConnection, project: &Id) -> Self {
        let one = std::slice::from_ref(project);
        let workflow = rows::<project_workflow::Entity>(
            db,
            project_workflow::Column::ProjectId,
            one,
            project_workflow::Column::Id,
        );
        let workflow = workflow.await.remove(0);
        let tracker = project_workflow_tracker::Column::ProjectId.eq(project.clone());
        let tracker = project_workflow_tracker::Entity::find().filter(tracker).one(db).await.unwrap().unwrap();
        let (of, order) = (workflow_step::Column::WorkflowId, workflow_step::Column::StepOrder);
        let steps = rows::<workflow_step::Entity>(db, of, std::slice::from_ref(&workflow.id), order).await;
        let ids: Vec<Id> = steps.iter().map(|step| step.id.clone()).collect();
        let (of, order) = (workflow_subtask::Column::StepId, workflow_subtask::Column::LineItemId);
        let subtasks = rows::<workflow_subtask::Entity>(db, of, &ids, order).await;
        let trackers = std::slice::from_ref(&tracker.id);
        let (of, order) = (completed_workflow_item::Column::TrackerId, completed_workflow_item::Column::CompletedAt);
        let completions = rows::<completed_workflow_item::Entity>(db, of, trackers, order).await;
        let (of, order) = (project_phase_override::Column::ProjectId, project_phase_override::Column::CreatedAt);
        let overrides = rows::<project_phase_override::Entity>(db, of, one, order).await;
        let ids: Vec<Id> = overrides.iter().map(|moved| moved.id.clone()).collect();
        let (of, order) = (suppressed_workflow_alert::Column::OverrideId, suppressed_workflow_alert::Column::CreatedAt);
        let held_back = rows::<suppressed_workflow_alert::Entity>(db, of, &ids, order).await;
        let (of, order) = (workflow_alert::Column::ProjectId, workflow_alert::Column::CreatedAt);
        let alerts = rows::<workflow_alert::Entity>(db, of, one, order).await;
        let written = project_message::Entity::find()
            .filter(project_message::Column::ProjectId.eq(project.clone()))
            .filter(project_message::Column::IsSystemGenerated.eq(true))
            .order_by_asc(project_message::Column::CreatedAt)
            .order_by_asc(project_message::Column::Subject);
        let (of, order) = (project_team_member::Column::ProjectId, project_team_member::Column::UserId);
        Self {
            team: rows::<project_team_member::Entity>(db, of, one, order).await,
            project: project::Entity::find_by_id(project.clone()).one(db).await.unwrap().unwrap(),
            messages: written.all(db).await.unwrap(),
            workflow,
            tracker,
            steps,
            subtasks,
            completions,
            overrides,
            held_back,
            alerts,
        }
    }

    /// But for ids, numbers and the milliseconds that tell two changes of one transaction apart.
    fn same_as(&self, other: &Self) {
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
