//! An attempt at a password, counted before the password is looked at.
//!
//! Looked at first and counted afterwards, guesses made at the same moment would all be tested before the first of them
//! is counted. So each is put down as failed in advance, under the lock of the account; the one that turns out right
//! takes that back. Every refusal writes once and hashes once, whether the address is known, locked or neither.

use entity::enums::SecurityEventType;
use entity::scalar::Id;
use entity::secret::Secret;
use entity::{security_event, user};
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::data::access::Permission;
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;
use crate::security::rules::{self, Count};
use crate::security::sessions::record;

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

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Counted>> {
        let Some(user) = self.user(tx).await? else {
            record(tx, SecurityEventType::LoginFailure, None, self.details()).await?;
            return Ok(None);
        };
        let Some(count) = rules::count(&user, tx.now()) else {
            record(tx, SecurityEventType::LoginBlocked, Some(&user.id), self.details()).await?;
            return Ok(None);
        };
        put_down(tx, &user.id, count).await?;
        let failure = record(tx, SecurityEventType::LoginFailure, Some(&user.id), self.details()).await?;
        let lock = match count.lock_until {
            Some(_) => Some(record(tx, SecurityEventType::AccountLocked, Some(&user.id), None).await?),
            None => None,
        };
        Ok(Some(Counted { user: user.id, password: user.password, failure, lock }))
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
        put_down(tx, &user.id, Count { attempts: 0, lock_until: None }).await?;
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

/// Not through `save`: counting attempts is no change that somebody editing the person should trip over.
async fn put_down(tx: &Tx<'_>, user: &Id, count: Count) -> Result<()> {
    let row = user::ActiveModel {
        id: Set(user.clone()),
        login_attempts: Set(count.attempts),
        lock_until: Set(count.lock_until),
        ..Default::default()
    };
    tx.update::<user::Entity>(row).await
}
