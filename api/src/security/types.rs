//! What sign-in answers, and sessions as their person sees them.

use async_graphql::SimpleObject;
use entity::enums::MfaMethod;
use entity::scalar::{Id, Instant};
use entity::session;

use crate::accounts::types::User;
use crate::app::App;
use crate::data::scope::Scope;
use crate::error::Result;
use crate::security::sessions::Grant;

/// Either a session (`accessToken`, `refreshToken`, `expiresAt`, `user`) or, where a second factor is due,
/// `mfaChallenge` and nothing else.
#[derive(SimpleObject)]
pub struct LoginPayload {
    /// Send it with every request, as `authorization: Bearer <accessToken>`.
    pub access_token: Option<String>,
    /// Trade it with `refreshSession` for the next pair before the access token ends. It is good once: keep it safe, and
    /// replace it by the one in the answer.
    pub refresh_token: Option<String>,
    /// When the access token ends.
    pub expires_at: Option<Instant>,
    /// The person who is signed in now.
    pub user: Option<User>,
    /// What remains to be proved before there is a session.
    pub mfa_challenge: Option<MfaChallenge>,
}

/// A second factor is due: the password was right, but is not enough.
#[derive(SimpleObject)]
pub struct MfaChallenge {
    /// Send it along with the second factor.
    pub challenge_token: String,
    /// The factors that this person can use.
    pub methods: Vec<MfaMethod>,
    /// Until when the challenge can be answered.
    pub expires_at: Instant,
}

/// A place where you are signed in.
#[derive(SimpleObject)]
#[graphql(name = "Session")]
pub struct OwnSession {
    /// The session's id.
    pub id: Id,
    /// When you signed in.
    pub created_at: Instant,
    /// When it was last refreshed.
    pub last_used_at: Instant,
    /// When it ends if it is not refreshed before.
    pub expires_at: Instant,
    /// When it was ended; null while it is alive.
    pub ended_at: Option<Instant>,
    /// The address it was last refreshed from.
    pub ip_address: Option<String>,
    /// The program it was last refreshed by, as that calls itself.
    pub user_agent: Option<String>,
    /// What you called the device when you signed in.
    pub device_name: Option<String>,
    /// Is it the session that this request was sent with?
    pub current: bool,
}

/// The current session has ended.
#[derive(SimpleObject)]
pub struct LogoutPayload {
    /// How many sessions were ended: one, or all there were.
    pub ended_sessions: usize,
}

/// Your sessions have ended.
#[derive(SimpleObject)]
pub struct LogoutEverywherePayload {
    /// How many sessions were ended.
    pub ended_sessions: usize,
}

/// One of your sessions has ended.
#[derive(SimpleObject)]
pub struct EndSessionPayload {
    /// The session as it is now.
    pub session: OwnSession,
}

/// You have another password, and are signed out everywhere else.
#[derive(SimpleObject)]
pub struct ChangePasswordPayload {
    /// You.
    pub user: User,
    /// How many other sessions were ended.
    pub ended_sessions: usize,
}

impl LoginPayload {
    /// The answer to whoever was let in.
    pub(super) fn of(app: &App, grant: Grant) -> Result<Self> {
        let (access_token, expires_at) = app.security.tokens.issue(&grant.user.id, &grant.session, app.now())?;
        Ok(Self {
            access_token: Some(access_token),
            refresh_token: Some(grant.refresh_token),
            expires_at: Some(expires_at),
            user: Some(User::signed_in(grant.user)),
            mfa_challenge: None,
        })
    }
}

impl OwnSession {
    pub(super) fn of(scope: &Scope, row: &session::Model) -> Self {
        Self {
            current: scope.viewer().session.as_ref() == Some(&row.id),
            id: row.id.clone(),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
            ip_address: row.ip_address.clone(),
            user_agent: row.user_agent.clone(),
            device_name: row.device_name.clone(),
        }
    }
}
