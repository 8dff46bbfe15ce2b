//! The sample company: complete, the same each time, and exactly as the engine would have made it.

mod content;
mod file;
mod replay;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::Duration;
use entity::enums::{AlertStatus, ProjectPhase, ProjectStatus, ResponsibleRole, UserRole, WorkflowStatus};
use entity::scalar::Id;
use entity::{
    completed_workflow_item, contact, customer, job, notification, number_counter, project, project_message,
    project_phase_override, project_team_member, project_workflow, suppressed_workflow_alert, user, workflow_alert,
};
use ridgeline::app::App;
use ridgeline::demo::{LOGINS, PASSWORD, fill};
use ridgeline::error::Error;
use ridgeline::fold::fold;
use ridgeline::jobs::run_due;
use ridgeline::workflow::audit;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter};

use crate::data_bench::Bench;
use crate::harness::database::Backend;
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("demo::every_project_is_as_the_rules_say", rules);
    suite.on_each_database("demo::there_is_something_of_everything", everything);
    suite.on_each_database("demo::alerts_go_to_whom_they_should_and_fall_due", alerts);
    suite.on_each_database("demo::the_logins_sign_in_and_nobody_else_does", logins);
    suite.on_each_database("demo::filling_again_changes_nothing", content::twice);
    suite.on_each_database("demo::other_data_is_left_alone", refused);
    suite.on_each_database("demo::the_content_is_the_same_each_time", content::same);
    suite.on_each_database("demo::the_engine_would_have_made_the_same", replay::replayed);
    suite.on_each_database("demo::the_audit_finds_what_is_wrong", audited);
}

/// An instance with so many sample projects.
async fn filled(backend: Backend, projects: u32) -> (Bench, Arc<App>) {
    let bench = Bench::open(backend).await;
    let app = bench.instance().await;
    let summary = fill(&app, projects).await.unwrap();
    assert!(summary.made);
    assert_eq!((summary.people, summary.projects), (12, i64::from(projects)));
    (bench, app)
}

async fn all<E: EntityTrait>(db: &DatabaseConnection) -> Vec<E::Model> {
    E::find().all(db).await.unwrap()
}

async fn rules(backend: Backend) {
    let (bench, app) = filled(backend, 60).await;
    assert_eq!(audit::check(&app).await.unwrap(), Vec::<String>::new());
    let now = bench.now();
    let projects = all::<project::Entity>(&bench.db).await;
    let numbers: BTreeSet<i32> = projects.iter().map(|project| project.project_number).collect();
    assert_eq!(numbers, (10_001..10_061).collect());
    let counter = number_counter::Entity::find_by_id("projectNumber").one(&bench.db).await.unwrap().unwrap();
    assert_eq!(counter.last, 10_060);
    for project in &projects {
        assert!(project.created_at <= project.updated_at && project.updated_at <= now);
        assert_eq!(project.name_folded, fold(&project.project_name));
    }
    for customer in all::<customer::Entity>(&bench.db).await {
        assert_eq!(customer.name_folded, fold(&customer.primary_name));
        assert!(customer.search_folded.contains(&fold(&customer.address)));
    }
    // Messages and completions lie between the project's first day and now.
    let since: HashMap<&Id, _> = projects.iter().map(|project| (&project.id, project.created_at)).collect();
    for message in all::<project_message::Entity>(&bench.db).await {
        assert!(since[&message.project_id] <= message.created_at && message.created_at <= now);
        assert_eq!(message.is_system_generated, message.author_id.is_none());
        assert_eq!(usize::try_from(message.read_count).unwrap(), message.read_by.len());
    }
    for completion in all::<completed_workflow_item::Entity>(&bench.db).await {
        assert!(completion.completed_at <= now && completion.completed_by_id.is_some());
    }
}

async fn everything(backend: Backend) {
    let (bench, _) = filled(backend, 25).await;
    let db = &bench.db;
    let projects = all::<project::Entity>(db).await;
    let phases: BTreeSet<_> = projects.iter().map(|project| format!("{:?}", project.phase.unwrap())).collect();
    assert_eq!(phases.len(), 6);
    let count = |status| projects.iter().filter(|project| project.status == status).count();
    for status in [ProjectStatus::Pending, ProjectStatus::InProgress, ProjectStatus::Completed, ProjectStatus::OnHold] {
        assert!(count(status) > 0, "{status:?}");
    }
    assert!(projects.iter().any(|project| project.archived));
    let kinds: BTreeSet<_> = projects.iter().map(|project| format!("{:?}", project.project_type)).collect();
    let managers: BTreeSet<_> = projects.iter().map(|project| project.project_manager_id.clone()).collect();
    assert!(kinds.len() >= 4 && managers.len() == 4, "{kinds:?} {managers:?}");
    let workflows = all::<project_workflow::Entity>(db).await;
    assert!(workflows.iter().any(|workflow| workflow.status == WorkflowStatus::Cancelled));
    assert!(workflows.iter().any(|workflow| !workflow.enable_alerts));
    assert!(all::<project_phase_override::Entity>(db).await.iter().any(|moved| moved.is_active));
    assert!(!all::<suppressed_workflow_alert::Entity>(db).await.is_empty());
    assert!(!all::<contact::Entity>(db).await.is_empty());
    let alerts = all::<workflow_alert::Entity>(db).await;
    for status in [AlertStatus::Active, AlertStatus::Acknowledged, AlertStatus::Completed, AlertStatus::Dismissed] {
        assert!(alerts.iter().any(|alert| alert.status == status), "{status:?}");
    }
    let people = by_email(db).await;
    let team = all::<project_team_member::Entity>(db).await;
    for login in ["foreman", "worker"] {
        let on = team.iter().filter(|member| member.user_id == people[&format!("{login}@ridgeline.test")].id).count();
        assert!((2..25).contains(&on), "{login} is on {on} projects");
    }
    let client = customer::Column::PrimaryEmail.eq("client@ridgeline.test");
    let client = customer::Entity::find().filter(client).one(db).await.unwrap().unwrap();
    assert_eq!(projects.iter().filter(|project| project.customer_id == client.id).count(), 4);
    let messages = all::<project_message::Entity>(db).await;
    assert!(messages.iter().any(|message| message.parent_message_id.is_some()));
    assert!(messages.iter().any(|message| message.metadata.is_some()));
}

async fn by_email(db: &DatabaseConnection) -> BTreeMap<String, user::Model> {
    all::<user::Entity>(db).await.into_iter().map(|person| (person.email.clone(), person)).collect()
}

async fn alerts(backend: Backend) {
    let (bench, app) = filled(backend, 60).await;
    let (db, now) = (&bench.db, bench.now());
    let people = by_email(db).await;
    let id = |login: &str| Some(people[&format!("{login}@ridgeline.test")].id.clone());
    let projects: HashMap<Id, project::Model> =
        all::<project::Entity>(db).await.into_iter().map(|project| (project.id.clone(), project)).collect();
    let live = workflow_alert::Column::Status.is_in([AlertStatus::Active, AlertStatus::Acknowledged]);
    let live = workflow_alert::Entity::find().filter(live).all(db).await.unwrap();
    let (late, early): (Vec<_>, Vec<_>) = live.iter().partition(|alert| alert.due_date.unwrap() <= now);
    assert!(late.len() >= 10 && early.len() >= 10, "{} past due, {} on time", late.len(), early.len());
    assert!(late.iter().all(|alert| alert.overdue_at == alert.due_date));
    assert!(early.iter().all(|alert| alert.overdue_at.is_none()));
    for alert in live.iter().filter(|alert| !alert.assigned_by_hand) {
        let manager = projects[&alert.project_id].project_manager_id.clone();
        let assignee = match alert.responsible_role {
            ResponsibleRole::Office | ResponsibleRole::Administration => id("office"),
            ResponsibleRole::ProjectManager => manager.or_else(|| id("pm")),
            ResponsibleRole::FieldDirector => id("foreman"),
            ResponsibleRole::RoofSupervisor => continue,
        };
        assert_eq!(alert.assigned_to_id, assignee, "{}", alert.title);
    }
    let told: BTreeSet<_> = all::<notification::Entity>(db).await.into_iter().map(|told| told.recipient_id).collect();
    assert!(told.contains(&id("office").unwrap()) && told.contains(&id("worker").unwrap()));
    assert_eq!(job::Entity::find().count(db).await.unwrap(), u64::try_from(early.len()).unwrap());
    assert_eq!(run_due(&app).await.unwrap(), 0, "nothing is left to announce");
    bench.clock.advance(Duration::days(6));
    run_due(&app).await.unwrap();
    let overdue = workflow_alert::Column::OverdueAt.is_null();
    let waiting = workflow_alert::Column::Status.is_in([AlertStatus::Active, AlertStatus::Acknowledged]);
    let waiting = workflow_alert::Entity::find().filter(overdue).filter(waiting).count(db).await.unwrap();
    assert_eq!(waiting, 0, "every alert fell due");
    assert_eq!(audit::check(&app).await.unwrap(), Vec::<String>::new());
}

async fn logins(backend: Backend) {
    let (bench, app) = filled(backend, 1).await;
    let people = by_email(&bench.db).await;
    let roles = ["Admin", "Manager", "ProjectManager", "Foreman", "Worker", "Worker", "Client"];
    for (email, role) in LOGINS.iter().zip(roles) {
        let person = &people[*email];
        assert_eq!(format!("{:?}", person.role), role);
        assert!(person.is_active && person.is_verified);
        let turn = app.security.passwords.queue().unwrap();
        assert!(turn.verify(PASSWORD, Some(&person.password)).await.unwrap(), "{email}");
    }
    let hashes: BTreeSet<_> = people.values().map(|person| person.password.0.clone()).collect();
    assert_eq!(hashes.len(), LOGINS.len() + 1, "a hash for each login, and none that opens anything for the others");
    assert!(people.values().filter(|person| !LOGINS.contains(&person.email.as_str())).all(|p| p.password.0 == "!"));
    let office = &people["office@ridgeline.test"];
    let held = all::<entity::role_assignment::Entity>(&bench.db).await;
    assert_eq!(held.iter().filter(|held| held.is_active && held.user_id == office.id).count(), 2);
    assert_eq!((office.role, held.len()), (UserRole::Worker, 4));
}

async fn refused(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.instance().await;
    bench.customer().await;
    let refusal = fill(&app, 5).await.unwrap_err();
    assert!(matches!(&refusal, Error::Conflict { message, .. } if message.contains("other data")), "{refusal}");
    assert_eq!(user::Entity::find().count(&bench.db).await.unwrap(), 0);
    // What was begun and never finished is no demo either.
    let (bench, app) = filled(backend, 2).await;
    let admin = user::Column::Email.eq("admin@ridgeline.test");
    user::Entity::delete_many().filter(admin).exec(&bench.db).await.unwrap();
    let refusal = fill(&app, 5).await.unwrap_err();
    assert!(matches!(&refusal, Error::Conflict { message, .. } if message.contains("never finished")), "{refusal}");
}

async fn audited(backend: Backend) {
    let (bench, app) = filled(backend, 3).await;
    assert_eq!(audit::check(&app).await.unwrap(), Vec::<String>::new());
    for sql in [
        r#"UPDATE "projects" SET "progress" = 98 WHERE "projectNumber" = 10001"#,
        r#"UPDATE "projects" SET "status" = 'COMPLETED' WHERE "projectNumber" = 10002"#,
        r#"DELETE FROM "workflow_alerts" WHERE "status" = 'ACTIVE'
           AND "projectId" IN (SELECT "id" FROM "projects" WHERE "projectNumber" = 10003)"#,
    ] {
        bench.db.execute_unprepared(sql).await.unwrap();
    }
    let found = audit::check(&app).await.unwrap();
    let says = |words: &str| found.iter().any(|line| line.contains(words));
    assert!(says("Project 10001: the progress is 98 and should be"), "{found:#?}");
    assert!(says("Project 10002: the status is Completed and should be Pending."), "{found:#?}");
    assert!(says("Project 10003: ") && says("should have an alert."), "{found:#?}");
    assert_eq!(found.len(), 3, "{found:#?}");
    bench.db.execute_unprepared(r#"DELETE FROM "completed_workflow_items""#).await.unwrap();
    bench.db.execute_unprepared(r#"DELETE FROM "jobs""#).await.unwrap();
    let found = audit::check(&app).await.unwrap();
    assert!(found.iter().any(|line| line.contains("the completion of line item")), "{found:#?}");
    assert!(found.iter().any(|line| line.contains("nothing waits for the due date")), "{found:#?}");
    let phase: Vec<Option<ProjectPhase>> = all::<project::Entity>(&bench.db).await.iter().map(|p| p.phase).collect();
    assert_eq!(phase.len(), 3, "looking changes nothing");
}
