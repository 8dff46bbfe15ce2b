//! The list of alerts: its filter, as SQL for lists and in memory for subscriptions, and its orders.

use async_graphql::{Enum, InputObject};
use entity::enums::{AlertPriority, AlertStatus, ProjectPhase, ResponsibleRole};
use entity::scalar::Id;
use entity::{workflow_alert, workflow_step};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use serde::Serialize;
use serde_json::Value;

use crate::data::cursor::Mark;
use crate::data::listing::{Key, Listing, OrderDirection};
use crate::data::reach::live_alerts;
use crate::data::scope::Scope;

/// Which alerts. A part that is absent or null does not filter; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AlertFilter {
    /// In one of these states.
    pub status: Option<Vec<AlertStatus>>,
    /// Of one of these priorities.
    pub priority: Option<Vec<AlertPriority>>,
    /// For an item of one of these roles.
    pub responsible_role: Option<Vec<ResponsibleRole>>,
    /// For an item of one of these phases.
    pub phase: Option<Vec<ProjectPhase>>,
    /// Of this project.
    pub project_id: Option<Id>,
    /// Assigned to this person.
    pub assigned_to_id: Option<Id>,
    /// Only alerts assigned to the viewer; false asks for all others.
    pub mine: Option<bool>,
    /// Live and past its due date; false asks for all others.
    pub overdue: Option<bool>,
}

/// What alerts are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AlertOrderField {
    /// When the alert was raised.
    CreatedAt,
    /// When its item is due; alerts without a due date come last.
    DueDate,
    /// LOW before MEDIUM before HIGH.
    Priority,
}

/// An order of alerts. The default is the newest first.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct AlertOrder {
    /// What to order by.
    pub field: AlertOrderField,
    /// Which way.
    pub direction: OrderDirection,
}

/// The alerts in the viewer's reach that match.
pub fn listing(
    scope: &Scope,
    filter: Option<&AlertFilter>,
    order: Option<&AlertOrder>,
) -> Listing<workflow_alert::Entity> {
    let default = AlertOrder { field: AlertOrderField::CreatedAt, direction: OrderDirection::Desc };
    let order = order.copied().unwrap_or(default);
    let select = scope.find::<workflow_alert::Entity>();
    let select = match filter {
        Some(filter) => select.filter(condition(scope, filter)),
        None => select,
    };
    Listing { select, keys: vec![key(order)], name: format!("alerts {filter:?} {order:?}") }
}

fn key(order: AlertOrder) -> Key<workflow_alert::Entity> {
    let descending = order.direction.is_descending();
    let column = |column: workflow_alert::Column| Expr::col((workflow_alert::Entity, column));
    match order.field {
        AlertOrderField::CreatedAt => Key {
            expr: column(workflow_alert::Column::CreatedAt),
            descending,
            nullable: false,
            mark: |row| Mark::At(row.created_at),
        },
        AlertOrderField::DueDate => Key {
            expr: column(workflow_alert::Column::DueDate),
            descending,
            nullable: true,
            mark: |row| row.due_date.into(),
        },
        AlertOrderField::Priority => {
            Key { expr: rank(), descending, nullable: false, mark: |row| Mark::Int(rank_of(row.priority)) }
        }
    }
}

fn rank() -> SimpleExpr {
    let is = |priority: AlertPriority| workflow_alert::Column::Priority.eq(priority);
    Expr::case(is(AlertPriority::Low), rank_of(AlertPriority::Low))
        .case(is(AlertPriority::Medium), rank_of(AlertPriority::Medium))
        .finally(rank_of(AlertPriority::High))
        .into()
}

const fn rank_of(priority: AlertPriority) -> i64 {
    match priority {
        AlertPriority::Low => 0,
        AlertPriority::Medium => 1,
        AlertPriority::High => 2,
    }
}

fn condition(scope: &Scope, filter: &AlertFilter) -> Condition {
    use workflow_alert::Column as C;
    let mine = |mine: bool| {
        let is_mine = Expr::col((workflow_alert::Entity, C::AssignedToId)).eq(scope.viewer().id.clone());
        if mine { is_mine } else { is_mine.not().or(C::AssignedToId.is_null()) }
    };
    let overdue = |overdue: bool| {
        let is_overdue = live_alerts().and(C::DueDate.is_not_null()).and(C::DueDate.lt(scope.now()));
        if overdue { is_overdue } else { is_overdue.not() }
    };
    Condition::all()
        .add_option(filter.status.clone().map(|states| C::Status.is_in(states)))
        .add_option(filter.priority.clone().map(|priorities| C::Priority.is_in(priorities)))
        .add_option(filter.responsible_role.clone().map(|roles| C::ResponsibleRole.is_in(roles)))
        .add_option(filter.phase.clone().map(in_phases))
        .add_option(filter.project_id.clone().map(|project| C::ProjectId.eq(project)))
        .add_option(filter.assigned_to_id.clone().map(|user| C::AssignedToId.eq(user)))
        .add_option(filter.mine.map(mine))
        .add_option(filter.overdue.map(overdue))
}

fn in_phases(phases: Vec<ProjectPhase>) -> SimpleExpr {
    let steps = Query::select()
        .column((workflow_step::Entity, workflow_step::Column::Id))
        .from(workflow_step::Entity)
        .cond_where(workflow_step::Column::Phase.is_in(phases))
        .to_owned();
    workflow_alert::Column::StepId.in_subquery(steps)
}

impl AlertFilter {
    /// Does an alert match, by the keys that the change log tells of it?
    #[must_use]
    pub fn matches(&self, keys: &Value, viewer: &Id) -> bool {
        let one_of = |key: &str, wanted: Option<Value>| match wanted {
            Some(Value::Array(wanted)) => keys.get(key).is_some_and(|value| wanted.contains(value)),
            _ => true,
        };
        let is = |key: &str, id: &Id| keys.get(key).and_then(Value::as_str) == Some(id.as_str());
        let live = one_of("status", json(Some(&AlertStatus::LIVE.to_vec())));
        let overdue = live && keys.get("overdue").and_then(Value::as_bool) == Some(true);
        one_of("status", json(self.status.as_ref()))
            && one_of("priority", json(self.priority.as_ref()))
            && one_of("responsibleRole", json(self.responsible_role.as_ref()))
            && one_of("phase", json(self.phase.as_ref()))
            && self.project_id.as_ref().is_none_or(|id| is("projectId", id))
            && self.assigned_to_id.as_ref().is_none_or(|id| is("assignedToId", id))
            && self.mine.is_none_or(|mine| mine == is("assignedToId", viewer))
            && self.overdue.is_none_or(|wanted| wanted == overdue)
    }
}

fn json<T: Serialize>(list: Option<&Vec<T>>) -> Option<Value> {
    list.and_then(|list| serde_json::to_value(list).ok())
}
