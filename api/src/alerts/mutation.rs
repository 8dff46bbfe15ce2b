//! What people do with alerts.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use entity::scalar::Id;
use entity::workflow_alert;

use crate::alerts::acknowledge::AcknowledgeAlert;
use crate::alerts::assign::AssignAlert;
use crate::alerts::dismiss::DismissAlert;
use crate::alerts::read::MarkAlertRead;
use crate::alerts::types::WorkflowAlert;
use crate::data::page::Node;
use crate::data::scope::{Asking, Scope};
use crate::error::Result;

/// The alert to acknowledge.
#[derive(InputObject)]
pub struct AcknowledgeAlertInput {
    /// Its id.
    alert_id: Id,
}

/// The acknowledged alert.
#[derive(SimpleObject)]
pub struct AcknowledgeAlertPayload {
    /// As it is now.
    alert: WorkflowAlert,
}

/// The alert to dismiss.
#[derive(InputObject)]
pub struct DismissAlertInput {
    /// Its id.
    alert_id: Id,
    /// Why, for the record; at most 500 characters.
    reason: Option<String>,
}

/// The dismissed alert.
#[derive(SimpleObject)]
pub struct DismissAlertPayload {
    /// As it is now.
    alert: WorkflowAlert,
}

/// The alert to assign, and to whom.
#[derive(InputObject)]
pub struct AssignAlertInput {
    /// The alert's id.
    alert_id: Id,
    /// The person's id: somebody who works here now.
    user_id: Id,
}

/// The assigned alert.
#[derive(SimpleObject)]
pub struct AssignAlertPayload {
    /// As it is now.
    alert: WorkflowAlert,
}

/// The alert that was read.
#[derive(InputObject)]
pub struct MarkAlertReadInput {
    /// Its id.
    alert_id: Id,
}

/// The alert, marked as read.
#[derive(SimpleObject)]
pub struct MarkAlertReadPayload {
    /// As it is now.
    alert: WorkflowAlert,
}

#[derive(Default)]
pub struct AlertsMutation;

#[Object]
impl AlertsMutation {
    /// Says that somebody has seen the alert and is on it: by those who may complete its item. Repeating it changes
    /// nothing; a closed alert is a CONFLICT.
    async fn acknowledge_alert(
        &self,
        ctx: &Context<'_>,
        input: AcknowledgeAlertInput,
    ) -> Result<AcknowledgeAlertPayload> {
        let scope = ctx.scope()?;
        scope.write(&AcknowledgeAlert { alert: input.alert_id.clone() }).await?;
        Ok(AcknowledgeAlertPayload { alert: alert(scope, &input.alert_id).await? })
    }

    /// Takes the alert off the board without completing its item. The item gets no new alert until it changes.
    /// Repeating it changes nothing; a completed alert is a CONFLICT.
    async fn dismiss_alert(&self, ctx: &Context<'_>, input: DismissAlertInput) -> Result<DismissAlertPayload> {
        let scope = ctx.scope()?;
        scope.write(&DismissAlert { alert: input.alert_id.clone(), reason: input.reason }).await?;
        Ok(DismissAlertPayload { alert: alert(scope, &input.alert_id).await? })
    }

    /// Gives the alert to a person, with whom it stays when managers, steps and roles change hands.
    async fn assign_alert(&self, ctx: &Context<'_>, input: AssignAlertInput) -> Result<AssignAlertPayload> {
        let scope = ctx.scope()?;
        scope.write(&AssignAlert { alert: input.alert_id.clone(), to: input.user_id }).await?;
        Ok(AssignAlertPayload { alert: alert(scope, &input.alert_id).await? })
    }

    /// Marks an alert as read: by the person it is assigned to.
    async fn mark_alert_read(&self, ctx: &Context<'_>, input: MarkAlertReadInput) -> Result<MarkAlertReadPayload> {
        let scope = ctx.scope()?;
        scope.write(&MarkAlertRead { alert: input.alert_id.clone() }).await?;
        Ok(MarkAlertReadPayload { alert: alert(scope, &input.alert_id).await? })
    }
}

async fn alert(scope: &Scope, id: &Id) -> Result<WorkflowAlert> {
    Ok(WorkflowAlert::of(scope.load::<workflow_alert::Entity>(id).await?))
}
