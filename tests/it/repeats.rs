//! What is sent twice is done once, and nobody overwrites what they have not seen: for every create and every change
//! that the schema has.

mod cases;

use std::collections::BTreeSet;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use chrono::Duration;
use entity::change;
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, Statement};
use serde_json::{Value, json};

use crate::harness::client::Client;
use crate::harness::database::Backend;
use crate::harness::office::{Office, rand, text};
use crate::harness::suite::Suite;
use crate::repeats::cases::{CHANGES, CREATES, Change, Create, KEYED, ROLES, SETS};

pub fn register(suite: &mut Suite) {
    suite.pure("repeats::every_create_takes_a_key_and_every_change_what_was_read", every_one);
    suite.on_each_database("repeats::a_lost_answer_is_answered_again", lost_answer);
    suite.on_each_database("repeats::a_double_tap_is_done_once", double_tap);
    suite.on_each_database("repeats::two_instances_do_it_once", two_instances);
    suite.on_each_database("repeats::a_key_means_one_thing_of_one_person_for_a_day", meanings);
    suite.on_each_database("repeats::a_failed_create_leaves_its_key_free", failed);
    suite.on_each_database("repeats::one_of_two_changes_wins", one_wins);
    suite.on_each_database("repeats::a_second_tap_reverts_nothing_more", reverting);
}

/// The mutations of the schema, each with the fields of its input.
fn mutations() -> Vec<(String, BTreeSet<String>)> {
    let (mut mutations, mut inputs) = (Vec::new(), Vec::new());
    for definition in parse_schema(ridgeline::schema::sdl()).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        match definition.node.kind {
            TypeKind::Object(object) if definition.node.name.node == "Mutation" => {
                mutations.extend(object.fields.into_iter().map(|field| {
                    let input = field.node.arguments.first().map(|input| input.node.ty.node.to_string());
                    (field.node.name.node.to_string(), input.unwrap_or_default().trim_end_matches('!').to_owned())
                }));
            }
            TypeKind::InputObject(input) => {
                let fields = input.fields.iter().map(|field| field.node.name.node.to_string());
                inputs.push((definition.node.name.node.to_string(), fields.collect::<BTreeSet<_>>()));
            }
            _ => {}
        }
    }
    let fields = |input: &str| inputs.iter().find(|(name, _)| name == input).map(|(_, fields)| fields.clone());
    mutations.into_iter().map(|(name, input)| (name, fields(&input).unwrap_or_default())).collect()
}

fn every_one() {
    let begins = |name: &str, verbs: &[&str]| verbs.iter().any(|verb| name.starts_with(verb));
    let mut wrong = Vec::new();
    for (name, fields) in mutations() {
        let (creates, keyed) = (begins(&name, &["create", "add", "send"]), fields.contains("idempotencyKey"));
        if creates && !keyed && !SETS.contains(&name.as_str()) {
            wrong.push(format!("{name} takes no idempotencyKey"));
        }
        let tried = CREATES.iter().any(|create| create.mutation == name) || KEYED.contains(&name.as_str());
        if keyed && !tried {
            wrong.push(format!("{name} needs a line in CREATES, so that its key is tried"));
        }
        let (changes, checked) = (name.starts_with("update"), fields.contains("expectedUpdatedAt"));
        if changes && !checked {
            wrong.push(format!("{name} takes no expectedUpdatedAt"));
        }
        let tried = CHANGES.iter().any(|change| change.mutation == name) || ROLES.contains(&name.as_str());
        if checked && !tried {
            wrong.push(format!("{name} needs a line in CHANGES, so that what it expects is tried"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A project and what hangs on it, fresh for each try.
struct World(Vec<(&'static str, String)>);

impl World {
    async fn new(office: &Office) -> Self {
        let admin = office.client("admin").await;
        let project = office.project().await;
        let made = async |mutation: &str, field: &str, input: Value| made(&admin, mutation, field, input).await;
        let member = json!({ "projectId": project.id, "userId": office.id("foreman").0 });
        let contact = json!({ "customerId": project.customer, "name": "Bea" });
        let people = json!({ "participantIds": [office.id("manager").0, office.id("stranger").0], "title": "Crew" });
        let conversation = made("createConversation", "conversation", people).await;
        let role = json!({ "conversationId": conversation, "userId": office.id("manager").0, "role": "ADMIN" });
        made("setParticipantRole", "participant", role).await;
        let said = made("sendMessage", "message", json!({ "conversationId": conversation, "text": "Said" })).await;
        Self(vec![
            ("$conversation", conversation),
            ("$said", said),
            ("$project", project.id),
            ("$member", made("addTeamMember", "teamMember", member).await),
            ("$contact", made("createContact", "contact", contact).await),
            ("$customer", project.customer),
            ("$stranger", office.id("stranger").0),
            ("$worker", office.id("worker").0),
            ("$new", rand()),
        ])
    }

    fn input(&self, template: &str, more: Value) -> Value {
        let filled = self.0.iter().fold(template.to_owned(), |text, (name, value)| text.replace(name, value));
        let mut input: Value = serde_json::from_str(&filled).unwrap();
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    }
}

fn document(mutation: &str, selection: &str) -> String {
    let input = mutation[..1].to_uppercase() + &mutation[1..];
    format!("mutation($input: {input}Input!) {{ {mutation}(input: $input) {{ {selection} }} }}")
}

async fn made(client: &Client, mutation: &str, field: &str, input: Value) -> String {
    let answer = client.ok(&document(mutation, &format!("{field} {{ id }}")), json!({ "input": input })).await;
    text(&answer[mutation][field]["id"])
}

async fn refusal(client: &Client, mutation: &str, field: &str, input: Value) -> Value {
    client.error(&document(mutation, &format!("{field} {{ id }}")), json!({ "input": input })).await
}

impl Create {
    async fn made(&self, client: &Client, input: Value) -> String {
        made(client, self.mutation, self.field, input).await
    }

    async fn code(&self, client: &Client, input: Value) -> String {
        text(&refusal(client, self.mutation, self.field, input).await["extensions"]["code"])
    }

    /// How many rows there are, and how many changes were told.
    async fn rows(&self, office: &Office) -> (i64, u64) {
        let sql = format!(r#"SELECT COUNT(*) AS n FROM "{}""#, self.table);
        let row = office.db.query_one_raw(Statement::from_string(office.db.get_database_backend(), sql)).await;
        let rows = row.unwrap().unwrap().try_get::<i64>("", "n").unwrap();
        (rows, change::Entity::find().count(&office.db).await.unwrap())
    }
}

fn key(key: &str) -> Value {
    json!({ "idempotencyKey": key })
}

async fn lost_answer(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    for create in &CREATES {
        let world = World::new(&office).await;
        let (input, k) = (world.input(create.input, key(&rand())), create.mutation);
        let id = create.made(&admin, input.clone()).await;
        let rows = create.rows(&office).await;
        for _ in 0..2 {
            assert_eq!(create.made(&admin, input.clone()).await, id, "{k}");
        }
        assert_eq!(create.rows(&office).await, rows, "{k} told or did something again");
        let without = world.input(create.another, json!({}));
        assert_ne!(create.made(&admin, without).await, id, "{k} without a key is another");
    }
}

/// What one create does to the rows and the log, and what several at once do.
async fn once(office: &Office, create: &Create, clients: &[Client]) {
    let (one, many) = (World::new(office).await, World::new(office).await);
    let before = create.rows(office).await;
    create.made(&clients[0], one.input(create.input, key(&rand()))).await;
    let between = create.rows(office).await;
    let input = many.input(create.input, key(&rand()));
    let taps = clients.iter().map(|client| {
        let (client, input, document) =
            (client.clone(), input.clone(), document(create.mutation, &format!("{} {{ id }}", create.field)));
        tokio::spawn(async move { client.ok(&document, json!({ "input": input })).await })
    });
    let answers = join_all(taps.collect::<Vec<_>>()).await;
    let ids: BTreeSet<String> =
        answers.into_iter().map(|answer| text(&answer.unwrap()[create.mutation][create.field]["id"])).collect();
    assert_eq!(ids.len(), 1, "{} was done {} times", create.mutation, ids.len());
    let after = create.rows(office).await;
    let did = |before: (i64, u64), after: (i64, u64)| (after.0 - before.0, after.1 - before.1);
    assert_eq!(did(between, after), did(before, between), "{}", create.mutation);
}

async fn double_tap(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    for create in &CREATES {
        once(&office, create, &vec![admin.clone(); 8]).await;
    }
}

async fn two_instances(backend: Backend) {
    let office = Office::open(backend).await;
    let (app, address) = office.second().await;
    let admin = office.client("admin").await;
    for create in &CREATES {
        once(&office, create, &[admin.clone(), admin.at(&app, address)]).await;
    }
    app.stop();
}

async fn meanings(backend: Backend) {
    let office = Office::open(backend).await;
    for create in &CREATES {
        let (admin, manager) = (office.client("admin").await, office.client("manager").await);
        let (world, key, k) = (World::new(&office).await, key(&rand()), create.mutation);
        let id = create.made(&admin, world.input(create.input, key.clone())).await;
        let another = || world.input(create.another, key.clone());
        assert_eq!(create.code(&admin, another()).await, "CONFLICT", "{k}: another input");
        let empty = World::new(&office).await;
        let theirs = create.made(&manager, empty.input(create.input, key.clone())).await;
        assert_ne!(theirs, id, "{k}: another person's key is another key");
        office.app.clock.advance(Duration::hours(24) - Duration::milliseconds(1));
        let admin = office.client("admin").await;
        assert_eq!(create.code(&admin, another()).await, "CONFLICT", "{k}: not a day yet");
        office.app.clock.advance(Duration::milliseconds(1));
        assert_ne!(create.made(&admin, another()).await, id, "{k}: after a day the key is free");
    }
}

async fn failed(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    for create in &CREATES {
        let (world, key, k) = (World::new(&office).await, key(&rand()), create.mutation);
        let before = create.rows(&office).await;
        create.code(&admin, world.input(create.refused, key.clone())).await;
        assert_eq!(create.rows(&office).await, before, "{k} was refused and did something");
        create.made(&admin, world.input(create.input, key)).await;
        let long = world.input(create.another, json!({ "idempotencyKey": "k".repeat(201) }));
        assert_eq!(create.code(&admin, long).await, "BAD_USER_INPUT", "{k}");
    }
}

impl Change {
    async fn send(&self, client: &Client, world: &World, value: &str, expected: &Value) -> Value {
        let input = world.input(&self.input.replace('%', value), json!({ "expectedUpdatedAt": expected }));
        let document = document(self.mutation, &format!("{} {{ id updatedAt }}", self.field));
        client.send(&document, json!({ "input": input })).await.1
    }

    fn row<'a>(&self, answer: &'a Value) -> &'a Value {
        &answer["data"][self.mutation][self.field]
    }
}

async fn one_wins(backend: Backend) {
    let office = Office::open(backend).await;
    let (second, address) = office.second().await;
    for change in &CHANGES {
        let (world, k) = (World::new(&office).await, change.mutation);
        let (one, other) = (office.client("admin").await, office.client(change.other).await);
        let other = other.at(&second, address);
        let seen = change.send(&one, &world, "first", &Value::Null).await;
        let seen = change.row(&seen)["updatedAt"].clone();
        let (a, b) =
            tokio::join!(change.send(&one, &world, "second", &seen), change.send(&other, &world, "third", &seen));
        let (won, lost) = if a.get("errors").is_none() { (a, b) } else { (b, a) };
        assert!(won.get("errors").is_none(), "{k}: {won:#}");
        let refusal = &lost["errors"][0]["extensions"];
        assert_eq!(refusal["code"], "CONFLICT", "{k}: {lost:#}");
        let row = change.row(&won);
        assert_eq!((&refusal["id"], &refusal["updatedAt"]), (&row["id"], &row["updatedAt"]), "{k}");
        // The clock stands still.
        assert!(text(&row["updatedAt"]) > text(&seen), "{k}: {row} after {seen}");
        let again = change.send(&one, &world, "fourth", &row["updatedAt"]).await;
        assert!(text(&change.row(&again)["updatedAt"]) > text(&row["updatedAt"]), "{k}: {again:#}");
    }
    second.stop();
}

async fn reverting(backend: Backend) {
    let office = Office::open(backend).await;
    let (admin, world) = (office.client("admin").await, World::new(&office).await);
    for phase in ["PROSPECT", "APPROVED"] {
        let input = world.input(r#"{"projectId": "$project"}"#, json!({ "toPhase": phase }));
        made(&admin, "overridePhase", "override", input).await;
    }
    let document = document("revertOverride", "override { id } project { phase }");
    let input = world.input(r#"{"projectId": "$project"}"#, key("k"));
    let taps = (0..8).map(|_| {
        let (admin, document, input) = (admin.clone(), document.clone(), input.clone());
        tokio::spawn(async move { admin.ok(&document, json!({ "input": input })).await })
    });
    for answer in join_all(taps.collect::<Vec<_>>()).await {
        let reverted = answer.unwrap()["revertOverride"].clone();
        assert_eq!(reverted["project"]["phase"], "PROSPECT", "the first override is in force again");
    }
    let other = World::new(&office).await;
    let input = other.input(r#"{"projectId": "$project"}"#, key("k"));
    let code = admin.code(&document, json!({ "input": input })).await;
    assert_eq!(code, "CONFLICT", "another project's");
    let next = world.input(r#"{"projectId": "$project"}"#, key("l"));
    let last = admin.ok(&document, json!({ "input": next })).await["revertOverride"].clone();
    assert_eq!(last["project"]["phase"], "LEAD", "another key takes the first one back too");
}
