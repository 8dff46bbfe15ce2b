//! Whose view a customer's e-mail address opens and closes.

use entity::enums::UserRole;
use entity::user;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use crate::data::tx::Tx;
use crate::error::Result;

/// A customer came to have, or no longer has, these addresses: what the clients who sign in with them may see as a
/// whole has changed.
pub(super) async fn renew_clients(tx: &mut Tx<'_>, addresses: &[&str]) -> Result<()> {
    let clients = tx
        .find_any::<user::Entity>()
        .filter(user::Column::Role.eq(UserRole::Client))
        .filter(user::Column::Email.is_in(addresses.iter().copied()))
        .select_only()
        .column(user::Column::Id);
    for client in tx.ids(clients).await? {
        tx.renew_viewer(&client);
    }
    Ok(())
}
