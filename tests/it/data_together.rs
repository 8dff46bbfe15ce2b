//! Writes that wait for company: whoever wrote them sees them, none is lost, and one that is refused takes all along.

use entity::enums::UserRole;
use entity::scalar::Id;
use entity::{project, project_team_member};
use ridgeline::data::access::Permission;
use ridgeline::data::tx::{Tx, UseCase};
use ridgeline::error::{Error, Result};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::data_bench::Bench;
use crate::harness::database::Backend;
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("data_together::what_was_written_is_read", read_back);
    suite.on_each_database("data_together::two_changes_of_a_row_both_hold", two_changes);
    suite.on_each_database("data_together::one_refused_takes_all_along", refused);
    suite.on_each_database("data_together::a_row_that_is_gone_is_not_changed_in_silence", gone);
    suite.on_each_database("data_together::many_writes_cost_few_statements", few);
}

/// What somebody does in one transaction.
struct Deed {
    what: What,
    project: Id,
    other: Id,
    user: Id,
}

enum What {
    ReadBack,
    ChangeTwice,
    AddTwice,
    ChangeWhatIsGone,
    WriteMuch,
}

impl UseCase for Deed {
    type Output = ();
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        match self.what {
            What::ReadBack => self.read_back(tx).await,
            What::ChangeTwice => self.change_twice(tx).await,
            What::AddTwice => self.add_twice(tx).await,
            What::ChangeWhatIsGone => self.change_what_is_gone(tx).await,
            What::WriteMuch => self.write_much(tx).await,
        }
    }
}

impl Deed {
    async fn read_back(&self, tx: &mut Tx<'_>) -> Result<()> {
        more(tx, &self.project).await?;
        let row = more(tx, &self.project).await?;
        tx.insert::<project_team_member::Entity>(member(&self.project, &self.user)).await?;
        let read = tx.load::<project::Entity>(&self.project).await?;
        assert_eq!((read.progress, read.updated_at), (row.progress, row.updated_at), "as it was saved");
        let of_project = project_team_member::Column::ProjectId.eq(self.project.clone());
        let members = tx.all(tx.find::<project_team_member::Entity>().filter(of_project)).await?;
        assert_eq!(members.len(), 1);
        Ok(())
    }

    /// One after the other, with nothing read in between.
    async fn change_twice(&self, tx: &mut Tx<'_>) -> Result<()> {
        let row = tx.lock::<project::Entity>(&self.project).await?;
        let once = tx.save::<project::Entity>(&row, project::Model { progress: 41, ..row.clone() }).await?;
        let name = "Twice changed".to_owned();
        tx.save::<project::Entity>(&once, project::Model { project_name: name, ..once.clone() }).await?;
        Ok(())
    }

    async fn add_twice(&self, tx: &mut Tx<'_>) -> Result<()> {
        more(tx, &self.project).await?;
        tx.insert::<project_team_member::Entity>(member(&self.project, &self.user)).await?;
        tx.insert::<project_team_member::Entity>(member(&self.project, &self.user)).await?;
        Ok(())
    }

    async fn change_what_is_gone(&self, tx: &mut Tx<'_>) -> Result<()> {
        more(tx, &self.other).await?;
        let row = tx.lock::<project::Entity>(&self.project).await?;
        tx.delete::<project::Entity>(&row).await?;
        tx.insert::<project_team_member::Entity>(member(&self.other, &self.user)).await?;
        tx.save::<project::Entity>(&row, project::Model { progress: 99, ..row.clone() }).await?;
        Ok(())
    }

    async fn write_much(&self, tx: &mut Tx<'_>) -> Result<()> {
        let row = tx.lock::<project::Entity>(&self.project).await?;
        tx.insert::<project_team_member::Entity>(member(&self.project, &self.user)).await?;
        tx.save::<project::Entity>(&row, project::Model { progress: 12, ..row.clone() }).await?;
        tx.enqueue("nothing", serde_json::json!({}), tx.now(), None);
        Ok(())
    }
}

/// Everything a member's row has, so that it need not be read back.
fn member(project: &Id, user: &Id) -> project_team_member::ActiveModel {
    project_team_member::ActiveModel {
        project_id: Set(project.clone()),
        user_id: Set(user.clone()),
        role: Set(None),
        ..Default::default()
    }
}

async fn more(tx: &mut Tx<'_>, project: &Id) -> Result<project::Model> {
    let row = tx.load::<project::Entity>(project).await?;
    tx.save::<project::Entity>(&row, project::Model { progress: row.progress + 1, ..row.clone() }).await
}

async fn stored(bench: &Bench, project: &Id) -> project::Model {
    project::Entity::find_by_id(project.clone()).one(&bench.db).await.unwrap().unwrap()
}

async fn team(bench: &Bench, project: &Id) -> u64 {
    let of_project = project_team_member::Column::ProjectId.eq(project.clone());
    project_team_member::Entity::find().filter(of_project).count(&bench.db).await.unwrap()
}

/// Two projects, and what came of doing this to them.
struct Outcome {
    bench: Bench,
    project: Id,
    other: Id,
    before: [project::Model; 2],
    result: Result<()>,
    statements: u64,
}

impl Outcome {
    async fn of(what: What, backend: Backend) -> Self {
        let bench = Bench::open(backend).await;
        let app = bench.instance().await;
        let scope = bench.hire(&app, UserRole::Admin).await;
        let (project, other) = (bench.project().await, bench.project().await);
        let before = [stored(&bench, &project).await, stored(&bench, &other).await];
        let user = scope.viewer().id.clone();
        let deed = Deed { what, project: project.clone(), other: other.clone(), user };
        let spent = app.db.statements();
        let result = scope.write(&deed).await;
        let statements = app.db.statements() - spent;
        Self { bench, project, other, before, result, statements }
    }

    async fn now(&self) -> project::Model {
        stored(&self.bench, &self.project).await
    }

    async fn nothing_is_left(&self) {
        assert_eq!([self.now().await, stored(&self.bench, &self.other).await], self.before);
        assert_eq!([team(&self.bench, &self.project).await, team(&self.bench, &self.other).await], [0, 0]);
    }
}

async fn read_back(backend: Backend) {
    let outcome = Outcome::of(What::ReadBack, backend).await;
    outcome.result.as_ref().unwrap();
    assert_eq!(outcome.now().await.progress, outcome.before[0].progress + 2);
    assert_eq!(team(&outcome.bench, &outcome.project).await, 1);
}

async fn two_changes(backend: Backend) {
    let outcome = Outcome::of(What::ChangeTwice, backend).await;
    outcome.result.as_ref().unwrap();
    let row = outcome.now().await;
    assert_eq!((row.progress, row.project_name.as_str()), (41, "Twice changed"));
}

async fn refused(backend: Backend) {
    let outcome = Outcome::of(What::AddTwice, backend).await;
    let coded = matches!(outcome.result, Err(Error::Conflict { .. } | Error::BadUserInput(_)));
    assert!(coded, "{:?}", outcome.result);
    outcome.nothing_is_left().await;
}

async fn gone(backend: Backend) {
    let outcome = Outcome::of(What::ChangeWhatIsGone, backend).await;
    assert!(outcome.result.is_err());
    outcome.nothing_is_left().await;
}

/// The lock, whose sight the new member changes, and member, project, job and changes together; SQLite numbers its
/// changes in one more.
async fn few(backend: Backend) {
    let outcome = Outcome::of(What::WriteMuch, backend).await;
    outcome.result.as_ref().unwrap();
    assert!(outcome.statements <= 4, "{} statements", outcome.statements);
}
