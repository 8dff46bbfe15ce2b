//! The change log: what committed transactions changed, in the order in which they became visible.
//!
//! A change is a row written in the transaction that it tells of, so there is no event without its commit and no
//! commit without its event. Rows are numbered after the commit, under a short lock: their ids are drawn before it, so
//! that in id order a reader could step over a slower transaction for ever.

use std::fmt;
use std::str::FromStr;

use entity::change;
use entity::enums::ChangeKind;
use entity::list::List;
use entity::scalar::{Id, Instant};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbBackend, FromQueryResult, Statement};

use crate::error::{Error, Result};

/// Between instances on PostgreSQL, the bell: whose payload says which of them rang.
pub(in crate::data) const CHANNEL: &str = "ridgeline_changes";
/// Serialises the numbering on PostgreSQL.
const NUMBERING_LOCK: i64 = 0x0072_6964_6765_0002;

/// The person whose sight as a whole changed: their streams start afresh.
pub(in crate::data) const VIEWER: &str = "viewer";
/// The template: what instances keep of it is out of date.
pub(in crate::data) const TEMPLATE: &str = "template";
/// A session that ended: its sockets close.
pub(in crate::data) const SESSION: &str = "session";
/// What conversations and their messages are called in the log.
pub(in crate::data) const CONVERSATIONS: &str = "conversations";
pub(in crate::data) const MESSAGES: &str = "messages";

/// What the log tells of a row: which stream, which row, and the keys that filters compare.
#[derive(Clone, Debug)]
pub struct Feed {
    pub entity: &'static str,
    pub id: Id,
    pub project: Option<Id>,
    pub keys: serde_json::Value,
    /// The row is a part of what is told of: coming and going, it still only updates the whole.
    part: bool,
}

impl Feed {
    #[must_use]
    pub fn new(entity: &'static str, id: &Id, project: Option<&Id>, keys: serde_json::Value) -> Self {
        Self { entity, id: id.clone(), project: project.cloned(), keys, part: false }
    }

    /// A conversation, whose people and messages are told of by themselves.
    #[must_use]
    pub fn conversation(conversation: &Id) -> Self {
        Self::new(CONVERSATIONS, conversation, None, serde_json::json!({}))
    }

    /// The template as a whole, however much of it changes.
    pub(in crate::data) fn template() -> Self {
        Self::new(TEMPLATE, &TEMPLATE.into(), None, serde_json::json!({}))
    }

    #[must_use]
    pub fn part_of_project(project: &Id) -> Self {
        Self { part: true, ..Self::new("projects", project, Some(project), serde_json::json!({})) }
    }
}

/// The changes of one transaction, one for each row told of.
#[derive(Default)]
pub(in crate::data) struct Pending(Vec<change::ActiveModel>);

impl Pending {
    pub(in crate::data) fn tell(&mut self, kind: ChangeKind, before: Option<Feed>, after: Option<Feed>) {
        let Some(feed) = after.as_ref().or(before.as_ref()).cloned() else { return };
        let kind = if feed.part { ChangeKind::Updated } else { kind };
        let (row, fresh) = self.row(&feed, kind);
        if fresh && !feed.part {
            row.before = Set(before.map(|feed| feed.keys));
        }
        if !feed.part {
            row.after = Set(after.map(|feed| feed.keys));
        }
        // New in this transaction stays new.
        if *row.kind.as_ref() != ChangeKind::Created || kind == ChangeKind::Deleted {
            row.kind = Set(kind);
        }
    }

    /// People who came to reach the row, or no longer do.
    pub(in crate::data) fn reach(&mut self, feed: &Feed, gained: &[Id], lost: &[Id]) {
        let (row, fresh) = self.row(feed, ChangeKind::Updated);
        row.gained = Set(gained.iter().cloned().collect());
        row.lost = Set(lost.iter().cloned().collect());
        if fresh {
            row.before = Set(Some(feed.keys.clone()));
            row.after = Set(Some(feed.keys.clone()));
        }
    }

    /// The rows that go with a project are lost to whoever reached it.
    pub(in crate::data) fn lost_with(&mut self, project: &Id, lost: &[Id]) {
        let gone = |row: &&mut change::ActiveModel| {
            *row.kind.as_ref() == ChangeKind::Deleted && row.project_id.as_ref().as_ref() == Some(project)
        };
        for row in self.0.iter_mut().filter(gone) {
            row.lost = Set(lost.iter().cloned().collect());
        }
    }

    fn row(&mut self, feed: &Feed, kind: ChangeKind) -> (&mut change::ActiveModel, bool) {
        let same = |row: &change::ActiveModel| row.entity.as_ref() == feed.entity && *row.entity_id.as_ref() == feed.id;
        let known = self.0.iter().position(same);
        let at = known.unwrap_or_else(|| {
            self.0.push(change::ActiveModel {
                kind: Set(kind),
                entity: Set(feed.entity.to_owned()),
                entity_id: Set(feed.id.clone()),
                project_id: Set(feed.project.clone()),
                gained: Set(List::default()),
                lost: Set(List::default()),
                before: Set(None),
                after: Set(None),
                ..Default::default()
            });
            self.0.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "the position was just found, or is the last")]
        (&mut self.0[at], known.is_none())
    }

    /// The sessions ended and the people whose sight changed, for this instance to act on at once.
    pub(in crate::data) fn signals(&self) -> Vec<Signal> {
        let signal = |row: &change::ActiveModel| Signal {
            entity: row.entity.as_ref().clone(),
            id: row.entity_id.as_ref().clone(),
            users: row.gained.as_ref().iter().chain(row.lost.as_ref().iter()).cloned().collect(),
        };
        self.0.iter().map(signal).collect()
    }

    /// The rows of the log, written last before the commit. On SQLite, whose single writer commits in id order, they
    /// are numbered along with it; on PostgreSQL after the commit, by [`number`].
    pub(in crate::data) fn rows(self, now: Instant, request: &str) -> Vec<change::ActiveModel> {
        let mut rows = self.0;
        // Who reaches a project or a conversation is settled before anything of it is told.
        rows.sort_by_key(|row| !["projects", CONVERSATIONS].contains(&row.entity.as_ref().as_str()));
        let rows = rows.into_iter().map(|row| change::ActiveModel {
            request_id: Set(Some(request.to_owned())),
            created_at: Set(now),
            ..row
        });
        rows.collect()
    }
}

/// What an instance acts on by itself when a change says so.
#[derive(Clone, Debug)]
pub(in crate::data) struct Signal {
    pub(in crate::data) entity: String,
    pub(in crate::data) id: Id,
    pub(in crate::data) users: Vec<Id>,
}

/// Numbers what has none yet, in id order.
const NUMBER: &str = r#"
    WITH fresh AS (SELECT "id", row_number() OVER (ORDER BY "id") AS n FROM "changes" WHERE "seq" IS NULL)
    UPDATE "changes" SET "seq" = (SELECT "last" FROM "change_head" WHERE "id" = 1) + fresh.n
    FROM fresh WHERE "changes"."id" = fresh."id";
    UPDATE "change_head" SET "last" = COALESCE((SELECT MAX("seq") FROM "changes"), "last") WHERE "id" = 1"#;

/// Numbers what the transaction at hand has written: SQLite's, which is the only one.
pub(in crate::data) async fn number_own(db: &impl ConnectionTrait) -> Result<()> {
    db.execute_raw(Statement::from_string(db.get_database_backend(), NUMBER)).await?;
    Ok(())
}

/// Numbers on PostgreSQL what has been committed, and rings the bell of the other instances; `by` is this one.
///
/// One journey, and a transaction of its own, which the lock makes one at a time: whoever holds it sees every row
/// committed before, and numbers of one run never lie under those of an earlier.
pub(in crate::data) async fn number(by: &str, db: &impl ConnectionTrait) -> Result<()> {
    let lock = format!("SELECT pg_advisory_xact_lock({NUMBERING_LOCK})");
    db.execute_unprepared(&format!("{lock}; {NUMBER}; NOTIFY {CHANNEL}, '{by}'")).await?;
    Ok(())
}

/// Is there anything to number?
pub(in crate::data) async fn unnumbered(db: &impl ConnectionTrait) -> Result<bool> {
    let sql = r#"SELECT 1 AS n FROM "changes" WHERE "seq" IS NULL LIMIT 1"#;
    Ok(db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?.is_some())
}

/// Where the log stands.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Head {
    pub last: i64,
    #[sea_orm(from_alias = "prunedBelow")]
    pub pruned_below: i64,
    pub epoch: String,
}

/// Reads where the log stands; a new database gets its epoch here.
pub(in crate::data) async fn head(db: &impl ConnectionTrait) -> Result<Option<Head>> {
    let sql = r#"SELECT "last", "prunedBelow", "epoch" FROM "change_head" WHERE "id" = 1"#;
    Ok(Head::find_by_statement(Statement::from_string(db.get_database_backend(), sql)).one(db).await?)
}

/// Starts the log, or starts it anew under another epoch: cursors given out before end with CURSOR_EXPIRED.
pub(in crate::data) async fn begin_epoch(epoch: &str, db: &impl ConnectionTrait) -> Result<()> {
    let backend = db.get_database_backend();
    let place = if backend == DbBackend::Postgres { "$1" } else { "?" };
    let sql = format!(
        r#"INSERT INTO "change_head" ("id", "last", "prunedBelow", "epoch") VALUES (1, 0, 0, {place})
           ON CONFLICT ("id") DO UPDATE SET "epoch" = excluded."epoch""#
    );
    db.execute_raw(Statement::from_sql_and_values(backend, sql, [epoch.into()])).await?;
    Ok(())
}

/// Forgets changes older than the instant; cursors below them can no longer be resumed from.
pub(in crate::data) async fn prune(before: Instant, db: &impl ConnectionTrait) -> Result<()> {
    let backend = db.get_database_backend();
    let place = if backend == DbBackend::Postgres { "$1" } else { "?" };
    // The newest row stays, so that the head can always be read off the log.
    let old = format!(
        r#"SELECT MAX("seq") FROM "changes" WHERE "createdAt" < {place}
           AND "seq" < (SELECT "last" FROM "change_head" WHERE "id" = 1)"#
    );
    let sql = format!(r#"UPDATE "change_head" SET "prunedBelow" = COALESCE(({old}), "prunedBelow") WHERE "id" = 1"#);
    db.execute_raw(Statement::from_sql_and_values(backend, sql, [before.into()])).await?;
    let sql = r#"DELETE FROM "changes" WHERE "seq" <= (SELECT "prunedBelow" FROM "change_head" WHERE "id" = 1)"#;
    db.execute_unprepared(sql).await?;
    Ok(())
}

/// A place in the log: `epoch.seq`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub epoch: String,
    pub seq: i64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.seq)
    }
}

impl FromStr for Cursor {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let (epoch, seq) = text.split_once('.').ok_or(Error::CursorExpired)?;
        // As we write numbers: digits alone, none of them in front for nothing.
        let number = seq.parse::<i64>().ok().filter(|number| number.to_string() == seq);
        let seq = number.ok_or(Error::CursorExpired)?;
        Ok(Self { epoch: epoch.to_owned(), seq })
    }
}
