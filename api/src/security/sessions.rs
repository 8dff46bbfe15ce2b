//! Sessions: opened by a sign-in, kept up by refreshing, ended by their person, by a new password, by an administrator,
//! or because a spent token turned up again.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use entity::enums::SecurityEventType;
use entity::scalar::{Id, Instant};
use entity::secret::Secret;
use entity::{refresh_token, security_event, session, user};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};

use crate::data::ids::new_id;
use crate::data::scope::{RequestInfo, Scope};
use crate::data::tx::Tx;
use crate::error::{Error, Result};
use crate::security::keys;

/// How many of a person's sessions are listed: those used last.
const LISTED: u64 = 100;

/// What a sign-in or a refresh comes to: the person's session, and the token for the next one.
pub(super) struct Grant {
    pub(super) user: user::Model,
    pub(super) session: Id,
    pub(super) refresh_token: String,
}

/// What a client says of the device that it runs on.
#[derive(Clone, Default)]
pub(super) struct Device {
    pub(super) fingerprint: Option<String>,
    pub(super) name: Option<String>,
}

/// Which of a person's sessions end.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    All,
    One(&'a Id),
    /// All but one, the one at hand.
    Others(&'a Id),
}

/// Opens a session that lasts until `expires_at` if it is not refreshed. The caller holds the lock of the person.
pub(super) async fn open(tx: &Tx<'_>, user: &Id, device: &Device, token: &str, expires_at: Instant) -> Result<Id> {
    let id = new_id();
    let row = session::ActiveModel {
        id: Set(id.clone()),
        user_id: Set(user.clone()),
        expires_at: Set(expires_at),
        last_used_at: Set(tx.now()),
        ip_address: Set(ip(tx.request())),
        user_agent: Set(tx.request().user_agent.clone()),
        device_fingerprint: Set(device.fingerprint.clone()),
        device_name: Set(device.name.clone()),
        ..Default::default()
    };
    tx.put::<session::Entity>(row).await?;
    keep_token(tx, &id, token, expires_at).await?;
    Ok(id)
}

/// Puts down a refresh token, as its hash.
pub(super) async fn keep_token(tx: &Tx<'_>, session: &Id, token: &str, expires_at: Instant) -> Result<()> {
    let row = refresh_token::ActiveModel {
        session_id: Set(session.clone()),
        token_hash: Set(token_hash(token)),
        expires_at: Set(expires_at),
        ..Default::default()
    };
    tx.put::<refresh_token::Entity>(row).await
}

/// Ends sessions of a person: their tokens are worth nothing from here on, their sockets close. Answers how many.
///
/// # Errors
/// `NOT_FOUND` when the viewer does not reach the person.
pub async fn end(tx: &mut Tx<'_>, user: &Id, which: Which<'_>, reason: &str) -> Result<usize> {
    // The person is the root of their sessions: whoever signs in, refreshes or ends waits here for each other.
    tx.lock::<user::Entity>(user).await?;
    let these = match which {
        Which::All => Condition::all(),
        Which::One(id) => Condition::all().add(session::Column::Id.eq(id.clone())),
        Which::Others(id) => Condition::all().add(session::Column::Id.ne(id.clone())),
    };
    let update = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(tx.now()))
        .col_expr(session::Column::EndedReason, Expr::value(reason))
        .col_expr(session::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(these.add(alive(user, tx.now())));
    let ended = tx.update_returning(update).await?;
    for row in &ended {
        tx.end_session(&row.id);
    }
    Ok(ended.len())
}

/// The viewer's own living sessions, those used last first.
pub(super) async fn own(scope: &Scope) -> Result<Vec<session::Model>> {
    let select = scope.find::<session::Entity>().filter(alive(&scope.viewer().id, scope.now()));
    let select = select.order_by_desc(session::Column::LastUsedAt).order_by_desc(session::Column::Id);
    scope.all(select.limit(LISTED)).await
}

fn alive(user: &Id, now: Instant) -> Condition {
    Condition::all()
        .add(session::Column::UserId.eq(user.clone()))
        .add(session::Column::EndedAt.is_null())
        .add(session::Column::ExpiresAt.gt(now))
}

/// Puts down that something happened to an account; without a person where no account has the address.
pub(super) async fn record(
    tx: &Tx<'_>,
    kind: SecurityEventType,
    user: Option<&Id>,
    details: Option<serde_json::Value>,
) -> Result<()> {
    tx.put::<security_event::Entity>(event(tx, kind, user, details)).await
}

/// The same, to be written.
pub(super) fn event(
    tx: &Tx<'_>,
    kind: SecurityEventType,
    user: Option<&Id>,
    details: Option<serde_json::Value>,
) -> security_event::ActiveModel {
    security_event::ActiveModel {
        id: Set(new_id()),
        user_id: Set(user.cloned()),
        event_type: Set(kind),
        details: Set(details),
        ip_address: Set(ip(tx.request())),
        user_agent: Set(tx.request().user_agent.clone()),
        ..Default::default()
    }
}

pub(super) fn ip(request: &RequestInfo) -> Option<String> {
    request.ip.map(|ip| ip.to_string())
}

/// A refresh token nobody can guess.
pub(super) fn fresh_token() -> Result<String> {
    Ok(token_text(&keys::random().map_err(Error::Internal)?))
}

pub(super) fn token_text(bytes: &keys::Key) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What is kept of a refresh token. It is random, so a plain hash is not to be turned back.
pub(super) fn token_hash(token: &str) -> Secret {
    Secret(format!("{:x}", Sha256::digest(token)))
}

/// How long a session lasts without being refreshed.
pub(super) fn lifetime(ttl: std::time::Duration) -> Duration {
    Duration::from_std(ttl).unwrap_or(Duration::days(30))
}
