//! What the system notes down in a project's record, and the place in the workflow that a message is about.

use entity::enums::{MessagePriority, ProjectPhase};
use entity::list::List;
use entity::scalar::Id;
use entity::{project, project_message, workflow_alert};
use sea_orm::ActiveValue::Set;

use crate::data::tx::Tx;
use crate::error::Result;
use crate::workflow::rules::wording::{AUTHOR, MESSAGE_LINE, SystemMessage, cut};
use crate::workflow::rules::{Item, Step};
use crate::workflow::running::Running;

/// What a message is about: the project as a whole, its workflow, a phase, a step, or one line item of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    workflow: Option<Id>,
    phase: Option<ProjectPhase>,
    step: Option<Id>,
    section: Option<String>,
    line_item: Option<String>,
}

impl About {
    /// The workflow as a whole, or a phase of it.
    pub(crate) fn workflow(running: &Running, phase: Option<ProjectPhase>) -> Self {
        Self { workflow: Some(running.workflow.id.clone()), phase, ..Self::default() }
    }

    /// A step of it, or one item of that step.
    pub(crate) fn step(running: &Running, step: &Step, item: Option<&Item>) -> Self {
        Self {
            step: Some(step.id.clone()),
            section: Some(cut(&step.name, MESSAGE_LINE)),
            line_item: item.map(|item| cut(&item.name, MESSAGE_LINE)),
            ..Self::workflow(running, Some(step.phase))
        }
    }

    /// The item of an alert, which hangs on the step of this name.
    pub(crate) fn alert(alert: &workflow_alert::Model, (step, phase): (&str, ProjectPhase)) -> Self {
        Self {
            workflow: Some(alert.workflow_id.clone()),
            phase: Some(phase),
            step: Some(alert.step_id.clone()),
            section: Some(cut(step, MESSAGE_LINE)),
            line_item: Some(cut(&alert.step_name, MESSAGE_LINE)),
        }
    }

    /// The row of a message of this project, about this.
    pub(crate) fn placed(
        self,
        row: project_message::ActiveModel,
        project: &project::Model,
    ) -> project_message::ActiveModel {
        project_message::ActiveModel {
            project_id: Set(project.id.clone()),
            project_number: Set(project.project_number),
            workflow_id: Set(self.workflow),
            phase: Set(self.phase),
            step_id: Set(self.step),
            // A step is the project's copy of a section, and goes by its name.
            step_name: Set(self.section.clone()),
            section: Set(self.section),
            line_item: Set(self.line_item),
            ..row
        }
    }
}

/// Notes something down in the name of the system: nobody has read it yet, and nobody is its author.
///
/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn post(
    tx: &mut Tx<'_>,
    project: &project::Model,
    message: &SystemMessage,
    about: &About,
) -> Result<Id> {
    Ok(tx.insert::<project_message::Entity>(row(project, message, about)).await?.id)
}

/// The same as a row, for whoever writes many.
pub(crate) fn row(project: &project::Model, message: &SystemMessage, about: &About) -> project_message::ActiveModel {
    let row = project_message::ActiveModel {
        message_type: Set(message.kind),
        subject: Set(message.subject.clone()),
        content: Set(message.content.clone()),
        priority: Set(MessagePriority::Medium),
        author_id: Set(None),
        author_name: Set(AUTHOR.to_owned()),
        author_role: Set(None),
        is_system_generated: Set(true),
        is_workflow_message: Set(true),
        read_by: Set(List::default()),
        read_count: Set(0),
        parent_message_id: Set(None),
        metadata: Set(None),
        ..Default::default()
    };
    about.clone().placed(row, project)
}
