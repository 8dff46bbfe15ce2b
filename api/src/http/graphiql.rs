//! `/graphiql`: GraphiQL behind a sign-in form, from files in the binary. Nothing is loaded from elsewhere.

use std::sync::{Arc, OnceLock};

use axum::extract::{Path, RawQuery, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::Http;
use super::answer::problem;
use super::envelope::nowhere;
use super::errors::mistake;
use super::negotiate::takes_gzip;

/// Only our own scripts, only our own server. GraphiQL's editor writes its measures into `style` attributes.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
                      form-action 'self'";
const PAGE: &str = include_str!("../../assets/graphiql/page.html");
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// A file of the page.
struct File {
    name: &'static str,
    kind: &'static str,
    content: &'static [u8],
    /// Kept compressed, since it is large and never changes.
    gzip: bool,
}

static FILES: [File; 7] = [
    File { name: "page.js", kind: SCRIPT, content: include_bytes!("../../assets/graphiql/page.js"), gzip: false },
    File { name: "page.css", kind: STYLE, content: include_bytes!("../../assets/graphiql/page.css"), gzip: false },
    File {
        name: "graphiql.min.js",
        kind: SCRIPT,
        content: include_bytes!("../../assets/graphiql/graphiql.min.js.gz"),
        gzip: true,
    },
    File {
        name: "graphiql.min.css",
        kind: STYLE,
        content: include_bytes!("../../assets/graphiql/graphiql.min.css.gz"),
        gzip: true,
    },
    File {
        name: "react.production.min.js",
        kind: SCRIPT,
        content: include_bytes!("../../assets/graphiql/react.production.min.js.gz"),
        gzip: true,
    },
    File {
        name: "react-dom.production.min.js",
        kind: SCRIPT,
        content: include_bytes!("../../assets/graphiql/react-dom.production.min.js.gz"),
        gzip: true,
    },
    File {
        name: "graphql-ws.min.js",
        kind: SCRIPT,
        content: include_bytes!("../../assets/graphiql/graphql-ws.min.js.gz"),
        gzip: true,
    },
];

/// A version of each file, from its content: told once a process.
fn versions() -> &'static [String] {
    static VERSIONS: OnceLock<Vec<String>> = OnceLock::new();
    VERSIONS.get_or_init(|| {
        let version = |file: &File| URL_SAFE_NO_PAD.encode(Sha256::digest(file.content)).chars().take(12).collect();
        FILES.iter().map(version).collect()
    })
}

/// `GET /graphiql`.
pub(super) async fn page(State(http): State<Arc<Http>>) -> Response {
    let mut page = PAGE.replace("{demo}", if http.app.settings.demo { "true" } else { "false" });
    for (file, version) in FILES.iter().zip(versions()) {
        page =
            page.replace(&format!("\"/graphiql/{}\"", file.name), &format!("\"/graphiql/{}?v={version}\"", file.name));
    }
    let headers =
        [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-cache"), (CONTENT_SECURITY_POLICY, POLICY)];
    (headers, page).into_response()
}

/// `GET /graphiql/{file}`. With the version in the address it may be kept for ever; without, it is asked for again.
pub(super) async fn file(Path(name): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let Some((file, version)) = FILES.iter().zip(versions()).find(|(file, _)| file.name == name) else {
        return nowhere().await;
    };
    if file.gzip && takes_gzip(&headers) == Some(false) {
        return problem(
            StatusCode::NOT_ACCEPTABLE,
            &mistake("This file is kept compressed: accept the encoding gzip."),
        );
    }
    let named = query.as_deref().and_then(|query| query.strip_prefix("v=")) == Some(version.as_str());
    let tag = format!("\"{version}\"");
    let known =
        headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|tags| tags.contains(&tag));
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { file.content.into_response() };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.kind));
    let keep = if named { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    if file.gzip {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::http::header::ACCEPT_ENCODING;

    use super::*;

    async fn get(name: &str, query: Option<&str>, headers: HeaderMap) -> Response {
        file(Path(name.to_owned()), RawQuery(query.map(str::to_owned)), headers).await
    }

    #[test]
    fn the_page_names_every_file_and_no_other_site() {
        for file in &FILES {
            assert!(PAGE.contains(&format!("\"/graphiql/{}\"", file.name)), "{}", file.name);
            assert_eq!(file.content.starts_with(&[0x1f, 0x8b]), file.gzip, "{}", file.name);
        }
        assert!(!PAGE.contains("://") && !PAGE.contains("<script>") && !PAGE.contains("style="));
    }

    #[tokio::test]
    async fn files_are_kept_by_their_version() {
        let response = get("graphiql.min.js", None, HeaderMap::new()).await;
        assert_eq!(response.headers()[CACHE_CONTROL], "no-cache");
        assert_eq!(response.headers()[CONTENT_ENCODING], "gzip");
        let tag = response.headers()[ETAG].clone();
        let version = format!("v={}", tag.to_str().unwrap().trim_matches('"'));
        let response = get("graphiql.min.js", Some(&version), HeaderMap::new()).await;
        assert_eq!(response.headers()[CACHE_CONTROL], "public, max-age=31536000, immutable");
        let response = get("graphiql.min.js", None, HeaderMap::from_iter([(IF_NONE_MATCH, tag)])).await;
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(get("../main.rs", None, HeaderMap::new()).await.status(), StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn encodings() {
        let accept = |value: &'static str| HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]);
        assert_eq!(get("page.js", None, accept("identity")).await.status(), StatusCode::OK);
        assert_eq!(get("graphiql.min.js", None, accept("gzip, deflate, br")).await.status(), StatusCode::OK);
        assert_eq!(get("graphiql.min.js", None, accept("gzip;q=0, br")).await.status(), StatusCode::NOT_ACCEPTABLE);
    }
}
