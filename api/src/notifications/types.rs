//! A notification as its recipient sees it.

use async_graphql::{ComplexObject, Context, SimpleObject};
use entity::{notification, user};
use sea_orm::EntityTrait;

use crate::accounts::types::User;
use crate::data::page::{Node, Wanted};
use crate::data::scope::{Asking, Scope};
use crate::error::Result;

/// Something that one person is told. Nobody else sees it.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Notification {
    #[graphql(flatten)]
    pub row: notification::Model,
}

#[ComplexObject]
impl Notification {
    /// Who is told: the signed-in user.
    async fn recipient(&self, ctx: &Context<'_>) -> Result<User> {
        Ok(User::of(ctx.scope()?.load::<user::Entity>(&self.row.recipient_id).await?))
    }
}

impl Node for Notification {
    type Entity = notification::Entity;

    fn of(row: notification::Model) -> Self {
        Self { row }
    }

    async fn prefetch(scope: &Scope, rows: &[<Self::Entity as EntityTrait>::Model], wanted: &Wanted) -> Result<()> {
        if wanted.has("recipient") {
            scope.prefetch::<user::Entity>(rows.iter().map(|row| Some(&row.recipient_id))).await?;
        }
        Ok(())
    }
}
