//! Who is asking: a person with a session, or the system itself at its own background work.
//!
//! Viewers are cached for each session and dropped when a change says that the session ended, or that what the person
//! may see as a whole is no longer the same.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use entity::enums::{Permission, UserRole};
use entity::scalar::{Id, Instant};
use entity::{role_assignment, session, user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use tokio::sync::watch;

use crate::app::App;
use crate::data::reach;
use crate::error::{Error, Result};

/// The person (or the system) in whose name data is read and written.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub id: Id,
    pub name: String,
    pub email: String,
    pub role: UserRole,
    pub permissions: Vec<Permission>,
    pub is_verified: bool,
    /// Holds one of the company-wide roles, and so sees all projects, as office staff must.
    pub holds_role: bool,
    /// The session asked with; none for the system.
    pub session: Option<Id>,
}

/// Which projects a viewer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    All,
    /// Those one manages or created, is on the team of, or is assigned a step, task or alert of.
    Own,
    /// Those of the customer whose e-mail address is one's own.
    Customer,
    None,
}

impl Viewer {
    /// The system: sees everything, is nobody. Only background work, sign-in and the commands act as it.
    pub(crate) fn system() -> Self {
        Self {
            id: "system".into(),
            name: "Ridgeline".into(),
            email: String::new(),
            role: UserRole::Admin,
            permissions: Vec::new(),
            is_verified: true,
            holds_role: false,
            session: None,
        }
    }

    /// The person, or none when the system acts.
    #[must_use]
    pub fn user(&self) -> Option<Id> {
        self.session.is_some().then(|| self.id.clone())
    }

    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.role != UserRole::Client
    }

    /// `ADMIN` or `MANAGER`.
    #[must_use]
    pub fn is_lead(&self) -> bool {
        matches!(self.role, UserRole::Admin | UserRole::Manager)
    }

    /// Has the account this permission, by its role or on top of it? `ADMIN` has all.
    #[must_use]
    pub fn has(&self, permission: Permission) -> bool {
        self.role == UserRole::Admin || (self.is_staff() && self.permissions.contains(&permission))
    }

    #[must_use]
    pub fn sight(&self) -> Sight {
        match self.role {
            UserRole::Admin | UserRole::Manager | UserRole::ProjectManager => Sight::All,
            UserRole::Foreman | UserRole::Worker if self.holds_role => Sight::All,
            UserRole::Foreman | UserRole::Worker => Sight::Own,
            UserRole::Client if self.is_verified => Sight::Customer,
            UserRole::Client => Sight::None,
        }
    }
}

/// A viewer's session, as the transport holds it.
#[derive(Clone)]
pub struct Session {
    pub viewer: Arc<Viewer>,
    /// When the access token ends.
    pub expires_at: Instant,
    /// Turns true when the session ends or the person is deactivated.
    pub ended: watch::Receiver<bool>,
    pub(in crate::data) projects: Arc<OwnProjects>,
}

impl Session {
    /// The schema is shown to signed-in staff.
    #[must_use]
    pub fn may_introspect(&self) -> bool {
        self.viewer.is_staff()
    }
}

/// The ids of the projects a viewer of limited sight reaches, loaded when first asked for.
#[derive(Default)]
pub(in crate::data) struct OwnProjects {
    known: Mutex<(u64, Option<Arc<HashSet<Id>>>)>,
}

impl OwnProjects {
    pub(in crate::data) async fn get(&self, viewer: &Viewer, db: &impl ConnectionTrait) -> Result<Arc<HashSet<Id>>> {
        let (generation, known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let ids = Arc::new(reach::project_ids(viewer, db).await?);
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
    projects: Arc<OwnProjects>,
}

/// The sessions in use on this instance.
#[derive(Default)]
pub struct Sessions {
    entries: Mutex<HashMap<Id, Entry>>,
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
        let entry = entries.entry(id.clone()).or_insert_with(|| Entry {
            viewer: Arc::new(viewer),
            ends,
            ended: watch::Sender::new(false),
            projects: Arc::default(),
        });
        // Refreshing moves the end of a session on.
        entry.ends = ends;
    }

    fn cached(&self, id: &Id, now: Instant, expires_at: Instant) -> Option<Session> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(id).filter(|entry| entry.ends > now)?;
        Some(Session {
            viewer: entry.viewer.clone(),
            expires_at,
            ended: entry.ended.subscribe(),
            projects: entry.projects.clone(),
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

    /// Drops what has run out, so that the map stays as small as the number of people at work.
    pub(crate) fn sweep(&self, now: Instant) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, entry| entry.ends > now);
    }
}

/// The one unscoped read of a signed-in request: the session, its person, and whether they hold a role.
#[expect(clippy::disallowed_methods, reason = "there is no scope before the session is known")]
async fn load(id: &Id, now: Instant, db: &impl ConnectionTrait) -> Result<Option<(Viewer, Instant)>> {
    let Some((session, user)) = session_with_user(id, db).await? else { return Ok(None) };
    if session.ended_at.is_some() || session.expires_at <= now || !user.is_active {
        return Ok(None);
    }
    let holds_role = role_assignment::Entity::find()
        .filter(role_assignment::Column::UserId.eq(user.id.clone()))
        .filter(role_assignment::Column::IsActive.eq(true))
        .select_only()
        .column(role_assignment::Column::Id)
        .into_tuple::<Id>()
        .one(db)
        .await?
        .is_some();
    Ok(Some((of_user(user, holds_role, session.id), session.expires_at)))
}

#[expect(clippy::disallowed_methods, reason = "there is no scope before the session is known")]
async fn session_with_user(id: &Id, db: &impl ConnectionTrait) -> Result<Option<(session::Model, user::Model)>> {
    let Some(session) = session::Entity::find_by_id(id.clone()).one(db).await? else { return Ok(None) };
    let user = user::Entity::find_by_id(session.user_id.clone()).one(db).await?;
    let user = user.ok_or_else(|| Error::internal("a session without its person"))?;
    Ok(Some((session, user)))
}

pub(in crate::data) fn of_user(user: user::Model, holds_role: bool, session: Id) -> Viewer {
    Viewer {
        name: format!("{} {}", user.first_name, user.last_name),
        id: user.id,
        email: user.email,
        role: user.role,
        permissions: user.permissions.0,
        is_verified: user.is_verified,
        holds_role,
        session: Some(session),
    }
}
