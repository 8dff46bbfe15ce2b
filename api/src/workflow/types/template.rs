//! The template: phases, sections, line items.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, SimpleObject};
use entity::{workflow_line_item, workflow_phase, workflow_section};

use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::error::{Error, Result};
use crate::in_place::InPlace;

/// A phase of the template. Every project moves through the phases in order.
#[derive(SimpleObject)]
#[graphql(complex, name = "WorkflowPhase")]
pub struct WorkflowPhaseFields {
    #[graphql(flatten)]
    row: Arc<workflow_phase::Model>,
}

pub type WorkflowPhase = InPlace<WorkflowPhaseFields>;

#[ComplexObject]
impl WorkflowPhaseFields {
    /// Its sections in display order, inactive ones included.
    async fn sections(&self, ctx: &Context<'_>) -> Result<Vec<WorkflowSection>> {
        ctx.scope()?.nodes_of("phaseId", &self.row.id, "displayOrder").await
    }
}

impl Node for WorkflowPhase {
    type Entity = workflow_phase::Entity;
    fn of(row: impl Into<Arc<workflow_phase::Model>>) -> Self {
        Self(WorkflowPhaseFields { row: row.into() })
    }
}

/// A section of the template: a group of line items within a phase. A project's copy of it is a `WorkflowStep`.
#[derive(SimpleObject)]
#[graphql(complex, name = "WorkflowSection")]
pub struct WorkflowSectionFields {
    #[graphql(flatten)]
    row: Arc<workflow_section::Model>,
}

pub type WorkflowSection = InPlace<WorkflowSectionFields>;

#[ComplexObject]
impl WorkflowSectionFields {
    /// The phase it belongs to.
    async fn phase(&self, ctx: &Context<'_>) -> Result<WorkflowPhase> {
        let row = ctx.scope()?.one::<workflow_phase::Entity>(&self.row.phase_id).await?;
        row.map(WorkflowPhase::of).ok_or_else(|| Error::not_found("phase"))
    }

    /// Its line items in display order, inactive ones included.
    async fn line_items(&self, ctx: &Context<'_>) -> Result<Vec<WorkflowLineItem>> {
        ctx.scope()?.nodes_of("sectionId", &self.row.id, "displayOrder").await
    }
}

impl Node for WorkflowSection {
    type Entity = workflow_section::Entity;
    fn of(row: impl Into<Arc<workflow_section::Model>>) -> Self {
        Self(WorkflowSectionFields { row: row.into() })
    }
}

/// A line item of the template: one thing to be done. A project's copy of it is a `WorkflowSubtask`.
#[derive(SimpleObject)]
#[graphql(complex, name = "WorkflowLineItem")]
pub struct WorkflowLineItemFields {
    #[graphql(flatten)]
    row: Arc<workflow_line_item::Model>,
}

pub type WorkflowLineItem = InPlace<WorkflowLineItemFields>;

#[ComplexObject]
impl WorkflowLineItemFields {
    /// The section it belongs to.
    async fn section(&self, ctx: &Context<'_>) -> Result<WorkflowSection> {
        let row = ctx.scope()?.one::<workflow_section::Entity>(&self.row.section_id).await?;
        row.map(WorkflowSection::of).ok_or_else(|| Error::not_found("section"))
    }
}

impl Node for WorkflowLineItem {
    type Entity = workflow_line_item::Entity;
    fn of(row: impl Into<Arc<workflow_line_item::Model>>) -> Self {
        Self(WorkflowLineItemFields { row: row.into() })
    }
}
