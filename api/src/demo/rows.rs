//! The rows of some projects, gathered in memory and written together.

use entity::{
    completed_workflow_item, notification, project, project_message, project_phase_override, project_team_member,
    project_workflow, project_workflow_tracker, suppressed_workflow_alert, workflow_alert, workflow_step,
    workflow_subtask,
};
use sea_orm::IntoActiveModel;

use crate::alerts::due::TurnOverdue;
use crate::data::tx::Tx;
use crate::error::Result;
use crate::workflow::running::Running;

#[derive(Default)]
pub(super) struct Rows {
    projects: Vec<project::ActiveModel>,
    workflows: Vec<project_workflow::ActiveModel>,
    pub(super) steps: Vec<workflow_step::ActiveModel>,
    pub(super) subtasks: Vec<workflow_subtask::ActiveModel>,
    trackers: Vec<project_workflow_tracker::ActiveModel>,
    alerts: Vec<workflow_alert::ActiveModel>,
    pub(super) team: Vec<project_team_member::ActiveModel>,
    pub(super) completions: Vec<completed_workflow_item::ActiveModel>,
    pub(super) overrides: Vec<project_phase_override::Model>,
    pub(super) held_back: Vec<suppressed_workflow_alert::ActiveModel>,
    pub(super) messages: Vec<project_message::ActiveModel>,
    pub(super) notifications: Vec<notification::ActiveModel>,
    /// Live alerts that are not due yet.
    pub(super) waiting: Vec<workflow_alert::Model>,
}

impl Rows {
    /// Takes up a project as it stands in the end.
    pub(super) fn take(&mut self, running: Running) {
        self.projects.push(running.project.into_active_model());
        self.workflows.push(running.workflow.into_active_model());
        self.trackers.push(running.tracker.into_active_model());
        self.alert(running.live.into_iter().chain(running.dismissed));
    }

    pub(super) fn alert(&mut self, alerts: impl IntoIterator<Item = workflow_alert::Model>) {
        self.alerts.extend(alerts.into_iter().map(IntoActiveModel::into_active_model));
    }

    /// Writes everything, what others refer to first.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub(super) async fn write(self, tx: &mut Tx<'_>) -> Result<()> {
        tx.insert_all::<project::Entity>(self.projects).await?;
        tx.insert_all::<project_team_member::Entity>(self.team).await?;
        tx.insert_all::<project_workflow::Entity>(self.workflows).await?;
        tx.insert_all::<workflow_step::Entity>(self.steps).await?;
        tx.insert_all::<workflow_subtask::Entity>(self.subtasks).await?;
        tx.insert_all::<project_workflow_tracker::Entity>(self.trackers).await?;
        tx.insert_all::<completed_workflow_item::Entity>(self.completions).await?;
        tx.insert_all::<project_message::Entity>(self.messages).await?;
        let overrides = self.overrides.into_iter().map(IntoActiveModel::into_active_model).collect();
        tx.insert_all::<project_phase_override::Entity>(overrides).await?;
        tx.insert_all::<workflow_alert::Entity>(self.alerts).await?;
        tx.insert_all::<suppressed_workflow_alert::Entity>(self.held_back).await?;
        tx.insert_all::<notification::Entity>(self.notifications).await?;
        for alert in &self.waiting {
            TurnOverdue::schedule(tx, alert);
        }
        Ok(())
    }
}
