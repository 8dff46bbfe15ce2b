//! A customer: whom the company works for, and where. The table `customers`.

use sea_orm::entity::prelude::*;

use crate::enums::ContactType;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "customers")]
#[graphql(name = "CustomerRow")]
pub struct Model {
    /// The id of the customer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the customer was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the customer last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The name of the customer, or of the first of the two people.
    #[sea_orm(column_name = "primaryName", column_type = "String(StringLen::N(100))")]
    pub primary_name: String,
    /// The customer's e-mail address, in lower case; no two customers share one. Whoever signs in with it sees the
    /// customer's projects.
    #[sea_orm(column_name = "primaryEmail", column_type = "String(StringLen::N(255))", unique)]
    pub primary_email: String,
    /// The customer's phone number in E.164, for example +13035550100.
    #[sea_orm(column_name = "primaryPhone", column_type = "String(StringLen::N(20))")]
    pub primary_phone: String,
    /// The name of the second person; null without one.
    #[sea_orm(column_name = "secondaryName", column_type = "String(StringLen::N(100))", nullable)]
    pub secondary_name: Option<String>,
    /// The second person's e-mail address, in lower case; null if unknown.
    #[sea_orm(column_name = "secondaryEmail", column_type = "String(StringLen::N(255))", nullable)]
    pub secondary_email: Option<String>,
    /// The second person's phone number in E.164; null if unknown.
    #[sea_orm(column_name = "secondaryPhone", column_type = "String(StringLen::N(20))", nullable)]
    pub secondary_phone: Option<String>,
    /// Which of the two people to contact first.
    #[sea_orm(column_name = "primaryContact")]
    pub primary_contact: ContactType,
    /// The postal address of the building, in one text.
    #[sea_orm(column_type = "String(StringLen::N(500))")]
    pub address: String,
    /// Notes of the office; null if there are none.
    #[sea_orm(column_type = "String(StringLen::N(2000))", nullable)]
    #[graphql(skip)]
    pub notes: Option<String>,
    /// The name folded for sorting. (An addition to the report.)
    #[sea_orm(column_name = "nameFolded", column_type = "Text")]
    #[graphql(skip)]
    pub name_folded: String,
    /// Names, e-mail addresses, phone numbers and address folded for searching. (An addition to the report.)
    #[sea_orm(column_name = "searchFolded", column_type = "Text")]
    #[graphql(skip)]
    pub search_folded: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
