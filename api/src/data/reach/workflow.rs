//! The template, the projects' own copies of it, and the alerts they raise.

use entity::enums::AlertStatus;
use entity::{
    completed_workflow_item, project_phase_override, project_workflow, project_workflow_tracker,
    suppressed_workflow_alert, workflow_alert, workflow_line_item, workflow_phase, workflow_section, workflow_step,
    workflow_subtask,
};

use sea_orm::ActiveEnum;
use sea_orm::sea_query::{Expr, SimpleExpr};

use crate::data::changes::Feed;
use crate::data::reach::{Guarded, Reach, of_project, of_project_for_staff, of_workflow, select};
use crate::data::viewer::Viewer;

/// Alerts that still ask for something.
#[must_use]
pub fn live_alerts() -> SimpleExpr {
    alerts_in(&AlertStatus::LIVE)
}

/// Alerts in one of these states. Spelled out and not bound: there is an index of the live ones alone, and only from
/// the text does a database know that it serves.
#[must_use]
pub fn alerts_in(states: &[AlertStatus]) -> SimpleExpr {
    let states: Vec<String> = states.iter().map(|state| format!("'{}'", state.to_value())).collect();
    Expr::cust(format!(r#""workflow_alerts"."status" IN ({})"#, states.join(", ")))
}

impl Guarded for workflow_phase::Entity {
    const NAME: &'static str = "phase";
    fn reach(_viewer: &Viewer) -> Reach {
        Reach::All
    }
    fn feed(_row: &workflow_phase::Model) -> Option<Feed> {
        Some(Feed::template())
    }
    const STANDING: bool = true;
}

impl Guarded for workflow_section::Entity {
    const NAME: &'static str = "section";
    fn reach(_viewer: &Viewer) -> Reach {
        Reach::All
    }
    fn feed(_row: &workflow_section::Model) -> Option<Feed> {
        Some(Feed::template())
    }
    const STANDING: bool = true;
}

impl Guarded for workflow_line_item::Entity {
    const NAME: &'static str = "line item";
    fn reach(_viewer: &Viewer) -> Reach {
        Reach::All
    }
    fn feed(_row: &workflow_line_item::Model) -> Option<Feed> {
        Some(Feed::template())
    }
    const STANDING: bool = true;
}

impl Guarded for project_workflow::Entity {
    const NAME: &'static str = "workflow";
    fn reach(viewer: &Viewer) -> Reach {
        of_project(viewer, project_workflow::Column::ProjectId)
    }
    fn feed(row: &project_workflow::Model) -> Option<Feed> {
        Some(Feed::part_of_project(&row.project_id))
    }
}

impl Guarded for workflow_step::Entity {
    const NAME: &'static str = "step";
    fn reach(viewer: &Viewer) -> Reach {
        of_workflow(viewer, workflow_step::Column::WorkflowId)
    }
    const OPENS_TO: &'static [&'static str] = &["assignedToId"];
    const PROJECT: &'static str = "workflowId";
}

impl Guarded for workflow_subtask::Entity {
    const NAME: &'static str = "line item of the project";
    fn reach(viewer: &Viewer) -> Reach {
        Reach::through(workflow_subtask::Column::StepId, workflow_step::Entity::reach(viewer), |c| {
            select::<workflow_step::Entity>(workflow_step::Column::Id, c)
        })
    }
}

impl Guarded for project_workflow_tracker::Entity {
    const NAME: &'static str = "tracker";
    fn reach(viewer: &Viewer) -> Reach {
        of_project(viewer, project_workflow_tracker::Column::ProjectId)
    }
    fn feed(row: &project_workflow_tracker::Model) -> Option<Feed> {
        Some(Feed::part_of_project(&row.project_id))
    }
}

impl Guarded for completed_workflow_item::Entity {
    const NAME: &'static str = "completion";
    fn reach(viewer: &Viewer) -> Reach {
        Reach::through(
            completed_workflow_item::Column::TrackerId,
            project_workflow_tracker::Entity::reach(viewer),
            |c| select::<project_workflow_tracker::Entity>(project_workflow_tracker::Column::Id, c),
        )
    }
}

impl Guarded for project_phase_override::Entity {
    const NAME: &'static str = "override";
    fn reach(viewer: &Viewer) -> Reach {
        of_project_for_staff(viewer, project_phase_override::Column::ProjectId)
    }
}

impl Guarded for suppressed_workflow_alert::Entity {
    const NAME: &'static str = "suppressed alert";
    fn reach(viewer: &Viewer) -> Reach {
        Reach::through(
            suppressed_workflow_alert::Column::OverrideId,
            project_phase_override::Entity::reach(viewer),
            |c| select::<project_phase_override::Entity>(project_phase_override::Column::Id, c),
        )
    }
}

impl Guarded for workflow_alert::Entity {
    const NAME: &'static str = "alert";
    fn reach(viewer: &Viewer) -> Reach {
        of_project_for_staff(viewer, workflow_alert::Column::ProjectId)
    }
    fn feed(row: &workflow_alert::Model) -> Option<Feed> {
        let keys = serde_json::json!({
            "status": row.status, "priority": row.priority, "responsibleRole": row.responsible_role,
            "phase": row.metadata.as_ref().and_then(|metadata| metadata.get("phase")),
            "projectId": row.project_id, "assignedToId": row.assigned_to_id, "overdue": row.overdue_at.is_some(),
        });
        Some(Feed::new("workflow_alerts", &row.id, Some(&row.project_id), keys))
    }
    const OPENS_TO: &'static [&'static str] = &["assignedToId"];
}

#[cfg(test)]
mod tests {
    use entity::enums::AlertStatus;
    use sea_orm::ActiveEnum;
    use sea_orm::sea_query::{PostgresQueryBuilder, Query};

    use super::live_alerts;

    #[test]
    fn live_alerts_are_spelled_as_they_are() {
        let spelled = Query::select().expr(live_alerts()).to_string(PostgresQueryBuilder);
        let live = AlertStatus::LIVE.map(|status| format!("'{}'", status.to_value())).join(", ");
        assert_eq!(spelled, format!(r#"SELECT "workflow_alerts"."status" IN ({live})"#));
        assert_eq!(live, "'ACTIVE', 'ACKNOWLEDGED'", "as the migration has it of the index");
    }
}
