//! How a transaction ends: what it leaves need not be read again, and what was cut off or refused leaves nothing behind.

use std::time::Duration;

use entity::enums::UserRole;
use entity::scalar::Id;
use entity::{project, project_team_member};
use ridgeline::data::access::Permission;
use ridgeline::data::tx::{Tx, UseCase};
use ridgeline::error::{Error, Result};
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::data_bench::Bench;
use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("data_left::what_was_written_is_answered_without_reading_it", written);
    suite.on_each_database("data_left::whoever_reaches_some_rows_reads_them_again", some_rows);
    suite.on_each_database("data_left::what_is_gone_is_not_answered", gone);
    suite.on_each_database("data_left::a_payload_is_what_is_stored", payload);
    suite.on_each_database("data_left::a_transaction_that_was_refused_or_cut_off_holds_no_lock", ended);
}

/// Something done to a project under its lock.
struct Deed(What, Id);

enum What {
    Rename,
    ChangeUnseen,
    Delete,
    Refuse,
    Hang,
}

impl UseCase for Deed {
    type Output = ();
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let row = tx.lock::<project::Entity>(&self.1).await?;
        let name = "Another name".to_owned();
        let renamed = tx.save::<project::Entity>(&row, project::Model { project_name: name, ..row.clone() }).await?;
        match self.0 {
            What::Rename => {}
            What::ChangeUnseen => {
                let row = project::ActiveModel { id: Set(self.1.clone()), progress: Set(7), ..Default::default() };
                tx.update::<project::Entity>(row).await?;
            }
            What::Delete => tx.delete::<project::Entity>(&renamed).await?,
            What::Refuse => return Err(Error::conflict("Not today.")),
            What::Hang => std::future::pending().await,
        }
        Ok(())
    }
}

async fn stored(bench: &Bench, project: &Id) -> project::Model {
    project::Entity::find_by_id(project.clone()).one(&bench.db).await.unwrap().unwrap()
}

async fn written(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.instance().await;
    let scope = bench.hire(&app, UserRole::Admin).await;
    let project = bench.project().await;
    scope.write(&Deed(What::Rename, project.clone())).await.unwrap();
    let spent = app.db.statements();
    let row = scope.load::<project::Entity>(&project).await.unwrap();
    assert_eq!(app.db.statements(), spent, "it was at hand");
    assert_eq!((row.project_name.as_str(), &*row), ("Another name", &stored(&bench, &project).await));
    // Columns that were changed past the row are read.
    scope.write(&Deed(What::ChangeUnseen, project.clone())).await.unwrap();
    let row = scope.load::<project::Entity>(&project).await.unwrap();
    assert_eq!((row.progress, &*row), (7, &stored(&bench, &project).await));
}

async fn some_rows(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.instance().await;
    let scope = bench.hire(&app, UserRole::Foreman).await;
    let project = bench.project().await;
    bench.on_team(&project, &scope.viewer().id).await;
    scope.write(&Deed(What::Rename, project.clone())).await.unwrap();
    let spent = app.db.statements();
    let row = scope.load::<project::Entity>(&project).await.unwrap();
    assert_eq!((row.project_name.as_str(), app.db.statements() - spent), ("Another name", 1));
    project_team_member::Entity::delete_many().exec(&bench.db).await.unwrap();
    scope.write(&Deed(What::Rename, project.clone())).await.unwrap_err();
    assert!(scope.one::<project::Entity>(&bench.project().await).await.unwrap().is_none());
}

async fn gone(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.instance().await;
    let scope = bench.hire(&app, UserRole::Admin).await;
    let project = bench.project().await;
    scope.write(&Deed(What::Delete, project.clone())).await.unwrap();
    assert!(scope.one::<project::Entity>(&project).await.unwrap().is_none());
    let refused = bench.project().await;
    scope.write(&Deed(What::Refuse, refused.clone())).await.unwrap_err();
    let row = scope.load::<project::Entity>(&refused).await.unwrap();
    assert_eq!(*row, stored(&bench, &refused).await, "what was refused is not kept either");
}

const PROJECT: &str = "id projectName projectNumber status phase progress updatedAt createdAt startDate endDate budget";
const ALERT: &str =
    "id title message stepName status priority dueDate createdAt updatedAt isRead metadata responsibleRole
    assignedTo { id firstName } lineItem { id itemName }";

/// What a completion answers from what it wrote is what whoever asks afterwards is told.
async fn payload(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let pm = office.client("pm").await;
    let complete = format!(
        "mutation($input: CompleteLineItemInput!) {{ completeLineItem(input: $input) {{
            project {{ {PROJECT} }} nextAlert {{ {ALERT} }} completedItem {{ id completedAt notes completedBy {{ id }} }} }} }}"
    );
    let input = json!({ "projectId": project.id, "lineItemId": project.items[0], "notes": "Done – on the phone." });
    let told = pm.ok(&complete, json!({ "input": input })).await["completeLineItem"].clone();
    let ask = format!(
        "query($id: ID!, $alert: ID!) {{ project(id: $id) {{ {PROJECT}
            tracker {{ completedItems {{ id completedAt notes completedBy {{ id }} }} }} }} alert(id: $alert) {{ {ALERT} }} }}"
    );
    let found = pm.ok(&ask, json!({ "id": project.id, "alert": told["nextAlert"]["id"] })).await;
    let mut read = found["project"].clone();
    let tracker = read.as_object_mut().and_then(|project| project.remove("tracker")).unwrap_or(Value::Null);
    assert_eq!(told["project"], read);
    assert_eq!(told["nextAlert"], found["alert"]);
    assert_eq!(told["completedItem"], tracker["completedItems"][0]);
}

async fn ended(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.instance().await;
    let scope = bench.hire(&app, UserRole::Admin).await;
    let project = bench.project().await;
    for _ in 0..20 {
        scope.write(&Deed(What::Refuse, project.clone())).await.unwrap_err();
        let hangs = Deed(What::Hang, project.clone());
        tokio::time::timeout(Duration::from_millis(20), scope.write(&hangs)).await.unwrap_err();
    }
    let renames = Deed(What::Rename, project.clone());
    tokio::time::timeout(Duration::from_secs(10), scope.write(&renames)).await.expect("nobody holds the lock").unwrap();
    assert_eq!(stored(&bench, &project).await.project_name, "Another name");
}
