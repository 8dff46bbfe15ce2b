//! The database's schema: bringing it up to date, taking that back, and what is to be done after a restore.

use clap::Subcommand;

use crate::commands::{Failure, checks, say};
use crate::config::Settings;
use crate::data::database::Database;
use crate::data::tail::Log;

#[derive(Subcommand)]
pub(super) enum Migrate {
    /// Applies what has not been applied. Safe when several start at once.
    Up,
    /// Takes back the latest migration. What only its tables and columns held is lost.
    Down {
        /// Takes back every migration: nothing is left.
        #[arg(long)]
        all: bool,
    },
    /// Lists the migrations and which of them have been applied.
    Status,
    /// The last step of every restore from a backup, before anything is served: clients then read afresh instead of
    /// resuming from changes that never happened.
    NewEpoch,
}

pub(super) async fn migrate(settings: &Settings, migrate: Migrate) -> Result<(), Failure> {
    checks::settings(settings).map_err(Failure::setting)?;
    let db = Database::connect(&settings.database_url, settings.db_max_connections).await;
    let db = db.map_err(|error| Failure::run(format!("the database cannot be opened: {error}")))?;
    let done = obey(&db, migrate).await;
    db.close().await;
    done
}

async fn obey(db: &Database, migrate: Migrate) -> Result<(), Failure> {
    let before = db.migrations().await?;
    match migrate {
        Migrate::Up => db.migrate().await?,
        Migrate::Down { all } => db.unmigrate(all).await?,
        Migrate::Status => {
            for (name, applied) in &before {
                say(&format!("{}  {name}", if *applied { "applied" } else { "pending" }));
            }
            return Ok(());
        }
        Migrate::NewEpoch => {
            if before.iter().any(|(_, applied)| !applied) {
                return Err(Failure::run("the database is not up to date: run `ridgeline migrate up` first"));
            }
            Log::begin_anew(db).await?;
            say("A new epoch has begun. Start the servers now: clients will read afresh.");
            return Ok(());
        }
    }
    tell(&before, &db.migrations().await?);
    Ok(())
}

fn tell(before: &[(String, bool)], after: &[(String, bool)]) {
    let mut changed = after.iter().filter(|migration| !before.contains(migration)).peekable();
    if changed.peek().is_none() {
        say("There was nothing to do.");
    }
    for (name, applied) in changed {
        say(&format!("{}  {name}", if *applied { "applied" } else { "taken back" }));
    }
}
