//! Who may be in a conversation with whom.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use entity::enums::UserRole;
use entity::scalar::Id;
use entity::{conversation_participant as participant, project, user};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use crate::data::tx::{Tx, by_id};
use crate::error::Result;
use crate::input::Check;

/// One sentence for whoever is unknown, gone or none of one's business: it must not tell which.
const NOBODY: &str = "This is nobody whom everybody in the conversation can write to.";

pub(super) fn name(person: &user::Model) -> String {
    format!("{} {}", person.first_name, person.last_name)
}

/// Ids and names, as notices take them.
pub(super) fn named(people: &[user::Model]) -> Vec<(Id, String)> {
    people.iter().map(|person| (person.id.clone(), name(person))).collect()
}

/// The people with these ids, in any order.
///
/// # Errors
/// INTERNAL when the database fails.
pub(super) async fn all(tx: &Tx<'_>, ids: impl IntoIterator<Item = Id> + Send) -> Result<Vec<user::Model>> {
    let ids: Vec<Id> = ids.into_iter().collect();
    tx.all(tx.find_any::<user::Entity>().filter(user::Column::Id.is_in(ids))).await
}

/// The people with these ids, who are to join those present: each must be active and able to talk to everybody.
///
/// # Errors
/// BAD_USER_INPUT that blames each id in `participantIds` of which that is not so.
pub(super) async fn admit(
    tx: &Tx<'_>,
    given: &[Id],
    newcomers: &BTreeSet<Id>,
    present: &[user::Model],
) -> Result<Vec<user::Model>> {
    let mut found = by_id::<user::Entity>(all(tx, newcomers.iter().cloned()).await?);
    found.retain(|_, person| person.is_active);
    let everybody: BTreeMap<&Id, &user::Model> =
        present.iter().map(|person| (&person.id, person)).chain(found.iter()).collect();
    let mut refused: HashSet<Id> = newcomers.iter().filter(|id| !found.contains_key(id)).cloned().collect();
    for client in everybody.values().filter(|person| person.role == UserRole::Client) {
        let managers = managers_of(tx, client).await?;
        for other in everybody.values().filter(|other| other.id != client.id && !managers.contains(&other.id)) {
            let blamed = if newcomers.contains(&client.id) { &client.id } else { &other.id };
            refused.insert(blamed.clone());
        }
        // A second client is refused already, by the first: no manager is a client.
        if !refused.is_empty() {
            break;
        }
    }
    let mut check = Check::default();
    for (place, _) in given.iter().enumerate().filter(|(_, id)| refused.contains(id)) {
        check.fault(&format!("participantIds.{place}"), NOBODY);
    }
    check.done()?;
    Ok(newcomers.iter().filter_map(|id| found.remove(id)).collect())
}

/// Whom a client may write to.
async fn managers_of(tx: &Tx<'_>, client: &user::Model) -> Result<HashSet<Id>> {
    let theirs = tx.find_for_client::<project::Entity>(client);
    let managed = theirs.filter(project::Column::ProjectManagerId.is_not_null());
    let managers = tx.ids(managed.select_only().column(project::Column::ProjectManagerId)).await?;
    Ok(managers.into_iter().collect())
}

/// The rows of everybody who takes part, or did, by whoever joined first.
///
/// # Errors
/// INTERNAL when the database fails.
pub(super) async fn rows(tx: &Tx<'_>, conversation: &Id) -> Result<Vec<participant::Model>> {
    let this = participant::Column::ConversationId.eq(conversation.clone());
    let mut rows = tx.all(tx.find_any::<participant::Entity>().filter(this)).await?;
    rows.sort_by(|a, b| (a.joined_at, &a.id).cmp(&(b.joined_at, &b.id)));
    Ok(rows)
}
