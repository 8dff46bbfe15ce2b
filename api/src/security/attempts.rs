//! An attempt at a password, counted before the password is looked at.
//!
//! Looked at first and counted afterwards, guesses made at the same moment would all be tested before the first of them
//! is counted. So each is put down as failed in advance, under the lock of the account; the one that turns out right
//! takes that back. Every refusal writes once and hashes once, whether the address is known, locked or neither.

use entity::enums::SecurityEventType;
use entity::scalar::Id;
use entity::secret::Secret;
use entity::{security_event, user};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::data::access::Permission;
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;
use crate::security::rules::{self, Count};
use crate::security::sessions;

/// Whose password is tried.
pub(super) enum Whose {
    Address(String),
    Person(Id),
}

/// Counts an attempt. Answers what the password has to match, or none where it cannot be right.
pub(super) struct Attempt {
    pub(super) whose: Whose,
    /// What the password is asked for, where it is not a sign-in.
    pub(super) during: Option<&'static str>,
}

/// An attempt that may succeed.
pub(super) struct Counted {
    pub(super) user: Id,
    pub(super) password: Secret,
    failure: Id,
    lock: Option<Id>,
}

impl UseCase for Attempt {
    type Output = Option<Counted>;
    const PERMISSION: Permission = Permission::System;

    /// A read, an update and an insert, whoever it is: what an attempt costs tells nothing.
    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Counted>> {
        let user = self.user(tx).await?;
        let count = user.as_ref().and_then(|user| rules::count(user, tx.now()));
        put_down(tx, user.as_ref(), count).await?;
        let event = match (&user, count) {
            (Some(_), None) => SecurityEventType::LoginBlocked,
            _ => SecurityEventType::LoginFailure,
        };
        let failure = sessions::event(tx, event, user.as_ref().map(|user| &user.id), self.details());
        let locked = count.is_some_and(|count| count.lock_until.is_some());
        let lock = user.as_ref().filter(|_| locked);
        let lock = lock.map(|user| sessions::event(tx, SecurityEventType::AccountLocked, Some(&user.id), None));
        let ids = (failure.id.as_ref().clone(), lock.as_ref().map(|lock| lock.id.as_ref().clone()));
        tx.insert_all::<security_event::Entity>(std::iter::once(failure).chain(lock).collect()).await?;
        let counted = user.filter(|_| count.is_some());
        Ok(counted.map(|user| Counted { user: user.id, password: user.password, failure: ids.0, lock: ids.1 }))
    }
}

impl Attempt {
    async fn user(&self, tx: &Tx<'_>) -> Result<Option<user::Model>> {
        let this = match &self.whose {
            Whose::Address(address) => user::Column::Email.eq(address.as_str()),
            Whose::Person(id) => user::Column::Id.eq(id.clone()),
        };
        tx.first(tx.find_any::<user::Entity>().filter(this).lock(LockType::NoKeyUpdate)).await
    }

    fn details(&self) -> Option<serde_json::Value> {
        self.during.map(|during| serde_json::json!({ "during": during }))
    }
}

impl Counted {
    /// The password was right: the account's row, locked, if it still has this password and may be used; then what was
    /// put down as a failure becomes `event`, and a lock put on as a precaution is gone.
    pub(super) async fn succeed(&self, tx: &Tx<'_>, event: SecurityEventType) -> Result<Option<user::Model>> {
        let user = tx.lock::<user::Entity>(&self.user).await?;
        if !user.is_active || user.password != self.password {
            return Ok(None);
        }
        put_down(tx, Some(&user), Some(Count { attempts: 0, lock_until: None })).await?;
        let row = security_event::ActiveModel {
            id: Set(self.failure.clone()),
            event_type: Set(event),
            details: Set(None),
            updated_at: Set(tx.now()),
            ..Default::default()
        };
        tx.update::<security_event::Entity>(row).await?;
        if let Some(lock) = &self.lock {
            tx.purge(security_event::Entity::delete_many().filter(security_event::Column::Id.eq(lock.clone()))).await?;
        }
        Ok(Some(user::Model { login_attempts: 0, lock_until: None, ..user }))
    }
}

/// Not through `save`: counting attempts is no change that somebody editing the person should trip over. Nobody, and
/// whoever is locked, is updated as well, to what they are.
async fn put_down(tx: &Tx<'_>, user: Option<&user::Model>, count: Option<Count>) -> Result<()> {
    let nobody = Id::from("");
    let as_before = user.map_or(Count { attempts: 0, lock_until: None }, |user| Count {
        attempts: user.login_attempts,
        lock_until: user.lock_until,
    });
    let Count { attempts, lock_until } = count.unwrap_or(as_before);
    let update = user::Entity::update_many()
        .col_expr(user::Column::LoginAttempts, Expr::value(attempts))
        .col_expr(user::Column::LockUntil, Expr::value(lock_until))
        .filter(user::Column::Id.eq(user.map_or(nobody, |user| user.id.clone())));
    tx.update_all(update).await?;
    Ok(())
}
