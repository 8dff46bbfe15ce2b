//! What answers over HTTP promise beyond the specification, whose rules are in [`super::rules`].

use reqwest::Response;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};

use crate::harness::client::Client;
use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::harness::suite::Suite;

const OLD: &str = "application/json";

pub fn register(suite: &mut Suite) {
    suite.on(Backend::Sqlite, "http::what_failed_is_null_beside_what_did_not", partial);
    suite.on(Backend::Sqlite, "http::a_bad_bearer_is_nobody", bad_bearer);
    suite.on(Backend::Sqlite, "http::an_omitted_variable_never_erases", omitted_variable);
    suite.on(Backend::Sqlite, "http::a_document_sent_before_answers_as_a_new_one", sent_before);
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

const TYPENAME: &str = r#"{"query":"{ __typename }"}"#;

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

/// A query that was executed is not validated again for plain values: whatever is sent next, nobody may notice.
async fn sent_before(backend: Backend) {
    const QUERY: &str = "query($id: ID!, $first: Int, $full: Boolean = true) {
        project(id: $id) { id ...F @include(if: $full) alerts(first: $first) { totalCount } } }
        fragment F on Project { projectName __typename @skip(if: $full) }";
    let office = Office::open(backend).await;
    let project = office.project().await;
    let client = office.client("manager").await;
    let cases = [
        json!({ "id": project.id, "first": 2, "full": true }),
        json!({ "id": project.id, "first": 2, "full": false }),
        json!({ "id": project.id }),
        json!({ "id": project.id, "first": 0 }),
        json!({ "id": project.id, "first": 2.5 }),
        json!({ "id": project.id, "first": "2" }),
        json!({ "id": project.id, "first": null }),
        json!({ "id": project.id, "full": null }),
        json!({ "id": project.id, "full": "yes" }),
        json!({ "id": project.id, "first": 1_u64 << 40 }),
        json!({ "id": [project.id] }),
        json!({ "id": { "a": 1 } }),
        json!({ "id": 5 }),
        json!({ "id": null }),
        json!({ "id": "nowhere" }),
        json!({}),
    ];
    let first = client.send(QUERY, cases[0].clone()).await;
    assert_eq!(first.0, 200, "{}", first.1);
    for (at, given) in cases.into_iter().enumerate() {
        let new = format!("{QUERY} # {at}");
        let (mut new, mut before) = (client.send(&new, given.clone()).await, client.send(QUERY, given.clone()).await);
        for (_, body) in [&mut new, &mut before] {
            body["extensions"].take();
            for error in body["errors"].as_array_mut().into_iter().flatten() {
                error["extensions"]["requestId"].take();
            }
        }
        assert_eq!(before, new, "{given}");
    }
    // What is left out of an answer is validated all the same.
    let hidden = "query($skip: Boolean!) { viewer { id nonsense @skip(if: $skip) } }";
    for skip in [true, false, true] {
        assert_eq!(client.send(hidden, json!({ "skip": skip })).await.0, 400);
    }
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
