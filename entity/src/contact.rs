//! A further person to talk to at a customer: a tenant, an insurer, a neighbour with the key. The table `contacts`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "contacts")]
#[graphql(name = "ContactRow")]
pub struct Model {
    /// The id of the contact.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the contact was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the contact last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The person's name.
    #[sea_orm(column_type = "String(StringLen::N(100))")]
    pub name: String,
    /// The phone number in E.164; null if unknown.
    #[sea_orm(column_type = "String(StringLen::N(20))", nullable)]
    pub phone: Option<String>,
    /// The e-mail address, in lower case; null if unknown.
    #[sea_orm(column_type = "String(StringLen::N(255))", nullable)]
    pub email: Option<String>,
    /// What the person is to the customer, for example "Insurance adjuster"; null if nothing was entered.
    #[sea_orm(column_type = "String(StringLen::N(50))", nullable)]
    pub role: Option<String>,
    /// Is this the contact to try first? At most one of a customer is.
    #[sea_orm(column_name = "isPrimary")]
    pub is_primary: bool,
    /// False for a contact who is no longer to be used.
    #[sea_orm(column_name = "isActive")]
    pub is_active: bool,
    /// Notes of the office; null if there are none.
    #[sea_orm(column_type = "String(StringLen::N(500))", nullable)]
    #[graphql(skip)]
    pub notes: Option<String>,
    /// The customer to whom the contact belongs.
    #[sea_orm(column_name = "customerId")]
    pub customer_id: Id,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
