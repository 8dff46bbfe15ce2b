//! The transport: how requests reach the schema, and how answers leave.
//!
//! A GraphQL request goes through these files, in this order. `envelope` gives it an id; `graphql` reads it (with
//! `negotiate`, `request` and `caller`), or `websocket` and `connection` do (with `protocol` and `signed_in`).
//! `operation` makes it ready: `persisted` finds its document (or `trusted` does), which may be `known`; else `size` looks at
//! the text. `limits` looks at the `cost` (with what is `given`), `types` at the names, `overlooked` at what validation
//! does not see; `variables`, `typename` and `root` put right what the library would get wrong, and `estimate` says what
//! it may take. Then its
//! person pays for it, and it runs. `errors`, `shape` and `nulls` see to what comes of it, and `answer` or the socket
//! sends it. The rest are the pages, `home`, `graphiql`, `health` and `metrics`; `server` is the port beneath all.

mod answer;
mod caller;
mod coerce;
mod connection;
mod cost;
mod document;
mod driven;
mod envelope;
mod errors;
mod escapes;
mod estimate;
mod given;
mod graphiql;
mod graphql;
mod health;
mod home;
mod input_types;
mod known;
mod lately;
mod lengths;
mod limits;
mod metrics;
mod negotiate;
mod nulls;
mod operation;
mod overlooked;
mod persisted;
mod present;
mod protocol;
mod request;
mod root;
pub(crate) mod server;
mod shape;
mod signed_in;
mod size;
pub(crate) mod trusted;
mod typename;
mod types;
mod variables;
mod websocket;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get};

pub use self::connection::Pace;
use self::known::Known;
use self::lately::Lately;
use self::metrics::Counters;
use self::persisted::Persisted;
pub use self::server::{Doors, serve};
use self::trusted::Trusted;
use self::types::FieldTypes;
use crate::app::App;
use crate::schema::{self, Schema};

/// Bytes of documents of which what was read is kept, twice over; read, they are some thirty times as large.
const KNOWN: usize = 1 << 18;

/// What the transport shares among requests.
struct Http {
    app: Arc<App>,
    schema: Schema,
    /// For documents that are known to pass validation.
    trusting: Schema,
    types: Arc<FieldTypes>,
    persisted: Persisted,
    /// Documents that passed the limits.
    known: Lately<Arc<str>, Arc<Known>>,
    trusted: Trusted,
    counters: Counters,
    pace: Pace,
}

/// All addresses of the program, for [`serve`].
pub fn router(app: Arc<App>) -> Router {
    router_with(app, Pace::default())
}

/// The same with another patience for sockets, for tests that cannot wait.
pub fn router_with(app: Arc<App>, pace: Pace) -> Router {
    let cors = envelope::cors(&app.settings);
    let (schema, trusting) = (schema::build(), schema::trusting());
    let types = FieldTypes::of_process(|| schema.sdl());
    let trusted = Trusted::of_process(&app.settings);
    let (persisted, known, counters) = (Persisted::default(), Lately::new(KNOWN), Counters::default());
    let http = Http { app, schema, trusting, types, persisted, known, trusted, counters, pace };
    let http = Arc::new(http);
    Router::new()
        .route("/", get(home::serve))
        .route("/graphql", any(graphql::serve))
        .route("/graphql/ws", any(websocket::upgrade))
        .route("/graphiql", get(graphiql::page))
        .route("/graphiql/{file}", get(graphiql::file))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::serve))
        .fallback(envelope::nowhere)
        .method_not_allowed_fallback(envelope::wrong_method)
        .layer(answer::compression())
        .layer(cors)
        .layer(from_fn_with_state(http.clone(), envelope::wrap))
        .with_state(http)
}
