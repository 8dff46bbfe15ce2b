//! A conversation in the hands of somebody who takes part in it, locked until the end of the transaction.

use chrono::Duration;
use entity::enums::{ConversationRole, MessageType};
use entity::scalar::Id;
use entity::{conversation, conversation_participant as participant, message};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, QueryFilter};

use super::rules::Notice;
use crate::data::access::ensure;
use crate::data::changes::Feed;
use crate::data::reach::Guarded;
use crate::data::tx::Tx;
use crate::error::{Error, Result};

pub(super) struct Part {
    pub(super) conversation: conversation::Model,
    pub(super) me: participant::Model,
}

impl Part {
    /// # Errors
    /// NOT_FOUND for whoever takes no part in the conversation.
    pub(super) async fn lock(tx: &Tx<'_>, id: &Id) -> Result<Self> {
        let conversation = tx.lock::<conversation::Entity>(id).await?;
        // Asked again once the lock is held: who waited for it may have been removed meanwhile.
        let this = participant::Column::ConversationId.eq(id.clone());
        let mine = participant::Column::UserId.eq(tx.viewer().id.clone());
        let rows = tx.find_any::<participant::Entity>().filter(this).filter(mine);
        let me = tx.first(rows.filter(participant::Column::LeftAt.is_null())).await?;
        let me = me.ok_or_else(|| Error::not_found(conversation::Entity::NAME))?;
        Ok(Self { conversation, me })
    }

    /// # Errors
    /// CONFLICT between two people, FORBIDDEN for all but the ADMINs of a group.
    pub(super) fn ensure_leads_group(&self) -> Result<()> {
        if !self.conversation.is_group {
            return Err(Error::conflict("This conversation is between two people. Create a group for more."));
        }
        ensure(self.me.role == ConversationRole::Admin, "Only an admin of the group may do this.")
    }

    /// # Errors
    /// CONFLICT once the conversation was closed.
    pub(super) fn ensure_open(&self) -> Result<()> {
        let closed = "This conversation was closed. Its admins can open it again.";
        if self.conversation.is_active { Ok(()) } else { Err(Error::conflict(closed)) }
    }

    /// Adds a message by this person after all others, and makes it the latest of the conversation.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub(super) async fn say(&mut self, tx: &mut Tx<'_>, message: message::ActiveModel) -> Result<message::Model> {
        // Each later than the one before, whatever the clocks say: pages are then in the order of the log.
        let at = tx.now().max(self.conversation.last_message_at + Duration::milliseconds(1));
        let row = message::ActiveModel {
            created_at: Set(at),
            updated_at: Set(at),
            conversation_id: Set(self.conversation.id.clone()),
            sender_id: Set(self.me.user_id.clone()),
            ..message
        };
        let row = tx.insert::<message::Entity>(row).await?;
        self.conversation.last_message_at = at;
        self.conversation.last_message_id = Some(row.id.clone());
        let latest = conversation::ActiveModel {
            id: Set(self.conversation.id.clone()),
            last_message_at: Set(at),
            last_message_id: Set(Some(row.id.clone())),
            ..Default::default()
        };
        tx.update::<conversation::Entity>(latest).await?;
        tx.tell(self.feed());
        Ok(row)
    }

    /// Notes down what this person did.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub(super) async fn note(&mut self, tx: &mut Tx<'_>, notice: &Notice<'_>) -> Result<()> {
        let row = message::ActiveModel {
            text: Set(notice.text(&tx.viewer().name)),
            message_type: Set(MessageType::System),
            system_data: Set(Some(notice.data(&self.me.user_id))),
            ..Default::default()
        };
        self.say(tx, row).await.map(drop)
    }

    /// These people came, and those went.
    pub(super) fn tell_moves(&self, tx: &mut Tx<'_>, came: &[Id], went: &[Id]) {
        tx.tell_reach(&self.feed(), came, went);
    }

    pub(super) fn feed(&self) -> Feed {
        Feed::conversation(&self.conversation.id)
    }
}
