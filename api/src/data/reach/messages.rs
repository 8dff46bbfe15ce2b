//! What people and the system write: project messages, notifications, conversations.

use std::collections::HashSet;

use entity::scalar::Id;
use entity::{conversation, conversation_participant, message, message_read, notification, project_message};
use sea_orm::sea_query::{ExprTrait, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult};

use crate::data::changes::{Feed, MESSAGES};
use crate::data::reach::{Guarded, IntoCondition, Reach, of_project_for_staff, only, select};
use crate::data::viewer::Viewer;
use crate::error::Result;

impl Guarded for project_message::Entity {
    const NAME: &'static str = "message";
    fn reach(viewer: &Viewer) -> Reach {
        of_project_for_staff(viewer, project_message::Column::ProjectId)
    }
    fn feed(row: &project_message::Model) -> Option<Feed> {
        Some(Feed::new("project_messages", &row.id, Some(&row.project_id), serde_json::json!({})))
    }
}

impl Guarded for notification::Entity {
    const NAME: &'static str = "notification";
    fn reach(viewer: &Viewer) -> Reach {
        only(viewer, notification::Column::RecipientId)
    }
    fn feed(row: &notification::Model) -> Option<Feed> {
        let keys = serde_json::json!({ "recipientId": row.recipient_id });
        Some(Feed::new("notifications", &row.id, None, keys))
    }
}

impl Guarded for conversation::Entity {
    const NAME: &'static str = "conversation";
    fn reach(viewer: &Viewer) -> Reach {
        Reach::Where(conversation::Column::Id.in_subquery(participating(viewer)).into_condition())
    }
    fn feed(row: &conversation::Model) -> Option<Feed> {
        Some(Feed::conversation(&row.id))
    }
}

impl Guarded for conversation_participant::Entity {
    const NAME: &'static str = "participant";
    fn reach(viewer: &Viewer) -> Reach {
        Reach::Where(
            conversation_participant::Column::ConversationId.in_subquery(participating(viewer)).into_condition(),
        )
    }
}

impl Guarded for message::Entity {
    const NAME: &'static str = "message";
    fn reach(viewer: &Viewer) -> Reach {
        Reach::Where(message::Column::ConversationId.in_subquery(participating(viewer)).into_condition())
    }
    fn feed(row: &message::Model) -> Option<Feed> {
        let keys = serde_json::json!({ "conversationId": row.conversation_id });
        Some(Feed::new(MESSAGES, &row.id, None, keys))
    }
}

impl Guarded for message_read::Entity {
    const NAME: &'static str = "read mark";
    fn reach(viewer: &Viewer) -> Reach {
        Reach::through(message_read::Column::MessageId, message::Entity::reach(viewer), |c| {
            select::<message::Entity>(message::Column::Id, c)
        })
    }
}

/// The conversations one takes part in; nobody else reads them, `ADMIN` included.
fn participating(viewer: &Viewer) -> SelectStatement {
    let mine = conversation_participant::Column::UserId
        .eq(viewer.id.clone())
        .and(conversation_participant::Column::LeftAt.is_null());
    let column = conversation_participant::Column::ConversationId;
    select::<conversation_participant::Entity>(column, mine.into_condition())
}

/// Everybody who takes part in a conversation of one's own, or did: what they wrote there is seen with their name.
pub(super) fn fellows(viewer: &Viewer) -> SelectStatement {
    let shared = conversation_participant::Column::ConversationId.in_subquery(participating(viewer)).into_condition();
    select::<conversation_participant::Entity>(conversation_participant::Column::UserId, shared)
}

/// The ids of the conversations that a viewer takes part in, for decisions in memory.
pub(in crate::data) async fn conversation_ids(viewer: &Viewer, db: &impl ConnectionTrait) -> Result<HashSet<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        #[sea_orm(from_alias = "conversationId")]
        conversation_id: Id,
    }
    let rows = Row::find_by_statement(db.get_database_backend().build(&participating(viewer)));
    Ok(rows.all(db).await?.into_iter().map(|row| row.conversation_id).collect())
}
