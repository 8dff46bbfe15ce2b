//! What people write to each other in a project's record.

use entity::enums::{MessagePriority, ProjectMessageType};
use entity::list::List;
use entity::project_message;
use entity::scalar::{Id, Instant};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::people::Person;
use super::site::{Site, role_name};
use super::texts::{ALERT_TALK, ANSWERS, MESSAGES};
use crate::data::ids::new_id;
use crate::messages::system::About;

impl Site<'_> {
    /// A message or two, some of them answered, and a word about an alert that has been waiting.
    pub(super) fn talk(&mut self, crew: &[Person], now: Instant) {
        let since = self.running.project.created_at;
        for _ in 0..self.dice.below(3) {
            let (subject, content) = *self.dice.pick(&MESSAGES);
            let at = self.dice.moment(since, now);
            let writer = self.somebody(crew);
            let thread = self.write(&writer, (subject, content), at, Place::Project);
            if self.dice.one_in(2) {
                let answer = *self.dice.pick(&ANSWERS);
                let writer = self.somebody(crew);
                let at = self.dice.moment(at, now);
                self.write(&writer, (&format!("Re: {subject}"), answer), at, Place::Answer(thread));
            }
        }
        let waiting = self.running.live.first().filter(|alert| alert.due_date.is_some_and(|due| due <= now)).cloned();
        if let Some(alert) = waiting.filter(|_| self.dice.one_in(2)) {
            let Some(step) = self.running.plan.step(&alert.step_id) else { return };
            let about = About::alert(&alert, (&step.name, step.phase));
            let (content, writer) = (*self.dice.pick(&ALERT_TALK), self.lead());
            let at = self.dice.moment(alert.created_at, now);
            self.write(&writer, (&alert.step_name, content), at, Place::Alert(alert.id, about));
        }
    }

    fn somebody(&mut self, crew: &[Person]) -> Person {
        let staff = self.staff;
        let mut writers = vec![self.lead(), staff.office.clone()];
        writers.extend(crew.iter().cloned());
        self.dice.pick(&writers).clone()
    }

    fn write(&mut self, writer: &Person, (subject, content): (&str, &str), at: Instant, place: Place) -> Id {
        let id = new_id();
        let (kind, parent, metadata, about) = match place {
            Place::Project => (ProjectMessageType::UserMessage, None, None, About::default()),
            Place::Answer(thread) => (ProjectMessageType::UserMessage, Some(thread), None, About::default()),
            Place::Alert(alert, about) => {
                (ProjectMessageType::AlertDiscussion, None, Some(json!({ "alertId": alert })), about)
            }
        };
        let urgent = self.dice.one_in(8);
        let readers = self.readers(&writer.id);
        let row = project_message::ActiveModel {
            id: Set(id.clone()),
            created_at: Set(at),
            updated_at: Set(at),
            subject: Set(subject.to_owned()),
            content: Set(content.to_owned()),
            message_type: Set(kind),
            priority: Set(if urgent { MessagePriority::High } else { MessagePriority::Medium }),
            author_id: Set(Some(writer.id.clone())),
            author_name: Set(writer.name.clone()),
            author_role: Set(Some(role_name(writer.role))),
            is_system_generated: Set(false),
            is_workflow_message: Set(false),
            parent_message_id: Set(parent),
            read_count: Set(i32::try_from(readers.len()).unwrap_or(i32::MAX)),
            read_by: Set(readers),
            metadata: Set(metadata),
            ..Default::default()
        };
        self.rows.messages.push(about.placed(row, &self.running.project));
        id
    }

    /// The author first, then some of those who work in the office.
    fn readers(&mut self, author: &Id) -> List<String> {
        let others: Vec<Id> =
            [&self.staff.manager, &self.staff.office, &self.staff.pm].map(|who| who.id.clone()).into();
        let mut readers = vec![author.as_str().to_owned()];
        for other in others {
            if other != *author && self.dice.one_in(2) {
                readers.push(other.0);
            }
        }
        List(readers)
    }
}

enum Place {
    Project,
    Answer(Id),
    Alert(Id, About),
}
