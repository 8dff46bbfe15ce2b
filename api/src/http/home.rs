//! `/`: where things are.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::Http;

const PAGE: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ridgeline</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/graphiql/page.css">
</head>
<body class="home">
<main>
<h1>Ridgeline</h1>
<p>The office of a roofing contractor: projects and their workflow, alerts and messages, as they happen.</p>
<dl>
<dt><a href="/graphiql">/graphiql</a></dt><dd>Ask the API by hand. Sign in there as one of the company's people.</dd>
<dt><code>/graphql</code></dt><dd>The API: GraphQL over HTTP, GET or POST.</dd>
<dt><code>/graphql/ws</code></dt><dd>Subscriptions: WebSocket, sub-protocol <code>graphql-transport-ws</code>.</dd>
<dt><a href="/healthz">/healthz</a>, <a href="/readyz">/readyz</a></dt><dd>Is it running, and can it serve?</dd>
<dt><a href="/metrics">/metrics</a></dt><dd>Counters, for Prometheus.</dd>
</dl>
DEMO</main>
</body>
</html>
"#;

const DEMO: &str = "<p>This is a demo. Sign in as <code>admin@ridgeline.test</code> with the password \
                    <code>Ridgeline-demo-1</code>; <code>manager@</code>, <code>pm@</code>, <code>foreman@</code>, \
                    <code>worker@</code>, <code>office@</code> and <code>client@</code> have the same one.</p>\n";

/// `GET /`.
pub(super) async fn serve(State(http): State<Arc<Http>>) -> Response {
    let page = PAGE.replace("DEMO", if http.app.settings.demo { DEMO } else { "" });
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
        (
            axum::http::header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
    ];
    (headers, page).into_response()
}
