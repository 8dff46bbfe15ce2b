//! Who may do what, field by field: every field at the root, for each role and for nobody, against a checked-in table.
//!
//! The project in question is run by the project manager, has the foreman on its team, and belongs to the customer
//! whose address the client has; nothing ties the worker to it. The conversation is a group of the administrator's with
//! the manager, the project manager and the foreman. A field without a line in the table fails the test, as
//! does a line whose outcome has changed: look at it, and if it is meant, write it down.

use std::collections::BTreeSet;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use serde_json::{Value, json};

use crate::harness::client::Client;
use crate::harness::database::Backend;
use crate::harness::office::{Office, text};
use crate::harness::suite::Suite;

const TABLE: &str = include_str!("access.tsv");
const ROLES: [&str; 7] = ["admin", "manager", "pm", "foreman", "worker", "client", "nobody"];

pub fn register(suite: &mut Suite) {
    suite.pure("access::every_root_field_has_a_line", complete);
    suite.on_each_database("access::the_table_holds", table_holds);
}

struct Line {
    kind: String,
    field: String,
    arguments: String,
    outcomes: Vec<String>,
}

fn lines() -> Vec<Line> {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 3 + ROLES.len(), "{line}");
            Line {
                kind: cells[0].into(),
                field: cells[1].into(),
                arguments: cells[2].into(),
                outcomes: cells[3..].iter().map(|&cell| cell.into()).collect(),
            }
        })
        .collect()
}

fn complete() {
    let mut fields = BTreeSet::new();
    for definition in parse_schema(ridgeline::schema::sdl()).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let name = definition.node.name.node.to_string();
        if let (true, TypeKind::Object(object)) =
            (["Query", "Mutation", "Subscription"].contains(&name.as_str()), definition.node.kind)
        {
            fields
                .extend(object.fields.into_iter().map(|field| (name.to_lowercase(), field.node.name.node.to_string())));
        }
    }
    let known: BTreeSet<(String, String)> = lines().into_iter().map(|line| (line.kind, line.field)).collect();
    assert_eq!(fields.difference(&known).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "fields without a line");
    assert_eq!(known.difference(&fields).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "lines without a field");
}

/// What the lines' arguments name.
struct World {
    ids: Vec<(&'static str, String)>,
}

impl World {
    async fn new(office: &Office, customer: &str) -> Self {
        // A session of its own: one of the lines ends all that there are.
        let admin = office.client("admin").await;
        let input = json!({ "customerId": customer, "projectName": "Access", "projectType": "OTHER", "budget": "1.00",
            "startDate": "2026-03-01T00:00:00Z", "endDate": "2026-03-02T00:00:00Z", "projectManagerId": office.id("pm").0 });
        let document = "mutation($input: CreateProjectInput!) { createProject(input: $input) { project { id
            workflow { steps { id subtasks { subTaskId } } } alerts { nodes { id } } messages { nodes { id } } } } }";
        let project = admin.ok(document, json!({ "input": input })).await["createProject"]["project"].clone();
        let id = text(&project["id"]);
        let team = "mutation($input: AddTeamMemberInput!) { addTeamMember(input: $input) { teamMember { id } } }";
        let input = json!({ "projectId": id, "userId": office.id("foreman").0 });
        let member = admin.ok(team, json!({ "input": input })).await["addTeamMember"]["teamMember"]["id"].clone();
        let contact = "mutation($input: CreateContactInput!) { createContact(input: $input) { contact { id } } }";
        let input = json!({ "customerId": customer, "name": "Bea" });
        let contact = admin.ok(contact, json!({ "input": input })).await["createContact"]["contact"]["id"].clone();
        let group =
            "mutation($input: CreateConversationInput!) { createConversation(input: $input) { conversation { id } } }";
        let people = ["manager", "pm", "foreman"].map(|name| office.id(name).0);
        let group = admin.ok(group, json!({ "input": { "participantIds": people, "title": "Access" } })).await;
        let conversation = text(&group["createConversation"]["conversation"]["id"]);
        let said = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }";
        let input = json!({ "conversationId": conversation, "text": "Between us" });
        let said = text(&admin.ok(said, json!({ "input": input })).await["sendMessage"]["message"]["id"]);
        let step = &project["workflow"]["steps"][0];
        Self {
            ids: vec![
                ("$project", id),
                ("$step", text(&step["id"])),
                ("$item", text(&step["subtasks"][0]["subTaskId"])),
                ("$alert", text(&project["alerts"]["nodes"][0]["id"])),
                ("$conversation", conversation),
                ("$said", said),
                ("$message", text(&project["messages"]["nodes"][0]["id"])),
                ("$member", text(&member)),
                ("$contact", text(&contact)),
                ("$customer", customer.to_owned()),
                ("$stranger", office.id("stranger").0),
                ("$new", crate::harness::office::rand()),
            ],
        }
    }

    fn document(&self, line: &Line) -> String {
        let filled = self.ids.iter().fold(line.arguments.clone(), |text, (name, id)| text.replace(name, id));
        format!("{} {{ {}{filled} }}", line.kind, line.field)
    }
}

async fn table_holds(backend: Backend) {
    let mut told = Vec::new();
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    let customer = admin.create_customer("client@ridgeline.test").await;
    let mut world = World::new(&office, &customer).await;
    for line in lines() {
        for (role, expected) in ROLES.iter().zip(&line.outcomes) {
            let client = if *role == "nobody" { office.anyone() } else { office.client(role).await };
            let document = world.document(&line);
            let outcome = if line.kind == "subscription" {
                subscribe(&client, &document).await
            } else {
                ask(&client, &document).await
            };
            // What was refused has changed nothing.
            if line.kind == "mutation" && outcome == "ok" {
                world = World::new(&office, &customer).await;
            }
            if outcome != *expected {
                told.push(format!("{} {} as {role}: {outcome}, not {expected}", line.kind, line.field));
            }
        }
    }
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}

/// `ok`, `null`, `empty`, or the code of the first error.
async fn ask(client: &Client, document: &str) -> String {
    let (_, answer) = client.send(document, Value::Null).await;
    if let Some(error) = answer["errors"].get(0) {
        return text(&error["extensions"]["code"]);
    }
    let value = answer["data"].as_object().and_then(|data| data.values().next()).cloned().unwrap_or_default();
    match (&value, value.get("nodes").unwrap_or(&value)) {
        (Value::Null, _) => "null".into(),
        (_, Value::Array(rows)) if rows.is_empty() => "empty".into(),
        _ => "ok".into(),
    }
}

async fn subscribe(client: &Client, document: &str) -> String {
    if client.token.is_none() {
        let mut socket = client.raw_socket().await;
        socket.send(json!({ "type": "connection_init" })).await;
        return socket.close_code().await.to_string();
    }
    let mut stream = client.subscribe(document, Value::Null).await;
    match stream.socket.next_within(std::time::Duration::from_millis(100)).await {
        None => "ok".into(),
        Some(message) => text(&message["payload"][0]["extensions"]["code"]),
    }
}
