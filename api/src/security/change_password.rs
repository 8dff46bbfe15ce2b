//! A person gives themselves another password.
//!
//! The present one is asked for, and wrong ones count as they do at sign-in: a screen left open is no way round the
//! lock. Everywhere else the person is signed out.

use async_graphql::InputObject;
use entity::enums::SecurityEventType;
use entity::secret::Secret;
use entity::user;

use crate::data::access::Permission;
use crate::data::scope::{Caller, Scope};
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Fault, Result};
use crate::security::addresses::{Door, Knock};
use crate::security::attempts::{Attempt, Counted, Whose};
use crate::security::policy::Known;
use crate::security::sessions::{self, Which};

/// The old password and the new one.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The password until now. Five wrong ones in a row lock the account for 15 minutes, as at sign-in.
    pub current_password: String,
    /// The password from now on: 12 to 128 characters of any kind, spaces count. Not one that is tried first: a common
    /// one, a run of keys, something repeated, or made of your own name, address or number or of the company's name.
    pub new_password: String,
}

fn refused() -> Error {
    Error::input("input.currentPassword", "This is not your password, or the account is locked for a while.")
}

/// Answers the person and how many sessions were ended.
///
/// # Errors
/// `BAD_USER_INPUT` for a wrong present password and an unfit new one; `RATE_LIMITED` as at sign-in.
pub(super) async fn change(caller: &Caller, input: &ChangePasswordInput) -> Result<(user::Model, usize)> {
    let (scope, app) = (caller.scope()?, &caller.app);
    let person = scope.load::<user::Entity>(&scope.viewer().id).await?;
    let turn = app.security.passwords.queue()?;
    let faults = turn.faults(&input.new_password, Known::of(&app.settings.company_name, &person)).await?;
    if !faults.is_empty() {
        let told = faults.into_iter().map(|fault| Fault::new("input.newPassword", fault));
        return Err(Error::BadUserInput(told.collect()));
    }
    let knock = Knock::at(app, Door::Password, caller.request.ip).await?;
    let system = Scope::system(app, caller.request.clone());
    let attempt = Attempt { whose: Whose::Person(person.id.clone()), during: Some("changePassword") };
    let counted = system.write(&attempt).await?;
    let right = turn.verify(&input.current_password, counted.as_ref().map(|counted| &counted.password)).await?;
    let Some(counted) = counted.filter(|_| right) else { return Err(refused()) };
    let password = turn.hash(&input.new_password).await?;
    drop(turn);
    let changed = scope.write(&ChangePassword { counted, password }).await?.ok_or_else(refused)?;
    knock.welcome(app).await;
    Ok(changed)
}

struct ChangePassword {
    counted: Counted,
    password: Secret,
}

impl UseCase for ChangePassword {
    type Output = Option<(user::Model, usize)>;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        let current = tx.viewer().session.as_ref().ok_or_else(Error::unauthenticated)?;
        let event = SecurityEventType::PasswordChanged;
        let Some(before) = self.counted.succeed(tx, event).await? else { return Ok(None) };
        let after = user::Model {
            password: self.password.clone(),
            password_changed_at: Some(tx.now()),
            // Whoever could reset the old password by a link must not be able to reset the new one.
            password_reset_token: None,
            password_reset_expires: None,
            ..before.clone()
        };
        let user = tx.save::<user::Entity>(&before, after).await?;
        let ended = sessions::end(tx, &user.id, Which::Others(current), "PASSWORD_CHANGED").await?;
        Ok(Some((user, ended)))
    }
}
