-- The rows of a completion, written by hand: what the database does with them when nobody reads the plan, decides
-- anything, checks a right or answers a client. Run by pgbench on a copy.
\set n random(10001, 14999)
BEGIN;
SELECT p."id" AS p, w."id" AS w, t."id" AS t FROM "projects" p JOIN "project_workflows" w ON w."projectId" = p."id" JOIN "project_workflow_trackers" t ON t."projectId" = p."id" WHERE p."projectNumber" = :n FOR NO KEY UPDATE OF p \gset
SELECT s."id" AS s, s."stepId" AS section, i."id" AS i, i."lineItemId" AS l, f."id" AS f, u."id" AS u FROM "workflow_steps" s JOIN "workflow_subtasks" i ON i."stepId" = s."id" JOIN "workflow_phases" f ON f."phaseType" = s."phase" JOIN "users" u ON u."email" = 'pm@ridgeline.test' WHERE s."workflowId" = :w ORDER BY i."isCompleted", s."stepOrder", i."displayOrder" LIMIT 1 \gset
SELECT 'cz' || lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000000)::bigint), 14, '0') || substr(md5(random()::text), 1, 8) AS id \gset
WITH a AS (INSERT INTO "completed_workflow_items" ("id", "trackerId", "phaseId", "sectionId", "lineItemId", "completedById", "reopenedAt") VALUES (:id, :t, :f, :section, :l, :u, now())),
b AS (UPDATE "workflow_subtasks" SET "isCompleted" = true, "completedAt" = now(), "completedById" = :u, "updatedAt" = now() WHERE "id" = :i),
c AS (UPDATE "workflow_steps" SET "actualStartDate" = COALESCE("actualStartDate", "actualEndDate", now()), "updatedAt" = now() WHERE "id" = :s),
d AS (UPDATE "project_workflow_trackers" SET "currentLineItemId" = :l, "lastCompletedItemId" = :l, "lineItemStartedAt" = now(), "updatedAt" = now() WHERE "id" = :t),
e AS (UPDATE "project_workflows" SET "overallProgress" = 50, "estimatedCompletionDate" = now(), "updatedAt" = now() WHERE "id" = :w),
f AS (UPDATE "projects" SET "progress" = 50, "updatedAt" = now() WHERE "id" = :p),
g AS (UPDATE "workflow_alerts" SET "status" = 'COMPLETED', "completedAt" = now(), "updatedAt" = now() WHERE "projectId" = :p AND "status" IN ('ACTIVE', 'ACKNOWLEDGED'))
INSERT INTO "notifications" ("id", "title", "message", "type", "recipientId", "actionUrl", "actionData") VALUES (:id, 'Complete inspection form', 'Complete inspection form is now ready to be completed', 'WORKFLOW_ALERT', :u, '/projects/workflow', '{}');
WITH a AS (INSERT INTO "workflow_alerts" ("id", "title", "message", "stepName", "dueDate", "projectId", "workflowId", "stepId", "assignedToId", "lineItemId", "metadata") VALUES (:id, 'Complete inspection form', 'Complete inspection form is now ready to be completed', 'Complete inspection form', now(), :p, :w, :s, :u, :l, '{"item": "Complete inspection form"}')),
b AS (INSERT INTO "jobs" ("id", "kind", "payload", "runAt", "dedupeKey") VALUES (:id, 'alert-due', '{}', now(), :id))
INSERT INTO "changes" ("kind", "entity", "entityId", "projectId", "gained", "lost", "before", "after") VALUES ('UPDATED', 'projects', :p, :p, '[]', '[]', NULL, '{}'), ('UPDATED', 'workflow_alerts', :id, :p, '[]', '[]', '{"status": "ACTIVE"}', '{"status": "COMPLETED"}'), ('CREATED', 'workflow_alerts', :id, :p, '[]', '[]', NULL, '{"status": "ACTIVE"}'), ('CREATED', 'notifications', :id, NULL, '[]', '[]', NULL, '{}');
COMMIT;
