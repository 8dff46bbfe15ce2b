//! The end of a customer, and of their projects where that is asked for in so many words.

use async_graphql::InputObject;
use entity::scalar::Id;
use entity::{customer, project};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::customers::reach;
use crate::data::access::{Permission, ensure};
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::projects::delete::remove;

/// The customer to delete.
#[derive(Clone, Debug, InputObject)]
pub struct DeleteCustomerInput {
    /// The customer's id.
    pub customer_id: Id,
    /// Deletes their projects too, archived ones included, with everything that hangs on them. Without it a customer
    /// with projects is a CONFLICT.
    #[graphql(default)]
    pub delete_projects: bool,
}

/// Deletes a customer.
pub struct DeleteCustomer {
    pub input: DeleteCustomerInput,
}

impl UseCase for DeleteCustomer {
    type Output = ();
    const PERMISSION: Permission = Permission::DeleteProjects;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let customer = locked(tx, &self.input.customer_id).await?;
        let projects = projects(tx, &customer.id).await?;
        if !projects.is_empty() && !self.input.delete_projects {
            let message = "This customer has projects. Delete those first, or say `deleteProjects: true`.";
            return Err(Error::conflict(message));
        }
        let within_reach = tx.all(tx.find::<project::Entity>().filter(of(&customer.id))).await?.len();
        let sentence = "This customer has projects that you do not see, so you cannot delete them.";
        ensure(within_reach == projects.len(), sentence)?;
        for project in &projects {
            remove(tx, project).await?;
        }
        tx.delete::<customer::Entity>(&customer).await?;
        reach::renew_clients(tx, &[&customer.primary_email]).await
    }
}

/// Locked against new projects too, so that none can come in between the look and the deletion.
async fn locked(tx: &Tx<'_>, id: &Id) -> Result<customer::Model> {
    let this = customer::Column::Id.eq(id.clone());
    let row = tx.first(tx.find::<customer::Entity>().filter(this).lock(LockType::Update)).await?;
    row.ok_or_else(|| Error::not_found("customer"))
}

/// All of them, whatever the viewer reaches, locked in the order of their ids.
async fn projects(tx: &Tx<'_>, customer: &Id) -> Result<Vec<project::Model>> {
    let all = tx.find_any::<project::Entity>().filter(of(customer)).order_by_asc(project::Column::Id);
    tx.all(all.lock(LockType::Update)).await
}

fn of(customer: &Id) -> sea_orm::sea_query::SimpleExpr {
    project::Column::CustomerId.eq(customer.clone())
}
