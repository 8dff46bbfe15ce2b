//! The end of a project, with everything that hangs on it.

use async_graphql::InputObject;
use entity::scalar::Id;
use entity::{project, project_message, workflow_alert};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use crate::data::access::Permission;
use crate::data::reach::Guarded;
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};

/// The project to delete.
#[derive(Clone, Debug, InputObject)]
pub struct DeleteProjectInput {
    /// The project's id.
    pub project_id: Id,
}

/// Deletes a project.
pub struct DeleteProject {
    pub input: DeleteProjectInput,
}

impl UseCase for DeleteProject {
    type Output = ();
    const PERMISSION: Permission = Permission::DeleteProjects;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let this = project::Column::Id.eq(self.input.project_id.clone());
        // Locked against new rows that refer to it too: what comes in after the look below would go untold.
        let project = tx.first(tx.find::<project::Entity>().filter(this).lock(LockType::Update)).await?;
        remove(tx, &project.ok_or_else(|| Error::not_found(project::Entity::NAME))?).await
    }
}

/// Removes a project that is locked, and tells of every row that goes with it and is told of.
///
/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn remove(tx: &mut Tx<'_>, project: &project::Model) -> Result<()> {
    let of_it = workflow_alert::Column::ProjectId.eq(project.id.clone());
    let alerts = tx.all(tx.find_any::<workflow_alert::Entity>().filter(of_it)).await?;
    let of_it = project_message::Column::ProjectId.eq(project.id.clone());
    let messages = tx.all(tx.find_any::<project_message::Entity>().filter(of_it)).await?;
    let alerts = alerts.iter().filter_map(workflow_alert::Entity::feed);
    for gone in alerts.chain(messages.iter().filter_map(project_message::Entity::feed)) {
        tx.tell_gone(gone);
    }
    tx.delete::<project::Entity>(project).await
}
