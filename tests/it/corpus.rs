//! Documents that mean harm, from `tests/corpus` and from the generator below: each is refused with a code before anything
//! walks it, or answered where it only looks harmful; and the server goes on.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};

use crate::fuzz::CODES;
use crate::harness::client::Client;
use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::harness::suite::Suite;
use crate::processes::Program;

pub fn register(suite: &mut Suite) {
    if std::env::var_os("BENCH_HOSTILE").is_some() {
        suite.on_each_database("corpus::bench", bench);
        return;
    }
    for kind in kinds() {
        suite.on(Backend::Sqlite, &format!("corpus::{kind}"), move |backend| over_http(backend, kind));
    }
    suite.on(Backend::Postgres, "corpus::everything", everything);
    suite.on(Backend::Sqlite, "corpus::everything_over_websocket", over_websocket);
    suite.on(Backend::Sqlite, "corpus::memory_stays_flat", memory);
}

/// One request.
struct Case {
    kind: String,
    name: String,
    body: Vec<u8>,
    allowed: bool,
}

impl Case {
    fn document(kind: &str, name: &str, text: &str) -> Self {
        Self::body(kind, name, json!({ "query": text }).to_string().into_bytes())
    }

    fn body(kind: &str, name: &str, body: Vec<u8>) -> Self {
        let (name, allowed) = name.strip_suffix(".allowed").map_or((name, false), |name| (name, true));
        Self { kind: kind.to_owned(), name: name.to_owned(), body, allowed }
    }

    /// What is wrong with what came of it.
    fn wrong(&self, status: u16, answer: &Value) -> Option<String> {
        let wrong = || Some(format!("{}/{}: {status} {answer:.600}", self.kind, self.name));
        let errors = answer["errors"].as_array().into_iter().flatten();
        let mut codes = errors.map(|error| error["extensions"]["code"].as_str().unwrap_or_default());
        if !codes.all(|code| CODES.contains(&code)) {
            return wrong();
        }
        let fine = if self.allowed {
            status == 200 && answer.get("data").is_some()
        } else {
            (400..500).contains(&status) && answer.get("data").is_none() && answer["errors"].is_array()
        };
        if fine { None } else { wrong() }
    }
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))
}

fn kinds() -> Vec<String> {
    let mut kinds: Vec<_> = cases().into_iter().map(|case| case.kind).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

/// All there are.
fn cases() -> Vec<Case> {
    let mut cases = generated();
    for kind in std::fs::read_dir(folder()).expect("the corpus").flatten() {
        let Ok(files) = std::fs::read_dir(kind.path()) else { continue };
        let kind = kind.file_name().into_string().expect("a name");
        for file in files.flatten().map(|file| file.path()) {
            let content = std::fs::read(&file).expect("a file");
            let name = file.file_stem().and_then(|name| name.to_str()).expect("a name");
            cases.push(match file.extension().and_then(|extension| extension.to_str()) {
                Some("graphql") => Case::document(&kind, name, &String::from_utf8_lossy(&content)),
                Some("json") => Case::body(&kind, name, content),
                _ => panic!("{} is neither .graphql nor .json", file.display()),
            });
        }
    }
    cases
}

/// What would be large as a file.
fn generated() -> Vec<Case> {
    let many = |times: usize, part: &dyn Fn(usize) -> String| (0..times).map(part).collect::<String>();
    let bytes = |text: String| text.into_bytes();
    let of = |variables: String| {
        bytes(format!(
            r#"{{"query":"query($a: [ID!]) {{ viewer {{ id @skip(if: $a) }} }}","variables":{{"a":{variables}}}}}"#
        ))
    };
    vec![
        Case::body("bodies", "brackets-without-end", bytes("[".repeat(1_000_000))),
        Case::body("bodies", "objects-without-end", bytes("{\"a\":".repeat(200_000))),
        Case::body(
            "bodies",
            "a-batch-of-thousands",
            bytes(json!(vec![json!({ "query": "{ __typename }" }); 20_000]).to_string()),
        ),
        Case::body("bodies", "larger-than-is-read", bytes(format!(r#"{{"query":"{}"}}"#, "x".repeat(1_100_000)))),
        Case::body(
            "bodies",
            "a-million-keys",
            bytes(format!("{{{}\"z\":1}}", many(90_000, &|n| format!("\"k{n}\":1,")))),
        ),
        Case::body("variables", "a-hundred-thousand-items", of(json!(vec!["x"; 100_000]).to_string())),
        Case::body("variables", "a-million-brackets", of("[".repeat(1_000_000))),
        Case::body("variables", "a-megabyte-of-text", of(json!("x".repeat(1_000_000)).to_string())),
        Case::body("variables", "a-megabyte-of-escapes", of(format!("\"{}\"", "\\u0041".repeat(170_000)))),
        Case::body("variables", "a-number-of-a-megabyte", of("9".repeat(1_000_000))),
        Case::body("variables", "used-everywhere", {
            let uses = many(300, &|n| format!("u{n}: projectMessages(filter: $a) {{ totalCount }} "));
            let query = format!("query($a: ProjectMessageFilter) {{ {uses} }}");
            bytes(json!({ "query": query, "variables": { "a": { "types": vec!["x"; 5_000] } } }).to_string())
        }),
        Case::document("strings", "long", &format!("{{ user(id: \"{}\") {{ id }} }}", "x".repeat(55_000))),
        Case::document("text", "a-long-comment", &format!("{{ __typename }} # {}", "x".repeat(60_000))),
        Case::document("text", "quotes", &"\"".repeat(49_999)),
        Case::document("text", "triple-quotes", &"\"\"\"".repeat(16_001)),
        Case::document("text", "dollars", &"$".repeat(3_999)),
        Case::document("operations", "a-long-name", &format!("query {} {{ __typename }}", "A".repeat(40_000))),
        Case::document("depth", "braces-without-end", &"{".repeat(49_000)),
        Case::document("depth", "fields-without-end", &"{a".repeat(24_000)),
        Case::document(
            "fragments",
            "wide-and-doubling",
            &format!(
                "{{ viewer {{ ...F0 }} }} {} fragment F18 on User {{ id firstName lastName email }}",
                many(18, &|n| format!("fragment F{n} on User {{ {} }} ", format!("...F{} ", n + 1).repeat(9)))
            ),
        ),
        Case::document(
            "overlapping",
            "every-pair",
            &format!(
                "{{ {} }}",
                many(60, &|n| format!(
                    "viewer {{ {} }} ",
                    many(18, &|k| format!("a{k}: {} ", if n == 59 { "id" } else { "firstName" }))
                ))
            ),
        ),
        Case::document(
            "breadth",
            "aliases-of-everything",
            &format!("{{ {} }}", many(1_300, &|n| format!("a{n}: __typename "))),
        ),
    ]
}

async fn send(client: &Client, body: Vec<u8>) -> (u16, Value) {
    let request = reqwest::Client::new().post(client.url("/graphql")).body(body);
    let request = request.header(ACCEPT, "application/graphql-response+json").header(CONTENT_TYPE, "application/json");
    let response = request.bearer_auth(client.token.as_deref().unwrap_or_default()).send().await.expect("an answer");
    (response.status().as_u16(), response.json().await.expect("JSON"))
}

async fn over_http(backend: Backend, kind: String) {
    check(backend, cases().into_iter().filter(|case| case.kind == kind).collect()).await;
}

async fn everything(backend: Backend) {
    check(backend, cases()).await;
}

async fn check(backend: Backend, cases: Vec<Case>) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    let mut wrong = Vec::new();
    for case in cases {
        let (status, answer) = send(&admin, case.body.clone()).await;
        wrong.extend(case.wrong(status, &answer));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    admin.ok("{ viewer { id } }", Value::Null).await;
}

/// The same bodies as the payload of `subscribe`: refused with `error`, or the socket is closed for a message that is none.
async fn over_websocket(backend: Backend) {
    use tokio_tungstenite::tungstenite::Message;
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    let mut wrong = Vec::new();
    for case in cases() {
        let Ok(body) = String::from_utf8(case.body.clone()) else { continue };
        // Here it does no harm, and waits for something to happen.
        if case.name == "a-subscription-over-http" {
            continue;
        }
        let mut socket = admin.socket().await;
        // One that is too large may be cut off while it is still being sent.
        let _ = socket.try_send(&[&format!(r#"{{"id":"1","type":"subscribe","payload":{body}}}"#)]).await;
        let came = socket.any_frame().await;
        let fine = match &came {
            None => body.len() > 64_000,
            Some(Message::Close(Some(frame))) => [4400, 1009].contains(&u16::from(frame.code)),
            Some(Message::Text(text)) => {
                let message: Value = serde_json::from_str(text).unwrap();
                match message["type"].as_str() {
                    Some("error") => case.wrong(400, &json!({ "errors": message["payload"] })).is_none(),
                    Some("next") => case.wrong(200, &message["payload"]).is_none(),
                    _ => false,
                }
            }
            _ => false,
        };
        if !fine && case.name != "a-subscription-of-a-thousand" {
            wrong.push(format!("{}/{}: {came:?}", case.kind, case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    admin.ok("{ viewer { id } }", Value::Null).await;
}

/// Resident memory of a process, in KiB.
fn resident(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok())
}

/// A process of its own is sent everything once, and then again and again.
async fn memory(backend: Backend) {
    let office = Office::open(backend).await;
    let program = Program::serve(&office).await;
    let manager = program.manager(&office).await;
    let all = cases();
    let round = async || {
        for case in &all {
            send(&manager, case.body.clone()).await;
        }
        resident(program.id())
    };
    round().await;
    // Only Linux tells.
    let Some(before) = round().await else { return };
    round().await;
    let after = round().await.expect("the same process");
    assert!(after < before + 24 * 1024, "{before} KiB became {after} KiB");
}

/// Prints how long each takes to be refused, the slowest first.
async fn bench(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    let http = reqwest::Client::new();
    let mut taken: BTreeMap<(Duration, String), bool> = BTreeMap::new();
    for case in cases() {
        let mut times = Vec::new();
        for _ in 0..7 {
            let request = http.post(admin.url("/graphql")).body(case.body.clone());
            let request = request.header(ACCEPT, "application/json").header(CONTENT_TYPE, "application/json");
            let began = Instant::now();
            let response = request.bearer_auth(admin.token.as_deref().unwrap()).send().await.unwrap();
            response.bytes().await.unwrap();
            times.push(began.elapsed());
        }
        times.sort();
        taken.insert((times[times.len() / 2], format!("{}/{}", case.kind, case.name)), case.allowed);
    }
    let late = taken.iter().filter(|((time, _), allowed)| !**allowed && *time > Duration::from_millis(10)).count();
    println!(
        "\n{}: {} requests, {late} refused later than 10 ms; the slowest (median of 7):",
        backend.title(),
        taken.len()
    );
    for ((time, name), allowed) in taken.iter().rev().take(20) {
        println!("{:>10.2?}  {name}{}", time, if *allowed { " (answered)" } else { "" });
    }
}
