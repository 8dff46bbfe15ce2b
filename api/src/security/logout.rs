//! Ending one's own sessions: this one, another, or all.

use entity::scalar::Id;
use entity::session;
use sea_orm::{ColumnTrait, QueryFilter};

use crate::data::access::Permission;
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::security::sessions::{self, Which};

/// Which of one's sessions end.
pub(super) enum EndOwnSessions {
    /// The one that asks.
    Current,
    One(Id),
    Others,
    All,
}

impl UseCase for EndOwnSessions {
    /// How many were alive until now.
    type Output = usize;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<usize> {
        let viewer = tx.viewer();
        let current = viewer.session.as_ref().ok_or_else(Error::unauthenticated)?;
        let (which, reason) = match self {
            Self::Current => (Which::One(current), "LOGOUT"),
            Self::One(id) => (Which::One(id), "ENDED_BY_PERSON"),
            Self::Others => (Which::Others(current), "LOGOUT_EVERYWHERE"),
            Self::All => (Which::All, "LOGOUT_EVERYWHERE"),
        };
        if let Self::One(id) = self {
            let this = tx.find::<session::Entity>().filter(session::Column::Id.eq(id.clone()));
            tx.first(this).await?.ok_or_else(|| Error::not_found("session"))?;
        }
        sessions::end(tx, &viewer.id, which, reason).await
    }
}
