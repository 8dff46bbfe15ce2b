//! Who holds a company-wide role: one row for each role, changed in place. The table `role_assignments`.

use sea_orm::entity::prelude::*;

use crate::enums::RoleType;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "role_assignments")]
#[graphql(name = "RoleAssignmentRow")]
pub struct Model {
    /// The id of the assignment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the assignment was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the assignment last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The role.
    #[sea_orm(column_name = "roleType", unique)]
    pub role_type: RoleType,
    /// The person who holds it, or held it last.
    #[sea_orm(column_name = "userId")]
    pub user_id: Id,
    /// Since when they hold it, in UTC.
    #[sea_orm(column_name = "assignedAt")]
    pub assigned_at: Instant,
    /// The person who gave it to them; null for the system, or once they are deleted.
    #[sea_orm(column_name = "assignedById", nullable)]
    pub assigned_by_id: Option<Id>,
    /// False while the role is vacant.
    #[sea_orm(column_name = "isActive")]
    pub is_active: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
