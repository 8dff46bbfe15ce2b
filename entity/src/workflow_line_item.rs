//! A line item of the workflow template: the smallest thing to get done. The table `workflow_line_items`.

use sea_orm::entity::prelude::*;

use crate::enums::ResponsibleRole;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "workflow_line_items")]
#[graphql(name = "WorkflowLineItemRow")]
pub struct Model {
    /// The id of the line item.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the line item was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the line item last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The item's letter in its section, for example "a".
    #[sea_orm(column_name = "itemLetter", column_type = "String(StringLen::N(10))")]
    pub item_letter: String,
    /// What is to be done.
    #[sea_orm(column_name = "itemName", column_type = "String(StringLen::N(500))")]
    pub item_name: String,
    /// Who in the company answers for it.
    #[sea_orm(column_name = "responsibleRole")]
    pub responsible_role: ResponsibleRole,
    /// The place in the section; gaps are normal.
    #[sea_orm(column_name = "displayOrder")]
    pub display_order: i32,
    /// How it is done; null if nothing was entered.
    #[sea_orm(column_type = "String(StringLen::N(1000))", nullable)]
    pub description: Option<String>,
    /// False for an item that new projects do not copy.
    #[sea_orm(column_name = "isActive")]
    pub is_active: bool,
    /// How long it takes, in minutes.
    #[sea_orm(column_name = "estimatedMinutes")]
    pub estimated_minutes: i32,
    /// How many days of 24 hours a person has for it once it is current.
    #[sea_orm(column_name = "alertDays")]
    pub alert_days: i32,
    /// The section that the item belongs to.
    #[sea_orm(column_name = "sectionId")]
    pub section_id: Id,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
