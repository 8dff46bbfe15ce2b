//! Reading customers and their contacts.

use async_graphql::{Context, Object};
use entity::scalar::Id;

use crate::customers::list::{self, CustomerFilter, CustomerOrder};
use crate::customers::types::{Contact, Customer};
use crate::data::page::{Connection, Window};
use crate::data::scope::Asking;
use crate::error::Result;

#[derive(Default)]
pub struct CustomersQuery;

#[Object]
impl CustomersQuery {
    /// A customer by id; null where there is none within the viewer's reach.
    async fn customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customer's id.")] id: Id,
    ) -> Result<Option<Customer>> {
        ctx.scope()?.node::<Customer>(&id, ctx).await
    }

    /// The customers within the viewer's reach, the newest first unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn customers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 200; 50 if neither is given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<CustomerFilter>,
        #[graphql(desc = "In which order.")] order_by: Option<CustomerOrder>,
    ) -> Result<Connection<Customer>> {
        let scope = ctx.scope()?;
        let listing = list::listing(scope, filter.as_ref(), order_by.as_ref())?;
        scope.page(listing, &Window { first, after, last, before }, ctx).await
    }

    /// A customer's contact by id; null where there is none within the viewer's reach.
    async fn contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact's id.")] id: Id,
    ) -> Result<Option<Contact>> {
        ctx.scope()?.node::<Contact>(&id, ctx).await
    }
}
