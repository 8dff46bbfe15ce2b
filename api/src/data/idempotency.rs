//! The same create sent twice (a lost answer, a double tap) is done once.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use entity::idempotency_key;
use entity::scalar::Id;
use sea_orm::sea_query::{ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::data::ids::new_id;
use crate::data::tx::Tx;
use crate::error::{Error, Result};

/// How long a key is remembered.
pub const KEPT: Duration = Duration::hours(24);

/// A create that a client may repeat under a key.
pub struct Once<'a> {
    pub mutation: &'static str,
    pub key: Option<&'a str>,
    input_hash: String,
}

impl<'a> Once<'a> {
    /// The input is what has to be the same for the key to mean the same.
    pub fn new(mutation: &'static str, key: Option<&'a str>, input: &impl Serialize) -> Self {
        let json = serde_json::to_vec(input).unwrap_or_default();
        Self { mutation, key, input_hash: URL_SAFE_NO_PAD.encode(Sha256::digest(&json)) }
    }
}

impl Tx<'_> {
    /// The result of the same create done before; none, and the key is taken until this transaction ends.
    ///
    /// Two at once: the second waits for the first to commit, and finds its result.
    ///
    /// # Errors
    /// CONFLICT where the key was used for something else.
    pub async fn replay(&mut self, once: &Once<'_>) -> Result<Option<Id>> {
        let (Some(key), Some(user)) = (once.key, self.viewer().user()) else { return Ok(None) };
        if key.is_empty() || key.chars().count() > 200 || key.contains('\0') {
            let message = "An idempotency key has 1 to 200 characters, none of them U+0000.";
            return Err(Error::input("input.idempotencyKey", message));
        }
        let same = idempotency_key::Column::UserId.eq(user.clone()).and(idempotency_key::Column::Key.eq(key));
        let old = same.clone().and(idempotency_key::Column::CreatedAt.lte(self.now() + (-KEPT)));
        idempotency_key::Entity::delete_many().filter(old).exec(self.db().await?).await?;
        let row = idempotency_key::ActiveModel {
            id: Set(new_id()),
            created_at: Set(self.now()),
            user_id: Set(user),
            key: Set(key.to_owned()),
            mutation: Set(once.mutation.to_owned()),
            input_hash: Set(once.input_hash.clone()),
            result_id: Set(None),
        };
        let taken = OnConflict::columns([idempotency_key::Column::UserId, idempotency_key::Column::Key]);
        let insert = idempotency_key::Entity::insert_many([row]).on_conflict(taken.clone().do_nothing().to_owned());
        if insert.exec_without_returning(self.db().await?).await? == 1 {
            return Ok(None);
        }
        let found = self.first(self.find_any::<idempotency_key::Entity>().filter(same)).await?;
        match found {
            Some(row) if row.mutation == once.mutation && row.input_hash == once.input_hash => Ok(row.result_id),
            Some(_) => Err(Error::taken("input.idempotencyKey", "This idempotency key was used for something else.")),
            None => Err(Error::Retry("an idempotency key was just given up".into())),
        }
    }

    /// What the create came to, for the next one with the same key.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn remember(&mut self, once: &Once<'_>, result: &Id) -> Result<()> {
        let (Some(key), Some(user)) = (once.key, self.viewer().user()) else { return Ok(()) };
        let same = idempotency_key::Column::UserId.eq(user).and(idempotency_key::Column::Key.eq(key));
        let set = sea_orm::sea_query::Expr::value(result.clone());
        let update = idempotency_key::Entity::update_many().col_expr(idempotency_key::Column::ResultId, set);
        self.update_all(update.filter(same)).await?;
        Ok(())
    }
}
