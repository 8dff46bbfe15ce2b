//! Trading a refresh token for the next session token and refresh token. Each is spent once.
//!
//! A spent token that is shown again is in two hands, and nobody can tell whose is whose: the session ends. But answers
//! get lost on their way, so a client may send a key along and, within a minute and while the successor is unused, ask
//! again. The successor is then computed from the spent token and the key, with a secret of the server's, and is made
//! again instead of being kept: the database never holds a token.

use async_graphql::InputObject;
use chrono::Duration;
use entity::enums::SecurityEventType;
use entity::scalar::Id;
use entity::secret::Secret;
use entity::{refresh_token, session, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};

use crate::app::App;
use crate::data::access::Permission;
use crate::data::scope::{Caller, Scope};
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::security::addresses::{Door, Knock};
use crate::security::keys::mac;
use crate::security::rules::{self, Shown, Verdict};
use crate::security::sessions::{self, Grant, Which, token_hash};

/// The same token and key again within a minute, while the successor is unused, answers the same successor: a lost
/// answer costs no session.
#[derive(InputObject)]
pub struct RefreshSessionInput {
    /// The refresh token of the last answer.
    pub refresh_token: String,
    /// Something that is new for each trade and the same when it is tried again, for example a UUID; at most 200
    /// characters. Without it a trade cannot be repeated.
    pub idempotency_key: Option<String>,
}

pub(super) fn refused() -> Error {
    Error::Unauthenticated("This refresh token is no longer good. Sign in again.".into())
}

/// # Errors
/// UNAUTHENTICATED when the token is no longer good; RATE_LIMITED when too many from there were not.
pub(super) async fn refresh(caller: &Caller, input: &RefreshSessionInput) -> Result<Grant> {
    let trade = Trade::new(&caller.app, input)?;
    let knock = Knock::at(&caller.app, Door::Refresh, caller.request.ip).await?;
    let scope = Scope::system(&caller.app, caller.request.clone());
    // Looked up before anything is locked: made-up tokens disturb nobody.
    let known = scope.find::<refresh_token::Entity>().filter(trade.this());
    if scope.count(known).await? == 0 {
        return Err(refused());
    }
    let grant = scope.write(&trade).await?.ok_or_else(refused)?;
    knock.welcome(&caller.app).await;
    Ok(grant)
}

/// One trade of a token for its successor.
struct Trade {
    hash: Secret,
    successor: String,
    /// The successor comes of a key, so that it can be asked for again.
    keyed: bool,
    lifetime: Duration,
}

impl Trade {
    fn new(app: &App, input: &RefreshSessionInput) -> Result<Self> {
        let successor = match &input.idempotency_key {
            None => sessions::fresh_token()?,
            Some(key) if key.is_empty() || key.chars().count() > 200 => {
                return Err(Error::input("input.idempotencyKey", "An idempotency key has 1 to 200 characters."));
            }
            Some(key) => {
                let secret = app.security.keys.derived("refresh token successor");
                sessions::token_text(&mac(&secret, &[input.refresh_token.as_bytes(), b"\0", key.as_bytes()]))
            }
        };
        Ok(Self {
            hash: token_hash(&input.refresh_token),
            successor,
            keyed: input.idempotency_key.is_some(),
            lifetime: sessions::lifetime(app.settings.refresh_token_ttl),
        })
    }

    fn this(&self) -> sea_orm::sea_query::SimpleExpr {
        refresh_token::Column::TokenHash.eq(self.hash.clone())
    }

    /// The token with its session and person, read once the person is locked: another trade may just have spent it.
    async fn locked(&self, tx: &Tx<'_>) -> Result<Option<(refresh_token::Model, session::Model, user::Model)>> {
        let token = || tx.first(tx.find_any::<refresh_token::Entity>().filter(self.this()));
        let session = |id: Id| tx.first(tx.find_any::<session::Entity>().filter(session::Column::Id.eq(id)));
        let Some(before) = token().await? else { return Ok(None) };
        let Some(of) = session(before.session_id.clone()).await? else { return Ok(None) };
        let user = tx.lock::<user::Entity>(&of.user_id).await?;
        let (Some(token), Some(session)) = (token().await?, session(of.id).await?) else { return Ok(None) };
        Ok(Some((token, session, user)))
    }

    async fn rotate(&self, tx: &mut Tx<'_>, token: &refresh_token::Model, session: &session::Model) -> Result<()> {
        let expires_at = tx.now() + self.lifetime;
        let spent = refresh_token::ActiveModel {
            id: Set(token.id.clone()),
            spent_at: Set(Some(tx.now())),
            successor_hash: Set(Some(token_hash(&self.successor))),
            ..Default::default()
        };
        tx.update::<refresh_token::Entity>(spent).await?;
        sessions::keep_token(tx, &session.id, &self.successor, expires_at).await?;
        let after = session::Model {
            expires_at,
            last_used_at: tx.now(),
            ip_address: sessions::ip(tx.request()),
            user_agent: tx.request().user_agent.clone(),
            ..session.clone()
        };
        tx.save::<session::Entity>(session, after).await?;
        Ok(())
    }
}

impl UseCase for Trade {
    /// None when the token is refused. Not an error: what comes of a stolen one has to be committed.
    type Output = Option<Grant>;
    const PERMISSION: Permission = Permission::System;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Grant>> {
        let Some((token, session, user)) = self.locked(tx).await? else { return Ok(None) };
        let successor = match &token.successor_hash {
            Some(hash) => {
                let next = refresh_token::Column::TokenHash.eq(hash.clone());
                tx.first(tx.find_any::<refresh_token::Entity>().filter(next)).await?
            }
            None => None,
        };
        let retried = self.keyed.then(|| token_hash(&self.successor));
        let shown = Shown {
            token: &token,
            session: &session,
            user: &user,
            successor: successor.as_ref(),
            retried: retried.as_ref(),
        };
        match rules::judge(&shown, tx.now()) {
            Verdict::Refuse => return Ok(None),
            Verdict::Stolen => {
                report_theft(tx, &session).await?;
                return Ok(None);
            }
            Verdict::Rotate => self.rotate(tx, &token, &session).await?,
            Verdict::Repeat => {}
        }
        Ok(Some(Grant { user, session: session.id, refresh_token: self.successor.clone() }))
    }
}

async fn report_theft(tx: &mut Tx<'_>, session: &session::Model) -> Result<()> {
    let details = serde_json::json!({ "reason": "A spent refresh token was used again.", "sessionId": session.id });
    sessions::record(tx, SecurityEventType::DeviceSuspicious, Some(&session.user_id), Some(details)).await?;
    sessions::end(tx, &session.user_id, Which::One(&session.id), "TOKEN_REUSED").await?;
    Ok(())
}
