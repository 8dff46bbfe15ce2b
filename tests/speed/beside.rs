//! The server that ours stands beside: the same JSON from one hand-written statement, and nothing else.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::serve::ListenerExt;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgSslMode};
use sea_orm::sqlx::{AssertSqlSafe, query_scalar};

use crate::cases::{CASES, spelled_out};

struct Beside {
    pool: PgPool,
    statements: Vec<String>,
}

/// Serves `/N` for the N-th case, `?id=…` where it asks for one project.
pub async fn serve(address: SocketAddr, database: &str, connections: u32) -> ExitCode {
    let options: PgConnectOptions = database.parse().expect("an address");
    // As bare as can be: no encryption on the machine itself, no question before each statement.
    let pool = PgPoolOptions::new().max_connections(connections).test_before_acquire(false);
    let pool = pool.connect_with(options.ssl_mode(PgSslMode::Disable)).await.expect("the database");
    let statements = CASES.iter().map(|case| spelled_out(case.sql)).collect();
    let router = Router::new().route("/{case}", get(answer)).with_state(Arc::new(Beside { pool, statements }));
    let listener = tokio::net::TcpListener::bind(address).await.expect("a port");
    let listener = listener.tap_io(|socket| drop(socket.set_nodelay(true)));
    axum::serve(listener, router).await.expect("serving");
    ExitCode::SUCCESS
}

async fn answer(
    State(beside): State<Arc<Beside>>,
    Path(case): Path<usize>,
    Query(parameters): Query<HashMap<String, String>>,
) -> impl IntoResponse {
    let sql = AssertSqlSafe(beside.statements[case].clone());
    let mut query = query_scalar::<_, String>(sql);
    if CASES[case].by_id {
        query = query.bind(parameters["id"].clone());
    }
    ([(CONTENT_TYPE, "application/json")], query.fetch_one(&beside.pool).await.expect("an answer"))
}
