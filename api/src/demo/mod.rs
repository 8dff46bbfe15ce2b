//! The sample company of the quick start: a roofing contractor in Denver with a dozen people and as many projects as
//! asked for, spread over all phases, past due and on time.
//!
//! Its content is the same each time ([`dice`]), but for ids, password hashes and the moment that everything is told
//! back from. A project is made in memory ([`projects`]): people do to it ([`site`]) what they do in the office, the
//! rules of the workflow settle it after each deed as they settle a stored one, and the rows ([`rows`]) are written
//! some dozens of projects at a time. So whatever the engine reads later is what it would have written itself.

mod alerts;
mod begin;
mod conversations;
mod customers;
mod dice;
mod hours;
mod names;
mod people;
mod plots;
mod projects;
mod rows;
mod scripts;
mod site;
mod talk;
mod texts;
mod writing;

use std::sync::Arc;

use chrono::Duration;
use entity::{customer, project, user, workflow_alert};
use sea_orm::{ColumnTrait, QueryFilter, Select};

use self::hours::Hours;
use self::people::Staff;
use self::projects::Ground;
use self::writing::{AddCustomers, AddPeople, AddProjects, Finish, Survey};
use crate::app::App;
use crate::data::reach::{Guarded, live_alerts};
use crate::data::scope::{RequestInfo, Scope};
use crate::error::{Error, Result};

/// Who can sign in.
pub const LOGINS: [&str; 7] = [
    "admin@ridgeline.test",
    "manager@ridgeline.test",
    "pm@ridgeline.test",
    "foreman@ridgeline.test",
    "worker@ridgeline.test",
    "office@ridgeline.test",
    "client@ridgeline.test",
];
/// The password of all of them.
pub const PASSWORD: &str = "Ridgeline-demo-1";

/// By this account a demo is recognised, and no database in earnest has it: `.test` is nobody's. It is written last, so
/// that where it is, the demo is whole.
pub(crate) const MARK: &str = "admin@ridgeline.test";
/// How many projects, or customers, are written in one transaction.
const AT_ONCE: u32 = 60;

/// What the sample company consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Whether it was made now; false where it was there already.
    pub made: bool,
    pub people: i64,
    pub customers: i64,
    pub projects: i64,
    pub live_alerts: i64,
    pub past_due: i64,
}

/// Fills an empty database, migrated and with its template, with the sample company. Where that is already, nothing
/// happens.
///
/// # Errors
/// CONFLICT where the database holds anything else.
pub async fn fill(app: &Arc<App>, projects: u32) -> Result<Summary> {
    let scope = Scope::system(app, RequestInfo::background());
    let made = !stands(&scope).await?;
    if made {
        make(app, &scope, projects).await?;
    }
    summary(&scope, made).await
}

async fn stands(scope: &Scope) -> Result<bool> {
    let account = |email: &str| scope.find::<user::Entity>().filter(user::Column::Email.eq(email));
    if scope.count(account(MARK)).await? > 0 {
        return Ok(true);
    }
    if any::<user::Entity>(scope).await?
        || any::<customer::Entity>(scope).await?
        || any::<project::Entity>(scope).await?
    {
        let half = scope.count(scope.find::<user::Entity>().filter(user::Column::Email.is_in(LOGINS))).await? > 0;
        return Err(Error::conflict(if half {
            "The demo in this database was never finished. Delete the database and start again."
        } else {
            "This database holds other data, so the demo was not put into it. Name an empty one with DATABASE_URL."
        }));
    }
    Ok(false)
}

async fn any<E: Guarded>(scope: &Scope) -> Result<bool>
where
    E::Model: Send + Sync,
{
    Ok(scope.count(scope.find::<E>()).await? > 0)
}

async fn make(app: &Arc<App>, scope: &Scope, projects: u32) -> Result<()> {
    let now = app.now();
    let since = now + -Duration::days(800);
    let (sections, phases) = scope.write(&Survey).await?;
    let staff = Staff::gather();
    let mut accounts = staff.rows(app, since).await?;
    let administrator = accounts.drain(..1).collect();
    scope.write(&AddPeople { accounts, roles: staff.roles(since) }).await?;
    let ground = Ground {
        now,
        hours: Hours(app.settings.company_timezone),
        staff,
        customers: customers::all(projects, now),
        sections,
        phases,
    };
    for first in (0..ground.customers.len()).step_by(500) {
        scope.write(&AddCustomers { ground: &ground, first, count: 500 }).await?;
    }
    for first in (0..projects).step_by(AT_ONCE as usize) {
        scope.write(&AddProjects { ground: &ground, numbers: first..projects.min(first + AT_ONCE) }).await?;
    }
    scope.write(&Finish { ground: &ground, administrator }).await
}

async fn summary(scope: &Scope, made: bool) -> Result<Summary> {
    let live = || -> Select<workflow_alert::Entity> { scope.find::<workflow_alert::Entity>().filter(live_alerts()) };
    Ok(Summary {
        made,
        people: scope.count(scope.find::<user::Entity>()).await?,
        customers: scope.count(scope.find::<customer::Entity>()).await?,
        projects: scope.count(scope.find::<project::Entity>()).await?,
        live_alerts: scope.count(live()).await?,
        past_due: scope.count(live().filter(workflow_alert::Column::OverdueAt.is_not_null())).await?,
    })
}
