//! A project's copy of the template as it is stored, read as the plan that the rules go by. It is a hundred rows, of
//! which the rules need some columns and all of which they need: so they are read as one.

use std::collections::HashMap;

use entity::enums::{AlertPriority, ProjectPhase, ResponsibleRole};
use entity::scalar::{Id, Instant};
use entity::{project_workflow, workflow_phase, workflow_step, workflow_subtask};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement, SimpleExpr};
use serde::Deserialize;

use crate::data::joined::{Asked, Together};
use crate::data::packed::Packing;
use crate::data::tx::Tx;
use crate::error::{Error, Result};
use crate::workflow::rules::{Done, Item, Plan, Step, StepRecord};

/// Asks for a project's copy.
pub(super) fn asked(tx: &Tx<'_>, project: &Id) -> Asked {
    Packing::asked(steps(tx.packing(), project))
}

/// The plan that the answer holds, and the rows of the phases in it.
///
/// # Errors
/// INTERNAL where it holds something else.
pub(super) fn plan(answer: &[Together]) -> Result<(Plan, HashMap<ProjectPhase, Id>)> {
    let packed = answer.first().ok_or_else(|| Error::internal("a project's copy was not read"))?;
    let steps: Vec<StepRow> = packed.packed()?;
    let phases = steps.iter().map(|step| (step.phase, step.phase_id.clone())).collect();
    Ok((Plan::new(steps.into_iter().map(StepRow::step).collect()), phases))
}

/// The columns of a step, in the order of [`steps`].
#[derive(Deserialize)]
struct StepRow {
    id: Id,
    section: Id,
    name: String,
    phase: ProjectPhase,
    phase_id: Id,
    order: i32,
    assignee: Option<Id>,
    priority: AlertPriority,
    started_at: Option<Instant>,
    completed_at: Option<Instant>,
    completed_by: Option<Id>,
    changed_at: Instant,
    items: Option<Vec<ItemRow>>,
}

fn steps(packing: Packing, project: &Id) -> SelectStatement {
    use workflow_step::Column as C;
    let (phase, workflow) = (workflow_phase::Column::PhaseType, project_workflow::Column::Id);
    let columns = [
        column(C::Id),
        column(C::StepId),
        column(C::StepName),
        column(C::Phase),
        column(workflow_phase::Column::Id),
        column(C::StepOrder),
        column(C::AssignedToId),
        column(C::AlertPriority),
        column(C::ActualStartDate),
        when(C::IsCompleted, C::CompletedAt),
        when(C::IsCompleted, C::CompletedById),
        column(C::UpdatedAt),
        packing.within(items(packing)),
    ];
    Query::select()
        .expr(packing.rows(packing.row(columns)))
        .from(workflow_step::Entity)
        .join(JoinType::InnerJoin, workflow_phase::Entity, column(phase).eq(column(C::Phase)))
        .join(JoinType::InnerJoin, project_workflow::Entity, column(workflow).eq(column(C::WorkflowId)))
        .and_where(project_workflow::Column::ProjectId.eq(project.clone()))
        .to_owned()
}

/// The columns of an item, in the order of [`items`].
#[derive(Deserialize)]
struct ItemRow {
    id: Id,
    copy_of: Option<Id>,
    name: String,
    order: i32,
    role: ResponsibleRole,
    alert_days: i32,
    completed_at: Option<Instant>,
    completed_by: Option<Id>,
    skipped_at: Option<Instant>,
    changed_at: Instant,
}

fn items(packing: Packing) -> SelectStatement {
    use workflow_subtask::Column as C;
    let columns = [
        column(C::Id),
        column(C::LineItemId),
        column(C::SubTaskName),
        column(C::DisplayOrder),
        column(C::ResponsibleRole),
        column(C::AlertDays),
        when(C::IsCompleted, C::CompletedAt),
        when(C::IsCompleted, C::CompletedById),
        column(C::SkippedAt),
        column(C::UpdatedAt),
    ];
    Query::select()
        .expr(packing.rows(packing.row(columns)))
        .from(workflow_subtask::Entity)
        .and_where(column(C::StepId).eq(column(workflow_step::Column::Id)))
        .to_owned()
}

fn column(column: impl ColumnTrait) -> SimpleExpr {
    Expr::col((column.entity_name(), column.as_str()))
}

/// The column of what is completed.
fn when(completed: impl ColumnTrait, then: impl ColumnTrait) -> SimpleExpr {
    Expr::case(self::column(completed), self::column(then)).into()
}

impl StepRow {
    fn step(self) -> Step {
        Step {
            id: self.id,
            section: self.section,
            name: self.name,
            phase: self.phase,
            order: self.order,
            assignee: self.assignee,
            priority: self.priority,
            record: StepRecord { started_at: self.started_at, completed: done(self.completed_at, self.completed_by) },
            changed_at: self.changed_at,
            items: self.items.into_iter().flatten().map(ItemRow::item).collect(),
        }
    }
}

impl ItemRow {
    fn item(self) -> Item {
        Item {
            id: self.id,
            copy_of: self.copy_of,
            name: self.name,
            order: self.order,
            role: self.role,
            alert_days: self.alert_days,
            completed: done(self.completed_at, self.completed_by),
            skipped_at: self.skipped_at,
            changed_at: self.changed_at,
        }
    }
}

fn done(at: Option<Instant>, by: Option<Id>) -> Option<Done> {
    at.map(|at| Done { at, by })
}
