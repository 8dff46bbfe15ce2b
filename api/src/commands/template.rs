//! Bringing in another workflow template.

use std::path::Path;

use crate::commands::{Failure, open_without_keys, say};
use crate::config::Settings;
use crate::error::Error;
use crate::workflow;

pub(super) async fn import(settings: Settings, file: &Path) -> Result<(), Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::setting(format!("{} cannot be read: {error}", file.display())))?;
    let app = open_without_keys(settings).await?;
    app.migrate().await?;
    let imported = workflow::template::import(&app, &text).await.map_err(|error| wrong(file, &error))?;
    let workflow::template::import::Imported { phases, sections, line_items } = imported;
    say(&format!("The template now has {phases} phases, {sections} sections and {line_items} line items."));
    app.db.clone().close().await;
    Ok(())
}

fn wrong(file: &Path, error: &Error) -> Failure {
    match error {
        Error::BadUserInput(faults) => {
            let faults = faults.iter().map(|fault| format!("{}: {}", fault.path, fault.message));
            Failure::setting(format!("{} is no template: {}", file.display(), faults.collect::<Vec<_>>().join(" ")))
        }
        other => Failure::run(other.to_string()),
    }
}
