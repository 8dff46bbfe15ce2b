//! A new project: its row, its own copy of the template, its tracker, its first alert and message, or nothing.

use entity::enums::{AlertMethod, Priority, ProjectType, WorkflowType};
use entity::list::List;
use entity::scalar::{Id, Instant, Money};
use entity::{customer, project, project_workflow, project_workflow_tracker};
use sea_orm::ActiveValue::Set;
use serde::Serialize;

use crate::accounts::staff;
use crate::data::access::Permission;
use crate::data::idempotency::Once;
use crate::data::ids::new_id;
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;
use crate::fold::fold;
use crate::input::Check;
use crate::messages::system::{self, About};
use crate::workflow::copy;
use crate::workflow::rules::{Cause, wording};
use crate::workflow::running::Running;
use crate::workflow::settle::settle;

pub(crate) const COUNTER: &str = "projectNumber";
pub(crate) const FIRST_NUMBER: i32 = 10_001;

/// A project to create. Unknown amounts are left out; they are never zero.
#[derive(Clone, Debug, Serialize, async_graphql::InputObject)]
pub struct CreateProjectInput {
    /// Whose project it is.
    pub customer_id: Id,
    /// Its name, usually the address; at most 200 characters.
    pub project_name: String,
    /// The kind of work.
    pub project_type: ProjectType,
    /// The budget, more than zero.
    pub budget: Money,
    /// When the work is to start.
    pub start_date: Instant,
    /// When it is to end; after the start.
    pub end_date: Instant,
    /// Who runs it: somebody who works here now.
    pub project_manager_id: Option<Id>,
    /// What is to be done; at most 2000 characters.
    pub description: Option<String>,
    /// How urgent it is; MEDIUM if left out.
    pub priority: Option<Priority>,
    /// What it is expected to cost, more than zero.
    pub estimated_cost: Option<Money>,
    /// The sections that this project follows; all active ones if left out. Inactive ones (the non-insurance variant)
    /// only when named.
    pub section_ids: Option<Vec<Id>>,
    /// The same key again from the same person within a day answers the first result; with another input it is a
    /// CONFLICT.
    pub idempotency_key: Option<String>,
}

pub struct CreateProject {
    pub input: CreateProjectInput,
}

impl UseCase for CreateProject {
    type Output = Id;
    const PERMISSION: Permission = Permission::CreateProjects;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let once = Once::new("createProject", self.input.idempotency_key.as_deref(), &self.input);
        if let Some(id) = tx.replay(&once).await? {
            return Ok(id);
        }
        let (name, description) = self.checked()?;
        let customer = tx.load::<customer::Entity>(&self.input.customer_id).await?;
        if let Some(manager) = &self.input.project_manager_id {
            staff::require(tx, "projectManagerId", manager).await?;
        }
        let sections = copy::sections(tx, self.input.section_ids.as_deref()).await?;
        let project = self.insert(tx, name, description).await?;
        start(tx, &project, &sections).await?;
        let mut running = Running::of(tx, project).await?;
        settle(tx, &mut running, &Cause::Other).await?;
        let who = tx.viewer().name.clone();
        let message = wording::created(&who, &running.project.project_name, &customer.primary_name);
        let about = About::workflow(&running, running.project.phase);
        system::post(tx, &running.project, &message, &about).await?;
        tx.remember(&once, &running.project.id).await?;
        Ok(running.project.id)
    }
}

impl CreateProject {
    fn checked(&self) -> Result<(String, Option<String>)> {
        let input = &self.input;
        let mut check = Check::default();
        let name = check.text("projectName", &input.project_name, 200);
        let description = check.optional("description", input.description.as_deref(), 2_000);
        check.amount("budget", Some(input.budget));
        check.amount("estimatedCost", input.estimated_cost);
        check.period("endDate", input.start_date, input.end_date);
        let named = input.section_ids.as_ref().is_none_or(|ids| !ids.is_empty());
        check.ensure(named, "sectionIds", "Name one section at least, or leave this out for all active ones.");
        check.done()?;
        Ok((name, description))
    }

    async fn insert(&self, tx: &mut Tx<'_>, name: String, description: Option<String>) -> Result<project::Model> {
        let input = self.input.clone();
        let number = tx.next_number(COUNTER, FIRST_NUMBER).await?;
        tx.insert::<project::Entity>(project::ActiveModel {
            project_number: Set(number),
            name_folded: Set(fold(&name)),
            project_name: Set(name),
            project_type: Set(input.project_type),
            priority: Set(input.priority.unwrap_or(Priority::Medium)),
            description: Set(description),
            budget: Set(input.budget),
            estimated_cost: Set(input.estimated_cost),
            start_date: Set(input.start_date),
            end_date: Set(input.end_date),
            customer_id: Set(input.customer_id),
            project_manager_id: Set(input.project_manager_id),
            created_by_id: Set(tx.viewer().user()),
            ..Default::default()
        })
        .await
    }
}

/// The workflow, the copied sections, and a tracker that settling puts in its place.
async fn start(tx: &mut Tx<'_>, project: &project::Model, sections: &[copy::Section]) -> Result<()> {
    let workflow = tx
        .insert::<project_workflow::Entity>(project_workflow::ActiveModel {
            project_id: Set(project.id.clone()),
            workflow_type: Set(workflow_type(project.project_type)),
            alert_methods: Set(List(vec![AlertMethod::InApp, AlertMethod::Email])),
            created_by_id: Set(tx.viewer().user()),
            ..Default::default()
        })
        .await?;
    copy::insert(tx, &workflow.id, sections).await?;
    tx.insert::<project_workflow_tracker::Entity>(project_workflow_tracker::ActiveModel {
        id: Set(new_id()),
        project_id: Set(project.id.clone()),
        workflow_id: Set(workflow.id),
        ..Default::default()
    })
    .await?;
    Ok(())
}

/// The label that a kind of work gives its workflow.
pub(crate) const fn workflow_type(project: ProjectType) -> WorkflowType {
    match project {
        ProjectType::RoofReplacement => WorkflowType::Roofing,
        ProjectType::KitchenRemodel => WorkflowType::KitchenRemodel,
        ProjectType::BathroomRenovation => WorkflowType::BathroomRenovation,
        ProjectType::SidingInstallation => WorkflowType::Siding,
        ProjectType::WindowReplacement => WorkflowType::Windows,
        _ => WorkflowType::General,
    }
}
