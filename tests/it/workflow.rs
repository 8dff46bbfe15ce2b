//! The workflow through the API: from the first item to the last, two people at once, and everything taken back.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::client::{COMPLETE, Client};
use crate::harness::database::Backend;
use crate::harness::office::{Office, Project, text};
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("workflow::all_83_items_to_the_end", all_items_to_the_end);
    suite.on_each_database("workflow::completing_twice_says_so", completing_twice_says_so);
    suite.on_each_database("workflow::items_may_be_completed_out_of_order", out_of_order);
    suite.on_each_database("workflow::reopening_restores", reopening_restores);
    suite.on_each_database("workflow::override_and_revert", override_and_revert);
    suite.on_each_database("workflow::hold_archive_cancel", hold_archive_cancel);
    suite.on_each_database("workflow::the_same_item_64_times_at_once", same_item_at_once);
    suite.on_each_database("workflow::64_items_at_once", different_items_at_once);
    suite.on_each_database("workflow::a_double_tap_creates_once", double_tap);
    suite.on_each_database("workflow::sections_are_chosen", sections_are_chosen);
    suite.on_each_database("workflow::bad_input_is_told_whole", bad_input);
    suite.on_each_database("workflow::completing_costs_a_bounded_number_of_statements", statements);
}

const STATE: &str = "query($id: ID!) { project(id: $id) {
    progress status phase
    workflow { status overallProgress workflowStartDate workflowEndDate currentStepIndex
        steps { isCompleted subtasks { subTaskId isCompleted state } } }
    tracker { currentPhase { phaseType } currentSection { id } currentLineItem { id }
        completedItems { lineItem { id } reopenedAt } }
    alerts(first: 200) { nodes { id status lineItem { id } closedReason } totalCount }
    messages(first: 200) { nodes { messageType subject isSystemGenerated authorName author { id } } } } }";

async fn state(client: &Client, project: &Project) -> Value {
    client.ok(STATE, json!({ "id": project.id })).await["project"].clone()
}

/// What must hold of a project at any moment.
fn consistent(state: &Value) {
    let steps = state["workflow"]["steps"].as_array().unwrap();
    let items: Vec<&Value> = steps.iter().flat_map(|step| step["subtasks"].as_array().unwrap()).collect();
    let count = |wanted: &str| items.iter().filter(|item| item["state"] == wanted).count();
    let (open, done) = (count("OPEN"), count("COMPLETED"));
    let exact = if open == 0 { 100 } else { ((200 * done + done + open) / (2 * (done + open))).min(99) };
    assert_eq!(state["progress"], exact);
    assert_eq!(state["workflow"]["overallProgress"], exact);
    let current =
        items.iter().find(|item| item["state"] == "OPEN").map_or(Value::Null, |item| item["subTaskId"].clone());
    let tracked = state["tracker"]["currentLineItem"].get("id").cloned().unwrap_or(Value::Null);
    assert_eq!(tracked, current, "the tracker stands on the first open item");
    let alerts = state["alerts"]["nodes"].as_array().unwrap();
    let live: Vec<&Value> =
        alerts.iter().filter(|alert| alert["status"] == "ACTIVE" || alert["status"] == "ACKNOWLEDGED").collect();
    assert!(live.len() <= 1, "{live:?}");
    if let Some(alert) = live.first() {
        assert_eq!(alert["lineItem"]["id"], current, "the live alert is the current item's");
    }
    let trail = state["tracker"]["completedItems"].as_array().unwrap();
    assert_eq!(
        trail.iter().filter(|item| item["reopenedAt"].is_null()).count(),
        done,
        "one standing completion an item"
    );
}

async fn all_items_to_the_end(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let pm = office.client("pm").await;
    assert_eq!(project.items.len(), 83);
    for (at, item) in project.items.iter().enumerate() {
        let answer = pm.complete(&project.id, item).await;
        assert_eq!(answer["alreadyCompleted"], false);
        assert_eq!(answer["completedItem"]["lineItem"]["id"], item.as_str());
        match project.items.get(at + 1) {
            Some(next) => assert_eq!(answer["nextAlert"]["lineItem"]["id"], next.as_str()),
            None => assert!(answer["nextAlert"].is_null()),
        }
    }
    let state = state(&pm, &project).await;
    consistent(&state);
    assert_eq!((&state["progress"], &state["status"]), (&json!(100), &json!("COMPLETED")));
    assert_eq!(state["workflow"]["status"], "COMPLETED");
    assert!(!state["workflow"]["workflowEndDate"].is_null());
    assert_eq!(state["phase"], "COMPLETION");
    assert_eq!(state["alerts"]["totalCount"], 83);
    let messages = state["messages"]["nodes"].as_array().unwrap();
    let kinds = |kind: &str| messages.iter().filter(|message| message["messageType"] == kind).count();
    assert_eq!(kinds("PHASE_COMPLETION"), 6);
    assert_eq!(kinds("STEP_COMPLETION"), 28);
    assert_eq!(kinds("PROJECT_MILESTONE"), 1);
    assert!(
        messages
            .iter()
            .all(|m| m["isSystemGenerated"] == true && m["authorName"] == "Ridgeline" && m["author"].is_null())
    );
}

async fn completing_twice_says_so(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let pm = office.client("pm").await;
    let first = pm.complete(&project.id, &project.items[0]).await;
    let again = pm.complete(&project.id, &project.items[0]).await;
    assert_eq!(again["alreadyCompleted"], true);
    assert_eq!(again["completedItem"]["id"], first["completedItem"]["id"]);
    assert_eq!(again["nextAlert"]["id"], first["nextAlert"]["id"]);
    consistent(&state(&pm, &project).await);
}

async fn out_of_order(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let pm = office.client("pm").await;
    let before = state(&pm, &project).await;
    let answer = pm.complete(&project.id, &project.items[40]).await;
    assert_eq!(answer["nextAlert"]["lineItem"]["id"], project.items[0].as_str());
    let after = state(&pm, &project).await;
    consistent(&after);
    assert_eq!(after["alerts"]["totalCount"], before["alerts"]["totalCount"], "the current item keeps its alert");
    assert_eq!(after["status"], "IN_PROGRESS");
}

async fn reopening_restores(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let pm = office.client("pm").await;
    pm.complete(&project.id, &project.items[0]).await;
    let before = state(&pm, &project).await;
    pm.complete(&project.id, &project.items[1]).await;
    let reopen = "mutation($input: ReopenLineItemInput!) { reopenLineItem(input: $input) { project { id } } }";
    let input = json!({ "projectId": project.id, "lineItemId": project.items[1], "reason": "the wrong house" });
    pm.ok(reopen, json!({ "input": input })).await;
    let after = state(&pm, &project).await;
    consistent(&after);
    for key in ["progress", "status", "phase"] {
        assert_eq!(before[key], after[key]);
    }
    assert_eq!(before["tracker"]["currentLineItem"], after["tracker"]["currentLineItem"]);
    assert_eq!(after["tracker"]["completedItems"].as_array().unwrap().len(), 2, "nothing leaves the trail");
    assert_eq!(pm.code(reopen, json!({ "input": input })).await, "CONFLICT");
    // And completed once more, it has a second completion.
    pm.complete(&project.id, &project.items[1]).await;
    let state = state(&pm, &project).await;
    consistent(&state);
    assert_eq!(state["tracker"]["completedItems"].as_array().unwrap().len(), 3);
}

const OVERRIDE: &str = "mutation($input: OverridePhaseInput!) { overridePhase(input: $input) {
    project { id phase } override { id fromPhase toPhase isActive suppressAlertsFor } } }";
const REVERT: &str =
    "mutation($id: ID!) { revertOverride(input: { projectId: $id }) { project { phase } override { isActive } } }";

async fn override_and_revert(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let pm = office.client("pm").await;
    pm.complete(&project.id, &project.items[0]).await;
    let before = state(&pm, &project).await;
    let to = |phase: &str| json!({ "input": { "projectId": project.id, "toPhase": phase, "reason": "roof is on" } });
    let moved = pm.ok(OVERRIDE, to("EXECUTION")).await;
    assert_eq!(moved["overridePhase"]["project"]["phase"], "EXECUTION");
    assert_eq!(moved["overridePhase"]["override"]["suppressAlertsFor"], json!(["PROSPECT", "APPROVED"]));
    let state_now = state(&pm, &project).await;
    consistent(&state_now);
    assert_eq!(pm.code(OVERRIDE, to("EXECUTION")).await, "CONFLICT");
    // Backward into the middle, then both taken back, one after the other.
    pm.ok(OVERRIDE, to("PROSPECT")).await;
    consistent(&state(&pm, &project).await);
    pm.ok(REVERT, json!({ "id": project.id })).await;
    assert_eq!(state(&pm, &project).await["phase"], "EXECUTION");
    pm.ok(REVERT, json!({ "id": project.id })).await;
    let after = state(&pm, &project).await;
    consistent(&after);
    for key in ["progress", "status", "phase", "tracker"] {
        assert_eq!(before[key], after[key], "{key}");
    }
    assert_eq!(pm.code(REVERT, json!({ "id": project.id })).await, "CONFLICT");
    let worker = office.client("stranger").await;
    assert_eq!(worker.code(OVERRIDE, to("APPROVED")).await, "NOT_FOUND");
}

async fn hold_archive_cancel(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let pm = office.client("pm").await;
    let run = |mutation: &'static str| {
        let (pm, id) = (pm.clone(), project.id.clone());
        async move {
            let document = format!(
                "mutation($id: ID!) {{ {mutation}(input: {{ projectId: $id }}) {{ project {{ status archived workflow {{ status }} }} }} }}"
            );
            pm.ok(&document, json!({ "id": id })).await[mutation]["project"].clone()
        }
    };
    for (stop, go, reason) in [
        ("holdProject", "resumeProject", "ON_HOLD"),
        ("archiveProject", "unarchiveProject", "ARCHIVED"),
        ("cancelWorkflow", "resumeWorkflow", "CANCELLED"),
    ] {
        // Alerts raised in the same millisecond have no order worth testing.
        office.app.clock.advance(chrono::Duration::seconds(1));
        let stopped = run(stop).await;
        assert_eq!(run(stop).await, stopped, "{stop} twice changes nothing");
        let now = state(&pm, &project).await;
        consistent(&now);
        let alerts = now["alerts"]["nodes"].as_array().unwrap().clone();
        assert!(alerts.iter().all(|alert| alert["status"] == "DISMISSED"), "{stop} leaves no live alert");
        assert_eq!(alerts[0]["closedReason"], reason);
        run(go).await;
        let now = state(&pm, &project).await;
        let live =
            now["alerts"]["nodes"].as_array().unwrap().iter().filter(|alert| alert["status"] == "ACTIVE").count();
        assert_eq!(live, 1, "{go} raises the alert anew");
        consistent(&now);
    }
}

async fn same_item_at_once(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let clients = [office.client("pm").await, office.client("admin").await];
    let all = (0..64).map(|n| clients[n % 2].complete(&project.id, &project.items[0]));
    let answers = join_all(all).await;
    assert_eq!(answers.iter().filter(|answer| answer["alreadyCompleted"] == false).count(), 1);
    let ids: std::collections::HashSet<String> =
        answers.iter().map(|answer| text(&answer["completedItem"]["id"])).collect();
    assert_eq!(ids.len(), 1);
    consistent(&state(&clients[0], &project).await);
}

async fn different_items_at_once(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let (second, address) = office.second().await;
    let pm = office.client("pm").await;
    let clients = [pm.clone(), pm.at(&second, address)];
    let all = (0..64).map(|n| clients[n % 2].complete(&project.id, &project.items[n]));
    let answers = join_all(all).await;
    assert!(answers.iter().all(|answer| answer["alreadyCompleted"] == false));
    let state = state(&pm, &project).await;
    consistent(&state);
    assert_eq!(state["tracker"]["completedItems"].as_array().unwrap().len(), 64);
}

async fn double_tap(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    let customer = admin.create_customer("tap@example.com").await;
    let document =
        "mutation($input: CreateProjectInput!) { createProject(input: $input) { project { id projectNumber } } }";
    let input = |name: &str| {
        json!({ "input": { "customerId": customer, "projectName": name, "projectType": "OTHER", "budget": "1.00",
            "startDate": "2026-03-01T00:00:00Z", "endDate": "2026-03-02T00:00:00Z", "idempotencyKey": "tap-1" } })
    };
    let answers = join_all((0..16).map(|_| admin.ok(document, input("Tap")))).await;
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
    assert_eq!(admin.code(document, input("Another")).await, "CONFLICT");
    let count = admin.ok("{ projects { totalCount } }", json!({})).await;
    assert_eq!(count["projects"]["totalCount"], 1);
}

async fn sections_are_chosen(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    let template =
        admin.ok("{ workflowPhases { phaseType sections { id isActive lineItems { id } } } }", json!({})).await;
    let sections: Vec<&Value> =
        template["workflowPhases"].as_array().unwrap().iter().flat_map(|p| p["sections"].as_array().unwrap()).collect();
    let inactive: Vec<String> = sections.iter().filter(|s| s["isActive"] == false).map(|s| text(&s["id"])).collect();
    assert_eq!((sections.len(), inactive.len()), (30, 2));
    let project = office.project_with(json!({ "sectionIds": inactive })).await;
    assert_eq!(project.items.len(), 8);
    let customer = project.customer.clone();
    let document = "mutation($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }";
    for ids in [json!([]), json!(["nowhere"])] {
        let input = json!({ "customerId": customer, "projectName": "x", "projectType": "OTHER", "budget": "1.00",
            "startDate": "2026-03-01T00:00:00Z", "endDate": "2026-03-02T00:00:00Z", "sectionIds": ids });
        assert_eq!(admin.code(document, json!({ "input": input })).await, "BAD_USER_INPUT");
    }
}

async fn bad_input(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    let customer = admin.create_customer("bad@example.com").await;
    let document = "mutation($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }";
    let input = json!({ "customerId": customer, "projectName": "  ", "projectType": "OTHER", "budget": "-1",
        "estimatedCost": "0", "startDate": "2026-03-02T00:00:00Z", "endDate": "2026-03-02T00:00:00Z", "sectionIds": [] });
    let error = admin.error(document, json!({ "input": input })).await;
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
    let fields: Vec<String> =
        error["extensions"]["fields"].as_array().unwrap().iter().map(|f| text(&f["path"])).collect();
    for field in ["projectName", "budget", "estimatedCost", "endDate", "sectionIds"] {
        assert!(fields.contains(&format!("input.{field}")), "{field} is missing in {fields:?}");
    }
    assert_eq!(admin.ok("{ projects { totalCount } }", json!({})).await["projects"]["totalCount"], 0);
    let nowhere = json!({ "input": { "projectId": "nowhere", "lineItemId": "nothing" } });
    assert_eq!(admin.code(COMPLETE, nowhere).await, "NOT_FOUND");
}

async fn statements(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let pm = office.client("pm").await;
    pm.complete(&project.id, &project.items[0]).await;
    let mut counts = Vec::new();
    for item in &project.items[1..] {
        let before = office.app.db.statements();
        pm.ok(
            "mutation($input: CompleteLineItemInput!) { completeLineItem(input: $input) { alreadyCompleted } }",
            json!({ "input": { "projectId": project.id, "lineItemId": item } }),
        )
        .await;
        counts.push(office.app.db.statements() - before);
    }
    let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
    // The project; its rows; the people; whose sight is limited; all that is written, and what of it cannot go together.
    let at_most = if backend == Backend::Postgres { 7 } else { 9 };
    assert!(*most <= at_most, "completing an item took {least} to {most} statements");
}
