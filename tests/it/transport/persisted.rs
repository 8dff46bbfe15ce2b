//! Automatic persisted queries, as Apollo's clients speak them: the hash first, the document when it is asked for. Its
//! link looks for the message `PersistedQueryNotFound` or the code `PERSISTED_QUERY_NOT_FOUND`, whatever the status
//! (`@apollo/client` 4, `link/persisted-queries`); Kotlin, iOS and urql go by the message.

use reqwest::header::{ACCEPT, CACHE_CONTROL};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on(Backend::Sqlite, "persisted::hash_then_document_then_hash_over_post", over_post);
    suite.on(Backend::Sqlite, "persisted::hash_by_get_and_document_by_post", over_get);
    suite.on(Backend::Sqlite, "persisted::hash_then_document_then_hash_over_websocket", over_socket);
    suite.on(Backend::Sqlite, "persisted::named_by_document_id", by_document_id);
    suite.on(Backend::Sqlite, "persisted::a_wrong_hash_is_refused_and_not_kept", wrong_hash);
    suite.on(Backend::Sqlite, "persisted::what_cannot_run_is_not_kept", not_kept);
    suite.on(Backend::Sqlite, "persisted::another_version_is_not_supported", version);
    suite.on(Backend::Sqlite, "persisted::a_persisted_mutation_is_not_run_over_get", mutation_over_get);
    suite.on(Backend::Sqlite, "persisted::what_one_persisted_another_may_run_but_not_see_more", rights);
}

pub const NEW: &str = "application/graphql-response+json";
pub const OLD: &str = "application/json";

pub fn hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn extension(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

pub async fn post(office: &Office, token: Option<&str>, accept: &str, body: &Value) -> (u16, Value) {
    let mut request = reqwest::Client::new().post(office.anyone().url("/graphql")).header(ACCEPT, accept).json(body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// One error, just as clients wait for it.
fn is_not_found(body: &Value) {
    let error = json!([{ "message": "PersistedQueryNotFound", "extensions": { "code": "PERSISTED_QUERY_NOT_FOUND" } }]);
    assert_eq!(*body, json!({ "errors": error }));
}

async fn over_post(backend: Backend) {
    let office = Office::open(backend).await;
    for (accept, status, query) in [(NEW, 400, "{ __typename }"), (OLD, 200, "{ a: __typename }")] {
        let short = json!({ "extensions": extension(&hash(query)) });
        let (found, body) = post(&office, None, accept, &short).await;
        assert_eq!(found, status);
        is_not_found(&body);
        let whole = json!({ "query": query, "extensions": extension(&hash(query)) });
        let first = post(&office, None, accept, &whole).await;
        assert_eq!(first.0, 200);
        assert_eq!(post(&office, None, accept, &short).await, first);
        assert_eq!(post(&office, None, accept, &whole).await, first);
    }
}

async fn over_get(backend: Backend) {
    let office = Office::open(backend).await;
    let query = "query Q($a: Boolean!) { __typename @include(if: $a) }";
    let extensions = extension(&hash(query)).to_string();
    let ask = || {
        let parameters = [("operationName", "Q"), ("variables", r#"{"a":true}"#), ("extensions", extensions.as_str())];
        let url = reqwest::Url::parse_with_params(&office.anyone().url("/graphql"), parameters).unwrap();
        reqwest::Client::new().get(url).header(ACCEPT, NEW).send()
    };
    let missing = ask().await.unwrap();
    // Not to be kept by any cache: the next answer is another.
    assert_eq!(missing.headers()[CACHE_CONTROL], "no-store");
    is_not_found(&missing.json().await.unwrap());
    let whole = json!({ "query": query, "variables": { "a": true }, "extensions": extension(&hash(query)) });
    assert_eq!(post(&office, None, NEW, &whole).await.0, 200);
    let found = ask().await.unwrap();
    assert_eq!((found.status().as_u16(), found.headers()[CACHE_CONTROL].as_bytes()), (200, &b"no-store"[..]));
    assert_eq!(found.json::<Value>().await.unwrap(), json!({ "data": { "__typename": "Query" } }));
}

async fn over_socket(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    let query = "subscription { notificationChanged { id } }";
    let short = json!({ "id": "1", "type": "subscribe", "payload": { "extensions": extension(&hash(query)) } });
    socket.send(short.clone()).await;
    let missing = socket.next().await;
    assert_eq!((&missing["type"], &missing["id"]), (&json!("error"), &json!("1")));
    is_not_found(&json!({ "errors": missing["payload"] }));
    let mut whole = short.clone();
    whole["payload"]["query"] = json!(query);
    whole["id"] = json!("2");
    socket.send(whole).await;
    socket.send(short).await;
    // Both run: their ids are in use.
    socket.send(json!({ "type": "ping" })).await;
    assert_eq!(socket.next().await["type"], "pong");
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": { "query": "{ __typename }" } })).await;
    assert_eq!(socket.close_code().await, 4409);
}

async fn by_document_id(backend: Backend) {
    let office = Office::open(backend).await;
    let query = "{ __typename }";
    let named = json!({ "documentId": format!("sha256:{}", hash(query)) });
    is_not_found(&post(&office, None, NEW, &named).await.1);
    post(&office, None, NEW, &json!({ "query": query, "extensions": extension(&hash(query)) })).await;
    for id in [format!("sha256:{}", hash(query)), hash(query)] {
        let (status, body) = post(&office, None, NEW, &json!({ "documentId": id })).await;
        assert_eq!((status, &body["data"]["__typename"]), (200, &json!("Query")));
        let url = reqwest::Url::parse_with_params(&office.anyone().url("/graphql"), [("documentId", id)]).unwrap();
        assert_eq!(reqwest::get(url).await.unwrap().json::<Value>().await.unwrap(), body);
    }
    for other in ["", "md5:abc", "x-mine:1", "Projects"] {
        is_not_found(&post(&office, None, NEW, &json!({ "documentId": other })).await.1);
    }
    let both = json!({ "documentId": hash("{ a }"), "extensions": extension(&hash(query)) });
    assert_eq!(post(&office, None, NEW, &both).await.1["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

async fn wrong_hash(backend: Backend) {
    let office = Office::open(backend).await;
    let whole = json!({ "query": "{ __typename }", "extensions": extension(&hash("{ other }")) });
    let (status, body) = post(&office, None, NEW, &whole).await;
    assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (400, &json!("BAD_USER_INPUT")), "{body}");
    is_not_found(&post(&office, None, NEW, &json!({ "extensions": extension(&hash("{ other }")) })).await.1);
    for wrong in [json!("abc"), json!(""), json!("g".repeat(64)), json!(7), Value::Null] {
        let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": wrong } });
        let (status, body) = post(&office, None, NEW, &json!({ "extensions": extensions })).await;
        assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (400, &json!("BAD_USER_INPUT")), "{body}");
    }
    let (status, _) = post(&office, None, NEW, &json!({ "extensions": { "persistedQuery": "x" } })).await;
    assert_eq!(status, 400);
}

async fn not_kept(backend: Backend) {
    let office = Office::open(backend).await;
    let deep = format!(
        "{{ projects {} }}",
        "{ nodes { customer { projects ".repeat(12) + "{ totalCount }" + &"} } }".repeat(12)
    );
    for query in ["{", &deep] {
        let whole = json!({ "query": query, "extensions": extension(&hash(query)) });
        assert_eq!(post(&office, None, NEW, &whole).await.0, 400);
        is_not_found(&post(&office, None, NEW, &json!({ "extensions": extension(&hash(query)) })).await.1);
    }
}

async fn version(backend: Backend) {
    let office = Office::open(backend).await;
    for version in [json!(2), json!("1"), Value::Null] {
        let extensions = json!({ "persistedQuery": { "version": version, "sha256Hash": hash("{ __typename }") } });
        let (_, body) = post(&office, None, NEW, &json!({ "extensions": extensions })).await;
        let error = json!([{ "message": "PersistedQueryNotSupported", "extensions": { "code": "PERSISTED_QUERY_NOT_SUPPORTED" } }]);
        assert_eq!(body, json!({ "errors": error }));
    }
}

async fn mutation_over_get(backend: Backend) {
    let office = Office::open(backend).await;
    let query = "mutation { logoutEverywhere(input: {}) { __typename } }";
    post(&office, None, NEW, &json!({ "query": query, "extensions": extension(&hash(query)) })).await;
    let parameters = [("extensions", extension(&hash(query)).to_string())];
    let url = reqwest::Url::parse_with_params(&office.anyone().url("/graphql"), parameters).unwrap();
    let response = reqwest::get(url).await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers()["allow"].as_bytes()), (405, &b"POST"[..]));
}

async fn rights(backend: Backend) {
    let office = Office::open(backend).await;
    let query = "{ __schema { queryType { name } } }";
    let (admin, client) = (office.token("admin").await, office.token("client").await);
    let whole = json!({ "query": query, "extensions": extension(&hash(query)) });
    assert_eq!(post(&office, Some(&admin), NEW, &whole).await.0, 200);
    let short = json!({ "extensions": extension(&hash(query)) });
    assert_eq!(post(&office, Some(&admin), NEW, &short).await.0, 200);
    assert_eq!(post(&office, Some(&client), NEW, &short).await.0, 403);
    assert_eq!(post(&office, None, NEW, &short).await.0, 401);
}
