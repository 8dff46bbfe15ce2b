//! The list of projects: its filter and its orders.

use async_graphql::{Enum, InputObject, MaybeUndefined};
use entity::enums::{Priority, ProjectPhase, ProjectStatus, ProjectType};
use entity::project::Column as C;
use entity::scalar::Id;
use entity::{customer, project};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, QueryFilter};

use crate::data::cursor::Mark;
use crate::data::listing::{Key, Listing, OrderDirection};
use crate::data::scope::Scope;
use crate::error::Result;
use crate::fold::anywhere;
use crate::input::search;

/// Which projects. A part that is absent or null does not filter (but see `archived`); an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ProjectFilter {
    /// In one of these states.
    pub status: Option<Vec<ProjectStatus>>,
    /// In one of these phases.
    pub phase: Option<Vec<ProjectPhase>>,
    /// Of one of these kinds of work.
    pub project_type: Option<Vec<ProjectType>>,
    /// Of one of these priorities.
    pub priority: Option<Vec<Priority>>,
    /// For this customer.
    pub customer_id: Option<Id>,
    /// Run by this person.
    pub project_manager_id: Option<Id>,
    /// Absent: those that are not archived. True: the archived ones. Null: both.
    pub archived: MaybeUndefined<bool>,
    /// Matches project number, name and customer name or address, without regard to case; 200 characters at the most.
    pub search: Option<String>,
}

/// What projects are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ProjectOrderField {
    /// When the project was entered.
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
    /// Its number.
    ProjectNumber,
    /// Its name, without regard to case.
    ProjectName,
    /// When it starts.
    StartDate,
    /// When it ends.
    EndDate,
    /// LOW before MEDIUM before HIGH.
    Priority,
    /// How far it is.
    Progress,
}

/// An order of projects. The default is the newest first.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct ProjectOrder {
    /// What to order by.
    pub field: ProjectOrderField,
    /// Which way.
    pub direction: OrderDirection,
}

const NEWEST: ProjectOrder = ProjectOrder { field: ProjectOrderField::CreatedAt, direction: OrderDirection::Desc };

/// The projects in the viewer's reach that match.
///
/// # Errors
/// BAD_USER_INPUT for a search that is too long.
pub fn listing(
    scope: &Scope,
    filter: Option<&ProjectFilter>,
    order: Option<&ProjectOrder>,
) -> Result<Listing<project::Entity>> {
    let everything = ProjectFilter::default();
    let (filter, order) = (filter.unwrap_or(&everything), order.copied().unwrap_or(NEWEST));
    search("filter.search", filter.search.as_deref())?;
    Ok(Listing {
        select: scope.find::<project::Entity>().filter(condition(filter)),
        keys: vec![key(order)],
        name: format!("projects {filter:?} {order:?}"),
    })
}

fn key(order: ProjectOrder) -> Key<project::Entity> {
    let column = |column: C| Expr::col((project::Entity, column));
    let (expr, mark): (SimpleExpr, fn(&project::Model) -> Mark) = match order.field {
        ProjectOrderField::CreatedAt => (column(C::CreatedAt), |row| Mark::At(row.created_at)),
        ProjectOrderField::UpdatedAt => (column(C::UpdatedAt), |row| Mark::At(row.updated_at)),
        ProjectOrderField::ProjectNumber => (column(C::ProjectNumber), |row| Mark::Int(row.project_number.into())),
        ProjectOrderField::ProjectName => (column(C::NameFolded), |row| Mark::Text(row.name_folded.clone())),
        ProjectOrderField::StartDate => (column(C::StartDate), |row| Mark::At(row.start_date)),
        ProjectOrderField::EndDate => (column(C::EndDate), |row| Mark::At(row.end_date)),
        ProjectOrderField::Priority => (rank(), |row| Mark::Int(rank_of(row.priority))),
        ProjectOrderField::Progress => (column(C::Progress), |row| Mark::Int(row.progress.into())),
    };
    Key { expr, descending: order.direction.is_descending(), nullable: false, mark }
}

fn rank() -> SimpleExpr {
    Expr::case(C::Priority.eq(Priority::Low), rank_of(Priority::Low))
        .case(C::Priority.eq(Priority::Medium), rank_of(Priority::Medium))
        .finally(rank_of(Priority::High))
        .into()
}

const fn rank_of(priority: Priority) -> i64 {
    match priority {
        Priority::Low => 0,
        Priority::Medium => 1,
        Priority::High => 2,
    }
}

fn condition(filter: &ProjectFilter) -> Condition {
    let archived = match filter.archived {
        MaybeUndefined::Undefined => Some(false),
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(archived) => Some(archived),
    };
    Condition::all()
        .add_option(filter.status.clone().map(|states| C::Status.is_in(states)))
        .add_option(filter.phase.clone().map(|phases| C::Phase.is_in(phases)))
        .add_option(filter.project_type.clone().map(|kinds| C::ProjectType.is_in(kinds)))
        .add_option(filter.priority.clone().map(|priorities| C::Priority.is_in(priorities)))
        .add_option(filter.customer_id.clone().map(|customer| C::CustomerId.eq(customer)))
        .add_option(filter.project_manager_id.clone().map(|manager| C::ProjectManagerId.eq(manager)))
        .add_option(archived.map(|archived| C::Archived.eq(archived)))
        .add_option(filter.search.as_deref().map(mentions))
}

fn mentions(text: &str) -> Condition {
    let found = Expr::col((customer::Entity, customer::Column::SearchFolded)).like(anywhere(text));
    let customers = Query::select()
        .column((customer::Entity, customer::Column::Id))
        .from(customer::Entity)
        .and_where(found)
        .to_owned();
    Condition::any()
        .add(Expr::col((project::Entity, C::ProjectNumber)).cast_as("text").like(anywhere(text)))
        .add(Expr::col((project::Entity, C::NameFolded)).like(anywhere(text)))
        .add(C::CustomerId.in_subquery(customers))
}
