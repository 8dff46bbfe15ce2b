//! What people of the sample company say to each other, aside from the record of any project.

use chrono::Duration;
use entity::enums::{ConversationRole, MessageType};
use entity::scalar::{Id, Instant};
use entity::{conversation, conversation_participant as participant, message, message_read, project};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::dice::{Dice, Kind};
use super::people::Person;
use super::projects::Ground;
use super::scripts::{Line, SCRIPTS, Script, WITH_CLIENT};
use crate::conversations::messages::{Reacted, list_of};
use crate::conversations::rules::{Notice, pair_key};
use crate::data::ids::new_id;
use crate::data::tx::Tx;
use crate::error::Result;
use crate::fold::fold;

/// The rows of all conversations, gathered and written together.
#[derive(Default)]
pub(super) struct Talks {
    conversations: Vec<conversation::ActiveModel>,
    people: Vec<participant::ActiveModel>,
    messages: Vec<message::ActiveModel>,
    reads: Vec<message_read::ActiveModel>,
}

impl Talks {
    /// # Errors
    /// INTERNAL when the database fails.
    pub(super) async fn of(tx: &Tx<'_>, ground: &Ground) -> Result<Self> {
        let mut talks = Self::default();
        for (number, script) in (0..).zip(&SCRIPTS) {
            let people: Vec<&Person> = script.people.iter().filter_map(|name| ground.staff.called(name)).collect();
            talks.take_place(script, &people, Dice::of(Kind::Chat, number), ground);
        }
        let client = ground.staff.called("client");
        if let (Some(client), Some(manager)) = (client, managing(tx, ground).await?) {
            let manager = ground.staff.find(&manager).unwrap_or(&ground.staff.pm);
            talks.take_place(&WITH_CLIENT, &[client, manager], Dice::of(Kind::Chat, u32::MAX), ground);
        }
        Ok(talks)
    }

    /// Writes everything, what others refer to first.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub(super) async fn write(self, tx: &mut Tx<'_>) -> Result<()> {
        tx.insert_all::<conversation::Entity>(self.conversations).await?;
        tx.insert_all::<participant::Entity>(self.people).await?;
        tx.insert_all::<message::Entity>(self.messages).await?;
        tx.insert_all::<message_read::Entity>(self.reads).await
    }

    fn take_place(&mut self, script: &Script, people: &[&Person], mut dice: Dice, ground: &Ground) {
        let until = ground.hours.by(ground.now + -Duration::hours(script.hours_ago));
        let mut moments = ground.hours.leading_to(until, script.lines.len(), &mut dice).into_iter();
        let began = moments.next().unwrap_or(until);
        let id = new_id();
        let mut said: Vec<message::Model> = created(script, people, &id, began).into_iter().collect();
        let ids: Vec<Id> = script.lines.iter().map(|_| new_id()).collect();
        for ((line, moment), own) in script.lines.iter().zip(moments).zip(&ids) {
            let Some(sender) = people.get(line.who) else { continue };
            let after = said.last().map_or(began, |last| last.created_at) + Duration::milliseconds(1);
            let row = plain(&id, &sender.id, moment.max(after));
            said.push(written(line, people, &ids, message::Model { id: own.clone(), ..row }));
        }
        self.join(script, people, &id, began, &said);
        self.read(script, people, &said, ground.now);
        let last = said.last();
        self.conversations.push(conversation::ActiveModel {
            id: Set(id),
            created_at: Set(began),
            updated_at: Set(began),
            title: Set(script.title.map(str::to_owned)),
            title_folded: Set(script.title.map(fold).unwrap_or_default()),
            description: Set(None),
            is_group: Set(script.is_group()),
            is_active: Set(true),
            pair_key: Set(pair(script, people)),
            last_message_at: Set(last.map_or(began, |last| last.created_at)),
            last_message_id: Set(last.map(|last| last.id.clone())),
        });
        self.messages.extend(said.into_iter().map(IntoActiveModel::into_active_model));
    }

    fn join(&mut self, script: &Script, people: &[&Person], id: &Id, began: Instant, said: &[message::Model]) {
        let read = said.len().saturating_sub(script.unread).checked_sub(1).and_then(|last| said.get(last));
        for (place, person) in people.iter().enumerate() {
            let leads = script.is_group() && place == 0;
            self.people.push(participant::ActiveModel {
                created_at: Set(began),
                updated_at: Set(began),
                conversation_id: Set(id.clone()),
                user_id: Set(person.id.clone()),
                joined_at: Set(began),
                role: Set(if leads { ConversationRole::Admin } else { ConversationRole::Member }),
                last_delivered_at: Set(read.map(|row| row.created_at)),
                last_read_at: Set(read.map(|row| row.created_at)),
                ..Default::default()
            });
        }
    }

    /// Everybody has read all but the last ones, a few minutes after they were said.
    fn read(&mut self, script: &Script, people: &[&Person], said: &[message::Model], now: Instant) {
        let read = said.len().saturating_sub(script.unread);
        for row in said.iter().take(read).filter(|row| row.message_type != MessageType::System) {
            for (minutes, reader) in (2..).zip(people).filter(|(_, reader)| reader.id != row.sender_id) {
                let at = now.min(row.created_at + Duration::minutes(minutes * 3));
                self.reads.push(message_read::ActiveModel {
                    created_at: Set(at),
                    message_id: Set(row.id.clone()),
                    user_id: Set(reader.id.clone()),
                    read_at: Set(at),
                    ..Default::default()
                });
            }
        }
    }
}

/// Who manages the first project of the client who signs in.
async fn managing(tx: &Tx<'_>, ground: &Ground) -> Result<Option<Id>> {
    let Some(customer) = ground.customers.first() else { return Ok(None) };
    let theirs = project::Column::CustomerId.eq(customer.id.clone());
    let select =
        tx.find_any::<project::Entity>().filter(theirs).filter(project::Column::ProjectManagerId.is_not_null());
    let first = tx.first(select.order_by_asc(project::Column::ProjectNumber)).await?;
    Ok(first.and_then(|project| project.project_manager_id))
}

fn pair(script: &Script, people: &[&Person]) -> Option<String> {
    match people {
        [one, other] if !script.is_group() => Some(pair_key(&one.id, &other.id)),
        _ => None,
    }
}

/// What a group notes down first.
fn created(script: &Script, people: &[&Person], id: &Id, began: Instant) -> Option<message::Model> {
    let (first, others) = people.split_first().filter(|_| script.is_group())?;
    let named: Vec<(Id, String)> = others.iter().map(|other| (other.id.clone(), other.name.clone())).collect();
    let notice = Notice::Created(&named);
    Some(message::Model {
        text: notice.text(&first.name),
        message_type: MessageType::System,
        system_data: Some(notice.data(&first.id)),
        ..plain(id, &first.id, began + Duration::milliseconds(1))
    })
}

fn written(line: &Line, people: &[&Person], ids: &[Id], row: message::Model) -> message::Model {
    let reacted = |(who, emoji): &(usize, &str)| {
        let user_id = people.get(*who)?.id.clone();
        Some(Reacted { user_id, emoji: (*emoji).to_owned(), at: row.created_at + Duration::minutes(4) })
    };
    let reactions: Vec<Reacted> = line.reactions.iter().filter_map(reacted).collect();
    message::Model {
        text: line.text.to_owned(),
        text_folded: fold(line.text),
        reply_to_id: line.answers.and_then(|place| ids.get(place)).cloned(),
        reactions: list_of(&reactions),
        ..row
    }
}

fn plain(conversation: &Id, sender: &Id, at: Instant) -> message::Model {
    message::Model {
        id: new_id(),
        created_at: at,
        updated_at: at,
        text: String::new(),
        text_folded: String::new(),
        message_type: MessageType::Text,
        is_edited: false,
        edited_at: None,
        is_deleted: false,
        deleted_at: None,
        conversation_id: conversation.clone(),
        sender_id: sender.clone(),
        reply_to_id: None,
        attachments: None,
        reactions: None,
        system_data: None,
    }
}
