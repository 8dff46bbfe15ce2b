//! What each CHECK over a row refuses and what it still takes, at its very edges; and the conditions of partial unique
//! indexes. A new one without a case fails a test.

pub struct Case {
    pub check: &'static str,
    /// The field of an input that a refusal should point at; none for what no input sets.
    pub field: &'static str,
    pub refuses: &'static [&'static str],
    pub takes: &'static [&'static str],
}

const fn case(
    check: &'static str,
    field: &'static str,
    refuses: &'static [&'static str],
    takes: &'static [&'static str],
) -> Case {
    Case { check, field, refuses, takes }
}

pub const CHECKS: &[Case] = &[
    case(
        "projects_progress_range_check",
        "progress",
        &[r#""progress" = -1"#, r#""progress" = 101"#],
        &[r#""progress" = 0"#, r#""progress" = 100"#],
    ),
    case(
        "projects_budget_positive_check",
        "budget",
        &[r#""budget" = 0"#, r#""budget" = -0.01"#],
        &[r#""budget" = 0.01"#, r#""budget" = 9999999999.99"#],
    ),
    case(
        "projects_estimatedCost_positive_check",
        "estimatedCost",
        &[r#""estimatedCost" = 0"#, r#""estimatedCost" = -0.01"#],
        &[r#""estimatedCost" = 0.01"#, r#""estimatedCost" = NULL"#],
    ),
    case(
        "projects_actualCost_positive_check",
        "actualCost",
        &[r#""actualCost" = 0"#, r#""actualCost" = -0.01"#],
        &[r#""actualCost" = 0.01"#, r#""actualCost" = NULL"#],
    ),
    case(
        "projects_endDate_after_start_check",
        "endDate",
        &[
            r#""startDate" = '2026-03-02T00:00:00+00:00', "endDate" = '2026-03-02T00:00:00+00:00'"#,
            r#""startDate" = '2026-03-02T00:00:00.001+00:00', "endDate" = '2026-03-02T00:00:00+00:00'"#,
        ],
        &[r#""startDate" = '2026-03-02T00:00:00+00:00', "endDate" = '2026-03-02T00:00:00.001+00:00'"#],
    ),
    case(
        "project_workflows_overallProgress_range_check",
        "overallProgress",
        &[r#""overallProgress" = -1"#, r#""overallProgress" = 101"#],
        &[r#""overallProgress" = 0"#, r#""overallProgress" = 100"#],
    ),
    case(
        "project_workflows_workflowEndDate_after_start_check",
        "workflowEndDate",
        &[r#""workflowStartDate" = '2026-03-02T00:00:01+00:00', "workflowEndDate" = '2026-03-02T00:00:00+00:00'"#],
        &[
            r#""workflowStartDate" = '2026-03-02T00:00:00+00:00', "workflowEndDate" = '2026-03-02T00:00:00+00:00'"#,
            r#""workflowEndDate" = NULL"#,
        ],
    ),
    case(
        "workflow_steps_scheduledEndDate_after_start_check",
        "scheduledEndDate",
        &[
            r#""scheduledStartDate" = '2026-03-02T00:00:00+00:00', "scheduledEndDate" = '2026-03-02T00:00:00+00:00'"#,
            r#""scheduledStartDate" = '2026-03-03T00:00:00+00:00', "scheduledEndDate" = '2026-03-02T00:00:00+00:00'"#,
        ],
        &[
            r#""scheduledStartDate" = '2026-03-02T00:00:00+00:00', "scheduledEndDate" = '2026-03-02T00:00:00.001+00:00'"#,
        ],
    ),
    case(
        "workflow_steps_actualEndDate_after_start_check",
        "actualEndDate",
        &[r#""actualStartDate" = '2026-03-02T00:00:00.001+00:00', "actualEndDate" = '2026-03-02T00:00:00+00:00'"#],
        &[r#""actualStartDate" = '2026-03-02T00:00:00+00:00', "actualEndDate" = '2026-03-02T00:00:00+00:00'"#],
    ),
    case(
        "workflow_alerts_closedReason_known_check",
        "closedReason",
        &[r#""closedReason" = 'BORED'"#, r#""closedReason" = ''"#],
        &[
            r#""closedReason" = 'REOPENED'"#,
            r#""closedReason" = 'OVERRIDDEN'"#,
            r#""closedReason" = 'ON_HOLD'"#,
            r#""closedReason" = 'ARCHIVED'"#,
            r#""closedReason" = 'CANCELLED'"#,
            r#""closedReason" = 'ALERTS_OFF'"#,
            r#""closedReason" = 'TEMPLATE_CHANGED'"#,
            r#""closedReason" = NULL"#,
        ],
    ),
    case(
        "documents_fileSize_positive_check",
        "fileSize",
        &[r#""fileSize" = 0"#, r#""fileSize" = -1"#],
        &[r#""fileSize" = 1"#],
    ),
    case(
        "calendar_events_endTime_after_start_check",
        "endTime",
        &[
            r#""isAllDay" = false, "startTime" = '2026-03-02T00:00:00+00:00', "endTime" = '2026-03-02T00:00:00+00:00'"#,
            r#""isAllDay" = true, "startTime" = '2026-03-03T00:00:00+00:00', "endTime" = '2026-03-02T00:00:00+00:00'"#,
        ],
        &[
            r#""isAllDay" = false, "startTime" = '2026-03-02T00:00:00+00:00', "endTime" = '2026-03-02T00:00:00.001+00:00'"#,
            r#""isAllDay" = true, "startTime" = '2026-03-02T00:00:00+00:00', "endTime" = '2026-03-02T00:00:00+00:00'"#,
        ],
    ),
    case(
        "security_events_riskScore_range_check",
        "riskScore",
        &[r#""riskScore" = -1"#, r#""riskScore" = 101"#],
        &[r#""riskScore" = 0"#, r#""riskScore" = 100"#, r#""riskScore" = NULL"#],
    ),
    case(
        "user_behavior_patterns_riskBaseline_range_check",
        "riskBaseline",
        &[r#""riskBaseline" = -0.01"#, r#""riskBaseline" = 100.01"#],
        &[r#""riskBaseline" = 0"#, r#""riskBaseline" = 100"#],
    ),
    case(
        "changes_kind_known_check",
        "kind",
        &[r#""kind" = 'MOVED'"#, r#""kind" = 'created'"#],
        &[r#""kind" = 'CREATED'"#, r#""kind" = 'UPDATED'"#, r#""kind" = 'DELETED'"#],
    ),
    case("change_head_id_only_one_check", "", &[r#""id" = 2"#], &[r#""id" = 1"#]),
];

/// A unique index over some rows only: values within its condition, and without.
pub struct Partial {
    pub index: &'static str,
    pub within: &'static [(&'static str, &'static str)],
    pub without: &'static [(&'static str, &'static str)],
}

pub const PARTIAL: &[Partial] = &[
    Partial { index: "contacts_one_primary", within: &[("isPrimary", "true")], without: &[("isPrimary", "false")] },
    Partial {
        index: "completed_workflow_items_one_standing",
        within: &[("reopenedAt", "NULL")],
        without: &[("reopenedAt", "'2026-03-01T00:00:00+00:00'")],
    },
    Partial {
        index: "project_phase_overrides_one_active",
        within: &[("isActive", "true")],
        without: &[("isActive", "false")],
    },
    Partial {
        index: "workflow_alerts_one_live",
        within: &[("status", "'ACTIVE'"), ("status", "'ACKNOWLEDGED'")],
        without: &[("status", "'DISMISSED'"), ("status", "'COMPLETED'")],
    },
];
