//! Reading people and roles.

use async_graphql::{Context, Object};
use entity::scalar::Id;
use entity::{role_assignment, user};

use crate::accounts::list::{self, UserFilter, UserOrder};
use crate::accounts::roles::RoleAssignment;
use crate::accounts::types::User;
use crate::data::page::{Connection, Node, Window};
use crate::data::scope::Asking;
use crate::error::Result;

#[derive(Default)]
pub struct AccountsQuery;

#[Object]
impl AccountsQuery {
    /// The signed-in user.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<User> {
        let scope = ctx.scope()?;
        Ok(User::of(scope.load::<user::Entity>(&scope.viewer().id).await?))
    }

    /// A person by id; null where there is none whom the viewer may find: most staff find those who work here now,
    /// clients the managers of their projects, everybody themselves.
    async fn user(&self, ctx: &Context<'_>, #[graphql(desc = "The person's id.")] id: Id) -> Result<Option<User>> {
        let scope = ctx.scope()?;
        let row = scope.one::<user::Entity>(&id).await?;
        Ok(row.filter(|row| list::finds(scope.viewer(), row)).map(User::of))
    }

    /// The people whom the viewer may find, the newest first unless ordered otherwise: all of them for `ADMIN`,
    /// `MANAGER` and those who manage accounts, those who work here now for other staff, the managers of their projects
    /// for clients.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 200; 50 if neither is given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which ones.")] filter: Option<UserFilter>,
        #[graphql(desc = "In which order.")] order_by: Option<UserOrder>,
    ) -> Result<Connection<User>> {
        let scope = ctx.scope()?;
        let listing = list::listing(scope, filter.as_ref(), order_by.as_ref())?;
        scope.page(listing, &Window { first, after, last, before }, ctx).await
    }

    /// Who holds each of the company-wide roles, vacated ones included; a role that nobody ever held is missing. Empty
    /// for clients.
    async fn role_assignments(&self, ctx: &Context<'_>) -> Result<Vec<RoleAssignment>> {
        let scope = ctx.scope()?;
        let mut rows = scope.all(scope.find::<role_assignment::Entity>()).await?;
        rows.sort_by_key(|row| row.role_type as u8);
        Ok(rows.into_iter().map(RoleAssignment::of).collect())
    }
}
