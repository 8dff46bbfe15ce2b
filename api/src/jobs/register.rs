//! Which job does what: the kinds, and the use-cases that they run.

use std::sync::Arc;

use entity::job;

use crate::alerts;
use crate::app::App;
use crate::data::scope::{RequestInfo, Scope};
use crate::error::{Error, Result};

pub(super) async fn run(app: &Arc<App>, job: &job::Model) -> Result<()> {
    let scope = Scope::system(app, RequestInfo::background());
    match job.kind.as_str() {
        alerts::due::JOB => scope.write(&alerts::due::TurnOverdue::of(&job.payload)?).await,
        alerts::reassign::JOB => scope.write(&alerts::reassign::Reassign::of(&job.payload)?).await,
        other => Err(Error::Internal(format!("no job is called {other}"))),
    }
}
