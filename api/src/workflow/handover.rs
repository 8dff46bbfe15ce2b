//! When a project's manager, a step or a role changes hands, live alerts that nobody assigned by hand move along.

use entity::enums::RoleType;
use entity::project;

use crate::alerts::reassign;
use crate::data::tx::Tx;
use crate::error::Result;
use crate::workflow::running::Running;

/// The project (locked) has another manager, team or assignments now.
///
/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn manager_changed(tx: &mut Tx<'_>, project: &project::Model) -> Result<()> {
    let mut running = Running::of(tx, project.clone()).await?;
    reassign::within(tx, &mut running).await
}

/// A company role has another holder now, or none.
///
/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn role_changed(tx: &mut Tx<'_>, role: RoleType) -> Result<()> {
    reassign::role_changed(tx, role).await
}
