//! Changing a project by hand. Where it stands (status, phase, progress) is the workflow's alone.

use async_graphql::{InputObject, MaybeUndefined};
use entity::enums::{Priority, ProjectType};
use entity::project;
use entity::scalar::{Id, Instant, Money};
use phonenumber::country;

use crate::accounts::staff;
use crate::data::access::{Permission, ensure};
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;
use crate::fold::fold;
use crate::input::{Check, unchanged};
use crate::workflow::handover;

/// What is to change about a project: absent fields stay as they are, null clears.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateProjectInput {
    /// The project's id.
    pub project_id: Id,
    /// `updatedAt` as last read; if the project has changed since, nothing is written and the answer is CONFLICT.
    pub expected_updated_at: Option<Instant>,
    /// Name, at most 200 characters.
    pub project_name: MaybeUndefined<String>,
    /// The kind of work.
    pub project_type: MaybeUndefined<ProjectType>,
    /// How urgent it is.
    pub priority: MaybeUndefined<Priority>,
    /// What is to be done, at most 2000 characters.
    pub description: MaybeUndefined<String>,
    /// The amount agreed on with the customer, more than zero. By those who may see money.
    pub budget: MaybeUndefined<Money>,
    /// What the work is expected to cost, more than zero; null if unknown. By those who may see money.
    pub estimated_cost: MaybeUndefined<Money>,
    /// What the work has cost, more than zero; null if unknown. By those who may see money.
    pub actual_cost: MaybeUndefined<Money>,
    /// When it starts.
    pub start_date: MaybeUndefined<Instant>,
    /// When it ends: after the start.
    pub end_date: MaybeUndefined<Instant>,
    /// Notes for staff, at most 1000 characters.
    pub notes: MaybeUndefined<String>,
    /// The project manager's phone for this project, where it is not their usual one.
    pub pm_phone: MaybeUndefined<String>,
    /// The project manager's e-mail address for this project, where it is not their usual one.
    pub pm_email: MaybeUndefined<String>,
    /// Who runs it: somebody who works here now. By those who may run the project themselves. Live alerts move along.
    pub project_manager_id: MaybeUndefined<Id>,
}

/// Changes a project.
pub struct UpdateProject {
    pub input: UpdateProjectInput,
    pub region: country::Id,
}

impl UseCase for UpdateProject {
    type Output = project::Model;
    const PERMISSION: Permission = Permission::EditProjects;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<project::Model> {
        let before = tx.lock::<project::Entity>(&self.input.project_id).await?;
        unchanged(self.input.expected_updated_at, &before.id, before.updated_at)?;
        self.ensure_allowed(tx, &before)?;
        let mut check = Check::default();
        let after = self.changed(&before, &mut check);
        let handed_over = after.project_manager_id != before.project_manager_id;
        if let Some(manager) = after.project_manager_id.as_ref().filter(|_| handed_over) {
            check.ensure(staff::active(tx, manager).await?.is_some(), "projectManagerId", staff::NOT_STAFF);
        }
        check.done()?;
        let row = tx.save::<project::Entity>(&before, after).await?;
        if handed_over {
            handover::manager_changed(tx, &row).await?;
        }
        Ok(row)
    }
}

impl UpdateProject {
    fn ensure_allowed(&self, tx: &Tx<'_>, project: &project::Model) -> Result<()> {
        let (viewer, input) = (tx.viewer(), &self.input);
        let money = [&input.budget, &input.estimated_cost, &input.actual_cost];
        let spares_money = money.into_iter().all(MaybeUndefined::is_undefined);
        ensure(
            spares_money || viewer.sees_money(project),
            "You need the permission MANAGE_FINANCES to change budget and costs.",
        )?;
        ensure(
            input.project_manager_id.is_undefined() || viewer.runs(project),
            "Only the project's manager and the company's managers may hand the project over.",
        )
    }

    fn changed(&self, before: &project::Model, check: &mut Check) -> project::Model {
        let (mut row, input, region) = (before.clone(), self.input.clone(), self.region);
        check.required("projectName", input.project_name, |c, text| {
            row.project_name = c.text("projectName", &text, 200);
            row.name_folded = fold(&row.project_name);
        });
        check.required("projectType", input.project_type, |_, kind| row.project_type = kind);
        check.required("priority", input.priority, |_, priority| row.priority = priority);
        check.nullable(input.description, |c, t| row.description = c.optional("description", t.as_deref(), 2000));
        check.nullable(input.notes, |c, t| row.notes = c.optional("notes", t.as_deref(), 1000));
        check.nullable(input.pm_phone, |c, t| row.pm_phone = c.optional_phone("pmPhone", t.as_deref(), region));
        check.nullable(input.pm_email, |c, t| row.pm_email = c.optional_email("pmEmail", t.as_deref()));
        check.nullable(input.project_manager_id, |_, manager| row.project_manager_id = manager);
        self.change_money(&mut row, check);
        self.change_dates(&mut row, check);
        row
    }

    fn change_money(&self, row: &mut project::Model, check: &mut Check) {
        check.required("budget", self.input.budget, |c, amount| {
            c.amount("budget", Some(amount));
            row.budget = amount;
        });
        check.nullable(self.input.estimated_cost, |c, amount| {
            c.amount("estimatedCost", amount);
            row.estimated_cost = amount;
        });
        check.nullable(self.input.actual_cost, |c, amount| {
            c.amount("actualCost", amount);
            row.actual_cost = amount;
        });
    }

    fn change_dates(&self, row: &mut project::Model, check: &mut Check) {
        check.required("startDate", self.input.start_date, |_, at| row.start_date = at);
        check.required("endDate", self.input.end_date, |_, at| row.end_date = at);
        let field = if self.input.end_date.is_undefined() { "startDate" } else { "endDate" };
        check.period(field, row.start_date, row.end_date);
    }
}
