//! What the documented queries cost: one statement for the page, one for each relation, never one a row.

use serde_json::{Value, json};

use crate::harness::client::Client;
use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("statements::a_page_and_its_relations", pages);
}

const PROJECTS: &str =
    "{ projects(first: 50) { nodes { projectName progress customer { primaryName } projectManager { firstName } } } }";
const ALERTS: &str = "{ alerts(first: 100) { nodes { title dueDate project { projectName customer { primaryName } } assignedTo { firstName } } } }";
const DEEP: &str = "query($id: ID!) { project(id: $id) {
    customer { primaryName } teamMembers { user { firstName } }
    tracker { currentPhase { phaseName } currentSection { sectionName } currentLineItem { itemName } }
    messages(first: 20) { nodes { subject author { firstName } } }
    alerts(first: 50, filter: { status: [ACTIVE] }) { nodes { title } } } }";

async fn pages(backend: Backend) {
    let office = Office::open(backend).await;
    let mut projects = Vec::new();
    for _ in 0..4 {
        projects.push(office.project().await);
    }
    let manager = office.client("manager").await;
    // The viewer's session is one more, the first time.
    assert_eq!(cost(&office, &manager, PROJECTS, Value::Null).await, 4, "session, page, customers, managers");
    assert_eq!(cost(&office, &manager, PROJECTS, Value::Null).await, 3, "page, customers, managers");
    assert_eq!(cost(&office, &manager, ALERTS, Value::Null).await, 4, "page, projects, customers, assignees");
    let deep = json!({ "id": projects[0].id });
    let add = "mutation($input: AddTeamMemberInput!) { addTeamMember(input: $input) { teamMember { id } } }";
    manager.ok(add, json!({ "input": { "projectId": projects[0].id, "userId": office.id("foreman") } })).await;
    let first = cost(&office, &manager, DEEP, deep.clone()).await;
    assert!(first <= 8, "a project with everything took {first} statements");
    // What it has one of each comes with it; the template is known by now.
    let spent = cost(&office, &manager, DEEP, deep.clone()).await;
    assert_eq!(spent, 5, "the project with customer and tracker, its team, messages, alerts, and people");
    // Whoever does not reach every customer gets the same, from what they do reach.
    let foreman = office.client("foreman").await;
    let (all, some) = (manager.ok(DEEP, deep.clone()).await, foreman.ok(DEEP, deep).await);
    assert_eq!(some["project"]["customer"], all["project"]["customer"]);
    assert_eq!(some["project"]["tracker"], all["project"]["tracker"]);
}

async fn cost(office: &Office, client: &Client, document: &str, variables: Value) -> u64 {
    let before = office.app.db.statements();
    client.ok(document, variables).await;
    office.app.db.statements() - before
}
