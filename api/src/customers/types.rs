//! Customers and their contacts as clients see them.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, SimpleObject};
use entity::scalar::Id;
use entity::{contact, customer};
use futures_util::future::try_join;

use crate::customers::list as people;
use crate::data::access::ensure;
use crate::data::page::{Connection, Node, Window};
use crate::data::relation::Relation;
use crate::data::scope::{Asking, Scope};
use crate::data::wanted::{Asked, Wanted};
use crate::error::Result;
use crate::in_place::InPlace;
use crate::projects::list::{self, ProjectFilter, ProjectOrder};
use crate::projects::types::Project;

/// Whom the company works for.
#[derive(SimpleObject)]
#[graphql(complex, name = "Customer")]
pub struct CustomerFields {
    #[graphql(flatten)]
    row: Arc<customer::Model>,
}

pub type Customer = InPlace<CustomerFields>;

#[ComplexObject]
impl CustomerFields {
    /// What the office noted down. Null, with a FORBIDDEN error, for clients.
    async fn notes(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        ensure(ctx.scope()?.viewer().is_staff(), "Only staff may see the notes.")?;
        Ok(self.row.notes.as_deref())
    }

    /// The customer's projects within the viewer's reach, the newest first unless ordered otherwise. Archived ones
    /// only when the filter asks for them.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 200; 50 if neither is given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<ProjectFilter>,
        #[graphql(desc = "In which order.")] order_by: Option<ProjectOrder>,
    ) -> Result<Connection<Project>> {
        let scope = ctx.scope()?;
        let listing = list::listing(scope, filter.as_ref(), order_by.as_ref())?;
        scope.page_of("customerId", &self.row.id, listing, &Window { first, after, last, before }, ctx).await
    }

    /// Further people to talk to at the customer's: the primary contact first, then the oldest first. Empty for
    /// clients.
    async fn contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 200; 50 if neither is given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Contact>> {
        let scope = ctx.scope()?;
        let window = Window { first, after, last, before };
        scope.page_of("customerId", &self.row.id, people::contacts(scope), &window, ctx).await
    }
}

impl Node for Customer {
    type Entity = customer::Entity;

    fn of(row: impl Into<Arc<customer::Model>>) -> Self {
        Self(CustomerFields { row: row.into() })
    }

    async fn lists(scope: &Scope, ids: &[&Id], wanted: &Wanted<'_>) -> Result<()> {
        let projects = |page: &Asked<'_>| {
            let (filter, order) =
                (page.argument::<ProjectFilter>("filter")?, page.argument::<ProjectOrder>("orderBy")?);
            list::listing(scope, filter.as_ref(), order.as_ref())
        };
        try_join(
            scope.prefetch_pages("customerId", ids, wanted.pages("projects"), projects),
            scope.prefetch_pages("customerId", ids, wanted.pages("contacts"), |_| Ok(people::contacts(scope))),
        )
        .await?;
        Ok(())
    }
}

/// A further person to talk to at a customer's. Seen by staff alone.
#[derive(SimpleObject)]
#[graphql(complex, name = "Contact")]
pub struct ContactFields {
    #[graphql(flatten)]
    row: Arc<contact::Model>,
}

pub type Contact = InPlace<ContactFields>;

#[ComplexObject]
impl ContactFields {
    /// What the office noted down about this person.
    async fn notes(&self) -> Option<&str> {
        self.row.notes.as_deref()
    }

    /// Whom they belong to.
    async fn customer(&self, ctx: &Context<'_>) -> Result<Customer> {
        Ok(Customer::of(ctx.scope()?.load::<customer::Entity>(&self.row.customer_id).await?))
    }
}

impl Node for Contact {
    type Entity = contact::Entity;

    fn of(row: impl Into<Arc<contact::Model>>) -> Self {
        Self(ContactFields { row: row.into() })
    }

    fn relations() -> Vec<Relation<contact::Entity>> {
        vec![Relation::to::<Customer>("customer", "customerId")]
    }
}
