//! Operations on sockets: their results, their ends, and their ids; one test a rule of the protocol.

use serde_json::{Value, json};

use super::sockets::{FOLLOW, subscribe, works};
use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on(Backend::Sqlite, "sockets::must_complete_a_query_after_its_result", query);
    suite.on(Backend::Sqlite, "sockets::must_complete_a_mutation_after_its_result", mutation);
    for (name, query) in [
        ("a_document_that_does_not_parse", "{"),
        ("a_document_that_does_not_validate", "{ nonsense }"),
        ("a_subscription_out_of_reach", "subscription { projectChanged(projectId: \"nowhere\") { id } }"),
        ("a_subscription_with_a_bad_cursor", "subscription { alertChanged(after: \"nonsense\") { id } }"),
        ("an_empty_document", ""),
    ] {
        let name = format!("sockets::must_answer_error_and_nothing_more_to_{name}");
        suite.on(Backend::Sqlite, &name, move |backend| refused(backend, query));
    }
    suite.on(Backend::Sqlite, "sockets::must_close_with_4409_on_an_id_in_use", id_in_use);
    suite.on(Backend::Sqlite, "sockets::may_use_an_id_again_after_the_servers_complete", again_after_servers);
    suite.on(Backend::Sqlite, "sockets::may_use_an_id_again_after_the_clients_complete", again_after_clients);
    suite.on(Backend::Sqlite, "sockets::may_use_an_id_again_after_an_error", again_after_error);
    suite.on(Backend::Sqlite, "sockets::must_ignore_complete_for_an_unknown_id", unknown_complete);
    suite.on(Backend::Sqlite, "sockets::must_tell_nothing_after_the_clients_complete", complete);
    suite.on(Backend::Sqlite, "sockets::must_bear_a_complete_that_crosses_the_servers", crossing);
    suite.on(Backend::Sqlite, "sockets::must_refuse_the_51st_operation_and_go_on", at_most);
}

async fn query(backend: Backend) {
    single(backend, "{ viewer { firstName } }", json!({ "viewer": { "firstName": "pm" } })).await;
}

async fn mutation(backend: Backend) {
    let document = "mutation { markAllNotificationsRead(input: {}) { __typename } }";
    let data = json!({ "markAllNotificationsRead": { "__typename": "MarkAllNotificationsReadPayload" } });
    single(backend, document, data).await;
}

async fn single(backend: Backend, document: &str, data: Value) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send(subscribe("a", document)).await;
    let mut next = socket.next().await;
    let payload = next["payload"].as_object_mut().unwrap();
    assert!(payload.remove("extensions").is_some_and(|extensions| extensions["cost"]["actual"].is_object()));
    assert_eq!(next, json!({ "type": "next", "id": "a", "payload": { "data": data } }));
    assert_eq!(socket.next().await, json!({ "type": "complete", "id": "a" }));
}

async fn refused(backend: Backend, query: &str) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send(subscribe("a", query)).await;
    let error = socket.next().await;
    assert_eq!((&error["type"], &error["id"]), (&json!("error"), &json!("a")), "{error}");
    assert!(error["payload"][0]["extensions"]["code"].is_string(), "{error}");
    // No `complete` follows: what is asked next is answered next.
    works(&mut socket).await;
}

async fn id_in_use(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send(subscribe("mine", FOLLOW)).await;
    socket.send(subscribe("mine", "{ __typename }")).await;
    assert_eq!(socket.closed().await, (4409, "Subscriber for mine already exists".to_owned()));
}

async fn again_after_servers(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    works(&mut socket).await;
    works(&mut socket).await;
}

async fn again_after_clients(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send(subscribe("still", FOLLOW)).await;
    socket.send(json!({ "type": "complete", "id": "still" })).await;
    works(&mut socket).await;
}

async fn again_after_error(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send(subscribe("still", "{ nonsense }")).await;
    assert_eq!(socket.next().await["type"], "error");
    works(&mut socket).await;
}

async fn unknown_complete(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send(json!({ "type": "complete", "id": "unknown" })).await;
    works(&mut socket).await;
    // Of one that the server has completed, too.
    socket.send(json!({ "type": "complete", "id": "still" })).await;
    works(&mut socket).await;
}

async fn complete(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    let document = "subscription { projectChanged { id } }";
    let mut other = admin.subscribe(document, Value::Null).await;
    let mut ended = admin.subscribe(document, Value::Null).await;
    ended.socket.send(json!({ "type": "complete", "id": "1" })).await;
    works(&mut ended.socket).await;
    office.project().await;
    // When one has heard of it, the other would have.
    other.next().await;
    works(&mut ended.socket).await;
}

async fn crossing(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    for n in 0..100 {
        let id = n.to_string();
        socket.send(subscribe(&id, "{ __typename }")).await;
        socket.send(json!({ "type": "complete", "id": id })).await;
    }
    socket.send(json!({ "type": "ping", "payload": { "last": true } })).await;
    // Each was either ended in time, before or after its result was told, or ran to its end; then nothing is left.
    let mut told = std::collections::HashSet::new();
    loop {
        let message = socket.next().await;
        match message["type"].as_str().unwrap() {
            "next" => assert!(told.insert(message["id"].clone()), "{message}"),
            "complete" => assert!(told.contains(&message["id"]), "{message}"),
            "pong" => break,
            other => panic!("{other}"),
        }
    }
    works(&mut socket).await;
}

async fn at_most(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    for n in 0..60 {
        socket.send(subscribe(&n.to_string(), FOLLOW)).await;
    }
    for n in 50..60 {
        let error = socket.next().await;
        assert_eq!((&error["type"], &error["id"]), (&json!("error"), &json!(n.to_string())), "{error}");
        assert_eq!(error["payload"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{error}");
    }
    socket.send(json!({ "type": "complete", "id": "0" })).await;
    works(&mut socket).await;
}
