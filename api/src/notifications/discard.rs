//! A person throws a notification away.

use entity::notification;
use entity::scalar::Id;

use crate::data::access::Permission;
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;

/// Removes one notification of the viewer. Answers its id.
pub struct DeleteNotification {
    pub id: Id,
}

impl UseCase for DeleteNotification {
    type Output = Id;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let row = tx.lock::<notification::Entity>(&self.id).await?;
        tx.delete::<notification::Entity>(&row).await?;
        Ok(row.id)
    }
}
