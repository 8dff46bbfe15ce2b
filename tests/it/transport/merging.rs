//! Fields with one key are one field, whatever becomes of their parts (GraphQL specification, 6.3.2 and 6.4.3).

use serde_json::{Value, json};

use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on(Backend::Sqlite, "http::fields_that_meet_are_one_whatever_is_skipped", skipped);
    suite.on(Backend::Sqlite, "http::fields_that_meet_are_one_whatever_fails", failed);
    suite.on(Backend::Sqlite, "http::what_is_no_value_of_its_type_lets_nothing_run", nothing_runs);
    suite.on(Backend::Sqlite, "sockets::an_object_of_which_nothing_is_selected_is_there", events);
}

async fn skipped(backend: Backend) {
    let office = Office::open(backend).await;
    office.project().await;
    let admin = office.client("admin").await;
    let name = admin.ok("{ projects { nodes { customer { primaryName } } } }", json!({})).await;
    let off = json!({ "off": false });
    for (document, expected) in [
        ("{ viewer { id @skip(if: true) } viewer { firstName } }", json!({ "viewer": { "firstName": "admin" } })),
        ("{ viewer { id @skip(if: true) } }", json!({ "viewer": {} })),
        (
            "query($off: Boolean!) { projects { nodes { ...A ...B } } }
             fragment A on Project { customer { primaryEmail @include(if: $off) } }
             fragment B on Project { customer { primaryName } }",
            name.clone(),
        ),
        (
            "{ projects { nodes { ... { customer { id @skip(if: true) } } } edges { node { ... { id @skip(if: true) } } }
               edges { node { status } } } }",
            json!({ "projects": { "nodes": [{ "customer": {} }], "edges": [{ "node": { "status": "PENDING" } }] } }),
        ),
        (
            "{ projects { pageInfo { startCursor @skip(if: true) } } projects { pageInfo { hasNextPage } } }",
            json!({ "projects": { "pageInfo": { "hasNextPage": false } } }),
        ),
        (
            "{ projects { pageInfo { ... { ... on PageInfo { startCursor @skip(if: true) } } } pageInfo { hasNextPage } } }",
            json!({ "projects": { "pageInfo": { "hasNextPage": false } } }),
        ),
        (
            "{ mySessions { id @skip(if: true) } mySessions { current } mySessions { ... @skip(if: true) { id } } }",
            admin.ok("{ mySessions { current } }", json!({})).await,
        ),
        (
            "mutation { a: updateProfile(input: { bio: \"x\" }) { user { bio @skip(if: true) } }
               a: updateProfile(input: { bio: \"x\" }) { user { bio } } }",
            json!({ "a": { "user": { "bio": "x" } } }),
        ),
    ] {
        assert_eq!(admin.ok(document, off.clone()).await, expected, "{document}");
    }
}

async fn failed(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let member = json!({ "input": { "projectId": project.id, "userId": office.id("worker") } });
    let add = "mutation($input: AddTeamMemberInput!) { addTeamMember(input: $input) { teamMember { id } } }";
    office.client("manager").await.ok(add, member).await;
    let worker = office.client("worker").await;
    let budget = json!({ "budget": null, "phase": "LEAD", "status": "PENDING" });
    for document in [
        "{ projects { nodes { budget } nodes { phase status } } }",
        "{ projects { nodes { budget } } projects { nodes { phase status } } }",
        "{ projects { nodes { ...Money ...State } } } fragment Money on Project { budget } fragment State on Project { phase status }",
    ] {
        let (_, answer) = worker.send(document, Value::Null).await;
        assert_eq!(answer["data"]["projects"]["nodes"], json!([budget]), "{document}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
        assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1), "{answer}");
    }
}

async fn events(backend: Backend) {
    let office = Office::open(backend).await;
    let pm = office.client("pm").await;
    let mut socket = pm.socket().await;
    for (id, document) in [
        ("a", "subscription { projectChanged { kind project { id @skip(if: true) } } }"),
        ("b", "subscription { projectChanged { kind project { id @skip(if: true) } project { status } } }"),
    ] {
        socket.send(super::sockets::subscribe(id, document)).await;
        pm.ok("{ __typename }", json!({})).await;
    }
    office.project().await;
    let mut told = [Value::Null, Value::Null];
    while told.contains(&Value::Null) {
        let next = socket.next().await;
        let place = usize::from(next["id"] == "b");
        told[place] = next["payload"]["data"]["projectChanged"]["project"].clone();
    }
    assert_eq!(told, [json!({}), json!({ "status": "PENDING" })]);
}

/// A value that is wrong is found before the fields in front of it are carried out.
async fn nothing_runs(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    let first = "a: updateProfile(input: { bio: \"first ran\" }) { user { bio } }";
    let document = |second: &str| {
        format!("mutation($d: String, $left: String) {{ {first} {second} }}")
            .replace(if second.contains("$left") { "$d: String, " } else { ", $left: String" }, "")
    };
    for second in [
        "b: createProject(input: { customerId: \"c\", projectName: \"P\", projectType: HVAC, budget: \"abc\",
            startDate: \"nonsense\", endDate: \"2027-01-01T00:00:00Z\" }) { project { id } }",
        "b: leaveConversation(input: { conversationId: [1, 2] }) { __typename }",
        "b: sendMessage(input: { conversationId: \"c\", text: $d }) { __typename }",
        "b: updateProfile(input: { bogus: $left }) { __typename }",
        "b: updateProfile(bogus: $left, input: { bio: \"x\" }) { __typename }",
    ] {
        let (_, answer) = admin.send(&document(second), json!({ "d": "said" })).await;
        assert!(answer.get("data").is_none(), "{answer}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
    }
    let (status, answer) = admin.send("{ projects(first: 99999999999) { totalCount } }", json!({})).await;
    assert_eq!((status, answer.get("data")), (400, None), "{answer}");
    assert_eq!(admin.ok("{ viewer { bio } }", json!({})).await["viewer"]["bio"], Value::Null);
}
