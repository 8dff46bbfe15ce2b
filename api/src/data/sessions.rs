//! The sessions in use on this instance, with whom they belong to and what those people reach.
//!
//! Read once and kept until a change says that the session ended, or that what the person may see as a whole is no
//! longer the same.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use entity::enums::{Permission, UserRole};
use entity::list::List;
use entity::scalar::{Id, Instant};
use entity::{role_assignment, session, user};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult};
use tokio::sync::watch;

use crate::app::App;
use crate::data::budget::Purse;
use crate::data::viewer::Viewer;
use crate::error::Result;

/// A viewer's session, as the transport holds it.
#[derive(Clone)]
pub struct Session {
    pub viewer: Arc<Viewer>,
    /// When the access token ends.
    pub expires_at: Instant,
    /// Turns true when the session ends or the person is deactivated.
    pub ended: watch::Receiver<bool>,
    /// The projects that a viewer of limited sight reaches.
    pub(in crate::data) projects: Arc<Own>,
    /// The conversations that the viewer takes part in.
    pub(in crate::data) conversations: Arc<Own>,
    pub(in crate::data) purse: Arc<Purse>,
}

impl Session {
    /// The schema is shown to signed-in staff.
    #[must_use]
    pub fn may_introspect(&self) -> bool {
        self.viewer.is_staff()
    }
}

/// The ids of what a viewer reaches by name, read when first asked for.
#[derive(Default)]
pub(in crate::data) struct Own {
    known: Mutex<(u64, Option<Arc<HashSet<Id>>>)>,
}

impl Own {
    pub(in crate::data) async fn get(
        &self,
        read: impl Future<Output = Result<HashSet<Id>>>,
    ) -> Result<Arc<HashSet<Id>>> {
        let (generation, known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let ids = Arc::new(read.await?);
        let mut slot = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // What was forgotten meanwhile must not come back.
        if slot.0 == generation {
            slot.1 = Some(ids.clone());
        }
        Ok(ids)
    }

    fn forget(&self) {
        let mut slot = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *slot = (slot.0 + 1, None);
    }
}

struct Entry {
    viewer: Arc<Viewer>,
    ends: Instant,
    ended: watch::Sender<bool>,
    projects: Arc<Own>,
    conversations: Arc<Own>,
    purse: Arc<Purse>,
}

/// The sessions in use on this instance.
#[derive(Default)]
pub struct Sessions {
    entries: Mutex<HashMap<Id, Entry>>,
    /// By person.
    purses: Mutex<HashMap<Id, Arc<Purse>>>,
    /// How often something here was ended or forgotten: what was read before must not be kept after.
    forgotten: AtomicU64,
}

impl App {
    /// The session that an access token speaks for; none if the token is bad or has ended, or the session has.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn authenticate(&self, token: &str) -> Result<Option<Session>> {
        let now = self.now();
        let Some(bearer) = self.security.tokens.read(token, now) else { return Ok(None) };
        let session = self.sessions.get(&bearer.session, now, bearer.expires_at, &self.db.read).await?;
        Ok(session.filter(|session| session.viewer.id == bearer.user))
    }
}

impl Sessions {
    /// The session with this id, if it is alive and its person active. One statement the first time, none after.
    pub(in crate::data) async fn get(
        &self,
        id: &Id,
        now: Instant,
        expires_at: Instant,
        db: &impl ConnectionTrait,
    ) -> Result<Option<Session>> {
        loop {
            if let Some(session) = self.cached(id, now, expires_at) {
                return Ok(Some(session));
            }
            let forgotten = self.forgotten.load(Ordering::SeqCst);
            let Some((viewer, ends)) = load(id, now, db).await? else { return Ok(None) };
            self.keep(id, viewer, ends, forgotten);
        }
    }

    /// Keeps what was read, unless something was ended meanwhile: it may have been this session, and is read again.
    fn keep(&self, id: &Id, viewer: Viewer, ends: Instant, forgotten: u64) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if self.forgotten.load(Ordering::SeqCst) != forgotten {
            return;
        }
        let purse = self.purse(&viewer.id);
        let entry = entries.entry(id.clone()).or_insert_with(|| Entry {
            viewer: Arc::new(viewer),
            ends,
            ended: watch::Sender::new(false),
            projects: Arc::default(),
            conversations: Arc::default(),
            purse,
        });
        // Refreshing moves the end of a session on.
        entry.ends = ends;
    }

    /// What this instance has taken ahead for a person: one purse, however many sessions they have.
    fn purse(&self, person: &Id) -> Arc<Purse> {
        let mut purses = self.purses.lock().unwrap_or_else(PoisonError::into_inner);
        purses.entry(person.clone()).or_default().clone()
    }

    fn cached(&self, id: &Id, now: Instant, expires_at: Instant) -> Option<Session> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(id).filter(|entry| entry.ends > now)?;
        Some(Session {
            viewer: entry.viewer.clone(),
            expires_at,
            ended: entry.ended.subscribe(),
            projects: entry.projects.clone(),
            conversations: entry.conversations.clone(),
            purse: entry.purse.clone(),
        })
    }

    /// The session is over: its sockets close.
    pub(in crate::data) fn end(&self, id: &Id) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        if let Some(entry) = entries.remove(id) {
            entry.ended.send_replace(true);
        }
    }

    /// What this person may see as a whole has changed: the next request reads it afresh.
    pub(in crate::data) fn forget_user(&self, user: &Id) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        entries.retain(|_, entry| entry.viewer.id != *user);
    }

    /// These people's reach of some project has changed.
    pub(in crate::data) fn forget_projects(&self, users: &[Id]) {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in entries.values().filter(|entry| users.contains(&entry.viewer.id)) {
            entry.projects.forget();
        }
    }

    /// These people came into a conversation, or left one.
    pub(in crate::data) fn forget_conversations(&self, users: &[Id]) {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in entries.values().filter(|entry| users.contains(&entry.viewer.id)) {
            entry.conversations.forget();
        }
    }

    /// Drops what has run out, so that the map stays as small as the number of people at work.
    pub(crate) fn sweep(&self, now: Instant) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, entry| entry.ends > now);
        self.purses.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, purse| Arc::strong_count(purse) > 1);
    }
}

/// The one unscoped read of a signed-in request: the session, its person, and whether they hold a role.
async fn load(id: &Id, now: Instant, db: &impl ConnectionTrait) -> Result<Option<(Viewer, Instant)>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        #[sea_orm(from_alias = "firstName")]
        first_name: String,
        #[sea_orm(from_alias = "lastName")]
        last_name: String,
        email: String,
        role: UserRole,
        permissions: List<Permission>,
        #[sea_orm(from_alias = "isVerified")]
        is_verified: bool,
        #[sea_orm(from_alias = "expiresAt")]
        expires_at: Instant,
        roles: i64,
    }
    let statement = db.get_database_backend().build(&alive(id, now));
    let row = Row::find_by_statement(statement).one(db).await?;
    Ok(row.map(|row| {
        let viewer = Viewer {
            id: row.id,
            name: format!("{} {}", row.first_name, row.last_name),
            email: row.email,
            role: row.role,
            permissions: row.permissions.0,
            is_verified: row.is_verified,
            holds_role: row.roles > 0,
            session: Some(id.clone()),
        };
        (viewer, row.expires_at)
    }))
}

fn alive(id: &Id, now: Instant) -> SelectStatement {
    let user_id = Expr::col((user::Entity, user::Column::Id));
    let roles = Query::select()
        .expr(Expr::col((role_assignment::Entity, role_assignment::Column::Id)).count())
        .from(role_assignment::Entity)
        .and_where(
            Expr::col((role_assignment::Entity, role_assignment::Column::UserId))
                .equals((user::Entity, user::Column::Id)),
        )
        .and_where(role_assignment::Column::IsActive.eq(true))
        .to_owned();
    let mut select = Query::select();
    for column in [
        user::Column::Id,
        user::Column::FirstName,
        user::Column::LastName,
        user::Column::Email,
        user::Column::Role,
        user::Column::Permissions,
        user::Column::IsVerified,
    ] {
        let name = sea_orm::IdenStatic::as_str(&column);
        select.expr_as(column.select_as(Expr::col((user::Entity, column))), Alias::new(name));
    }
    select
        .column((session::Entity, session::Column::ExpiresAt))
        .expr_as(roles, Alias::new("roles"))
        .from(session::Entity)
        .join(JoinType::InnerJoin, user::Entity, user_id.equals((session::Entity, session::Column::UserId)))
        .and_where(session::Column::Id.eq(id.clone()))
        .and_where(session::Column::EndedAt.is_null())
        .and_where(session::Column::ExpiresAt.gt(now))
        .and_where(user::Column::IsActive.eq(true))
        .to_owned()
}
