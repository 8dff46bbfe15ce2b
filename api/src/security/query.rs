//! What a person may ask about their own sign-ins.

use async_graphql::{Context, Object};

use crate::data::scope::Asking;
use crate::error::Result;
use crate::security::sessions;
use crate::security::types::OwnSession;

#[derive(Default)]
pub struct SecurityQuery;

#[Object]
impl SecurityQuery {
    /// Where you are signed in: your living sessions, those used last first, at most 100.
    async fn my_sessions(&self, ctx: &Context<'_>) -> Result<Vec<OwnSession>> {
        let scope = ctx.scope()?;
        let rows = sessions::own(scope).await?;
        Ok(rows.iter().map(|row| OwnSession::of(scope, row)).collect())
    }
}
