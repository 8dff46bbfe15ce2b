//! Who may be given work: those who work here now.

use entity::enums::UserRole;
use entity::scalar::Id;
use entity::user;
use sea_orm::{ColumnTrait, QueryFilter};

use crate::data::tx::Tx;
use crate::error::{Error, Result};

/// What to say where work was to go to anybody else.
pub(crate) const NOT_STAFF: &str = "This is nobody who works here now.";

/// The person, if they are active and no client.
///
/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn active(tx: &Tx<'_>, id: &Id) -> Result<Option<user::Model>> {
    let select = tx.find_any::<user::Entity>().filter(user::Column::Id.eq(id.clone()));
    let works_here = |person: &user::Model| person.is_active && person.role != UserRole::Client;
    Ok(tx.first(select).await?.filter(works_here))
}

/// # Errors
/// BAD_USER_INPUT, blaming this field of the input, unless the person works here now.
pub(crate) async fn require(tx: &Tx<'_>, field: &str, id: &Id) -> Result<()> {
    match active(tx, id).await? {
        Some(_) => Ok(()),
        None => Err(Error::input(format!("input.{field}"), NOT_STAFF)),
    }
}
