//! The instance's one reader of the change log, and the ring that its live sockets read instead of the database.
//!
//! Rung by the bell (in this process after each commit, between instances by `NOTIFY`) or looking by itself every few
//! seconds, it numbers what is new, loads the rows told of once, and hands them to every stream. Losing a ring of the
//! bell costs a moment, never a change.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use entity::change;
use sea_orm::sqlx::postgres::PgListener;
use sea_orm::{ConnectionTrait, DbBackend};
use tokio::sync::{Notify, watch};

use crate::data::changes::{self, CHANNEL, CONVERSATIONS, Cursor, SESSION, Signal, TEMPLATE, VIEWER};
use crate::data::database::Database;
use crate::data::gather;
use crate::data::held::Reads;
use crate::data::known::Standing;
use crate::data::sessions::Sessions;
use crate::data::told::{BATCH, Event, load, read};
use crate::error::{Error, Result};

/// How many changes the ring holds; a client further behind reads the log itself.
const RING: usize = 8_192;
/// What is committed within so short a time of a look is looked at together.
const PACE: Duration = Duration::from_millis(10);
/// The net under the bell.
const POLL: Duration = Duration::from_secs(2);

#[derive(Default)]
pub struct Log {
    epoch: OnceLock<String>,
    instance: OnceLock<String>,
    ring: RwLock<VecDeque<Arc<Event>>>,
    head: watch::Sender<i64>,
    bell: Notify,
    /// Has this instance committed changes that may not be numbered yet?
    fresh: AtomicBool,
    /// What an instance keeps until the log says that it changed.
    pub(in crate::data) standing: Arc<Standing>,
    /// One reader at a time: two would tell everything twice.
    reading: tokio::sync::Mutex<()>,
}

impl Log {
    /// Where the log stands, as far as this instance has read: whatever is read from the database after is no older.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.cursor_at(*self.head.borrow())
    }

    pub(in crate::data) fn cursor_at(&self, seq: i64) -> Cursor {
        Cursor { epoch: self.epoch.get().cloned().unwrap_or_default(), seq }
    }

    pub(in crate::data) fn head(&self) -> watch::Receiver<i64> {
        self.head.subscribe()
    }

    /// How many streams follow the log here.
    #[must_use]
    pub fn followers(&self) -> usize {
        self.head.receiver_count()
    }

    /// What came after `seq`, oldest first; none if the ring no longer reaches back so far.
    pub(in crate::data) fn after(&self, seq: i64) -> Option<Vec<Arc<Event>>> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let head = *self.head.borrow();
        match ring.front() {
            _ if seq >= head => Some(Vec::new()),
            Some(oldest) if oldest.seq <= seq + 1 => {
                let skip = usize::try_from(seq + 1 - oldest.seq).unwrap_or(0);
                Some(ring.iter().skip(skip).take(256).cloned().collect())
            }
            _ => None,
        }
    }

    /// Called right after a commit: acts on what it signals and rings the bell.
    pub(in crate::data) fn committed(&self, sessions: &Sessions, signals: &[Signal]) {
        if !signals.is_empty() {
            self.heed(sessions, signals);
            self.fresh.store(true, Ordering::SeqCst);
            self.bell.notify_one();
        }
    }

    /// Starts the log where it stands. A database without one gets one.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn start(&self, db: &Database) -> Result<()> {
        let mut head = changes::head(&db.background).await?;
        if head.is_none() {
            let tx = db.begin().await?;
            if changes::head(&tx).await?.is_none() {
                changes::begin_epoch(crate::data::ids::new_id().as_str(), &tx).await?;
            }
            tx.commit().await?;
            head = changes::head(&db.background).await?;
        }
        let head = head.ok_or_else(|| Error::internal("the change log has no head"))?;
        self.head.send_replace(head.last);
        let _ = self.epoch.set(head.epoch);
        Ok(())
    }

    /// Begins another epoch, for the servers that start after: cursors given out before end with `CURSOR_EXPIRED`.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn begin_anew(db: &Database) -> Result<()> {
        let tx = db.begin().await?;
        changes::begin_epoch(crate::data::ids::new_id().as_str(), &tx).await?;
        Ok(tx.commit().await?)
    }

    /// Reads on for as long as the process runs.
    pub(crate) async fn follow(&self, db: &Database, sessions: &Sessions, mut stopping: watch::Receiver<bool>) {
        loop {
            if let Err(error) = self.look(db, sessions).await {
                tracing::warn!(%error, "the change log could not be read; trying again");
                tokio::time::sleep(Duration::from_millis(500)).await;
                self.fresh.store(true, Ordering::SeqCst);
                self.bell.notify_one();
            }
            tokio::time::sleep(PACE).await;
            tokio::select! {
                () = self.bell.notified() => {}
                () = tokio::time::sleep(POLL) => {}
                _ = stopping.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Numbers and reads everything new.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn look(&self, db: &Database, sessions: &Sessions) -> Result<()> {
        let _reading = self.reading.lock().await;
        gather::gathered(Arc::default(), Box::pin(self.read_on(&db.log, sessions))).await
    }

    async fn read_on(&self, db: &Reads, sessions: &Sessions) -> Result<()> {
        let fresh = self.fresh.swap(false, Ordering::SeqCst);
        if db.get_database_backend() == DbBackend::Postgres && (fresh || changes::unnumbered(db).await?) {
            changes::number(self.instance(), db).await?;
        }
        loop {
            let last = *self.head.borrow();
            let rows = read(last, db).await?;
            let Some(newest) = rows.last().and_then(|row| row.seq) else { return Ok(()) };
            let all = rows.len() < BATCH;
            self.heed(sessions, &rows.iter().map(signal).collect::<Vec<_>>());
            // Where nobody follows, nobody is told: whoever comes then finds an empty ring, and reads the log itself.
            let events = if self.followers() > 0 { load(rows, db).await? } else { Vec::new() };
            self.turn(events, newest);
            if all {
                return Ok(());
            }
        }
    }

    /// Puts the newest events into the ring, up to this number.
    fn turn(&self, events: Vec<Event>, newest: i64) {
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        if events.is_empty() {
            ring.clear();
        }
        ring.extend(events.into_iter().map(Arc::new));
        let surplus = ring.len().saturating_sub(RING);
        ring.drain(..surplus);
        self.head.send_replace(newest);
    }

    /// What this instance is called among those that ring for each other.
    fn instance(&self) -> &str {
        self.instance.get_or_init(|| crate::data::ids::new_id().0)
    }

    /// What this instance does by itself about changes.
    fn heed(&self, sessions: &Sessions, signals: &[Signal]) {
        for signal in signals {
            match signal.entity.as_str() {
                SESSION => sessions.end(&signal.id),
                VIEWER => sessions.forget_user(&signal.id),
                TEMPLATE => self.standing.forget(),
                CONVERSATIONS => sessions.forget_conversations(&signal.users),
                _ if !signal.users.is_empty() => sessions.forget_projects(&signal.users),
                _ => {}
            }
        }
    }

    /// Hears the bells of other instances, until the process stops.
    pub(crate) async fn listen(&self, db: &Database, mut stopping: watch::Receiver<bool>) {
        if db.backend() != DbBackend::Postgres {
            return;
        }
        tokio::select! {
            () = self.hear(db) => {}
            _ = stopping.wait_for(|stop| *stop) => {}
        }
    }

    async fn hear(&self, db: &Database) {
        loop {
            if let Err(error) = self.hear_until_cut(db).await {
                tracing::warn!(%error, "the database's notifications were cut off; connecting again");
            }
            self.bell.notify_one();
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn hear_until_cut(&self, db: &Database) -> std::result::Result<(), sea_orm::sqlx::Error> {
        let mut listener = PgListener::connect_with(db.background.get_postgres_connection_pool()).await?;
        listener.listen(CHANNEL).await?;
        loop {
            // None: the connection was lost and made anew, and rings in between with it.
            let rung = listener.try_recv().await?;
            if rung.is_none_or(|rung| rung.payload() != self.instance()) {
                self.bell.notify_one();
            }
        }
    }
}

fn signal(row: &change::Model) -> Signal {
    let users = row.gained.iter().chain(row.lost.iter()).cloned().collect();
    Signal { entity: row.entity.clone(), id: row.entity_id.clone(), users }
}
