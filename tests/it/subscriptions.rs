//! What is followed: events as they happen, everything missed after a cut, and only what the viewer may see.

use serde_json::{Value, json};

use crate::harness::client::Client;
use crate::harness::database::Backend;
use crate::harness::office::{Office, text};
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("subscriptions::a_board_sees_cards_come_and_go", board);
    suite.on_each_database("subscriptions::a_cut_connection_resumes", resume);
    suite.on_each_database("subscriptions::another_instance_tells_too", other_instance);
    suite.on_each_database("subscriptions::a_cursor_that_cannot_be_resumed_ends", expired);
    suite.on_each_database("subscriptions::rights_event_by_event", rights);
    suite.on_each_database("subscriptions::the_due_date_turns_overdue", due_date);
    suite.on_each_database("subscriptions::messages_notifications_projects", the_others);
    suite.on_each_database("subscriptions::a_changed_account_starts_afresh", changed_account);
}

const ALERTS: &str =
    "subscription($filter: AlertFilter, $after: String) { alertChanged(filter: $filter, after: $after) {
    cursor kind id alert { id status lineItem { id } assignedTo { id } project { id progress } } } }";

async fn alerts(client: &Client, filter: Value, after: Option<&str>) -> crate::harness::client::Subscription {
    client.subscribe(ALERTS, json!({ "filter": filter, "after": after })).await
}

async fn board(backend: Backend) {
    let office = Office::open(backend).await;
    let pm = office.client("pm").await;
    let manager = office.client("manager").await;
    let mut board = alerts(&manager, json!({ "status": ["ACTIVE"] }), None).await;
    let project = office.project().await;
    let created = board.next().await;
    assert_eq!((&created["kind"], &created["alert"]["status"]), (&json!("CREATED"), &json!("ACTIVE")));
    pm.complete(&project.id, &project.items[0]).await;
    // The old card leaves (it matched before), the new one arrives.
    let left = board.next().await;
    assert_eq!((&left["id"], &left["alert"]["status"]), (&created["id"], &json!("COMPLETED")));
    let arrived = board.next().await;
    assert_eq!(arrived["kind"], "CREATED");
    assert_eq!(arrived["alert"]["lineItem"]["id"], project.items[1].as_str());
    assert!(board.is_silent().await);
}

async fn resume(backend: Backend) {
    let office = Office::open(backend).await;
    let manager = office.client("manager").await;
    let pm = office.client("pm").await;
    let project = office.project().await;
    let start = manager.cursor().await;
    let mut last = start.clone();
    let mut seen: Vec<(String, String)> = Vec::new();
    for chunk in project.items[..12].chunks(4) {
        let mut stream = alerts(&manager, Value::Null, Some(&last)).await;
        for item in chunk {
            pm.complete(&project.id, item).await;
        }
        // Half of them are taken, then the line is cut.
        for _ in 0..4 {
            let event = stream.next().await;
            last = text(&event["cursor"]);
            seen.push((last.clone(), text(&event["id"])));
        }
    }
    let mut stream = alerts(&manager, Value::Null, Some(&last)).await;
    while seen.len() < 24 {
        let event = stream.next().await;
        seen.push((text(&event["cursor"]), text(&event["id"])));
    }
    assert!(stream.is_silent().await);
    let cursors: std::collections::HashSet<&String> = seen.iter().map(|(cursor, _)| cursor).collect();
    assert_eq!(cursors.len(), 24, "12 alerts closed and 12 raised, each once");
    // All over again from the start, the same in the same order.
    let mut again = alerts(&manager, Value::Null, Some(&start)).await;
    for (cursor, id) in &seen {
        let event = again.next().await;
        assert_eq!((&text(&event["cursor"]), &text(&event["id"])), (cursor, id));
    }
}

async fn other_instance(backend: Backend) {
    let office = Office::open(backend).await;
    let (app, address) = office.second().await;
    let manager = office.client("manager").await.at(&app, address);
    let mut board = alerts(&manager, Value::Null, None).await;
    let project = office.project().await;
    assert_eq!(board.next().await["alert"]["project"]["id"], project.id.as_str());
}

async fn expired(backend: Backend) {
    let office = Office::open(backend).await;
    let manager = office.client("manager").await;
    let epoch = manager.cursor().await.split('.').next().unwrap().to_owned();
    for bad in ["nonsense", "other.1", &format!("{epoch}.999999"), &format!("{epoch}.-1"), ""] {
        let mut stream = alerts(&manager, Value::Null, Some(bad)).await;
        let message = stream.socket.next().await;
        assert_eq!(message["type"], "error", "{bad}: {message}");
        assert_eq!(message["payload"][0]["extensions"]["code"], "CURSOR_EXPIRED");
    }
}

async fn rights(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let pm = office.client("pm").await;
    let admin = office.client("admin").await;
    let stranger = office.client("stranger").await;
    let client = office.client("client").await;
    let mut strangers = alerts(&stranger, Value::Null, None).await;
    let mut clients = alerts(&client, Value::Null, None).await;
    pm.complete(&project.id, &project.items[0]).await;
    assert!(strangers.is_silent().await);
    // Put on the team, the live alert arrives; taken off, it leaves without its content.
    let add = "mutation($input: AddTeamMemberInput!) { addTeamMember(input: $input) { teamMember { id } } }";
    let input = json!({ "projectId": project.id, "userId": office.id("stranger").0 });
    let member = text(&admin.ok(add, json!({ "input": input })).await["addTeamMember"]["teamMember"]["id"]);
    let arrived = strangers.next().await;
    assert_eq!((&arrived["kind"], &arrived["alert"]["lineItem"]["id"]), (&json!("CREATED"), &json!(project.items[1])));
    pm.complete(&project.id, &project.items[1]).await;
    assert_eq!(strangers.next().await["kind"], "UPDATED");
    assert_eq!(strangers.next().await["kind"], "CREATED");
    let remove = "mutation($input: RemoveTeamMemberInput!) { removeTeamMember(input: $input) { project { id } } }";
    admin.ok(remove, json!({ "input": { "teamMemberId": member } })).await;
    let left = strangers.next().await;
    assert_eq!((&left["kind"], &left["alert"]), (&json!("DELETED"), &Value::Null));
    pm.complete(&project.id, &project.items[2]).await;
    assert!(strangers.is_silent().await);
    assert!(clients.is_silent().await);
}

async fn due_date(backend: Backend) {
    // Tokens that outlive the day that passes here.
    let office = Office::with(backend, &["--access-token-ttl", "30d"]).await;
    let manager = office.client("manager").await;
    let project = office.project().await;
    let mut board = alerts(&manager, json!({ "overdue": true }), None).await;
    office.pass(chrono::Duration::hours(23)).await;
    assert!(board.is_silent().await);
    office.pass(chrono::Duration::hours(2)).await;
    let event = board.next().await;
    assert_eq!((&event["kind"], &event["alert"]["project"]["id"]), (&json!("UPDATED"), &json!(project.id)));
    office.pass(chrono::Duration::hours(2)).await;
    assert!(board.is_silent().await, "told once");
    let list = manager.ok("{ alerts(filter: { overdue: true }) { nodes { overdue } totalCount } }", json!({})).await;
    assert_eq!(list["alerts"]["totalCount"], 1);
}

async fn the_others(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let pm = office.client("pm").await;
    let of = |field: &str| format!("subscription {{ {field} }}");
    let mut projects = pm.subscribe(&of("projectChanged { cursor kind id project { progress } }"), json!({})).await;
    let mut messages =
        pm.subscribe(&of("projectMessageChanged { cursor kind id message { subject } }"), json!({})).await;
    let mut mine =
        pm.subscribe(&of("notificationChanged { cursor kind id notification { title type } }"), json!({})).await;
    pm.complete(&project.id, &project.items[0]).await;
    assert_eq!(projects.next().await["project"]["progress"], 1);
    pm.complete(&project.id, &project.items[1]).await;
    assert!(text(&messages.next().await["message"]["subject"]).starts_with("Section completed"));
    assert_eq!(mine.next().await["notification"]["type"], "WORKFLOW_ALERT");
}

async fn changed_account(backend: Backend) {
    let office = Office::open(backend).await;
    let manager = office.client("manager").await;
    let admin = office.client("admin").await;
    let mut board = alerts(&manager, Value::Null, None).await;
    let assign = "mutation($input: AssignRoleInput!) { assignRole(input: $input) { roleAssignment { id } } }";
    let input = json!({ "roleType": "OFFICE_STAFF", "userId": office.id("manager").0 });
    admin.ok(assign, json!({ "input": input })).await;
    let message = board.socket.next().await;
    assert_eq!(message["type"], "error", "{message}");
    assert_eq!(message["payload"][0]["extensions"]["code"], "CURSOR_EXPIRED");
    assert_eq!(board.socket.next_within(std::time::Duration::from_millis(300)).await, None);
}
