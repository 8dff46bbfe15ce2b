//! A notification as its recipient sees it.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, SimpleObject};
use entity::{notification, user};

use crate::accounts::types::User;
use crate::data::page::Node;
use crate::data::relation::Relation;
use crate::data::scope::Asking;
use crate::error::Result;
use crate::in_place::InPlace;

/// Something that one person is told. Nobody else sees it.
#[derive(SimpleObject)]
#[graphql(complex, name = "Notification")]
pub struct NotificationFields {
    #[graphql(flatten)]
    pub row: Arc<notification::Model>,
}

pub type Notification = InPlace<NotificationFields>;

#[ComplexObject]
impl NotificationFields {
    /// Who is told: the signed-in user.
    async fn recipient(&self, ctx: &Context<'_>) -> Result<User> {
        Ok(User::of(ctx.scope()?.load::<user::Entity>(&self.row.recipient_id).await?))
    }
}

impl Node for Notification {
    type Entity = notification::Entity;

    fn of(row: impl Into<Arc<notification::Model>>) -> Self {
        Self(NotificationFields { row: row.into() })
    }

    fn relations() -> Vec<Relation<notification::Entity>> {
        vec![Relation::to::<User>("recipient", "recipientId")]
    }
}
