//! Signing in and out.

use async_graphql::{Context, InputObject, Object};
use entity::scalar::Id;
use entity::session;

use crate::accounts::types::User;
use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::error::Result;
use crate::security::change_password::{self, ChangePasswordInput};
use crate::security::login::{self, LoginInput};
use crate::security::logout::EndOwnSessions;
use crate::security::refresh::{self, RefreshSessionInput};
use crate::security::types::{
    ChangePasswordPayload, EndSessionPayload, LoginPayload, LogoutEverywherePayload, LogoutPayload, OwnSession,
};

/// Which sessions to end; left out, the one that the request was sent with.
#[derive(Default, InputObject)]
pub struct LogoutInput {
    /// True ends all your sessions, as `logoutEverywhere` does.
    #[graphql(default = false)]
    pub everywhere: bool,
}

/// Which sessions to end.
#[derive(InputObject)]
pub struct LogoutEverywhereInput {
    /// True keeps the session that this request was sent with.
    #[graphql(default = false)]
    pub keep_current: bool,
}

/// The session to end.
#[derive(InputObject)]
pub struct EndSessionInput {
    /// The id of one of your sessions, from `mySessions`.
    pub id: Id,
}

#[derive(Default)]
pub struct SecurityMutation;

#[Object]
impl SecurityMutation {
    /// Signs in. Either a session or, where a second factor is due, `mfaChallenge`. A wrong password, an unknown address
    /// and a locked account get the same UNAUTHENTICATED; five wrong passwords in a row lock an account for 15 minutes.
    /// Twenty failures from one address in 15 minutes, whatever the accounts, are RATE_LIMITED with `retryAfter`.
    async fn login(&self, ctx: &Context<'_>, input: LoginInput) -> Result<LoginPayload> {
        let grant = login::sign_in(ctx.caller(), input).await?;
        LoginPayload::of(&ctx.caller().app, grant)
    }

    /// Trades a refresh token for a new session; the old token is spent. Using a spent one ends the whole family, its
    /// access tokens and sockets too.
    async fn refresh_session(&self, ctx: &Context<'_>, input: RefreshSessionInput) -> Result<LoginPayload> {
        let grant = refresh::refresh(ctx.caller(), &input).await?;
        LoginPayload::of(&ctx.caller().app, grant)
    }

    /// Ends the session that this request is sent with: its tokens are worth nothing any more, its sockets close.
    async fn logout(&self, ctx: &Context<'_>, input: Option<LogoutInput>) -> Result<LogoutPayload> {
        let everywhere = input.unwrap_or_default().everywhere;
        let which = if everywhere { EndOwnSessions::All } else { EndOwnSessions::Current };
        let ended_sessions = ctx.scope()?.write(&which).await?;
        Ok(LogoutPayload { ended_sessions })
    }

    /// Ends all your sessions, or all but this one.
    async fn logout_everywhere(
        &self,
        ctx: &Context<'_>,
        input: LogoutEverywhereInput,
    ) -> Result<LogoutEverywherePayload> {
        let which = if input.keep_current { EndOwnSessions::Others } else { EndOwnSessions::All };
        let ended_sessions = ctx.scope()?.write(&which).await?;
        Ok(LogoutEverywherePayload { ended_sessions })
    }

    /// Ends one of your sessions, for example that of a telephone you have lost. One that has ended already stays so.
    async fn end_session(&self, ctx: &Context<'_>, input: EndSessionInput) -> Result<EndSessionPayload> {
        let scope = ctx.scope()?;
        scope.write(&EndOwnSessions::One(input.id.clone())).await?;
        let row = scope.load::<session::Entity>(&input.id).await?;
        Ok(EndSessionPayload { session: OwnSession::of(scope, &row) })
    }

    /// Gives you another password and signs you out everywhere else.
    async fn change_password(&self, ctx: &Context<'_>, input: ChangePasswordInput) -> Result<ChangePasswordPayload> {
        let (user, ended_sessions) = change_password::change(ctx.caller(), &input).await?;
        Ok(ChangePasswordPayload { user: User::of(user), ended_sessions })
    }
}
