//! Telling a person something, in the transaction of what they are told of.

use entity::enums::NotificationType;
use entity::notification;
use entity::scalar::Id;
use sea_orm::ActiveValue::Set;

use crate::data::tx::Tx;
use crate::error::Result;
use crate::workflow::rules::wording::cut;

const TITLE: usize = 200;
const MESSAGE: usize = 1_000;
const ADDRESS: usize = 500;

/// What somebody is told.
pub(crate) struct NewNotification {
    pub(crate) title: String,
    pub(crate) message: String,
    pub(crate) kind: NotificationType,
    /// Where the client goes when it is opened: a path of the web client.
    pub(crate) action_url: Option<String>,
    /// What the client needs to know to act on it: ids, above all.
    pub(crate) action_data: Option<serde_json::Value>,
}

/// Tells this person. Texts that are too long for their columns are cut.
///
/// # Errors
/// INTERNAL when the database fails; CONFLICT where the person is no longer there.
pub(crate) async fn send(tx: &mut Tx<'_>, to: &Id, new: NewNotification) -> Result<()> {
    tx.insert::<notification::Entity>(row(to, new)).await?;
    Ok(())
}

/// The same as a row, for whoever writes many.
pub(crate) fn row(to: &Id, new: NewNotification) -> notification::ActiveModel {
    notification::ActiveModel {
        title: Set(cut(&new.title, TITLE)),
        message: Set(cut(&new.message, MESSAGE)),
        notification_type: Set(new.kind),
        is_read: Set(false),
        read_at: Set(None),
        // Half an address leads nowhere.
        action_url: Set(new.action_url.filter(|url| url.chars().count() <= ADDRESS)),
        action_data: Set(new.action_data),
        recipient_id: Set(to.clone()),
        ..Default::default()
    }
}
