//! A subscription's changes: from a cursor on, in order, only what the viewer may see.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use entity::enums::ChangeKind;
use entity::scalar::Id;
use futures_util::Stream;
use futures_util::stream::unfold;

use crate::data::changes::{self, CONVERSATIONS, Cursor, MESSAGES, VIEWER};
use crate::data::reach;
use crate::data::scope::Scope;
use crate::data::told::{self, Event, Told};
use crate::data::viewer::Sight;
use crate::error::{Error, Result};

/// A change as this viewer sees it.
pub struct Seen {
    pub cursor: String,
    pub kind: ChangeKind,
    pub id: Id,
    pub event: Arc<Event>,
}

impl Seen {
    /// The row; none for DELETED.
    #[must_use]
    pub fn told(&self) -> Option<&Told> {
        self.event.told.as_ref().filter(|_| self.kind != ChangeKind::Deleted)
    }
}

struct Reading {
    scope: Scope,
    entity: &'static str,
    seq: i64,
    head: tokio::sync::watch::Receiver<i64>,
    waiting: VecDeque<Arc<Event>>,
    over: bool,
}

impl Scope {
    /// The changes of a table's rows after the cursor, or from now on.
    ///
    /// # Errors
    /// CURSOR_EXPIRED when the log no longer reaches back to the cursor; also later, as the stream's last item, when
    /// what the viewer may see as a whole has changed.
    pub async fn changes(
        &self,
        entity: &'static str,
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<Seen>> + Send + 'static> {
        let now = self.app.log.cursor();
        if matches!(entity, CONVERSATIONS | MESSAGES) {
            // Read by whoever subscribes, so that a change costs the same however many listen.
            self.conversations().await?;
        }
        let seq = match after {
            Some(after) => self.resume(&after.parse()?, &now).await?,
            None => now.seq,
        };
        let head = self.app.log.head();
        let reading = Reading { scope: self.clone(), entity, seq, head, waiting: VecDeque::new(), over: false };
        Ok(unfold(reading, |mut reading| async move {
            let item = reading.next().await?;
            reading.over = item.is_err();
            Some((item, reading))
        }))
    }

    /// The conversations that the viewer takes part in; none for the system.
    async fn conversations(&self) -> Result<Arc<HashSet<Id>>> {
        let Some(session) = &self.session else { return Ok(Arc::default()) };
        session.conversations.get(reach::conversation_ids(self.viewer(), &self.app.db.background)).await
    }

    async fn resume(&self, cursor: &Cursor, now: &Cursor) -> Result<i64> {
        let db = &self.app.db.background;
        // A cursor from another instance may be ahead of what this one has read, but not of the log.
        let head = changes::head(db).await?.ok_or_else(|| Error::internal("the change log has no head"))?;
        let known = cursor.epoch == now.epoch && (head.pruned_below..=head.last).contains(&cursor.seq);
        if known { Ok(cursor.seq) } else { Err(Error::CursorExpired) }
    }
}

impl Reading {
    async fn next(&mut self) -> Option<Result<Seen>> {
        if self.over {
            return None;
        }
        loop {
            while let Some(event) = self.waiting.pop_front() {
                self.seq = event.seq;
                match self.seen(&event).await {
                    Ok(Some(kind)) => {
                        // Each event is answered from rows read after it.
                        self.scope.refresh();
                        let cursor = self.scope.app.log.cursor_at(event.seq).to_string();
                        return Some(Ok(Seen { cursor, kind, id: event.id.clone(), event }));
                    }
                    Ok(None) => {}
                    Err(error) => return Some(Err(error)),
                }
            }
            match self.fetch().await {
                Ok(true) => {}
                Ok(false) => self.head.changed().await.ok()?,
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// Fills up from the ring, or from the log where the ring no longer reaches back. Was there anything?
    async fn fetch(&mut self) -> Result<bool> {
        self.head.borrow_and_update();
        if let Some(events) = self.scope.app.log.after(self.seq) {
            self.waiting.extend(events);
        } else {
            let db = &self.scope.app.db.background;
            let rows = told::read(self.seq, db).await?;
            // Pruned from under a reader that was too slow.
            if rows.first().and_then(|row| row.seq).is_some_and(|seq| seq > self.seq + 1) {
                return Err(Error::CursorExpired);
            }
            self.waiting.extend(told::load(rows, db).await?.into_iter().map(Arc::new));
        }
        Ok(!self.waiting.is_empty())
    }

    /// What the change is to this viewer, if anything.
    async fn seen(&self, event: &Event) -> Result<Option<ChangeKind>> {
        let me = &self.scope.viewer().id;
        if event.entity == VIEWER && event.id == *me {
            return Err(Error::CursorExpired);
        }
        // Alerts and projects' messages are the staff's; a client of the company follows their projects, notifications
        // and conversations.
        let for_everyone = matches!(self.entity, "projects" | "notifications" | CONVERSATIONS | MESSAGES);
        if event.entity != self.entity || !(for_everyone || self.scope.viewer().is_staff()) {
            return Ok(None);
        }
        let kind = if event.lost.contains(me) {
            ChangeKind::Deleted
        } else if self.reaches(event).await? {
            // Whoever came to reach it and no longer does, as it may be in an old part of the log, is not told.
            if event.gained.contains(me) { ChangeKind::Created } else { event.kind }
        } else {
            return Ok(None);
        };
        // A row that is gone by now is told of by its own, later change.
        Ok(Some(kind).filter(|kind| *kind == ChangeKind::Deleted || event.told.is_some()))
    }

    async fn reaches(&self, event: &Event) -> Result<bool> {
        let viewer = self.scope.viewer();
        if let Some(conversation) = &event.conversation {
            return Ok(self.scope.conversations().await?.contains(conversation));
        }
        let Some(project) = &event.project else {
            let keys = event.after.as_ref().or(event.before.as_ref());
            let recipient = keys.and_then(|keys| keys.get("recipientId")).and_then(|id| id.as_str());
            return Ok(recipient == Some(viewer.id.as_str()));
        };
        match (viewer.sight(), &self.scope.session) {
            (Sight::All, _) => Ok(true),
            (Sight::None, _) | (_, None) => Ok(false),
            (Sight::Own | Sight::Customer, Some(session)) => {
                let read = reach::project_ids(viewer, &self.scope.app.db.background);
                let projects = session.projects.get(read).await?;
                Ok(projects.contains(project))
            }
        }
    }
}
