//! Writes: whole or not at all, once where they are repeated, and never in each other's way.

use std::sync::Arc;

use entity::enums::{MessagePriority, NotificationType, UserRole};
use entity::scalar::Id;
use entity::{change, idempotency_key, job, notification, project, project_message};
use ridgeline::data::access::Permission;
use ridgeline::data::scope::Scope;
use ridgeline::data::tx::{Tx, UseCase};
use ridgeline::error::{Error, Result};
use ridgeline::messages::read::{MarkProjectMessagesRead, MarkProjectMessagesReadInput};
use ridgeline::messages::send::{SendProjectMessage, SendProjectMessageInput};
use ridgeline::notifications::read::MarkAllNotificationsRead;
use sea_orm::ActiveValue::Set;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use tokio::sync::Barrier;

use crate::data_bench::Bench;
use crate::harness::database::Backend;
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("data_writes::many_writers_of_the_same_rows_all_get_through", many_writers);
    suite.on_each_database("data_writes::a_failure_anywhere_leaves_nothing", failures);
    suite.on_each_database("data_writes::a_permission_is_asked_before_anything_is_opened", permission);
    suite.on_each_database("data_writes::a_repeated_create_is_done_once", repeated);
    suite.on_each_database("data_writes::the_same_key_at_once_makes_one_row", repeated_at_once);
    suite.on_each_database("data_writes::updated_at_grows_strictly", updated_at);
    suite.on_each_database("data_writes::readers_are_not_lost", readers);
    suite.on_each_database("data_writes::the_number_of_statements_is_fixed", statements);
}

/// One more on each of these projects, which are locked in the order of their ids.
struct Raise(Vec<Id>);

impl UseCase for Raise {
    type Output = ();
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        for id in &self.0 {
            let row = tx.lock::<project::Entity>(id).await?;
            let after = project::Model { progress: row.progress + 1, ..row.clone() };
            tx.save::<project::Entity>(&row, after).await?;
        }
        Ok(())
    }
}

async fn many_writers(backend: Backend) {
    const WRITERS: usize = 64;
    let bench = Bench::open(backend).await;
    let apps = [bench.running_instance().await, bench.running_instance().await];
    let scopes = [bench.hire(&apps[0], UserRole::Admin).await, bench.hire(&apps[1], UserRole::Manager).await];
    let mut projects = [bench.project().await, bench.project().await, bench.project().await];
    projects.sort_unstable();
    let writers = (0..WRITERS).map(|n| {
        let (scope, mut some) = (scopes[n % 2].clone(), projects.to_vec());
        some.remove(n % 3);
        tokio::spawn(async move { scope.write(&Raise(some)).await })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap().expect("nobody should be turned away");
    }
    let mut raised = 0;
    for id in &projects {
        raised += stored(&bench, id).await.progress;
    }
    assert_eq!(usize::try_from(raised).unwrap(), WRITERS * 2);
}

/// Everything a use-case can do, until it fails.
struct Fail<'a> {
    project: &'a Id,
    at: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The use-case says no at its end.
    Refusal,
    /// A statement is refused.
    Statement,
    /// What is written last, at the commit, is refused.
    Commit,
    /// The program breaks.
    Panic,
}

impl UseCase for Fail<'_> {
    type Output = ();
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let input = send(self.project, "A message", Some("a key"));
        SendProjectMessage { input }.run(tx).await?;
        Raise(vec![self.project.clone()]).run(tx).await?;
        tx.enqueue("no such job", json!({}), tx.now(), None);
        match self.at {
            Stage::Refusal => Err(Error::conflict("No.")),
            Stage::Statement => {
                let row = tx.load::<project::Entity>(self.project).await?;
                let after = project::Model { progress: 101, ..row.clone() };
                tx.save::<project::Entity>(&row, after).await.map(|_| ())
            }
            // Longer than the column is.
            Stage::Commit => {
                tx.enqueue("no such job", json!({}), tx.now(), Some("x".repeat(300)));
                Ok(())
            }
            // A panic that does not fill the output.
            Stage::Panic => std::panic::resume_unwind(Box::new("broken on purpose")),
        }
    }
}

async fn failures(backend: Backend) {
    let bench = Arc::new(Bench::open(backend).await);
    let app = bench.instance().await;
    let scope = bench.hire(&app, UserRole::Admin).await;
    let project = bench.project().await;
    let before = stored(&bench, &project).await;
    for at in [Stage::Refusal, Stage::Statement, Stage::Commit, Stage::Panic] {
        let (scope, id) = (scope.clone(), project.clone());
        let outcome = tokio::spawn(async move { scope.write(&Fail { project: &id, at }).await }).await;
        assert!(!matches!(outcome, Ok(Ok(()))), "{at:?} should fail");
        assert_eq!(stored(&bench, &project).await, before, "{at:?}");
        assert_eq!(counts(&bench).await, [0; 4], "{at:?}");
    }
    scope.write(&Raise(vec![project.clone()])).await.expect("nothing should be left locked");
    assert_eq!(counts(&bench).await, [0, 1, 0, 0]);
}

/// How many messages, changes, jobs and idempotency keys there are.
async fn counts(bench: &Bench) -> [u64; 4] {
    [
        project_message::Entity::find().count(&bench.db).await.unwrap(),
        bench.told().await,
        job::Entity::find().count(&bench.db).await.unwrap(),
        idempotency_key::Entity::find().count(&bench.db).await.unwrap(),
    ]
}

async fn permission(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.instance().await;
    let client = bench.hire(&app, UserRole::Client).await;
    let worker = bench.hire(&app, UserRole::Worker).await;
    let project = bench.project().await;
    let before = app.db.statements();
    let refused = client.write(&Raise(vec![project.clone()])).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    assert_eq!(app.db.statements(), before, "not a statement");
    let missing = worker.write(&Raise(vec![project])).await;
    assert!(matches!(missing, Err(Error::NotFound(_))), "what is out of reach does not exist");
}

fn send(project: &Id, content: &str, key: Option<&str>) -> SendProjectMessageInput {
    SendProjectMessageInput {
        project_id: project.clone(),
        subject: "Gutters".to_owned(),
        content: content.to_owned(),
        priority: Some(MessagePriority::High),
        parent_message_id: None,
        alert_id: None,
        idempotency_key: key.map(str::to_owned),
    }
}

async fn sent(scope: &Scope, project: &Id, content: &str, key: Option<&str>) -> Result<Id> {
    scope.write(&SendProjectMessage { input: send(project, content, key) }).await
}

async fn repeated(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.instance().await;
    let (scope, other) = (bench.hire(&app, UserRole::Admin).await, bench.hire(&app, UserRole::Manager).await);
    let project = bench.project().await;
    let first = sent(&scope, &project, "Once.", Some("key")).await.unwrap();
    assert_eq!(sent(&scope, &project, "Once.", Some("key")).await.unwrap(), first);
    assert_eq!(project_message::Entity::find().count(&bench.db).await.unwrap(), 1);
    assert_eq!(bench.told().await, 1, "a replay tells nobody");

    let otherwise = sent(&scope, &project, "Twice.", Some("key")).await;
    let Err(Error::Conflict { fields, .. }) = otherwise else { panic!("a key means one input") };
    assert_eq!(fields[0].path, "input.idempotencyKey");
    assert_ne!(sent(&other, &project, "Once.", Some("key")).await.unwrap(), first, "keys are a person's own");
    assert_ne!(sent(&scope, &project, "Once.", None).await.unwrap(), first, "without a key each is another");
    for bad in [String::new(), "k".repeat(201)] {
        assert!(matches!(sent(&scope, &project, "Once.", Some(&bad)).await, Err(Error::BadUserInput(_))));
    }
    bench.clock.advance(chrono::Duration::hours(25));
    assert_ne!(sent(&scope, &project, "Once.", Some("key")).await.unwrap(), first, "after a day the key is free again");
}

async fn repeated_at_once(backend: Backend) {
    let bench = Bench::open(backend).await;
    let apps = [bench.instance().await, bench.instance().await];
    let person = bench.person(UserRole::ProjectManager).await;
    let scopes = [bench.sign_in(&apps[0], &person).await, bench.sign_in(&apps[1], &person).await];
    let project = bench.project().await;
    let attempts = (0..16).map(|n| {
        let (scope, project) = (scopes[n % 2].clone(), project.clone());
        tokio::spawn(async move { sent(&scope, &project, "Once.", Some("key")).await })
    });
    let mut answers = Vec::new();
    for attempt in attempts.collect::<Vec<_>>() {
        answers.push(attempt.await.unwrap().expect("each should be answered"));
    }
    answers.dedup();
    let rows = project_message::Entity::find().all(&bench.db).await.unwrap();
    assert_eq!(answers, rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>(), "one row, and its id for everyone");
    assert_eq!(bench.told().await, 1);
}

async fn updated_at(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.instance().await;
    let scope = bench.hire(&app, UserRole::Admin).await;
    let project = bench.project().await;
    let mut last = stored(&bench, &project).await.updated_at;
    // The clock stands still, goes back, and goes on.
    for step in [0, 0, -60_000, 0, 120_000] {
        bench.clock.advance(chrono::Duration::milliseconds(step));
        scope.write(&Raise(vec![project.clone()])).await.unwrap();
        let now = stored(&bench, &project).await.updated_at;
        assert!(now > last, "{now} should come after {last}");
        last = now;
    }
    assert_eq!(last, bench.now(), "and is the present again as soon as it can be");
}

async fn readers(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.instance().await;
    let author = bench.hire(&app, UserRole::Admin).await;
    let project = bench.project().await;
    let mut messages = Vec::new();
    for n in 0..3 {
        messages.push(sent(&author, &project, &format!("Number {n}."), None).await.unwrap());
    }
    let told = change::Entity::find().count(&bench.db).await.unwrap();
    let mut people = vec![author.viewer().id.clone()];
    let mut scopes = Vec::new();
    for _ in 0..12 {
        scopes.push(bench.hire(&app, UserRole::Manager).await);
        people.extend(scopes.last().map(|scope| scope.viewer().id.clone()));
    }
    // Each twice, as clients do, and all at once.
    let everybody = scopes.iter().chain(&scopes).cloned();
    let start = Arc::new(Barrier::new(scopes.len() * 2));
    let reading = everybody.map(|scope| {
        let input = MarkProjectMessagesReadInput { project_id: project.clone(), message_ids: messages.clone() };
        let start = start.clone();
        tokio::spawn(async move {
            start.wait().await;
            scope.write(&MarkProjectMessagesRead { input }).await
        })
    });
    let reading: Vec<_> = reading.collect();
    for read in reading {
        read.await.unwrap().unwrap();
    }
    people.sort_unstable();
    for row in project_message::Entity::find().all(&bench.db).await.unwrap() {
        assert_eq!(row.read_by[0], author.viewer().id.as_str(), "the author comes first");
        let mut readers: Vec<Id> = row.read_by.iter().map(|id| id.as_str().into()).collect();
        readers.sort_unstable();
        assert_eq!((&readers, row.read_count), (&people, 13));
    }
    assert_eq!(change::Entity::find().count(&bench.db).await.unwrap(), told, "reading is not told of");
}

async fn statements(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.instance().await;
    let scope = bench.hire(&app, UserRole::Admin).await;
    let project = bench.project().await;
    let cost_of_sending = async || {
        let before = app.db.statements();
        let id = sent(&scope, &project, "Counted.", Some(&before.to_string())).await.unwrap();
        (app.db.statements() - before, id)
    };
    let (first, _) = cost_of_sending().await;
    assert!(first <= 10, "{first} statements for one message");
    let mut messages = Vec::new();
    for _ in 0..60 {
        let (cost, id) = cost_of_sending().await;
        assert_eq!(cost, first, "the hundredth costs what the first did");
        messages.push(id);
    }
    let reader = bench.hire(&app, UserRole::Manager).await;
    let mut costs = Vec::new();
    for some in [&messages[..1], &messages[1..]] {
        let input = MarkProjectMessagesReadInput { project_id: project.clone(), message_ids: some.to_vec() };
        let before = app.db.statements();
        reader.write(&MarkProjectMessagesRead { input }).await.unwrap();
        costs.push(app.db.statements() - before);
    }
    assert_eq!(costs[0], costs[1], "a page of messages is read like one");

    let mut costs = Vec::new();
    for many in [1, 120] {
        notify(&bench, &reader.viewer().id, many).await;
        let before = app.db.statements();
        assert_eq!(reader.write(&MarkAllNotificationsRead { until: None }).await.unwrap(), many);
        costs.push(app.db.statements() - before);
    }
    assert_eq!(costs[0], costs[1], "and many notifications like one");
}

/// So many unread notifications.
async fn notify(bench: &Bench, person: &Id, many: i64) {
    let start = notification::Entity::find().count(&bench.db).await.unwrap();
    let rows = (0..many).map(|n| notification::ActiveModel {
        id: Set(format!("notification{}", n + i64::try_from(start).unwrap()).into()),
        created_at: Set(bench.now()),
        updated_at: Set(bench.now()),
        title: Set("Something".to_owned()),
        message: Set("Something has happened.".to_owned()),
        notification_type: Set(NotificationType::Reminder),
        recipient_id: Set(person.clone()),
        ..Default::default()
    });
    notification::Entity::insert_many(rows).exec_without_returning(&bench.db).await.unwrap();
}

async fn stored(bench: &Bench, project: &Id) -> project::Model {
    project::Entity::find_by_id(project.clone()).one(&bench.db).await.unwrap().unwrap()
}
