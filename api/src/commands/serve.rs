//! Serving, from the open port to the last answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use entity::user;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

use crate::app::App;
use crate::commands::{Failure, open};
use crate::config::Settings;
use crate::data::scope::{RequestInfo, Scope};
use crate::demo::MARK;
use crate::error::Result;
use crate::http::Doors;

/// How long running requests have to finish once the process is asked to stop.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long sockets, background work and the database then have.
const FAREWELL: Duration = Duration::from_secs(3);

pub(super) async fn serve(settings: Settings) -> Result<(), Failure> {
    let app = open(settings).await?;
    // Opened first: a port in use is found before the database is touched. Clients wait until it is ready.
    let listener = listen(&app.settings).await?;
    app.prepare().await?;
    warn_of_accounts(&app).await?;
    tracing::info!(address = %listener_address(&listener)?, "serving");
    run(&app, listener).await
}

pub(super) async fn listen(settings: &Settings) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind(settings.bind).await;
    listener.map_err(|error| Failure::run(format!("cannot listen on {}: {error}", settings.bind)))
}

pub(super) fn listener_address(listener: &TcpListener) -> Result<SocketAddr, Failure> {
    listener.local_addr().map_err(|error| Failure::run(format!("the port cannot be read: {error}")))
}

/// Serves until the process is asked to stop, then lets everything come to its end.
pub(super) async fn run(app: &Arc<App>, listener: TcpListener) -> Result<(), Failure> {
    app.start_background();
    let router = crate::http::router(app.clone());
    let doors = Doors::of(app.settings.max_connections as usize).outlasting(app.settings.request_timeout);
    let stopped = app.clone();
    let asked = async move {
        asked_to_stop().await;
        tracing::info!("stopping: no new requests; those under way have {} seconds", PATIENCE.as_secs());
        stopped.stop();
    };
    tokio::select! {
        () = crate::http::serve(listener, router, doors, asked) => {}
        () = out_of_patience(app) => tracing::warn!("some requests had not finished in time"),
    }
    // Sockets say why they close, background work ends where it can be taken up again.
    if timeout(FAREWELL, app.stopped()).await.is_err() {
        tracing::warn!("something did not stop in time");
    }
    let _ = timeout(FAREWELL, app.db.clone().close()).await;
    tracing::info!("stopped");
    Ok(())
}

async fn out_of_patience(app: &App) {
    let _ = app.stopping().wait_for(|stopping| *stopping).await;
    sleep(PATIENCE).await;
}

/// SIGINT (Ctrl-C) or SIGTERM.
async fn asked_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        _ = interrupted => {}
        () = terminated => {}
    }
}

/// Nobody can sign in yet, or anybody can.
async fn warn_of_accounts(app: &Arc<App>) -> Result<()> {
    let scope = Scope::system(app, RequestInfo::background());
    let accounts = || scope.find::<user::Entity>().select_only().column(user::Column::Id);
    if scope.count(accounts()).await? == 0 {
        tracing::warn!("there is no account yet: make one with `ridgeline admin create --email you@example.com`");
    }
    let of_demo = accounts().filter(user::Column::Email.eq(MARK));
    if !app.settings.bind.ip().is_loopback() && scope.count(of_demo).await? > 0 {
        tracing::warn!("this database holds the demo's accounts, whose password everybody knows");
    }
    Ok(())
}
