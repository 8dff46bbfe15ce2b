//! Taking on a customer.

use async_graphql::InputObject;
use entity::customer;
use entity::enums::ContactType;
use entity::scalar::Id;
use phonenumber::country;
use sea_orm::ActiveValue::Set;
use serde::Serialize;

use crate::customers::{list, reach};
use crate::data::access::Permission;
use crate::data::idempotency::Once;
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;
use crate::input::Check;

/// Whom the company is to work for.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct CreateCustomerInput {
    /// Name, at most 100 characters.
    pub primary_name: String,
    /// E-mail address; no other customer may have it. The client who signs in with it sees this customer's projects.
    pub primary_email: String,
    /// Phone number; without a country code it is read as a number of the company's own country.
    pub primary_phone: String,
    /// Where the work is to be done, at most 500 characters.
    pub address: String,
    /// Name of a second person.
    pub secondary_name: Option<String>,
    /// E-mail address of the second person.
    pub secondary_email: Option<String>,
    /// Phone number of the second person.
    pub secondary_phone: Option<String>,
    /// Which of the two to contact first; PRIMARY if left out.
    pub primary_contact: Option<ContactType>,
    /// Notes for staff, at most 2000 characters.
    pub notes: Option<String>,
    /// The same key again from the same person within a day answers the first result; with another input it is a
    /// CONFLICT.
    pub idempotency_key: Option<String>,
}

/// Takes on a customer.
pub struct CreateCustomer {
    pub input: CreateCustomerInput,
    pub region: country::Id,
}

impl UseCase for CreateCustomer {
    type Output = Id;
    const PERMISSION: Permission = Permission::CreateProjects;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let once = Once::new("createCustomer", self.input.idempotency_key.as_deref(), &self.input);
        if let Some(id) = tx.replay(&once).await? {
            return Ok(id);
        }
        let row = tx.insert::<customer::Entity>(self.row()?).await?;
        reach::renew_clients(tx, &[&row.primary_email]).await?;
        tx.remember(&once, &row.id).await?;
        Ok(row.id)
    }
}

impl CreateCustomer {
    fn row(&self) -> Result<customer::ActiveModel> {
        let (input, mut check) = (&self.input, Check::default());
        let name = check.text("primaryName", &input.primary_name, 100);
        let address = check.text("address", &input.address, 500);
        let (name_folded, search_folded) = list::folded(&name, &address);
        let row = customer::ActiveModel {
            primary_name: Set(name),
            primary_email: Set(check.email("primaryEmail", &input.primary_email)),
            primary_phone: Set(check.phone("primaryPhone", &input.primary_phone, self.region)),
            secondary_name: Set(check.optional("secondaryName", input.secondary_name.as_deref(), 100)),
            secondary_email: Set(check.optional_email("secondaryEmail", input.secondary_email.as_deref())),
            secondary_phone: Set(check.optional_phone("secondaryPhone", input.secondary_phone.as_deref(), self.region)),
            primary_contact: Set(input.primary_contact.unwrap_or(ContactType::Primary)),
            address: Set(address),
            notes: Set(check.optional("notes", input.notes.as_deref(), 2000)),
            name_folded: Set(name_folded),
            search_folded: Set(search_folded),
            ..Default::default()
        };
        check.done()?;
        Ok(row)
    }
}
