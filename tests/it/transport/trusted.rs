//! Trusted documents: with a list, everybody but the company's own people runs what is listed and nothing else.

use std::path::Path;

use serde_json::{Value, json};

use super::persisted::{NEW, extension, hash, post};
use crate::harness::database::Backend;
use crate::harness::office::{Office, PASSWORD};
use crate::harness::suite::Suite;
use crate::processes::program;

pub fn register(suite: &mut Suite) {
    suite.on(Backend::Sqlite, "trusted::clients_run_what_is_listed_by_hash_or_by_text", listed);
    suite.on(Backend::Sqlite, "trusted::clients_run_nothing_else", unlisted);
    suite.on(Backend::Sqlite, "trusted::staff_run_what_they_like", staff);
    suite.on(Backend::Sqlite, "trusted::signing_in_needs_no_list", sign_in);
    suite.on(Backend::Sqlite, "trusted::over_websocket_too", over_socket);
    suite.on(Backend::Sqlite, "trusted::a_list_of_apollos_form", apollo);
    suite.pure("trusted::a_wrong_list_is_one_line", wrong_lists);
}

const VIEWER: &str = "query Viewer { viewer { id firstName } }";
const PROJECTS: &str = "query Projects($n: Int) { projects(first: $n) { nodes { id projectName } } }";
const FOLLOW: &str = "subscription Follow { projectChanged { cursor } }";

fn list() -> Value {
    json!({ hash(VIEWER): VIEWER, hash(PROJECTS): PROJECTS, hash(FOLLOW): FOLLOW })
}

/// An office with a list, which must stay where it is while the office is open.
async fn office(backend: Backend, list: &Value) -> (Office, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trusted.json");
    std::fs::write(&file, list.to_string()).unwrap();
    (Office::with(backend, &["--trusted-documents", file.to_str().unwrap()]).await, folder)
}

async fn listed(backend: Backend) {
    let (office, _list) = office(backend, &list()).await;
    let client = office.token("client").await;
    for body in [
        json!({ "query": VIEWER }),
        json!({ "extensions": extension(&hash(VIEWER)) }),
        json!({ "documentId": format!("sha256:{}", hash(VIEWER)) }),
        json!({ "query": VIEWER, "extensions": extension(&hash(VIEWER)) }),
    ] {
        let (status, answer) = post(&office, Some(&client), NEW, &body).await;
        assert_eq!((status, &answer["data"]["viewer"]["firstName"]), (200, &json!("client")), "{body} {answer}");
    }
    let page = json!({ "documentId": hash(PROJECTS), "variables": { "n": 3 }, "operationName": "Projects" });
    assert_eq!(post(&office, Some(&client), NEW, &page).await.0, 200);
    let url =
        reqwest::Url::parse_with_params(&office.anyone().url("/graphql"), [("documentId", hash(VIEWER))]).unwrap();
    let response = reqwest::Client::new().get(url).bearer_auth(&client).send().await.unwrap();
    assert_eq!(response.json::<Value>().await.unwrap()["data"]["viewer"]["firstName"], "client");
}

async fn unlisted(backend: Backend) {
    let (office, _list) = office(backend, &list()).await;
    let (client, admin) = (office.token("client").await, office.token("admin").await);
    let other = "{ viewer { id } }";
    // What staff persisted is not listed by that.
    post(&office, Some(&admin), NEW, &json!({ "query": other, "extensions": extension(&hash(other)) })).await;
    for token in [Some(client.as_str()), None] {
        for body in [
            json!({ "query": other }),
            json!({ "query": format!("{VIEWER} ") }),
            json!({ "query": other, "extensions": extension(&hash(other)) }),
            json!({ "extensions": extension(&hash(other)) }),
            json!({ "extensions": extension(&hash("{ never }")) }),
            json!({ "documentId": hash(other) }),
            json!({ "documentId": "nonsense" }),
            json!({ "query": "{ __schema { queryType { name } } }" }),
            json!({ "query": "{ __typename }" }),
            json!({ "query": "mutation { logoutEverywhere(input: {}) { __typename } }" }),
        ] {
            let (status, answer) = post(&office, token, NEW, &body).await;
            assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (403, &json!("FORBIDDEN")), "{body}");
            assert!(answer["errors"][0]["message"].as_str().unwrap().contains("trusted"), "{answer}");
        }
    }
}

async fn staff(backend: Backend) {
    let (office, _list) = office(backend, &list()).await;
    let worker = office.client("worker").await;
    worker.ok("{ viewer { id } }", Value::Null).await;
    worker.ok("{ __schema { queryType { name } } }", Value::Null).await;
    let (status, _) = post(&office, worker.token.as_deref(), NEW, &json!({ "documentId": hash(VIEWER) })).await;
    assert_eq!(status, 200);
}

async fn sign_in(backend: Backend) {
    let (office, _list) = office(backend, &list()).await;
    let anyone = office.anyone();
    let login = "mutation SignIn($input: LoginInput!) { login(input: $input) {
        accessToken refreshToken expiresAt user { firstName lastName role } mfaChallenge { methods } } }";
    let input = json!({ "input": { "email": "pm@ridgeline.test", "password": PASSWORD } });
    let session = anyone.ok(login, input).await["login"].clone();
    let renew = "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { accessToken } }";
    anyone.ok(renew, json!({ "input": { "refreshToken": session["refreshToken"] } })).await;
    for more in [
        "mutation($input: LoginInput!) { login(input: $input) { user { customer { id } } } }",
        "mutation($input: LoginInput!) { login(input: $input) { accessToken } logoutEverywhere(input: {}) { __typename } }",
        "mutation($input: LoginInput!) { ...F } fragment F on Mutation { login(input: $input) { accessToken } }",
    ] {
        assert_eq!(anyone.code(more, json!({ "input": {} })).await, "FORBIDDEN", "{more}");
    }
    let client = office.client("client").await;
    client.ok("mutation { logout { __typename } }", Value::Null).await;
}

async fn over_socket(backend: Backend) {
    let (office, _list) = office(backend, &list()).await;
    let mut socket = office.client("client").await.socket().await;
    let payload = json!({ "query": "subscription { projectChanged { cursor id } }" });
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
    let refused = socket.next().await;
    assert_eq!(
        (&refused["type"], &refused["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!("FORBIDDEN"))
    );
    let payload = json!({ "extensions": extension(&hash(VIEWER)) });
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
    assert_eq!(socket.next().await["payload"]["data"]["viewer"]["firstName"], "client");
    assert_eq!(socket.next().await["type"], "complete");
    // Listed by its hash, a subscription runs: the id stays in use.
    let payload = json!({ "documentId": hash(FOLLOW) });
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": { "query": VIEWER } })).await;
    assert_eq!(socket.close_code().await, 4409);
}

async fn apollo(backend: Backend) {
    let operation = json!({ "id": hash(VIEWER), "name": "Viewer", "type": "query", "body": VIEWER });
    let list = json!({ "format": "apollo-persisted-query-manifest", "version": 1, "operations": [operation] });
    let (office, _list) = office(backend, &list).await;
    let client = office.token("client").await;
    let (status, _) = post(&office, Some(&client), NEW, &json!({ "extensions": extension(&hash(VIEWER)) })).await;
    assert_eq!(status, 200);
}

fn wrong_lists() {
    let folder = tempfile::tempdir().unwrap();
    let entry = |text: &str| json!({ hash(text): text }).to_string();
    for (wrong, told) in [
        ("nonsense".to_owned(), "not JSON"),
        ("[]".to_owned(), "JSON object"),
        (json!({ "abc": 7 }).to_string(), "neither"),
        (
            json!({ "format": "apollo-persisted-query-manifest", "version": 2, "operations": [] }).to_string(),
            "version 1",
        ),
        (json!({ hash("{ viewer { id } }"): VIEWER }).to_string(), "is not the SHA-256"),
        (entry("{ viewer {"), "not a GraphQL document"),
        (entry("{ viewer { nonsense } }"), "Unknown field"),
        (entry("query($a: ID!) { viewer { id } }"), "not used"),
        (
            entry("{ projects(first: 200) { nodes { alerts(first: 200) { nodes { id title message } } } } }"),
            "complexity",
        ),
    ] {
        let file = folder.path().join("trusted.json");
        std::fs::write(&file, wrong).unwrap();
        refused(&folder, &file, told);
    }
    refused(&folder, &folder.path().join("nowhere.json"), "cannot be read");
}

fn refused(folder: &tempfile::TempDir, file: &Path, told: &str) {
    let database = format!("sqlite://{}", folder.path().join("never.db").display());
    let output = program(&["serve", "--bind", "127.0.0.1:0", "--database-url", &database])
        .env("TRUSTED_DOCUMENTS", file)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert_eq!(text.trim().lines().count(), 1, "{text}");
    assert!(text.contains("TRUSTED_DOCUMENTS") && text.contains(told), "{told}: {text}");
}
