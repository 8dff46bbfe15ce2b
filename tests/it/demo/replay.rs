//! Sample projects lived through once more, deed by deed, by the engine itself: both must come to the same rows.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use entity::enums::{ProjectStatus, WorkflowStatus};
use entity::scalar::{Id, Instant};
use entity::{project, project_phase_override, project_team_member, user};
use ridgeline::app::App;
use ridgeline::data::scope::Scope;
use ridgeline::workflow::complete::CompleteLineItem;
use ridgeline::workflow::create::{CreateProject, CreateProjectInput};
use ridgeline::workflow::halt::SetHalt;
use ridgeline::workflow::override_phase::OverridePhase;
use ridgeline::workflow::rules::Halt;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};

use super::file::File;
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
                let again = OverridePhase { project, to: moved.to_phase, reason: moved.reason, suppress, key: None };
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
