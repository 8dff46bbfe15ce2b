//! The workflow as clients see it: the template, a project's copy of it, and the record of what was done.

mod copy;
mod record;
mod template;

pub use copy::{ItemStateName, ProjectWorkflow, ProjectWorkflowTracker, TeamAssignment, WorkflowStep, WorkflowSubtask};
pub use record::{CompletedWorkflowItem, ProjectPhaseOverride, SuppressedWorkflowAlert};
pub use template::{WorkflowLineItem, WorkflowPhase, WorkflowSection};

use async_graphql::Context;
use entity::scalar::Id;
use entity::user;

use crate::accounts::types::User;
use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::error::Result;

/// The person that an optional key names, as far as the viewer may know them.
async fn person(ctx: &Context<'_>, id: Option<&Id>) -> Result<Option<User>> {
    Ok(ctx.scope()?.maybe::<user::Entity>(id).await?.map(User::of))
}

/// A note of the staff's: null for clients of the company.
fn for_staff<'v>(ctx: &Context<'_>, value: Option<&'v String>) -> Result<Option<&'v str>> {
    let is_staff = ctx.scope()?.viewer().is_staff();
    Ok(value.filter(|_| is_staff).map(String::as_str))
}
