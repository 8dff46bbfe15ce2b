//! What the documented queries cost: one statement for the page, one for each relation, never one a row.

use serde_json::{Value, json};

use crate::harness::client::Client;
use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::harness::suite::Suite;
use crate::messages::{message, send};

pub fn register(suite: &mut Suite) {
    suite.on_each_database("statements::a_page_and_its_relations", pages);
    suite.on_each_database("statements::what_is_asked_at_once_stays_apart", at_once);
}

const PROJECTS: &str =
    "{ projects(first: 50) { nodes { projectName progress customer { primaryName } projectManager { firstName } } } }";
const ALERTS: &str = "{ alerts(first: 100) { nodes { title dueDate project { projectName customer { primaryName } } assignedTo { firstName } } } }";
const DEEP: &str = "query($id: ID!) { project(id: $id) {
    customer { primaryName } teamMembers { user { firstName } }
    tracker { currentPhase { phaseName } currentSection { sectionName } currentLineItem { itemName } }
    messages(first: 20) { nodes { subject author { firstName } } }
    alerts(first: 50, filter: { status: [ACTIVE] }) { nodes { title } } } }";

const RECORD: &str = "{ projects(first: 3) { nodes { id
    said: messages(first: 2) { totalCount nodes { subject } }
    urgent: alerts(first: 1, filter: { status: [ACTIVE] }) { totalCount nodes { title } } } } }";

async fn pages(backend: Backend) {
    let office = Office::open(backend).await;
    let mut projects = Vec::new();
    for _ in 0..4 {
        projects.push(office.project().await);
    }
    let manager = office.client("manager").await;
    // What is asked for at the same moment is one statement on PostgreSQL; SQLite, with no journey to save, takes each
    // by itself. The viewer's session is one more, the first time.
    let journeys = |postgres, sqlite| if backend == Backend::Postgres { postgres } else { sqlite };
    let projects_cost = journeys(2, 3);
    assert_eq!(cost(&office, &manager, PROJECTS, Value::Null).await, 1 + projects_cost, "session, and:");
    assert_eq!(cost(&office, &manager, PROJECTS, Value::Null).await, projects_cost, "page; customers, managers");
    let alerts_cost = cost(&office, &manager, ALERTS, Value::Null).await;
    assert_eq!(alerts_cost, journeys(3, 4), "page; projects, assignees; customers");
    let deep = json!({ "id": projects[0].id });
    let add = "mutation($input: AddTeamMemberInput!) { addTeamMember(input: $input) { teamMember { id } } }";
    manager.ok(add, json!({ "input": { "projectId": projects[0].id, "userId": office.id("foreman") } })).await;
    let first = cost(&office, &manager, DEEP, deep.clone()).await;
    assert!(first <= 8, "a project with everything took {first} statements");
    // What it has one of each comes with it; the template is known by now.
    let spent = cost(&office, &manager, DEEP, deep.clone()).await;
    assert_eq!(spent, journeys(2, 5), "the project with customer and tracker, its team, messages, alerts; people");
    let record = cost(&office, &manager, RECORD, Value::Null).await;
    assert_eq!(record, journeys(2, 5), "page; each project's first messages and alerts, and how many of each");
    // What will be refused is not read first.
    for wrong in ["first: 201", "last: 0", "first: 1, last: 1", "after: \"nonsense\""] {
        let document = format!("{{ projects(first: 3) {{ nodes {{ id messages({wrong}) {{ nodes {{ id }} }} }} }} }}");
        let before = office.app.db.statements();
        assert!(manager.send(&document, Value::Null).await.1["errors"].is_array(), "{wrong}");
        assert_eq!(office.app.db.statements() - before, 1, "{wrong}");
    }
    // Whoever does not reach every customer gets the same, from what they do reach.
    let foreman = office.client("foreman").await;
    let (all, some) = (manager.ok(DEEP, deep.clone()).await, foreman.ok(DEEP, deep).await);
    assert_eq!(some["project"]["customer"], all["project"]["customer"]);
    assert_eq!(some["project"]["tracker"], all["project"]["tracker"]);
}

/// The same table from both ends, twenty lists at once: each has its own rows, in its own order.
async fn at_once(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let manager = office.client("manager").await;
    for number in 0..6 {
        send(&manager, message(&project, &format!("Number {number}"))).await;
    }
    let list = |at: usize| {
        let window = if at.is_multiple_of(2) { "first" } else { "last" };
        format!("m{at}: messages({window}: {}) {{ nodes {{ id author {{ id }} }} }}", at / 2 + 1)
    };
    let lists = (0..20).map(list).collect::<Vec<_>>().join(" ");
    let at_once = format!("query($id: ID!) {{ project(id: $id) {{ {lists} alerts {{ nodes {{ id }} }} }} }}");
    let found = manager.ok(&at_once, json!({ "id": project.id })).await;
    let all = "query($id: ID!) { project(id: $id) { messages { nodes { id author { id } } } } }";
    let all = manager.ok(all, json!({ "id": project.id })).await["project"]["messages"]["nodes"].clone();
    let all = all.as_array().expect("messages");
    for at in 0..20 {
        let size = (at / 2 + 1).min(all.len());
        let expected = if at % 2 == 0 { &all[..size] } else { &all[all.len() - size..] };
        assert_eq!(found["project"][format!("m{at}")]["nodes"], json!(expected), "m{at}");
    }
}

async fn cost(office: &Office, client: &Client, document: &str, variables: Value) -> u64 {
    let before = office.app.db.statements();
    client.ok(document, variables).await;
    office.app.db.statements() - before
}
