//! A project: one job for one customer, from the first call to the last payment. The table `projects`.

use sea_orm::entity::prelude::*;

use crate::enums::{Priority, ProjectPhase, ProjectStatus, ProjectType};
use crate::placed::Placed;
use crate::scalar::{Id, Instant, Money};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed, async_graphql::SimpleObject)]
#[sea_orm(table_name = "projects")]
#[graphql(name = "ProjectRow")]
pub struct Model {
    /// The id of the project.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the project was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the project last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The number people use for the project, counted from 10001; never used twice.
    #[sea_orm(column_name = "projectNumber", unique)]
    pub project_number: i32,
    /// The project's name, by default the customer's address.
    #[sea_orm(column_name = "projectName", column_type = "String(StringLen::N(200))")]
    pub project_name: String,
    /// The kind of work.
    #[sea_orm(column_name = "projectType")]
    pub project_type: ProjectType,
    /// Where the project stands as a whole; the workflow sets it.
    pub status: ProjectStatus,
    /// Has the project been put away? Archived projects are left out of lists unless asked for.
    pub archived: bool,
    /// When it was archived; null while it is not.
    #[sea_orm(column_name = "archivedAt", nullable)]
    pub archived_at: Option<Instant>,
    /// How much of the workflow is done, in percent from 0 to 100; the workflow sets it.
    pub progress: i32,
    /// What the job is; null if nothing was entered.
    #[sea_orm(column_type = "String(StringLen::N(2000))", nullable)]
    pub description: Option<String>,
    /// How urgent the project is.
    pub priority: Priority,
    /// What the customer pays, in the company's currency with two decimals.
    #[graphql(skip)]
    pub budget: Money,
    /// What the work is expected to cost the company, with two decimals; null while unknown.
    #[sea_orm(column_name = "estimatedCost", nullable)]
    #[graphql(skip)]
    pub estimated_cost: Option<Money>,
    /// What the work did cost the company, with two decimals; null while unknown.
    #[sea_orm(column_name = "actualCost", nullable)]
    #[graphql(skip)]
    pub actual_cost: Option<Money>,
    /// When work is planned to begin, in UTC.
    #[sea_orm(column_name = "startDate")]
    pub start_date: Instant,
    /// When work is planned to be finished, in UTC; after `startDate`.
    #[sea_orm(column_name = "endDate")]
    pub end_date: Instant,
    /// Notes of the office; null if there are none.
    #[sea_orm(column_type = "String(StringLen::N(1000))", nullable)]
    #[graphql(skip)]
    pub notes: Option<String>,
    /// The phone number under which the project's manager answers for it, in E.164; null for their own.
    #[sea_orm(column_name = "pmPhone", column_type = "String(StringLen::N(20))", nullable)]
    pub pm_phone: Option<String>,
    /// The e-mail address under which the project's manager answers for it, in lower case; null for their own.
    #[sea_orm(column_name = "pmEmail", column_type = "String(StringLen::N(255))", nullable)]
    pub pm_email: Option<String>,
    /// The customer for whom the project is.
    #[sea_orm(column_name = "customerId")]
    pub customer_id: Id,
    /// The person who manages the project; null while nobody does.
    #[sea_orm(column_name = "projectManagerId", nullable)]
    pub project_manager_id: Option<Id>,
    /// The person who created the project; null for the system, or once they are deleted.
    #[sea_orm(column_name = "createdById", nullable)]
    pub created_by_id: Option<Id>,
    /// The phase that the project is in; null until the workflow has set one.
    #[sea_orm(nullable)]
    pub phase: Option<ProjectPhase>,
    /// The project's name folded for sorting and searching. (An addition to the report.)
    #[sea_orm(column_name = "nameFolded", column_type = "Text")]
    #[graphql(skip)]
    pub name_folded: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
