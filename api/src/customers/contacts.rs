//! A customer's contacts: added, changed and removed under the customer's lock, one of them primary at the most.

use async_graphql::{InputObject, MaybeUndefined};
use entity::scalar::{Id, Instant};
use entity::{contact, customer};
use phonenumber::country;
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};
use serde::Serialize;

use crate::data::access::Permission;
use crate::data::idempotency::Once;
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;
use crate::input::{Check, unchanged};

/// A further person to talk to at a customer's.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct CreateContactInput {
    /// The customer's id.
    pub customer_id: Id,
    /// Name, at most 100 characters.
    pub name: String,
    /// Phone number; without a country code it is read as a number of the company's own country.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// What they are at the customer's, for example "tenant"; at most 50 characters.
    pub role: Option<String>,
    /// Makes this the primary contact; the one that was no longer is.
    #[graphql(default)]
    pub is_primary: bool,
    /// Can this person still be reached?
    #[graphql(default = true)]
    pub is_active: bool,
    /// Notes for staff, at most 500 characters.
    pub notes: Option<String>,
    /// The same key again from the same person within a day answers the first result; with another input it is a
    /// CONFLICT.
    pub idempotency_key: Option<String>,
}

/// Adds a contact.
pub struct CreateContact {
    pub input: CreateContactInput,
    pub region: country::Id,
}

impl UseCase for CreateContact {
    type Output = Id;
    const PERMISSION: Permission = Permission::EditProjects;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let once = Once::new("createContact", self.input.idempotency_key.as_deref(), &self.input);
        if let Some(id) = tx.replay(&once).await? {
            return Ok(id);
        }
        let customer = tx.lock::<customer::Entity>(&self.input.customer_id).await?;
        let row = self.row(&customer.id)?;
        if self.input.is_primary {
            demote(tx, &customer.id, None).await?;
        }
        let row = tx.insert::<contact::Entity>(row).await?;
        tx.remember(&once, &row.id).await?;
        Ok(row.id)
    }
}

impl CreateContact {
    fn row(&self, customer: &Id) -> Result<contact::ActiveModel> {
        let (input, mut check) = (&self.input, Check::default());
        let row = contact::ActiveModel {
            name: Set(check.text("name", &input.name, 100)),
            phone: Set(check.optional_phone("phone", input.phone.as_deref(), self.region)),
            email: Set(check.optional_email("email", input.email.as_deref())),
            role: Set(check.optional("role", input.role.as_deref(), 50)),
            is_primary: Set(input.is_primary),
            is_active: Set(input.is_active),
            notes: Set(check.optional("notes", input.notes.as_deref(), 500)),
            customer_id: Set(customer.clone()),
            ..Default::default()
        };
        check.done()?;
        Ok(row)
    }
}

/// What is to change about a contact: absent fields stay as they are, null clears.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateContactInput {
    /// The contact's id.
    pub contact_id: Id,
    /// `updatedAt` as last read; if the contact has changed since, nothing is written and the answer is CONFLICT.
    pub expected_updated_at: Option<Instant>,
    /// Name, at most 100 characters.
    pub name: MaybeUndefined<String>,
    /// Phone number; without a country code it is read as a number of the company's own country.
    pub phone: MaybeUndefined<String>,
    /// E-mail address.
    pub email: MaybeUndefined<String>,
    /// What they are at the customer's, at most 50 characters.
    pub role: MaybeUndefined<String>,
    /// True makes this the primary contact; the one that was no longer is.
    pub is_primary: MaybeUndefined<bool>,
    /// Can this person still be reached?
    pub is_active: MaybeUndefined<bool>,
    /// Notes for staff, at most 500 characters.
    pub notes: MaybeUndefined<String>,
}

/// Changes a contact.
pub struct UpdateContact {
    pub input: UpdateContactInput,
    pub region: country::Id,
}

impl UseCase for UpdateContact {
    type Output = contact::Model;
    const PERMISSION: Permission = Permission::EditProjects;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<contact::Model> {
        let before = locked(tx, &self.input.contact_id).await?;
        unchanged(self.input.expected_updated_at, &before.id, before.updated_at)?;
        let after = self.changed(&before)?;
        if after.is_primary && !before.is_primary {
            demote(tx, &before.customer_id, Some(&before.id)).await?;
        }
        tx.save::<contact::Entity>(&before, after).await
    }
}

impl UpdateContact {
    fn changed(&self, before: &contact::Model) -> Result<contact::Model> {
        let (mut check, mut row, input, region) = (Check::default(), before.clone(), self.input.clone(), self.region);
        check.required("name", input.name, |c, text| row.name = c.text("name", &text, 100));
        check.nullable(input.phone, |c, text| row.phone = c.optional_phone("phone", text.as_deref(), region));
        check.nullable(input.email, |c, text| row.email = c.optional_email("email", text.as_deref()));
        check.nullable(input.role, |c, text| row.role = c.optional("role", text.as_deref(), 50));
        check.required("isPrimary", input.is_primary, |_, primary| row.is_primary = primary);
        check.required("isActive", input.is_active, |_, active| row.is_active = active);
        check.nullable(input.notes, |c, text| row.notes = c.optional("notes", text.as_deref(), 500));
        check.done()?;
        Ok(row)
    }
}

/// The contact to delete.
#[derive(Clone, Debug, InputObject)]
pub struct DeleteContactInput {
    /// The contact's id.
    pub contact_id: Id,
}

/// Deletes a contact. Answers whose it was.
pub struct DeleteContact {
    pub input: DeleteContactInput,
}

impl UseCase for DeleteContact {
    type Output = Id;
    const PERMISSION: Permission = Permission::EditProjects;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let contact = locked(tx, &self.input.contact_id).await?;
        tx.delete::<contact::Entity>(&contact).await?;
        Ok(contact.customer_id)
    }
}

/// The contact, read again under its customer's lock.
async fn locked(tx: &Tx<'_>, id: &Id) -> Result<contact::Model> {
    let contact = tx.load::<contact::Entity>(id).await?;
    tx.lock::<customer::Entity>(&contact.customer_id).await?;
    tx.load::<contact::Entity>(id).await
}

/// Whoever is the primary contact no longer is.
async fn demote(tx: &mut Tx<'_>, customer: &Id, but: Option<&Id>) -> Result<()> {
    let primary = tx
        .find_any::<contact::Entity>()
        .filter(contact::Column::CustomerId.eq(customer.clone()))
        .filter(contact::Column::IsPrimary.eq(true));
    for before in tx.all(primary).await?.into_iter().filter(|row| Some(&row.id) != but) {
        let after = contact::Model { is_primary: false, ..before.clone() };
        tx.save::<contact::Entity>(&before, after).await?;
    }
    Ok(())
}
