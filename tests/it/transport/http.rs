//! GraphQL over HTTP, rule by rule (<https://graphql.github.io/graphql-over-http/draft/>).

use reqwest::header::{ACCEPT, ALLOW, CONTENT_TYPE};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::harness::client::Client;
use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::harness::suite::Suite;

const NEW: &str = "application/graphql-response+json";
const OLD: &str = "application/json";

pub fn register(suite: &mut Suite) {
    suite.on(Backend::Sqlite, "http::the_answer_is_of_an_acceptable_type", types);
    suite.on(Backend::Sqlite, "http::requests_that_are_none_are_refused", malformed);
    suite.on(Backend::Sqlite, "http::documents_with_errors_have_no_data", document_errors);
    suite.on(Backend::Sqlite, "http::get_reads_and_never_writes", get);
    suite.on(Backend::Sqlite, "http::other_content_types_and_methods", other_types_and_methods);
    suite.on(Backend::Sqlite, "http::what_failed_is_null_beside_what_did_not", partial);
    suite.on(Backend::Sqlite, "http::a_bad_bearer_is_nobody", bad_bearer);
    suite.on(Backend::Sqlite, "http::an_omitted_variable_never_erases", omitted_variable);
    suite.on(Backend::Sqlite, "http::every_answer_has_a_request_id", request_id);
    suite.on(Backend::Sqlite, "http::pages_come_from_the_binary", pages);
}

async fn post(client: &Client, accept: Option<&str>, kind: Option<&str>, body: impl Into<String>) -> Response {
    let mut request = reqwest::Client::new().post(client.url("/graphql")).body(body.into());
    if let Some(kind) = kind {
        request = request.header(CONTENT_TYPE, kind);
    }
    if let Some(accept) = accept {
        request = request.header(ACCEPT, accept);
    }
    request.send().await.unwrap()
}

fn kind(response: &Response) -> String {
    response.headers()[CONTENT_TYPE].to_str().unwrap().replace("; charset=utf-8", "")
}

const TYPENAME: &str = r#"{"query":"{ __typename }"}"#;

async fn types(backend: Backend) {
    let office = Office::open(backend).await;
    let anyone = office.anyone();
    for (accept, expected) in [
        (None, OLD),
        (Some("*/*"), OLD),
        (Some(OLD), OLD),
        (Some(NEW), NEW),
        (Some("application/graphql-response+json, application/json;q=0.9"), NEW),
        (Some("application/graphql-response+json;q=0.1, application/json"), OLD),
        (Some("text/html, application/*"), OLD),
    ] {
        let response = post(&anyone, accept, Some(OLD), TYPENAME).await;
        assert_eq!((response.status().as_u16(), kind(&response).as_str()), (200, expected), "{accept:?}");
        assert!(response.headers()[CONTENT_TYPE].to_str().unwrap().contains("charset=utf-8"));
        let body: Value = response.json().await.unwrap();
        assert_eq!(body, json!({ "data": { "__typename": "Query" } }));
    }
    assert_eq!(post(&anyone, Some("text/html"), Some(OLD), TYPENAME).await.status(), 406);
    let unicode = json!({ "query": "{ __typename # \u{1F3E0} Ünïcödé\n}" }).to_string();
    assert_eq!(post(&anyone, Some(NEW), Some("application/json; charset=utf-8"), unicode).await.status(), 200);
}

async fn malformed(backend: Backend) {
    let office = Office::open(backend).await;
    let anyone = office.anyone();
    for body in [
        "",
        "nonsense",
        "{",
        "[]",
        r#"[{"query":"{ __typename }"}]"#,
        "null",
        "7",
        "{}",
        r#"{"query":null}"#,
        r#"{"query":7}"#,
        r#"{"query":["{ __typename }"]}"#,
        r#"{"query":"{ __typename }","variables":"a"}"#,
        r#"{"query":"{ __typename }","variables":[1]}"#,
        r#"{"query":"{ __typename }","operationName":7}"#,
        r#"{"query":"{ __typename }","extensions":"a"}"#,
    ] {
        for accept in [NEW, OLD] {
            let response = post(&anyone, Some(accept), Some(OLD), body).await;
            assert_eq!(response.status(), 400, "{body} as {accept}");
            refused(response, body).await;
        }
    }
    for body in [
        r#"{"query":"{ __typename }","variables":null,"operationName":null,"extensions":null}"#,
        r#"{"query":"{ __typename }","variables":{},"extensions":{"a":1}}"#,
    ] {
        assert_eq!(post(&anyone, Some(NEW), Some(OLD), body).await.status(), 200, "{body}");
    }
    let large = format!(r#"{{"query":"{{ __typename }}","variables":{{"a":"{}"}}}}"#, "x".repeat(1_100_000));
    let response = post(&anyone, Some(NEW), Some(OLD), large).await;
    assert_eq!(response.status(), 413);
    refused(response, "a large body").await;
}

/// One shape for every refusal: errors with a sentence and a code, no data.
async fn refused(response: Response, what: &str) -> Value {
    let body: Value = response.json().await.unwrap();
    assert!(body.get("data").is_none(), "{what}: {body}");
    let errors = body["errors"].as_array().unwrap_or_else(|| panic!("{what}: {body}"));
    assert!(!errors.is_empty());
    for error in errors {
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{what}: {body}");
        assert!(error["extensions"]["code"].is_string(), "{what}: {body}");
    }
    body
}

async fn document_errors(backend: Backend) {
    let office = Office::open(backend).await;
    let anyone = office.anyone();
    for query in [
        "{",
        "{ nonsense }",
        "{ project }",
        "query A { __typename } query B { __typename }",
        "query($a: Int!) { __typename }",
        "{ __typename ...F } fragment F on Query { ...F }",
        "",
        "# nothing",
        "subscription { alertChanged { id } }",
    ] {
        let body = json!({ "query": query }).to_string();
        let response = post(&anyone, Some(NEW), Some(OLD), body.clone()).await;
        assert_eq!(response.status(), 400, "{query}");
        refused(response, query).await;
        let response = post(&anyone, Some(OLD), Some(OLD), body).await;
        assert_eq!(response.status(), 200, "{query}");
        refused(response, query).await;
    }
}

async fn get(backend: Backend) {
    let office = Office::open(backend).await;
    let anyone = office.anyone();
    let get = |parameters: Vec<(&'static str, &'static str)>| {
        let url = reqwest::Url::parse_with_params(&anyone.url("/graphql"), parameters).unwrap();
        async move { reqwest::Client::new().get(url).header(ACCEPT, NEW).send().await.unwrap() }
    };
    assert_eq!(get(vec![("query", "{ __typename }")]).await.status(), 200);
    let named = vec![
        ("query", "query A { __typename } query B($x: Boolean!) { a: __typename viewer @skip(if: $x) { id } }"),
        ("operationName", "B"),
        ("variables", r#"{"x":true}"#),
    ];
    let body: Value = get(named).await.json().await.unwrap();
    assert_eq!(body["data"]["a"], "Query");
    for parameters in [
        vec![],
        vec![("query", "{ __typename }"), ("variables", "{")],
        vec![("query", "{ __typename }"), ("variables", "[]")],
        vec![("query", "{ __typename }"), ("extensions", "7")],
    ] {
        assert_eq!(get(parameters.clone()).await.status(), 400, "{parameters:?}");
    }
    let response = get(vec![("query", "mutation { logout { __typename } }")]).await;
    assert_eq!((response.status().as_u16(), response.headers()[ALLOW].to_str().unwrap()), (405, "POST"));
    refused(response, "a mutation over GET").await;
}

async fn other_types_and_methods(backend: Backend) {
    let office = Office::open(backend).await;
    let anyone = office.anyone();
    // What a foreign page can send without asking first must never run.
    for kind in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=a"),
        Some("application/graphql"),
        Some("text/json"),
    ] {
        let response = post(&anyone, Some(NEW), kind, TYPENAME).await;
        assert_eq!(response.status(), 415, "{kind:?}");
        refused(response, "another content type").await;
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        let response = reqwest::Client::new().request(method.clone(), anyone.url("/graphql")).send().await.unwrap();
        assert_eq!(response.status(), 405, "{method}");
        assert!(response.headers()[ALLOW].to_str().unwrap().contains("POST"));
    }
}

async fn partial(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let foreman = office.client("foreman").await;
    let admin = office.client("admin").await;
    let input = json!({ "projectId": project.id, "userId": office.id("foreman").0 });
    admin
        .ok(
            "mutation($input: AddTeamMemberInput!) { addTeamMember(input: $input) { teamMember { id } } }",
            json!({ "input": input }),
        )
        .await;
    let (status, body) = foreman
        .send("query($id: ID!) { project(id: $id) { projectName budget progress } }", json!({ "id": project.id }))
        .await;
    assert_eq!(status, 200);
    assert_eq!(body["data"]["project"], json!({ "projectName": "12 Ridge Road", "budget": null, "progress": 0 }));
    assert_eq!(
        (&body["errors"][0]["extensions"]["code"], &body["errors"][0]["path"]),
        (&json!("FORBIDDEN"), &json!(["project", "budget"]))
    );
}

async fn bad_bearer(backend: Backend) {
    let office = Office::open(backend).await;
    let mut client = office.anyone();
    for token in ["nonsense", "a.b.c", ""] {
        client.token = Some(token.to_owned());
        assert_eq!(client.code("{ viewer { id } }", Value::Null).await, "UNAUTHENTICATED");
    }
    // Signing in works all the same.
    let login = json!({ "input": { "email": "pm@ridgeline.test", "password": crate::harness::office::PASSWORD } });
    client.ok("mutation($input: LoginInput!) { login(input: $input) { accessToken } }", login).await;
}

async fn omitted_variable(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    let customer = admin.create_customer("omit@example.com").await;
    let set = json!({ "input": { "customerId": customer, "notes": "keep me", "secondaryName": "Bo" } });
    let document = "mutation($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { notes } } }";
    admin.ok(document, set).await;
    let spread = "mutation($id: ID!, $notes: String, $name: String) { updateCustomer(input: { customerId: $id, notes: $notes, secondaryName: $name }) {
        customer { notes secondaryName } } }";
    let kept = admin.ok(spread, json!({ "id": customer })).await["updateCustomer"]["customer"].clone();
    assert_eq!(kept, json!({ "notes": "keep me", "secondaryName": "Bo" }));
    let cleared =
        admin.ok(spread, json!({ "id": customer, "notes": null })).await["updateCustomer"]["customer"].clone();
    assert_eq!(cleared, json!({ "notes": null, "secondaryName": "Bo" }));
    let whole = admin.ok(document, json!({ "input": { "customerId": customer, "primaryName": "Ada" } })).await;
    assert_eq!(whole["updateCustomer"]["customer"]["notes"], Value::Null);
}

async fn request_id(backend: Backend) {
    let office = Office::open(backend).await;
    let anyone = office.anyone();
    let first = post(&anyone, None, Some(OLD), TYPENAME).await;
    let second = post(&anyone, None, Some(OLD), "{").await;
    let id = |response: &Response| response.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert!(!id(&first).is_empty());
    assert_ne!(id(&first), id(&second));
}

async fn pages(backend: Backend) {
    let office = Office::open(backend).await;
    let anyone = office.anyone();
    for path in ["/", "/graphiql", "/healthz", "/readyz", "/metrics"] {
        assert_eq!(reqwest::get(anyone.url(path)).await.unwrap().status(), 200, "{path}");
    }
    let page = reqwest::get(anyone.url("/graphiql")).await.unwrap();
    assert!(
        page.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'self'")
            || page.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'")
    );
    let page = page.text().await.unwrap();
    assert!(!page.contains("https://"), "nothing comes from outside");
    assert_eq!(reqwest::get(anyone.url("/nowhere")).await.unwrap().status(), 404);
}
