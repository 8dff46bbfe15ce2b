//! The template: the phases, sections and line items that new projects copy.
//!
//! One is built in and imported where there is none; `ridgeline template import FILE` brings in another. A file is
//! checked as a whole ([`file`]) before anything of it is written ([`import`]).

pub mod file;
pub mod import;

use std::sync::Arc;

use entity::workflow_phase;

use crate::app::App;
use crate::data::scope::{RequestInfo, Scope};
use crate::error::Result;
use import::ImportTemplate;

const BUILT_IN: &str = include_str!("built_in.json");

/// Imports the built-in template where there is none.
///
/// # Errors
/// When the database fails.
pub(crate) async fn ensure(app: &Arc<App>) -> Result<()> {
    let scope = Scope::system(app, RequestInfo::background());
    if scope.count(scope.find::<workflow_phase::Entity>()).await? > 0 {
        return Ok(());
    }
    let template = file::read(BUILT_IN)?;
    scope.write(&ImportTemplate { template, only_if_none: true }).await.map(|_| ())
}

/// Imports a template file: what it names is added or changed, what it no longer names is made inactive.
///
/// # Errors
/// BAD_USER_INPUT with every fault of the file.
pub async fn import(app: &Arc<App>, text: &str) -> Result<import::Imported> {
    let template = file::read(text)?;
    Scope::system(app, RequestInfo::background()).write(&ImportTemplate { template, only_if_none: false }).await
}
