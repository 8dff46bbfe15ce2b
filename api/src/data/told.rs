//! What a change tells of: its row, loaded once for everybody who hears of it.

use std::collections::HashMap;
use std::sync::Arc;

use entity::enums::ChangeKind;
use entity::scalar::Id;
use entity::{change, conversation, message, notification, project, project_message, workflow_alert};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PrimaryKeyTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::data::changes::{CONVERSATIONS, MESSAGES};
use crate::data::tx::{by_id, key};
use crate::error::Result;

/// How many changes are read at once.
pub(in crate::data) const BATCH: usize = 500;

/// The row told of, as it stands now.
#[derive(Clone, Debug)]
pub enum Told {
    Project(Arc<project::Model>),
    Alert(Arc<workflow_alert::Model>),
    Message(Arc<project_message::Model>),
    Notification(Arc<notification::Model>),
    Conversation(Arc<conversation::Model>),
    /// A message of a conversation.
    Said(Arc<message::Model>),
}

/// A change as streams read it.
#[derive(Debug)]
pub struct Event {
    pub seq: i64,
    pub kind: ChangeKind,
    pub entity: String,
    pub id: Id,
    pub project: Option<Id>,
    /// The conversation that it is about; none for everything else.
    pub conversation: Option<Id>,
    pub gained: Vec<Id>,
    pub lost: Vec<Id>,
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
    /// None once the row is gone.
    pub told: Option<Told>,
}

#[expect(clippy::disallowed_methods, reason = "the log is read whole; who sees what is decided for each stream")]
pub(in crate::data) async fn read(after: i64, db: &impl ConnectionTrait) -> Result<Vec<change::Model>> {
    let select = change::Entity::find().filter(change::Column::Seq.gt(after)).order_by_asc(change::Column::Seq);
    Ok(select.limit(BATCH as u64).all(db).await?)
}

/// The events of these changes, with the rows that they tell of: at most one statement for each table.
pub(in crate::data) async fn load(rows: Vec<change::Model>, db: &impl ConnectionTrait) -> Result<Vec<Event>> {
    let ids = |entity: &str| -> Vec<Id> {
        let told = rows.iter().filter(|row| row.entity == entity && row.kind != ChangeKind::Deleted);
        told.map(|row| row.entity_id.clone()).collect()
    };
    let projects = named::<project::Entity>(ids("projects"), db).await?;
    let alerts = named::<workflow_alert::Entity>(ids("workflow_alerts"), db).await?;
    let messages = named::<project_message::Entity>(ids("project_messages"), db).await?;
    let notifications = named::<notification::Entity>(ids("notifications"), db).await?;
    let conversations = named::<conversation::Entity>(ids(CONVERSATIONS), db).await?;
    let said = named::<message::Entity>(ids(MESSAGES), db).await?;
    let told = |row: &change::Model| match row.entity.as_str() {
        "projects" => projects.get(&row.entity_id).cloned().map(Told::Project),
        "workflow_alerts" => alerts.get(&row.entity_id).cloned().map(Told::Alert),
        "project_messages" => messages.get(&row.entity_id).cloned().map(Told::Message),
        "notifications" => notifications.get(&row.entity_id).cloned().map(Told::Notification),
        CONVERSATIONS => conversations.get(&row.entity_id).cloned().map(Told::Conversation),
        MESSAGES => said.get(&row.entity_id).cloned().map(Told::Said),
        _ => None,
    };
    Ok(rows.iter().map(|row| event(row, told(row))).collect())
}

/// Which conversation a change is about: its own, or that of its message.
fn conversation(row: &change::Model) -> Option<Id> {
    match row.entity.as_str() {
        CONVERSATIONS => Some(row.entity_id.clone()),
        MESSAGES => row.after.as_ref().or(row.before.as_ref())?.get("conversationId")?.as_str().map(Id::from),
        _ => None,
    }
}

fn event(row: &change::Model, told: Option<Told>) -> Event {
    Event {
        seq: row.seq.unwrap_or_default(),
        kind: row.kind,
        entity: row.entity.clone(),
        id: row.entity_id.clone(),
        project: row.project_id.clone(),
        conversation: conversation(row),
        gained: row.gained.0.clone(),
        lost: row.lost.0.clone(),
        before: row.before.clone(),
        after: row.after.clone(),
        told: told.filter(|_| row.kind != ChangeKind::Deleted),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "rows are loaded once a change; who sees them is decided for each stream"
)]
async fn named<E>(ids: Vec<Id>, db: &impl ConnectionTrait) -> Result<HashMap<Id, Arc<E::Model>>>
where
    E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = Id>>,
{
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = E::find().filter(key::<E>().is_in(ids)).all(db).await?;
    Ok(by_id::<E>(rows).into_iter().map(|(id, row)| (id, Arc::new(row))).collect())
}
