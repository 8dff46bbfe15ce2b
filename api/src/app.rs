//! The program's parts put together: the same for the server, the commands and the tests.

use std::sync::Arc;

use entity::scalar::Instant;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::config::Settings;
use crate::data::database::Database;
use crate::data::sessions::Sessions;
use crate::data::tail::Log;
use crate::error::Result;
use crate::jobs::Jobs;
use crate::security::Security;

pub struct App {
    pub settings: Settings,
    pub clock: Clock,
    pub db: Database,
    pub log: Log,
    pub sessions: Sessions,
    pub jobs: Jobs,
    pub security: Security,
    stop: watch::Sender<bool>,
}

impl App {
    /// Connects to the database; migrates it only when asked to, by [`Self::prepare`].
    ///
    /// # Errors
    /// When a setting or key is wrong, or the database cannot be reached.
    pub async fn open(settings: Settings, clock: Clock) -> Result<Arc<Self>> {
        let security = Security::new(&settings)?;
        let db = Database::connect(&settings.database_url, settings.db_max_connections).await?;
        let (log, sessions, jobs) = (Log::default(), Sessions::default(), Jobs::default());
        let stop = watch::Sender::new(false);
        Ok(Arc::new(Self { settings, clock, db, log, sessions, jobs, security, stop }))
    }

    /// Brings the database up to date: schema, change log, built-in template.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn prepare(self: &Arc<Self>) -> Result<()> {
        self.migrate().await?;
        crate::workflow::template::ensure(self).await
    }

    /// Brings the schema up to date and starts the change log; the template is left as it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn migrate(&self) -> Result<()> {
        self.db.migrate().await?;
        self.log.start(&self.db).await
    }

    /// Starts what runs beside the requests: the reader of the change log and the jobs.
    pub fn start_background(self: &Arc<Self>) {
        let app = self.clone();
        tokio::spawn(async move { app.log.follow(&app.db, &app.sessions, app.stopping()).await });
        let app = self.clone();
        tokio::spawn(async move { app.log.listen(&app.db, app.stopping()).await });
        let app = self.clone();
        tokio::spawn(async move { crate::jobs::run(&app).await });
    }

    /// Turns true when the process is asked to stop.
    #[must_use]
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Waits until nobody listens for [`Self::stopping`] any more: sockets are closed, background work has ended.
    pub async fn stopped(&self) {
        self.stop.closed().await;
    }

    #[must_use]
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Reads the change log to its end now, instead of when the bell rings.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catch_up(&self) -> Result<()> {
        self.log.look(&self.db, &self.sessions).await
    }

    /// Is the database reachable and migrated?
    ///
    /// # Errors
    /// When it is not.
    pub async fn ready(&self) -> Result<()> {
        self.db.ready().await
    }
}
