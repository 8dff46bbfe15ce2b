//! The change log: whoever listens hears everything, in order, and only what they may see, whatever commits when.

use std::sync::Arc;

use entity::change;
use entity::enums::{ChangeKind, MessagePriority, ProjectMessageType, UserRole};
use entity::scalar::Id;
use entity::{project, project_message, project_team_member};
use ridgeline::app::App;
use ridgeline::data::access::Permission;
use ridgeline::data::stream::Seen;
use ridgeline::data::told::Told;
use ridgeline::data::tx::{Tx, UseCase};
use ridgeline::error::{Error, Result};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, TransactionTrait};

use crate::data_bench::{Bench, Ear};
use crate::harness::database::Backend;
use crate::harness::suite::Suite;

const MESSAGES: &str = "project_messages";

pub fn register(suite: &mut Suite) {
    suite.on(Backend::Postgres, "data_log::a_slow_transaction_is_not_stepped_over", slow_transaction);
    suite.on_each_database("data_log::instances_that_number_at_once_lose_nothing", many_instances);
    suite.on_each_database("data_log::cursors_that_cannot_be_resumed_from_are_refused", bad_cursors);
    suite.on_each_database("data_log::what_was_pruned_cannot_be_resumed_from", pruned);
    suite.on_each_database("data_log::projects_come_and_go_with_the_team", sight);
    suite.on_each_database("data_log::a_person_whose_sight_changed_starts_afresh", renewed);
    suite.on_each_database("data_log::one_transaction_tells_of_a_row_once", once_a_transaction);
}

/// Writes the next of a project's numbered messages. The lock makes the numbers count up in the order of commits.
struct Count<'a>(&'a Id);

impl UseCase for Count<'_> {
    type Output = Id;
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let project = tx.lock::<project::Entity>(self.0).await?;
        let mine = project_message::Column::ProjectId.eq(project.id.clone());
        let before = tx.all(tx.find::<project_message::Entity>().filter(mine)).await?.len();
        let message = tx.insert::<project_message::Entity>(message(&project.id, before + 1)).await?;
        Ok(message.id)
    }
}

fn message(project: &Id, number: usize) -> project_message::ActiveModel {
    project_message::ActiveModel {
        subject: Set(number.to_string()),
        content: Set("Counted.".to_owned()),
        message_type: Set(ProjectMessageType::UserMessage),
        priority: Set(MessagePriority::Medium),
        author_name: Set("A test".to_owned()),
        project_id: Set(project.clone()),
        project_number: Set(1),
        ..Default::default()
    }
}

/// On the connection of somebody who takes long: a message, and the change that tells of it.
async fn insert_slowly(bench: &Bench, db: &impl ConnectionTrait, project: &Id) -> Id {
    let row = project_message::ActiveModel {
        id: Set("slow".into()),
        created_at: Set(bench.now()),
        updated_at: Set(bench.now()),
        ..message(project, 1)
    };
    project_message::Entity::insert(row).exec_without_returning(db).await.unwrap();
    let told = change::ActiveModel {
        kind: Set(ChangeKind::Created),
        entity: Set(MESSAGES.to_owned()),
        entity_id: Set("slow".into()),
        project_id: Set(Some(project.clone())),
        gained: Set(entity::list::List::default()),
        lost: Set(entity::list::List::default()),
        created_at: Set(bench.now()),
        ..Default::default()
    };
    change::Entity::insert(told).exec_without_returning(db).await.unwrap();
    "slow".into()
}

async fn slow_transaction(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.running_instance().await;
    let scope = bench.hire(&app, UserRole::Admin).await;
    let (quick, slow) = (bench.project().await, bench.project().await);
    let mut ear = Ear::now(&scope, MESSAGES).await;

    let transaction = bench.db.begin().await.unwrap();
    let late = insert_slowly(&bench, &transaction, &slow).await;
    let mut written = Vec::new();
    for _ in 0..3 {
        written.push(scope.write(&Count(&quick)).await.unwrap());
    }
    let heard = ear.take(3).await;
    assert_eq!(ids(&heard), written, "whoever is done is heard, whoever is not is not waited for");

    transaction.commit().await.unwrap();
    written.push(scope.write(&Count(&quick)).await.unwrap());
    let last = ids(&ear.take(2).await);
    assert!(last.contains(&late) && last.contains(&written[3]), "{last:?}");
    // The point of the matter: its number was drawn before all others, and it stands after those heard before it.
    let log = change::Entity::find().order_by_asc(change::Column::Seq).all(&bench.db).await.unwrap();
    let at = |id: &Id| log.iter().position(|change| change.entity_id == *id).unwrap();
    let slow_change = &log[at(&late)];
    assert!(written[..3].iter().all(|id| slow_change.id < log[at(id)].id && at(&late) > at(id)));

    let mut again = Ear::from(&scope, MESSAGES, Some(&heard[2].cursor)).await.unwrap();
    assert_eq!(ids(&again.take(2).await), last, "whoever resumes hears the same");
}

async fn many_instances(backend: Backend) {
    const EACH: usize = 12;
    let bench = Arc::new(Bench::open(backend).await);
    let apps = [bench.running_instance().await, bench.running_instance().await];
    let start = apps[0].log.cursor().to_string();
    let projects = [bench.project().await, bench.project().await, bench.project().await];
    let scopes = [bench.hire(&apps[0], UserRole::Manager).await, bench.hire(&apps[1], UserRole::Worker).await];
    // The second reads along as somebody who sees one project alone.
    let worker = scopes[1].viewer().id.clone();
    scopes[0].write(&Join { project: &projects[0], person: &worker }).await.unwrap();
    let mut ears = [Ear::from(&scopes[0], MESSAGES, Some(&start)).await.unwrap(), Ear::now(&scopes[1], MESSAGES).await];

    let writers = apps.iter().flat_map(|app| projects.iter().cloned().map(|project| (app.clone(), project)));
    let writers: Vec<_> =
        writers.map(|(app, project)| tokio::spawn(write(bench.clone(), app, project, EACH))).collect();
    let total = EACH * writers.len();
    let everything = ears[0].take(total).await;
    let own = ears[1].take(EACH * 2).await;
    for writer in writers {
        writer.await.unwrap();
    }

    for project in &projects {
        let numbers: Vec<usize> =
            everything.iter().filter(|seen| seen.event.project.as_ref() == Some(project)).map(number).collect();
        assert_eq!(numbers, (1..=EACH * 2).collect::<Vec<_>>(), "a project's changes stand in the order they happened");
    }
    assert!(own.iter().all(|seen| seen.event.project.as_ref() == Some(&projects[0])));
    let seqs: Vec<i64> = everything.iter().map(|seen| seen.event.seq).collect();
    assert!(seqs.is_sorted_by(|a, b| a < b), "each number once, and in order: {seqs:?}");
    // An instance that has just been started has nothing in memory, and reads it all from the log.
    let late = bench.running_instance().await;
    let reader = bench.hire(&late, UserRole::Admin).await;
    let mut ear = Ear::from(&reader, MESSAGES, Some(&start)).await.unwrap();
    assert_eq!(ids(&ear.take(total).await), ids(&everything));
    let mut ear = Ear::from(&reader, MESSAGES, Some(&everything[total / 2].cursor)).await.unwrap();
    assert_eq!(ids(&ear.take(total - total / 2 - 1).await), ids(&everything[total / 2 + 1..]));
}

async fn write(bench: Arc<Bench>, app: Arc<App>, project: Id, times: usize) {
    let scope = bench.hire(&app, UserRole::Manager).await;
    for _ in 0..times {
        scope.write(&Count(&project)).await.unwrap();
    }
}

async fn bad_cursors(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.running_instance().await;
    let scope = bench.hire(&app, UserRole::Admin).await;
    let project = bench.project().await;
    let mut ear = Ear::now(&scope, MESSAGES).await;
    scope.write(&Count(&project)).await.unwrap();
    let cursor = ear.next().await.cursor;
    let (epoch, seq) = cursor.split_once('.').unwrap();

    let ahead = format!("{epoch}.{}", seq.parse::<i64>().unwrap() + 1);
    let of_another = format!("{}.{seq}", "a".repeat(epoch.len()));
    let before_all = format!("{epoch}.-1");
    let parts = [format!("{epoch}."), format!(".{seq}"), format!("{epoch}.x"), format!("{cursor}.1")];
    for bad in [&ahead, &of_another, &before_all].into_iter().chain(&parts).map(String::as_str).chain(["", "nonsense"])
    {
        let refused = Ear::from(&scope, MESSAGES, Some(bad)).await;
        assert!(matches!(refused, Err(Error::CursorExpired)), "{bad:?}");
    }
    for good in [cursor.clone(), format!("{epoch}.0")] {
        assert!(Ear::from(&scope, MESSAGES, Some(&good)).await.is_ok(), "{good}");
    }
}

async fn pruned(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.running_instance().await;
    let start = app.log.cursor().to_string();
    let project = bench.project().await;
    let scope = bench.hire(&app, UserRole::Admin).await;
    let mut ear = Ear::now(&scope, MESSAGES).await;
    for _ in 0..3 {
        scope.write(&Count(&project)).await.unwrap();
    }
    let old = ear.take(3).await;
    // Somebody who has subscribed on an instance that has none of this in memory, and has not read anything yet.
    let other = bench.running_instance().await;
    let reader = bench.hire(&other, UserRole::Admin).await;
    let mut slow = Ear::from(&reader, MESSAGES, Some(&start)).await.unwrap();
    bench.clock.advance(chrono::Duration::days(6));
    for _ in 0..2 {
        scope.write(&Count(&project)).await.unwrap();
    }
    let new = ear.take(2).await;

    bench.clock.advance(chrono::Duration::days(2));
    let keeper = bench.instance().await;
    ridgeline::jobs::run_due(&keeper).await.unwrap();
    assert_eq!(change::Entity::find().count(&bench.db).await.unwrap(), 2, "what is older than the retention is gone");
    for gone in [&start, &old[0].cursor, &old[1].cursor] {
        assert!(matches!(Ear::from(&scope, MESSAGES, Some(gone)).await, Err(Error::CursorExpired)), "{gone}");
    }
    assert!(matches!(slow.hear().await, Err(Error::CursorExpired)), "never a gap without a word");
    assert!(slow.hear().await.unwrap().is_none());
    let mut resumed = Ear::from(&reader, MESSAGES, Some(&old[2].cursor)).await.unwrap();
    assert_eq!(ids(&resumed.take(2).await), ids(&new), "what is left can be resumed from");
}

/// Puts a person on a project's team.
struct Join<'a> {
    project: &'a Id,
    person: &'a Id,
}

impl UseCase for Join<'_> {
    type Output = project_team_member::Model;
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<project_team_member::Model> {
        tx.lock::<project::Entity>(self.project).await?;
        let row = project_team_member::ActiveModel {
            project_id: Set(self.project.clone()),
            user_id: Set(self.person.clone()),
            ..Default::default()
        };
        tx.insert::<project_team_member::Entity>(row).await
    }
}

struct Leave(project_team_member::Model);

impl UseCase for Leave {
    type Output = ();
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.lock::<project::Entity>(&self.0.project_id).await?;
        tx.delete::<project_team_member::Entity>(&self.0).await
    }
}

async fn sight(backend: Backend) {
    let bench = Bench::open(backend).await;
    let here = bench.running_instance().await;
    let there = bench.beside(&here).await;
    let (lead, worker) = (bench.hire(&here, UserRole::Admin).await, bench.hire(&there, UserRole::Worker).await);
    let me = &worker.viewer().id;
    let (home, site, elsewhere) = (bench.project().await, bench.project().await, bench.project().await);
    bench.on_team(&home, me).await;
    let (mut projects, mut messages) = (Ear::now(&worker, "projects").await, Ear::now(&worker, MESSAGES).await);

    lead.write(&Count(&site)).await.unwrap();
    let at_home = lead.write(&Count(&home)).await.unwrap();
    assert_eq!(messages.next().await.id, at_home, "other people's projects are not heard of");
    let member = lead.write(&Join { project: &site, person: me }).await.unwrap();
    let came = projects.next().await;
    assert_eq!((came.kind, &came.id, came.told().is_some()), (ChangeKind::Created, &site, true));
    lead.write(&Count(&elsewhere)).await.unwrap();
    let on_site = lead.write(&Count(&site)).await.unwrap();
    assert_eq!(messages.next().await.id, on_site, "one's own are, from then on");

    lead.write(&Leave(member)).await.unwrap();
    let went = projects.next().await;
    assert_eq!((went.kind, &went.id, went.told().is_none()), (ChangeKind::Deleted, &site, true));
    lead.write(&Count(&site)).await.unwrap();
    let at_home = lead.write(&Count(&home)).await.unwrap();
    assert_eq!(messages.next().await.id, at_home, "and no longer once one has left");
}

/// What this person may see as a whole has changed.
struct Renew<'a>(&'a Id);

impl UseCase for Renew<'_> {
    type Output = ();
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.renew_viewer(self.0);
        Ok(())
    }
}

async fn renewed(backend: Backend) {
    let bench = Bench::open(backend).await;
    let here = bench.running_instance().await;
    let there = bench.beside(&here).await;
    let (lead, foreman) = (bench.hire(&here, UserRole::Admin).await, bench.hire(&there, UserRole::Foreman).await);
    let project = bench.project().await;
    let (mut ear, mut other) = (Ear::now(&foreman, "projects").await, Ear::now(&lead, MESSAGES).await);
    lead.write(&Renew(&foreman.viewer().id)).await.unwrap();
    assert!(matches!(ear.hear().await, Err(Error::CursorExpired)));
    assert!(ear.hear().await.unwrap().is_none(), "that was the last");
    let written = lead.write(&Count(&project)).await.unwrap();
    assert_eq!(other.next().await.id, written, "nobody else is disturbed");
}

/// Changes a project twice and puts somebody on its team, all at once.
struct Rearrange<'a>(&'a Id);

impl UseCase for Rearrange<'_> {
    type Output = ();
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut row = tx.lock::<project::Entity>(self.0).await?;
        for text in ["one", "two"] {
            let after = project::Model { description: Some(text.to_owned()), ..row.clone() };
            row = tx.save::<project::Entity>(&row, after).await?;
        }
        let member = project_team_member::ActiveModel {
            project_id: Set(self.0.clone()),
            user_id: Set(tx.viewer().id.clone()),
            ..Default::default()
        };
        tx.insert::<project_team_member::Entity>(member).await?;
        // Nothing differs, so nothing is told.
        tx.save::<project::Entity>(&row, row.clone()).await?;
        Ok(())
    }
}

async fn once_a_transaction(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.running_instance().await;
    let lead = bench.hire(&app, UserRole::Admin).await;
    let project = bench.project().await;
    let mut ear = Ear::now(&lead, "projects").await;
    lead.write(&Rearrange(&project)).await.unwrap();
    let seen = ear.next().await;
    assert_eq!((seen.kind, &seen.id), (ChangeKind::Updated, &project));
    let Some(Told::Project(row)) = seen.told() else { panic!("the project as it is now") };
    assert_eq!(row.description.as_deref(), Some("two"));
    assert_eq!(bench.told().await, 1);
}

fn ids(heard: &[Seen]) -> Vec<Id> {
    heard.iter().map(|seen| seen.id.clone()).collect()
}

/// The number that a message carries.
fn number(seen: &Seen) -> usize {
    let Some(Told::Message(row)) = seen.told() else { panic!("a message") };
    row.subject.parse().unwrap()
}
