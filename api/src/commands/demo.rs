//! The quick start: a sample company, the addresses to look at it, and the logins.

use std::net::SocketAddr;
use std::sync::Arc;

use entity::user;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use crate::app::App;
use crate::commands::{Failure, open, say, serve};
use crate::config::Settings;
use crate::data::scope::{RequestInfo, Scope};
use crate::demo::MARK;

/// Where the demo lives unless somebody names another place.
const DATABASE: &str = "sqlite://data/demo.db";
const LOGINS: &str = "\
\x20 admin@ridgeline.test     sees and may do everything
  manager@ridgeline.test   all projects, and money
  pm@ridgeline.test        manages projects
  foreman@ridgeline.test   the projects of a crew
  worker@ridgeline.test    what is given to one person
  office@ridgeline.test    all projects, by a role in the office
  client@ridgeline.test    a customer: their own projects, read only

  The password of all is Ridgeline-demo-1";

pub(super) async fn demo(settings: Settings, named: bool, projects: u32) -> Result<(), Failure> {
    if !settings.bind.ip().is_loopback() {
        let why = "the demo listens on loopback only, because everybody knows its passwords: leave BIND out, or set \
                   it to an address like 127.0.0.1:8000";
        return Err(Failure::setting(why));
    }
    let database_url = if named { settings.database_url } else { DATABASE.to_owned() };
    let app = open(Settings { demo: true, database_url, ..settings }).await?;
    let listener = serve::listen(&app.settings).await?;
    spare_other_data(&app).await?;
    app.prepare().await?;
    crate::demo::fill(&app, projects).await?;
    welcome(serve::listener_address(&listener)?);
    serve::run(&app, listener).await
}

/// Looks before anything is migrated: what is not a demo stays untouched.
async fn spare_other_data(app: &Arc<App>) -> Result<(), Failure> {
    if app.db.migrations().await?.iter().all(|(_, applied)| !applied) {
        return Ok(());
    }
    let scope = Scope::system(app, RequestInfo::background());
    let accounts = || scope.find::<user::Entity>().select_only().column(user::Column::Id);
    let of_demo = accounts().filter(user::Column::Email.eq(MARK));
    if scope.count(accounts()).await? == 0 || scope.count(of_demo).await? > 0 {
        return Ok(());
    }
    let why = "this database holds other data than a demo's and was left as it is: name another with DATABASE_URL, or \
               leave it out for data/demo.db";
    Err(Failure::setting(why))
}

fn welcome(address: SocketAddr) {
    say(&format!(
        "\nRidgeline's demo is ready.\n\n\
         \x20 Start here    http://{address}/\n\
         \x20 GraphiQL      http://{address}/graphiql\n\
         \x20 GraphQL       http://{address}/graphql\n\
         \x20 WebSocket     ws://{address}/graphql/ws\n\n\
         Sign in as\n\n{LOGINS}\n\n\
         Ctrl-C ends it; started again, it goes on where it was left.\n"
    ));
}
