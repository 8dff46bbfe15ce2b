//! What staff do with customers and their contacts.

use async_graphql::{Context, Object, SimpleObject};
use entity::scalar::Id;
use entity::{contact, customer};

use crate::customers::contacts::{
    CreateContact, CreateContactInput, DeleteContact, DeleteContactInput, UpdateContact, UpdateContactInput,
};
use crate::customers::create::{CreateCustomer, CreateCustomerInput};
use crate::customers::delete::{DeleteCustomer, DeleteCustomerInput};
use crate::customers::types::{Contact, Customer};
use crate::customers::update::{UpdateCustomer, UpdateCustomerInput};
use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::error::Result;

/// The new customer.
#[derive(SimpleObject)]
pub struct CreateCustomerPayload {
    /// As it is now.
    customer: Customer,
}

/// The changed customer.
#[derive(SimpleObject)]
pub struct UpdateCustomerPayload {
    /// As it is now.
    customer: Customer,
}

/// The deleted customer.
#[derive(SimpleObject)]
pub struct DeleteCustomerPayload {
    /// Its id, which nothing has any more.
    id: Id,
}

/// The new contact.
#[derive(SimpleObject)]
pub struct CreateContactPayload {
    /// As it is now.
    contact: Contact,
}

/// The changed contact.
#[derive(SimpleObject)]
pub struct UpdateContactPayload {
    /// As it is now.
    contact: Contact,
}

/// The deleted contact.
#[derive(SimpleObject)]
pub struct DeleteContactPayload {
    /// Its id, which nothing has any more.
    id: Id,
    /// Whose contact it was.
    customer: Customer,
}

#[derive(Default)]
pub struct CustomersMutation;

#[Object]
impl CustomersMutation {
    /// Takes on a customer. A CONFLICT if another customer has the e-mail address.
    async fn create_customer(&self, ctx: &Context<'_>, input: CreateCustomerInput) -> Result<CreateCustomerPayload> {
        let (scope, region) = (ctx.scope()?, ctx.caller().app.settings.phone_region);
        let id = scope.write(&CreateCustomer { input, region }).await?;
        Ok(CreateCustomerPayload { customer: Customer::of(scope.load::<customer::Entity>(&id).await?) })
    }

    /// Changes what is known of a customer: what is given, and nothing else.
    async fn update_customer(&self, ctx: &Context<'_>, input: UpdateCustomerInput) -> Result<UpdateCustomerPayload> {
        let region = ctx.caller().app.settings.phone_region;
        let row = ctx.scope()?.write(&UpdateCustomer { input, region }).await?;
        Ok(UpdateCustomerPayload { customer: Customer::of(row) })
    }

    /// Deletes a customer and their contacts. Refused with CONFLICT while there are projects, unless they are to be
    /// deleted too.
    async fn delete_customer(&self, ctx: &Context<'_>, input: DeleteCustomerInput) -> Result<DeleteCustomerPayload> {
        let id = input.customer_id.clone();
        ctx.scope()?.write(&DeleteCustomer { input }).await?;
        Ok(DeleteCustomerPayload { id })
    }

    /// Adds a contact to a customer.
    async fn create_contact(&self, ctx: &Context<'_>, input: CreateContactInput) -> Result<CreateContactPayload> {
        let (scope, region) = (ctx.scope()?, ctx.caller().app.settings.phone_region);
        let id = scope.write(&CreateContact { input, region }).await?;
        Ok(CreateContactPayload { contact: Contact::of(scope.load::<contact::Entity>(&id).await?) })
    }

    /// Changes a contact: what is given, and nothing else.
    async fn update_contact(&self, ctx: &Context<'_>, input: UpdateContactInput) -> Result<UpdateContactPayload> {
        let region = ctx.caller().app.settings.phone_region;
        let row = ctx.scope()?.write(&UpdateContact { input, region }).await?;
        Ok(UpdateContactPayload { contact: Contact::of(row) })
    }

    /// Deletes a contact.
    async fn delete_contact(&self, ctx: &Context<'_>, input: DeleteContactInput) -> Result<DeleteContactPayload> {
        let (scope, id) = (ctx.scope()?, input.contact_id.clone());
        let customer = scope.write(&DeleteContact { input }).await?;
        Ok(DeleteContactPayload { id, customer: Customer::of(scope.load::<customer::Entity>(&customer).await?) })
    }
}
