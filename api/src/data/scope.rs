//! A viewer's door: reads that start from what they reach, writes that name their permission.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use async_graphql::dataloader::DataLoader;
use entity::placed::Table;
use entity::scalar::{Id, Instant};
use sea_orm::sea_query::{Asterisk, Expr, Func, Query};
use sea_orm::{EntityTrait, QueryTrait, Select};

use crate::app::App;
use crate::data::gather;
use crate::data::joined::{Joined, Together};
use crate::data::known::Known;
use crate::data::loader::{Reader, Rows};
use crate::data::reach::Guarded;
use crate::data::sessions::Session;
use crate::data::tx::{Committed, Tx, UseCase, within};
use crate::data::viewer::Viewer;
use crate::error::{Error, Result};

/// How often a use-case is run when the database asks for another try.
const TRIES: u32 = 3;

/// What is known of a request besides its words.
#[derive(Clone, Debug)]
pub struct RequestInfo {
    /// Quoted in logs, in answers and in the change log.
    pub id: Arc<str>,
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
}

impl RequestInfo {
    /// Work that no client asked for.
    #[must_use]
    pub fn background() -> Self {
        Self { id: crate::data::ids::new_id().0.into(), ip: None, user_agent: None }
    }
}

/// Who calls: with a session there is a scope, without one there is no data.
pub struct Caller {
    pub app: Arc<App>,
    pub request: RequestInfo,
    /// Where the change log stood before any field of the operation was read.
    pub change_cursor: String,
    scope: Option<Scope>,
}

impl Caller {
    #[must_use]
    pub fn new(app: &Arc<App>, session: Option<Session>, request: RequestInfo) -> Self {
        let change_cursor = app.log.cursor().to_string();
        let scope = session.map(|session| Scope::of_session(app, session, request.clone()));
        Self { app: app.clone(), request, change_cursor, scope }
    }

    /// # Errors
    /// UNAUTHENTICATED when nobody is signed in.
    pub fn scope(&self) -> Result<&Scope> {
        self.scope.as_ref().ok_or_else(Error::unauthenticated)
    }
}

#[derive(Clone)]
pub struct Scope {
    pub(in crate::data) app: Arc<App>,
    viewer: Arc<Viewer>,
    pub(in crate::data) session: Option<Session>,
    request: RequestInfo,
    rows: Arc<RwLock<Arc<Rows>>>,
}

impl Scope {
    fn of_session(app: &Arc<App>, session: Session, request: RequestInfo) -> Self {
        Self::new(app, session.viewer.clone(), Some(session), request)
    }

    /// The scope of the system's own work: background jobs, sign-in, commands.
    pub(crate) fn system(app: &Arc<App>, request: RequestInfo) -> Self {
        Self::new(app, Arc::new(Viewer::system()), None, request)
    }

    fn new(app: &Arc<App>, viewer: Arc<Viewer>, session: Option<Session>, request: RequestInfo) -> Self {
        let rows = Arc::new(RwLock::new(Arc::new(rows(app, &viewer, Known::default()))));
        Self { app: app.clone(), viewer, session, request, rows }
    }

    pub(in crate::data) fn rows(&self) -> Arc<Rows> {
        self.rows.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets the rows read so far: they may have changed.
    pub(crate) fn refresh(&self) {
        self.begin_with(Known::default());
    }

    /// Forgets the rows read so far; these are how things are.
    fn begin_with(&self, known: Known) {
        let fresh = Arc::new(rows(&self.app, &self.viewer, known));
        *self.rows.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }

    #[must_use]
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    #[must_use]
    pub fn request(&self) -> &RequestInfo {
        &self.request
    }

    #[must_use]
    pub fn now(&self) -> Instant {
        self.app.clock.now()
    }

    /// The rows in reach, to be narrowed down and read with [`Self::all`] and its kin.
    pub fn find<E: Guarded>(&self) -> Select<E> {
        within::<E>(&self.viewer)
    }

    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn all<E: Table>(&self, select: Select<E>) -> Result<Vec<E::Model>> {
        let rows = Joined::of(select).abreast(&self.app.db.read).await?;
        gather::rows(rows.len());
        rows.iter().map(Together::row::<E>).collect()
    }

    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn count<E: EntityTrait>(&self, select: Select<E>) -> Result<i64> {
        let mut counted = Query::select();
        counted.expr_as(Func::count(Expr::col(Asterisk)), "count").from_subquery(select.into_query(), "counted");
        let (first, rows) = self.app.db.read.abreast(1, counted).await?;
        let row = rows.first().ok_or_else(|| Error::internal("a count without a row"))?;
        Ok(row.try_get_by_index(first)?)
    }

    /// A row by id.
    ///
    /// # Errors
    /// NOT_FOUND where the viewer reaches no such row.
    pub async fn load<E: Guarded>(&self, id: &Id) -> Result<Arc<E::Model>> {
        self.one::<E>(id).await?.ok_or_else(|| Error::not_found(E::NAME))
    }

    /// Runs a use-case in one transaction and, once it has committed, rings the bell.
    ///
    /// # Errors
    /// FORBIDDEN before anything is opened, else what the use-case refuses; then nothing has changed.
    pub async fn write<U: UseCase>(&self, use_case: &U) -> Result<U::Output> {
        U::PERMISSION.require(&self.viewer)?;
        let mut tries = 0;
        loop {
            tries += 1;
            match self.attempt(use_case).await {
                Err(Error::Retry(cause)) if tries < TRIES => tracing::debug!(%cause, tries, "running a use-case again"),
                Err(Error::Retry(_)) => {
                    return Err(Error::conflict("Too many people are changing this right now. Try again."));
                }
                other => return other,
            }
        }
    }

    async fn attempt<U: UseCase>(&self, use_case: &U) -> Result<U::Output> {
        gather::let_go().await;
        let db = self.app.db.begin().await?;
        let mut tx = Tx::new(db, &self.viewer, &self.request, self.now());
        // The use-case has room of its own: every field of every mutation would keep as much.
        let run = async {
            let output = Box::pin(use_case.run(&mut tx)).await?;
            Ok((output, tx.finish().await?))
        };
        match run.await {
            Ok((output, committed)) => {
                tx.commit().await?;
                self.after(committed);
                Ok(output)
            }
            // With the transaction go rows, changes and jobs.
            Err(error) => {
                tx.roll_back().await;
                Err(error)
            }
        }
    }

    fn after(&self, committed: Committed) {
        self.begin_with(committed.left);
        self.app.log.committed(&self.app.sessions, &committed.signals);
        if committed.jobs {
            self.app.jobs.wake();
        }
    }
}

fn rows(app: &App, viewer: &Arc<Viewer>, known: Known) -> Rows {
    let reader = Reader::new(app.db.read.clone(), viewer.clone(), known, app.log.standing.clone());
    // No waiting for more to ask for: `gather` knows when there is nothing more.
    DataLoader::new(reader, gather::read).delay(std::time::Duration::ZERO)
}

/// The scope of a request, where a resolver looks for it.
pub trait Asking {
    /// # Errors
    /// UNAUTHENTICATED when nobody is signed in.
    fn scope(&self) -> Result<&Scope>;
    fn caller(&self) -> &Caller;
}

impl Asking for async_graphql::Context<'_> {
    fn scope(&self) -> Result<&Scope> {
        self.caller().scope()
    }

    fn caller(&self) -> &Caller {
        self.data_unchecked::<Caller>()
    }
}
