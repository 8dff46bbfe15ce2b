//! What is measured: what clients ask for most, beside one hand-written statement that answers the same JSON.

/// A query as a client sends it, and the statement that answers it.
pub struct Case {
    pub name: &'static str,
    pub document: &'static str,
    /// The same answer in one statement, without anybody asking who may see it.
    pub sql: &'static str,
    /// Asks for one project by `$id`, each time another.
    pub by_id: bool,
}

pub const CASES: [Case; 4] = [
    Case { name: "50 projects with customer and manager", document: PROJECTS, sql: PROJECTS_SQL, by_id: false },
    Case { name: "100 alerts with project, customer, assignee", document: ALERTS, sql: ALERTS_SQL, by_id: false },
    Case { name: "one project deep", document: DEEP, sql: DEEP_SQL, by_id: true },
    Case { name: "one project by id", document: ONE, sql: ONE_SQL, by_id: true },
];

const PROJECTS: &str = "{ projects(first: 50) { nodes {
    id projectNumber projectName projectType status phase priority progress startDate endDate
    customer { id primaryName primaryPhone address } projectManager { id firstName lastName } } } }";

const PROJECTS_SQL: &str = r#"
    SELECT json_build_object('data', json_build_object('projects', json_build_object('nodes', json_agg(
        json_build_object('id', p."id", 'projectNumber', p."projectNumber", 'projectName', p."projectName",
            'projectType', p."projectType", 'status', p."status", 'phase', p."phase", 'priority', p."priority",
            'progress', p."progress", 'startDate', instant(p."startDate"), 'endDate', instant(p."endDate"),
            'customer', (SELECT json_build_object('id', c."id", 'primaryName', c."primaryName",
                'primaryPhone', c."primaryPhone", 'address', c."address")
                FROM "customers" c WHERE c."id" = p."customerId"),
            'projectManager', (SELECT json_build_object('id', m."id", 'firstName', m."firstName",
                'lastName', m."lastName") FROM "users" m WHERE m."id" = p."projectManagerId"))))))::text
    FROM (SELECT * FROM "projects" WHERE NOT "archived" ORDER BY "createdAt" DESC, "id" DESC LIMIT 50) p"#;

const ALERTS: &str = "{ alerts(first: 100) { nodes {
    id type priority status title message stepName isRead dueDate createdAt responsibleRole
    project { id projectNumber projectName phase customer { id primaryName address } }
    assignedTo { id firstName lastName } } } }";

const ALERTS_SQL: &str = r#"
    SELECT json_build_object('data', json_build_object('alerts', json_build_object('nodes', json_agg(
        json_build_object('id', a."id", 'type', a."type", 'priority', a."priority", 'status', a."status",
            'title', a."title", 'message', a."message", 'stepName', a."stepName", 'isRead', a."isRead",
            'dueDate', instant(a."dueDate"), 'createdAt', instant(a."createdAt"),
            'responsibleRole', a."responsibleRole",
            'project', (SELECT json_build_object('id', p."id", 'projectNumber', p."projectNumber",
                'projectName', p."projectName", 'phase', p."phase",
                'customer', json_build_object('id', c."id", 'primaryName', c."primaryName", 'address', c."address"))
                FROM "projects" p JOIN "customers" c ON c."id" = p."customerId" WHERE p."id" = a."projectId"),
            'assignedTo', (SELECT json_build_object('id', u."id", 'firstName', u."firstName",
                'lastName', u."lastName") FROM "users" u WHERE u."id" = a."assignedToId"))))))::text
    FROM (SELECT * FROM "workflow_alerts" ORDER BY "createdAt" DESC, "id" DESC LIMIT 100) a"#;

const DEEP: &str = "query ($id: ID!) { project(id: $id) {
    id projectNumber projectName status phase progress
    customer { id primaryName address }
    teamMembers { id role user { id firstName lastName } }
    tracker { id currentPhase { id phaseName } currentSection { id sectionName } currentLineItem { id itemName } }
    messages(first: 20) { nodes { id subject content createdAt author { id firstName lastName } } }
    alerts(first: 50, filter: { status: [ACTIVE] }) { nodes { id title priority dueDate } } } }";

const DEEP_SQL: &str = r#"
    SELECT json_build_object('data', json_build_object('project', json_build_object(
        'id', p."id", 'projectNumber', p."projectNumber", 'projectName', p."projectName", 'status', p."status",
        'phase', p."phase", 'progress', p."progress",
        'customer', json_build_object('id', c."id", 'primaryName', c."primaryName", 'address', c."address"),
        'teamMembers', COALESCE((SELECT json_agg(json_build_object('id', t."id", 'role', t."role",
                'user', json_build_object('id', u."id", 'firstName', u."firstName", 'lastName', u."lastName"))
                ORDER BY t."createdAt", t."id")
            FROM "project_team_members" t JOIN "users" u ON u."id" = t."userId" WHERE t."projectId" = p."id"), '[]'),
        'tracker', (SELECT json_build_object('id', k."id",
                'currentPhase', CASE WHEN f."id" IS NOT NULL THEN
                    json_build_object('id', f."id", 'phaseName', f."phaseName") END,
                'currentSection', CASE WHEN s."id" IS NOT NULL THEN
                    json_build_object('id', s."id", 'sectionName', s."sectionName") END,
                'currentLineItem', CASE WHEN l."id" IS NOT NULL THEN
                    json_build_object('id', l."id", 'itemName', l."itemName") END)
            FROM "project_workflow_trackers" k
            LEFT JOIN "workflow_phases" f ON f."id" = k."currentPhaseId"
            LEFT JOIN "workflow_sections" s ON s."id" = k."currentSectionId"
            LEFT JOIN "workflow_line_items" l ON l."id" = k."currentLineItemId"
            WHERE k."projectId" = p."id"),
        'messages', json_build_object('nodes', COALESCE((SELECT json_agg(json_build_object(
                'id', m."id", 'subject', m."subject", 'content', m."content", 'createdAt', instant(m."createdAt"),
                'author', CASE WHEN u."id" IS NOT NULL THEN
                    json_build_object('id', u."id", 'firstName', u."firstName", 'lastName', u."lastName") END)
                ORDER BY m."createdAt" DESC, m."id" DESC)
            FROM (SELECT * FROM "project_messages" WHERE "projectId" = p."id"
                ORDER BY "createdAt" DESC, "id" DESC LIMIT 20) m
            LEFT JOIN "users" u ON u."id" = m."authorId"), '[]')),
        'alerts', json_build_object('nodes', COALESCE((SELECT json_agg(json_build_object(
                'id', a."id", 'title', a."title", 'priority', a."priority", 'dueDate', instant(a."dueDate"))
                ORDER BY a."createdAt" DESC, a."id" DESC)
            FROM (SELECT * FROM "workflow_alerts" WHERE "projectId" = p."id" AND "status" = 'ACTIVE'
                ORDER BY "createdAt" DESC, "id" DESC LIMIT 50) a), '[]')))))::text
    FROM "projects" p JOIN "customers" c ON c."id" = p."customerId" WHERE p."id" = $1"#;

const ONE: &str = "query ($id: ID!) { project(id: $id) {
    id projectNumber projectName projectType status phase priority progress startDate endDate createdAt updatedAt } }";

const ONE_SQL: &str = r#"
    SELECT json_build_object('data', json_build_object('project', json_build_object('id', p."id",
        'projectNumber', p."projectNumber", 'projectName', p."projectName", 'projectType', p."projectType",
        'status', p."status", 'phase', p."phase", 'priority', p."priority", 'progress', p."progress",
        'startDate', instant(p."startDate"), 'endDate', instant(p."endDate"),
        'createdAt', instant(p."createdAt"), 'updatedAt', instant(p."updatedAt"))))::text
    FROM "projects" p WHERE p."id" = $1"#;

/// `instant(column)` in the statements above, as GraphQL writes it.
pub fn spelled_out(sql: &str) -> String {
    let mut parts = sql.split("instant(");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (column, rest) = part.split_once(')').unwrap_or((part, ""));
        text + &format!(r#"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'){rest}"#)
    })
}
