//! A person on the team of a project. The table `project_team_members`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "project_team_members")]
#[graphql(name = "ProjectTeamMemberRow")]
pub struct Model {
    /// The id of the membership.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the membership was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// The project.
    #[sea_orm(column_name = "projectId")]
    pub project_id: Id,
    /// The person.
    #[sea_orm(column_name = "userId")]
    pub user_id: Id,
    /// What the person does on the team, for example "Roof supervisor"; null if nothing was entered.
    #[sea_orm(column_type = "String(StringLen::N(100))", nullable)]
    pub role: Option<String>,
    /// When the membership last changed, in UTC. It grows with every change. (An addition to the report.)
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
