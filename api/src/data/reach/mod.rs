//! Which rows each viewer reaches, table by table; this page has what the tables' lines are made of.
//!
//! A table without a line in one of the files beside this one cannot be read or written through a scope. What is out
//! of reach does not exist for the viewer: it is missing from lists, and null or `NOT_FOUND` by id.

mod messages;
mod office;
mod own;
mod people;
mod projects;
mod workflow;

use entity::enums::UserRole;
use entity::placed::Table;
use entity::{project, project_workflow};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, TryIntoModel};

use crate::data::changes::Feed;
use crate::data::viewer::Viewer;

pub(in crate::data) use messages::conversation_ids;
pub use workflow::{alerts_in, live_alerts};

pub(in crate::data) use own::{of_limited_sight, project_ids, who_reaches};

/// The part of a table that a viewer reaches.
pub enum Reach {
    All,
    None,
    Where(Condition),
}

/// A table that is read and written through a scope.
pub trait Guarded:
    Table<
        Model: IntoActiveModel<Self::ActiveModel> + Send + Sync + 'static,
        ActiveModel: TryIntoModel<Self::Model> + Send + Sync,
    >
{
    /// What a row is called in a message: "There is no such project."
    const NAME: &'static str;

    fn reach(viewer: &Viewer) -> Reach;

    /// What the change log tells of a row; most tables are not told of.
    fn feed(_row: &Self::Model) -> Option<Feed> {
        None
    }

    /// Rows that everybody sees and that change with the template alone: an instance keeps those it has read.
    const STANDING: bool = false;

    /// The columns naming people to whom a row opens its project.
    const OPENS_TO: &'static [&'static str] = &[];
    /// The column naming that project, or the workflow it is found by.
    const PROJECT: &'static str = "projectId";
}

impl Reach {
    /// Rows whose column is among the rows of a sub-query; everything where the sub-query would be everything.
    fn through(column: impl ColumnTrait, inner: Reach, select: impl FnOnce(Condition) -> SelectStatement) -> Self {
        match inner {
            Self::Where(condition) => Self::Where(column.in_subquery(select(condition)).into_condition()),
            all_or_none => all_or_none,
        }
    }
}

trait IntoCondition {
    fn into_condition(self) -> Condition;
}

impl IntoCondition for sea_orm::sea_query::SimpleExpr {
    fn into_condition(self) -> Condition {
        Condition::all().add(self)
    }
}

fn select<E: EntityTrait>(column: E::Column, condition: Condition) -> SelectStatement {
    Query::select().column((E::default(), column)).from(E::default()).cond_where(condition).to_owned()
}

fn only(viewer: &Viewer, column: impl ColumnTrait) -> Reach {
    Reach::Where(column.eq(viewer.id.clone()).into_condition())
}

fn when(holds: bool) -> Reach {
    if holds { Reach::All } else { Reach::None }
}

/// Rows of projects in reach, by their project's id.
fn of_project(viewer: &Viewer, column: impl ColumnTrait) -> Reach {
    Reach::through(column, project::Entity::reach(viewer), |c| select::<project::Entity>(project::Column::Id, c))
}

/// The same for what only staff sees of a project.
fn of_project_for_staff(viewer: &Viewer, column: impl ColumnTrait) -> Reach {
    if viewer.is_staff() { of_project(viewer, column) } else { Reach::None }
}

fn of_workflow(viewer: &Viewer, column: impl ColumnTrait) -> Reach {
    let inner = project_workflow::Entity::reach(viewer);
    Reach::through(column, inner, |c| select::<project_workflow::Entity>(project_workflow::Column::Id, c))
}

fn own_and_led(viewer: &Viewer, column: impl ColumnTrait) -> Reach {
    if viewer.role == UserRole::Admin { Reach::All } else { only(viewer, column) }
}
