//! What the office keeps beside the projects: tasks, documents, the calendar.

use entity::enums::Permission;
use entity::{
    calendar_event, calendar_event_attendee, document, document_download, task, task_dependency,
    workflow_step_attachment,
};
use sea_orm::{ColumnTrait, Condition};

use crate::data::reach::{Guarded, IntoCondition, Reach, of_project, of_project_for_staff, only, select};
use crate::data::viewer::Viewer;

impl Guarded for task::Entity {
    const NAME: &'static str = "task";
    fn reach(viewer: &Viewer) -> Reach {
        of_project_for_staff(viewer, task::Column::ProjectId)
    }
    const OPENS_TO: &'static [&'static str] = &["assignedToId"];
}

impl Guarded for task_dependency::Entity {
    const NAME: &'static str = "task dependency";
    fn reach(viewer: &Viewer) -> Reach {
        Reach::through(task_dependency::Column::ParentTaskId, task::Entity::reach(viewer), |c| {
            select::<task::Entity>(task::Column::Id, c)
        })
    }
}

impl Guarded for document::Entity {
    const NAME: &'static str = "document";
    fn reach(viewer: &Viewer) -> Reach {
        match of_project(viewer, document::Column::ProjectId) {
            Reach::Where(condition) if !viewer.is_staff() => {
                Reach::Where(condition.add(document::Column::IsPublic.eq(true)))
            }
            other => other,
        }
    }
}

impl Guarded for document_download::Entity {
    const NAME: &'static str = "download";
    fn reach(viewer: &Viewer) -> Reach {
        only(viewer, document_download::Column::UserId)
    }
}

impl Guarded for workflow_step_attachment::Entity {
    const NAME: &'static str = "attachment";
    fn reach(viewer: &Viewer) -> Reach {
        Reach::through(workflow_step_attachment::Column::DocumentId, document::Entity::reach(viewer), |c| {
            select::<document::Entity>(document::Column::Id, c)
        })
    }
}

impl Guarded for calendar_event::Entity {
    const NAME: &'static str = "event";
    fn reach(viewer: &Viewer) -> Reach {
        if viewer.is_lead() || viewer.has(Permission::ManageCalendar) {
            return Reach::All;
        }
        let attended = calendar_event_attendee::Column::UserId.eq(viewer.id.clone()).into_condition();
        let attended = select::<calendar_event_attendee::Entity>(calendar_event_attendee::Column::EventId, attended);
        let mut mine = Condition::any()
            .add(calendar_event::Column::OrganizerId.eq(viewer.id.clone()))
            .add(calendar_event::Column::Id.in_subquery(attended));
        match of_project_for_staff(viewer, calendar_event::Column::ProjectId) {
            Reach::Where(condition) => mine = mine.add(condition),
            Reach::All => mine = mine.add(calendar_event::Column::ProjectId.is_not_null()),
            Reach::None => {}
        }
        Reach::Where(mine)
    }
}

impl Guarded for calendar_event_attendee::Entity {
    const NAME: &'static str = "attendee";
    fn reach(viewer: &Viewer) -> Reach {
        Reach::through(calendar_event_attendee::Column::EventId, calendar_event::Entity::reach(viewer), |c| {
            select::<calendar_event::Entity>(calendar_event::Column::Id, c)
        })
    }
}
