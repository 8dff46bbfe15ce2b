//! Changing what is known of a customer.

use async_graphql::{InputObject, MaybeUndefined};
use entity::customer;
use entity::enums::ContactType;
use entity::scalar::{Id, Instant};
use phonenumber::country;

use crate::customers::{list, reach};
use crate::data::access::Permission;
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;
use crate::input::{Check, unchanged};

/// What is to change about a customer: absent fields stay as they are, null clears.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateCustomerInput {
    /// The customer's id.
    pub customer_id: Id,
    /// `updatedAt` as last read; if the customer has changed since, nothing is written and the answer is CONFLICT.
    pub expected_updated_at: Option<Instant>,
    /// Name, at most 100 characters.
    pub primary_name: MaybeUndefined<String>,
    /// E-mail address; no other customer may have it. The client who signs in with it sees this customer's projects,
    /// and who signs in with the one before no longer does.
    pub primary_email: MaybeUndefined<String>,
    /// Phone number; without a country code it is read as a number of the company's own country.
    pub primary_phone: MaybeUndefined<String>,
    /// Where the work is to be done, at most 500 characters.
    pub address: MaybeUndefined<String>,
    /// Name of a second person.
    pub secondary_name: MaybeUndefined<String>,
    /// E-mail address of the second person.
    pub secondary_email: MaybeUndefined<String>,
    /// Phone number of the second person.
    pub secondary_phone: MaybeUndefined<String>,
    /// Which of the two to contact first.
    pub primary_contact: MaybeUndefined<ContactType>,
    /// Notes for staff, at most 2000 characters.
    pub notes: MaybeUndefined<String>,
}

/// Changes what is known of a customer.
pub struct UpdateCustomer {
    pub input: UpdateCustomerInput,
    pub region: country::Id,
}

impl UseCase for UpdateCustomer {
    type Output = customer::Model;
    const PERMISSION: Permission = Permission::EditProjects;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<customer::Model> {
        let before = tx.lock::<customer::Entity>(&self.input.customer_id).await?;
        unchanged(self.input.expected_updated_at, &before.id, before.updated_at)?;
        let row = tx.save::<customer::Entity>(&before, self.changed(&before)?).await?;
        if row.primary_email != before.primary_email {
            reach::renew_clients(tx, &[&before.primary_email, &row.primary_email]).await?;
        }
        Ok(row)
    }
}

impl UpdateCustomer {
    fn changed(&self, before: &customer::Model) -> Result<customer::Model> {
        let (mut check, mut row, input, region) = (Check::default(), before.clone(), self.input.clone(), self.region);
        check.required("primaryName", input.primary_name, |c, t| row.primary_name = c.text("primaryName", &t, 100));
        check.required("primaryEmail", input.primary_email, |c, t| row.primary_email = c.email("primaryEmail", &t));
        check.required("primaryPhone", input.primary_phone, |c, t| {
            row.primary_phone = c.phone("primaryPhone", &t, region);
        });
        check.required("address", input.address, |c, t| row.address = c.text("address", &t, 500));
        check.nullable(input.secondary_name, |c, t| {
            row.secondary_name = c.optional("secondaryName", t.as_deref(), 100);
        });
        check.nullable(input.secondary_email, |c, t| {
            row.secondary_email = c.optional_email("secondaryEmail", t.as_deref());
        });
        check.nullable(input.secondary_phone, |c, t| {
            row.secondary_phone = c.optional_phone("secondaryPhone", t.as_deref(), region);
        });
        check.required("primaryContact", input.primary_contact, |_, contact| row.primary_contact = contact);
        check.nullable(input.notes, |c, t| row.notes = c.optional("notes", t.as_deref(), 2000));
        check.done()?;
        (row.name_folded, row.search_folded) = list::folded(&row.primary_name, &row.address);
        Ok(row)
    }
}
