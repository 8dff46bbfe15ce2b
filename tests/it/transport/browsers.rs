//! What browsers heed: which pages may call, the headers that keep a page to itself, and compression.

use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ORIGIN, VARY};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::json;

use crate::harness::database::Backend;
use crate::harness::office::{Office, PASSWORD};
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on(Backend::Sqlite, "browsers::only_allowed_origins_may_call", origins);
    suite.on(Backend::Sqlite, "browsers::any_origin_where_all_are_allowed", any_origin);
    suite.on(Backend::Sqlite, "browsers::preflights_are_answered_and_kept", preflight);
    suite.on(Backend::Sqlite, "browsers::every_answer_has_the_headers_of_safety", safety);
    suite.on(Backend::Sqlite, "browsers::https_is_for_good_only_where_it_is_in_use", https);
    suite.on(Backend::Sqlite, "browsers::large_answers_are_compressed_for_who_accepts_it", compressed);
    suite.on(Backend::Sqlite, "browsers::answers_with_tokens_are_never_compressed", tokens);
    suite.on(Backend::Sqlite, "browsers::files_are_compressed_once", files);
}

const APP: &str = "https://app.example";

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

fn post(office: &Office, query: &str) -> RequestBuilder {
    reqwest::Client::new().post(office.anyone().url("/graphql")).json(&json!({ "query": query }))
}

async fn origins(backend: Backend) {
    let office = Office::with(backend, &["--allowed-origins", "https://app.example,http://localhost:5173"]).await;
    for (origin, allowed) in [
        (APP, true),
        ("http://localhost:5173", true),
        ("https://app.example.evil.example", false),
        ("http://app.example", false),
        ("null", false),
    ] {
        let response = post(&office, "{ __typename }").header(ORIGIN, origin).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "access-control-allow-origin"), if allowed { origin } else { "" });
        assert!(response.headers().get("access-control-allow-credentials").is_none());
        let exposed = header(&response, "access-control-expose-headers");
        assert!(exposed.contains("retry-after") && exposed.contains("x-request-id"), "{exposed}");
        // A cache must not hand one origin's answer to another.
        let vary: Vec<_> = response.headers().get_all(VARY).iter().map(|value| value.to_str().unwrap()).collect();
        assert!(vary.join(", ").to_lowercase().contains("origin"), "{vary:?}");
    }
}

async fn any_origin(backend: Backend) {
    let office = Office::with(backend, &["--allowed-origins", "*"]).await;
    let response = post(&office, "{ __typename }").header(ORIGIN, "https://else.example").send().await.unwrap();
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
}

async fn preflight(backend: Backend) {
    let office = Office::with(backend, &["--allowed-origins", APP]).await;
    let ask = |origin: &'static str| {
        let request = reqwest::Client::new().request(Method::OPTIONS, office.anyone().url("/graphql"));
        let request = request.header(ORIGIN, origin).header("access-control-request-method", "POST");
        request.header("access-control-request-headers", "authorization,content-type").send()
    };
    let allowed = ask(APP).await.unwrap();
    assert_eq!(allowed.status(), 200);
    assert_eq!(header(&allowed, "access-control-allow-origin"), APP);
    assert_eq!(header(&allowed, "access-control-max-age"), "600");
    let (methods, headers) =
        (header(&allowed, "access-control-allow-methods"), header(&allowed, "access-control-allow-headers"));
    assert!(methods.contains("POST") && methods.contains("GET") && !methods.contains("DELETE"), "{methods}");
    for wanted in ["authorization", "content-type", "accept"] {
        assert!(headers.contains(wanted), "{headers}");
    }
    assert_eq!(header(&ask("https://evil.example").await.unwrap(), "access-control-allow-origin"), "");
}

async fn safety(backend: Backend) {
    let office = Office::open(backend).await;
    for path in ["/", "/graphiql", "/graphiql/page.js", "/graphql", "/graphql/ws", "/healthz", "/metrics", "/nowhere"] {
        let response = reqwest::get(office.anyone().url(path)).await.unwrap();
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(header(&response, name), value, "{path}");
        }
        let policy = header(&response, "content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("script-src 'unsafe"), "{path}");
        assert!(!header(&response, "x-request-id").is_empty(), "{path}");
    }
}

async fn https(backend: Backend) {
    let strict = |office: Office| async move {
        let response = reqwest::get(office.anyone().url("/")).await.unwrap();
        header(&response, "strict-transport-security").to_owned()
    };
    assert_eq!(strict(Office::open(backend).await).await, "");
    assert_eq!(strict(Office::with(backend, &["--public-url", "http://office.example"]).await).await, "");
    let secure = strict(Office::with(backend, &["--public-url", "https://office.example"]).await).await;
    assert_eq!(secure, "max-age=31536000");
}

async fn compressed(backend: Backend) {
    let office = Office::open(backend).await;
    let token = office.token("admin").await;
    let schema = "{ __schema { types { name description } } }";
    let ask = |query: &str, encoding: &'static str| {
        post(&office, query).bearer_auth(&token).header(ACCEPT_ENCODING, encoding).send()
    };
    let plain = ask(schema, "identity").await.unwrap();
    assert_eq!(header(&plain, "content-encoding"), "");
    let plain = plain.bytes().await.unwrap();
    assert!(plain.len() > 10_000);
    for encoding in ["gzip", "br, gzip;q=0.5", "*"] {
        let packed = ask(schema, encoding).await.unwrap();
        assert_eq!(packed.headers()[CONTENT_ENCODING], "gzip", "{encoding}");
        let vary: Vec<_> = packed.headers().get_all(VARY).iter().map(|value| value.to_str().unwrap()).collect();
        assert!(vary.join(", ").contains("accept-encoding"), "{vary:?}");
        let packed = packed.bytes().await.unwrap();
        assert!(packed.starts_with(&[0x1f, 0x8b]) && packed.len() * 2 < plain.len(), "{}", packed.len());
        // The last four bytes tell the length of what is in it.
        assert_eq!(packed[packed.len() - 4..], u32::try_from(plain.len()).unwrap().to_le_bytes());
    }
    // Whoever refuses everything else is answered plainly all the same: by then it has been done.
    for refused in ["gzip;q=0", "br", "identity;q=0", "*;q=0"] {
        assert_eq!(header(&ask(schema, refused).await.unwrap(), "content-encoding"), "", "{refused}");
    }
    let small = ask("{ viewer { id } }", "gzip").await.unwrap();
    assert_eq!(header(&small, "content-encoding"), "");
    let page = reqwest::Client::new().get(office.anyone().url("/graphiql")).header(ACCEPT_ENCODING, "gzip").send();
    assert_eq!(header(&page.await.unwrap(), "content-encoding"), "gzip");
}

/// The length of a compressed answer tells of what is in it.
async fn tokens(backend: Backend) {
    let office = Office::open(backend).await;
    let long = "a".repeat(120);
    let aliases: String = (0..12).map(|n| format!("{long}{n:02}: accessToken ")).collect();
    let login = format!(
        "mutation {{ login(input: {{ email: \"pm@ridgeline.test\", password: \"{PASSWORD}\" }}) {{ {aliases} }} }}"
    );
    let response = post(&office, &login).header(ACCEPT_ENCODING, "gzip").send().await.unwrap();
    assert_eq!(header(&response, "content-encoding"), "");
    let body = response.text().await.unwrap();
    assert!(body.len() > 2048 && !body.contains("errors"), "{body}");
}

async fn files(backend: Backend) {
    let office = Office::open(backend).await;
    let get = |path: &str, encoding: &'static str| {
        reqwest::Client::new().get(office.anyone().url(path)).header(ACCEPT_ENCODING, encoding).send()
    };
    assert_eq!(get("/graphiql/graphiql.min.js", "identity").await.unwrap().status(), 406, "it is kept compressed");
    let packed = get("/graphiql/graphiql.min.js", "gzip").await.unwrap();
    assert_eq!(
        (header(&packed, "content-encoding"), packed.headers()[CONTENT_TYPE].as_bytes()),
        ("gzip", &b"text/javascript; charset=utf-8"[..])
    );
    let length: usize = header(&packed, "content-length").parse().unwrap();
    let bytes = packed.bytes().await.unwrap();
    assert_eq!(bytes.len(), length);
    // The very file: compressing it again would have changed its length.
    let file = include_bytes!("../../../api/assets/graphiql/graphiql.min.js.gz");
    assert_eq!(bytes, file.as_slice());
    assert_eq!(header(&get("/graphiql/page.js", "gzip").await.unwrap(), "content-encoding"), "");
}
