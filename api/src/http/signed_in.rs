//! Who a socket belongs to, and for how long.

use std::sync::Arc;

use tokio::sync::watch;

use super::protocol::Close;
use crate::app::App;
use crate::data::sessions::Session;

/// A session, with the token that stands for it.
pub(super) struct SignedIn {
    pub(super) session: Session,
    pub(super) token: String,
}

impl SignedIn {
    /// The session of a token; or why the socket cannot go on.
    pub(super) async fn with(app: &Arc<App>, token: String) -> Result<Self, Close> {
        match app.authenticate(&token).await {
            Ok(Some(session)) if !*session.ended.borrow() => Ok(Self { session, token }),
            Ok(_) => Err(Close::FORBIDDEN),
            Err(error) => {
                tracing::error!(cause = %error, "the session of a socket could not be read");
                Err(Close::TRY_LATER)
            }
        }
    }

    /// The session was ended, or its person deactivated.
    pub(super) fn has_ended(&self) -> bool {
        *self.session.ended.borrow()
    }

    /// The token has run out.
    pub(super) fn has_expired(&self, app: &App) -> bool {
        app.clock.now() >= self.session.expires_at
    }
}

/// Done when the session has ended, or is no longer kept up to date.
pub(super) async fn unattended(signed_in: Option<&mut SignedIn>) {
    match signed_in {
        Some(signed_in) => over(&mut signed_in.session.ended).await,
        None => std::future::pending().await,
    }
}

/// Done when this turns true, or nobody can turn it any more.
pub(super) async fn over(signal: &mut watch::Receiver<bool>) {
    let _ = signal.wait_for(|over| *over).await;
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn over_when_it_is_said_or_nobody_is_left_to_say_it() {
        let sender = watch::Sender::new(false);
        let mut receiver = sender.subscribe();
        assert!(over(&mut receiver).now_or_never().is_none());
        sender.send_replace(true);
        assert!(over(&mut receiver).now_or_never().is_some());
        let sender = watch::Sender::new(false);
        let mut receiver = sender.subscribe();
        drop(sender);
        assert!(over(&mut receiver).now_or_never().is_some());
    }
}
