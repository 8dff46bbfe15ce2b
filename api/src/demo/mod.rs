//! The sample company.

use std::sync::Arc;

use crate::app::App;
use crate::error::Result;

/// Fills an empty database with a sample company of so many projects; one that is filled already stays as it is.
///
/// # Errors
/// When the database fails.
#[expect(clippy::unused_async, reason = "written later")]
pub async fn fill(_app: &Arc<App>, _projects: u32) -> Result<()> {
    Ok(())
}
