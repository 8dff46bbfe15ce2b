//! Signing in with an address and a password.
//!
//! Three steps: the attempt is counted, for its address and for the account; the password is compared outside of any
//! transaction; the session is opened.

use std::time::Duration;

use async_graphql::InputObject;
use entity::enums::SecurityEventType;
use entity::user;
use sea_orm::ActiveValue::Set;
use tokio::time::{Instant, sleep_until};

use crate::data::access::Permission;
use crate::data::scope::{Caller, Scope};
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::input::Check;
use crate::security::addresses::{Door, Knock};
use crate::security::attempts::{Attempt, Counted, Whose};
use crate::security::sessions::{self, Device, Grant};

/// Who wants to sign in, and from where.
#[derive(InputObject)]
pub struct LoginInput {
    /// The account's e-mail address. Upper and lower case are the same.
    pub email: String,
    /// The password, exactly: spaces count.
    pub password: String,
    /// What the client tells its device by, at most 255 characters.
    pub device_fingerprint: Option<String>,
    /// What the person calls the device, at most 100 characters; shown in `mySessions`.
    pub device_name: Option<String>,
}

/// The same answer for a wrong password, an unknown address, a locked account and a deactivated one.
pub(super) fn refused() -> Error {
    Error::Unauthenticated(
        "The e-mail address or the password is not right, or the account is locked for a while.".into(),
    )
}

/// Who is not let in is told so on a beat. The ways to a refusal do the same work, and still differ by some tenths of a
/// millisecond, which show in the sum of many: a row that is locked, written again, or not there at all.
const BEAT: Duration = Duration::from_millis(100);

/// # Errors
/// UNAUTHENTICATED when the person is not let in, for whatever reason; RATE_LIMITED when too many were not from there.
pub(super) async fn sign_in(caller: &Caller, input: LoginInput) -> Result<Grant> {
    let begun = Instant::now();
    let outcome = try_to(caller, input).await;
    if matches!(outcome, Err(Error::Unauthenticated(_))) {
        let beats = begun.elapsed().div_duration_f64(BEAT).ceil();
        sleep_until(begun + BEAT.mul_f64(beats)).await;
    }
    outcome
}

async fn try_to(caller: &Caller, input: LoginInput) -> Result<Grant> {
    let device = device(&input)?;
    let app = &caller.app;
    let turn = app.security.passwords.queue()?;
    let knock = Knock::at(app, Door::Password, caller.request.ip).await?;
    let scope = Scope::system(app, caller.request.clone());
    let counted = scope.write(&Attempt { whose: Whose::Address(address(&input.email)), during: None }).await?;
    let right = turn.verify(&input.password, counted.as_ref().map(|counted| &counted.password)).await?;
    drop(turn);
    let Some(counted) = counted.filter(|_| right) else { return Err(refused()) };
    let lifetime = sessions::lifetime(app.settings.refresh_token_ttl);
    let admit = Admit { counted, device, token: sessions::fresh_token()?, lifetime };
    let grant = scope.write(&admit).await?.ok_or_else(refused)?;
    knock.welcome(app).await;
    Ok(grant)
}

fn device(input: &LoginInput) -> Result<Device> {
    let mut check = Check::default();
    let fingerprint = check.optional("deviceFingerprint", input.device_fingerprint.as_deref(), 255);
    let name = check.optional("deviceName", input.device_name.as_deref(), 100);
    check.done()?;
    Ok(Device { fingerprint, name })
}

/// The form in which addresses are kept. No account has what could not be kept, and none is said to be missing.
fn address(text: &str) -> String {
    let address = text.trim().to_lowercase();
    if address.chars().count() > 255 || address.contains('\0') { String::new() } else { address }
}

/// Lets in whoever has shown the right password.
struct Admit {
    counted: Counted,
    device: Device,
    token: String,
    lifetime: chrono::Duration,
}

impl UseCase for Admit {
    type Output = Option<Grant>;
    const PERMISSION: Permission = Permission::System;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Grant>> {
        let Some(user) = self.counted.succeed(tx, SecurityEventType::LoginSuccess).await? else { return Ok(None) };
        let ip = sessions::ip(tx.request());
        let row = user::ActiveModel {
            id: Set(user.id.clone()),
            last_login: Set(Some(tx.now())),
            last_login_ip: Set(ip.clone()),
            ..Default::default()
        };
        tx.update::<user::Entity>(row).await?;
        let session = sessions::open(tx, &user.id, &self.device, &self.token, tx.now() + self.lifetime).await?;
        let user = user::Model { last_login: Some(tx.now()), last_login_ip: ip, ..user };
        Ok(Some(Grant { user, session, refresh_token: self.token.clone() }))
    }
}
