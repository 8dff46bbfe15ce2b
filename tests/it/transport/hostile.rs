//! Documents that mean harm: each is refused with a code before anything walks it, and the server goes on.

use std::fmt::Write;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::database::Backend;
use crate::harness::office::{Office, text};
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on(Backend::Sqlite, "hostile::large_documents_are_refused", refused);
    suite.on(Backend::Sqlite, "hostile::one_sign_in_attempt_a_request", sign_ins);
    suite.on(Backend::Sqlite, "hostile::page_sizes_at_every_level", page_sizes);
}

/// A name, and a document of a few kilobytes.
fn corpus() -> Vec<(&'static str, String)> {
    let mut doubling = String::from("{ viewer { ...F0 } }");
    for n in 0..30 {
        write!(doubling, " fragment F{n} on User {{ ...F{} ...F{} }}", n + 1, n + 1).unwrap();
    }
    doubling.push_str(" fragment F30 on User { id }");
    let deep = |n: usize| {
        format!(
            "{{ projects {}{} }}",
            "{ nodes { customer { projects ".repeat(n),
            "{ totalCount }".to_owned() + &"} } }".repeat(n)
        )
    };
    vec![
        ("fragments that double", doubling),
        ("fragments in a circle", "{ viewer { ...A } } fragment A on User { ...B } fragment B on User { ...A }".into()),
        ("deep", deep(12)),
        ("braces without end", "{".repeat(20_000)),
        ("lists without end", format!("{{ project(id: {}) }}", "[".repeat(20_000))),
        ("objects without end", format!("{{ alerts(filter: {}) }}", "{a:".repeat(10_000))),
        ("aliases", format!("{{ {} }}", (0..500).map(|n| format!("a{n}: __typename ")).collect::<String>())),
        ("root fields", format!("{{ {} }}", "viewer { id } ".repeat(300))),
        ("directives", format!("{{ __typename {} }}", "@skip(if: false) ".repeat(500))),
        ("tokens", format!("{{ __typename # \n {} }}", "a ".repeat(6_000))),
        ("characters", format!("{{ __typename }} # {}", "x".repeat(60_000))),
        ("a long string", format!("{{ project(id: \"{}\") {{ id }} }}", "x".repeat(60_000))),
        ("costly", "{ projects(first: 200) { nodes { alerts(first: 200) { nodes { id title message } } } } }".into()),
    ]
}

async fn refused(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    for (name, document) in corpus() {
        let start = Instant::now();
        let (status, answer) = admin.send(&document, Value::Null).await;
        assert_eq!(status, 400, "{name}: {answer}");
        let code = text(&answer["errors"][0]["extensions"]["code"]);
        assert!(["LIMIT_EXCEEDED", "BAD_USER_INPUT"].contains(&code.as_str()), "{name}: {code}");
        assert!(answer.get("data").is_none(), "{name}");
        // Milliseconds in a release build; here only that nothing explodes.
        assert!(start.elapsed() < Duration::from_secs(5), "{name} took {:?}", start.elapsed());
    }
    admin.ok("{ viewer { id } }", Value::Null).await;
}

async fn sign_ins(backend: Backend) {
    let office = Office::open(backend).await;
    let guess = |n: usize| {
        format!(
            "a{n}: login(input: {{ email: \"pm@ridgeline.test\", password: \"guess number {n}\" }}) {{ accessToken }} "
        )
    };
    let document = format!("mutation {{ {} }}", (0..2).map(guess).collect::<String>());
    assert_eq!(office.anyone().code(&document, Value::Null).await, "LIMIT_EXCEEDED");
    let batch = json!([{ "query": "{ __typename }" }, { "query": "{ __typename }" }]);
    let response = reqwest::Client::new().post(office.anyone().url("/graphql")).json(&batch).send().await.unwrap();
    assert_eq!(response.status(), 400);
}

async fn page_sizes(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    office.project().await;
    for arguments in [
        "first: 0",
        "first: -1",
        "first: 201",
        "first: 2147483647",
        "last: 1000",
        "first: 1, last: 1",
        "first: 1, after: \"nonsense\"",
    ] {
        for document in [
            format!("{{ projects({arguments}) {{ nodes {{ id }} }} }}"),
            format!("{{ projects {{ nodes {{ alerts({arguments}) {{ nodes {{ id }} }} }} }} }}"),
        ] {
            assert_eq!(admin.code(&document, Value::Null).await, "BAD_USER_INPUT", "{document}");
        }
    }
}
