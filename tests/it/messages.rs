//! A project's record: who writes what into it, who has read what, and who sees it at all.

use serde_json::{Value, json};

use crate::harness::client::Client;
use crate::harness::database::Backend;
use crate::harness::office::{Office, Project, text};
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("messages::threads_are_one_level_deep", threads);
    suite.on_each_database("messages::an_alert_is_discussed_where_it_belongs", discussion);
    suite.on_each_database("messages::bad_input_is_told_whole", bad_input);
    suite.on_each_database("messages::everybody_has_their_own_unread", unread);
    suite.on_each_database("messages::the_record_is_filtered_and_paged", filters);
    suite.on_each_database("messages::who_does_not_see_a_project_does_not_see_its_record", reach);
    suite.on_each_database("messages::whoever_was_cut_off_hears_of_the_end_too", the_end);
    suite.on_each_database("messages::a_page_costs_a_fixed_number_of_statements", statements);
}

const SEND: &str = "mutation($input: SendProjectMessageInput!) { sendProjectMessage(input: $input) { message {
    id subject content messageType priority authorName authorRole author { id } project { id } projectNumber
    isSystemGenerated isWorkflowMessage parentMessage { id } readByMe readBy readCount
    workflow { id } step { id stepName } stepName phase section lineItem metadata } } }";
const LIST: &str = "query($project: ID, $filter: ProjectMessageFilter, $first: Int, $after: String) {
    projectMessages(projectId: $project, filter: $filter, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { id subject } } }";
const COUNT: &str = "query($project: ID) { unreadProjectMessageCount(projectId: $project) }";
const READ: &str =
    "mutation($input: MarkProjectMessagesReadInput!) { markProjectMessagesRead(input: $input) { unreadCount } }";

pub fn message(project: &Project, subject: &str) -> Value {
    json!({ "projectId": project.id, "subject": subject, "content": "As agreed on the phone." })
}

pub async fn send(client: &Client, input: Value) -> Value {
    client.ok(SEND, json!({ "input": input })).await["sendProjectMessage"]["message"].clone()
}

async fn subjects(client: &Client, project: &Project, filter: Value) -> Vec<String> {
    let page = client.ok(LIST, json!({ "project": project.id, "filter": filter })).await["projectMessages"].clone();
    let nodes = page["nodes"].as_array().unwrap();
    assert_eq!(page["totalCount"], nodes.len());
    nodes.iter().map(|node| text(&node["subject"])).collect()
}

async fn threads(backend: Backend) {
    let office = Office::open(backend).await;
    let (project, other) = (office.project().await, office.project().await);
    let (pm, manager) = (office.client("pm").await, office.client("manager").await);
    let mut heard = manager
        .subscribe("subscription { projectMessageChanged { kind id message { author { id } } } }", json!({}))
        .await;
    let first = send(&pm, message(&project, "  Gutters ")).await;
    let id = office.id("pm").0;
    assert_eq!(
        (&first["subject"], &first["messageType"], &first["priority"]),
        (&json!("Gutters"), &json!("USER_MESSAGE"), &json!("MEDIUM"))
    );
    assert_eq!(
        (&first["author"]["id"], &first["authorName"], &first["authorRole"]),
        (&json!(id), &json!("pm Tester"), &json!("PROJECT_MANAGER"))
    );
    assert_eq!((&first["readBy"], &first["readCount"], &first["readByMe"]), (&json!([id]), &json!(1), &json!(true)));
    assert_eq!(
        (&first["project"]["id"], &first["isSystemGenerated"], &first["isWorkflowMessage"]),
        (&json!(project.id), &json!(false), &json!(false))
    );
    let event = heard.next().await;
    assert_eq!(
        (&event["kind"], &event["id"], &event["message"]["author"]["id"]),
        (&json!("CREATED"), &first["id"], &json!(id))
    );

    let mut answers = Vec::new();
    for (subject, parent) in [("Re: Gutters", &first), ("Re: Re: Gutters", &Value::Null)] {
        let parent = if parent.is_null() { answers.last().unwrap() } else { &first["id"] };
        let mut input = message(&project, subject);
        input["parentMessageId"] = parent.clone();
        office.app.clock.advance(chrono::Duration::seconds(1));
        let answer = send(&manager, input).await;
        assert_eq!(answer["parentMessage"]["id"], first["id"], "an answer to an answer joins the thread");
        answers.push(answer["id"].clone());
    }
    let thread = "query($id: ID!) { projectMessage(id: $id) { replies { totalCount nodes { id } } } }";
    let thread = pm.ok(thread, json!({ "id": first["id"] })).await["projectMessage"]["replies"].clone();
    assert_eq!(thread, json!({ "totalCount": 2, "nodes": [{ "id": answers[0] }, { "id": answers[1] }] }));

    let mut astray = message(&other, "Re: Gutters");
    astray["parentMessageId"] = first["id"].clone();
    let error = manager.error(SEND, json!({ "input": astray })).await;
    assert_eq!(error["extensions"]["fields"][0]["path"], "input.parentMessageId");
}

async fn discussion(backend: Backend) {
    let office = Office::open(backend).await;
    let (project, other) = (office.project().await, office.project().await);
    let pm = office.client("pm").await;
    let alert = "query($id: ID!) { project(id: $id) { workflow { id } alerts { nodes { id stepName step { id stepName phase } } } } }";
    let found = pm.ok(alert, json!({ "id": project.id })).await["project"].clone();
    let alert = &found["alerts"]["nodes"][0];
    let mut input = message(&project, "When?");
    input["alertId"] = alert["id"].clone();
    let sent = send(&pm, input).await;
    assert_eq!((&sent["messageType"], &sent["isSystemGenerated"]), (&json!("ALERT_DISCUSSION"), &json!(false)));
    assert_eq!((&sent["workflow"]["id"], &sent["step"]["id"]), (&found["workflow"]["id"], &alert["step"]["id"]));
    let step = &alert["step"];
    assert_eq!(
        (&sent["stepName"], &sent["section"], &sent["phase"]),
        (&step["stepName"], &step["stepName"], &step["phase"])
    );
    assert_eq!((&sent["lineItem"], &sent["metadata"]), (&alert["stepName"], &json!({ "alertId": alert["id"] })));

    let mut astray = message(&other, "When?");
    astray["alertId"] = alert["id"].clone();
    let error = pm.error(SEND, json!({ "input": astray })).await;
    assert_eq!(error["extensions"]["fields"][0]["path"], "input.alertId");
}

async fn bad_input(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let pm = office.client("pm").await;
    let input = json!({ "projectId": project.id, "subject": "é".repeat(256), "content": " \n " });
    let error = pm.error(SEND, json!({ "input": input })).await;
    let paths: Vec<_> =
        error["extensions"]["fields"].as_array().unwrap().iter().map(|fault| text(&fault["path"])).collect();
    assert_eq!(
        (text(&error["extensions"]["code"]).as_str(), paths),
        ("BAD_USER_INPUT", vec!["input.subject".to_owned(), "input.content".to_owned()])
    );
    let longest = json!({ "projectId": project.id, "subject": "é".repeat(255), "content": "ü".repeat(10_000) });
    assert_eq!(send(&pm, longest).await["subject"], "é".repeat(255));
    for (field, unknown) in [("projectId", "nothing"), ("parentMessageId", "nothing"), ("alertId", "nothing")] {
        let mut input = message(&project, "To nowhere");
        input[field] = json!(unknown);
        assert_eq!(pm.code(SEND, json!({ "input": input })).await, "NOT_FOUND", "{field}");
    }
}

async fn unread(backend: Backend) {
    let office = Office::open(backend).await;
    let (project, other) = (office.project().await, office.project().await);
    let (pm, manager) = (office.client("pm").await, office.client("manager").await);
    let count = async |client: &Client, project: Option<&Project>| {
        client.ok(COUNT, json!({ "project": project.map(|project| &project.id) })).await["unreadProjectMessageCount"]
            .clone()
    };
    let mine = send(&pm, message(&project, "Mine")).await;
    send(&manager, message(&other, "Elsewhere")).await;
    // The first message of each project is the system's, which nobody has read.
    assert_eq!((count(&pm, Some(&project)).await, count(&manager, Some(&project)).await), (json!(1), json!(2)));
    assert_eq!((count(&pm, None).await, count(&manager, None).await), (json!(3), json!(3)));
    assert_eq!(subjects(&pm, &project, json!({ "unread": true })).await, ["Project created"]);
    assert_eq!(subjects(&pm, &project, json!({ "unread": false })).await, ["Mine"]);
    assert_eq!(subjects(&manager, &project, json!({ "unread": false })).await, [""; 0]);

    let mut heard = manager.subscribe("subscription { projectMessageChanged { id } }", json!({})).await;
    let read = json!({ "input": { "projectId": project.id, "messageIds": [mine["id"], mine["id"]] } });
    for _ in 0..2 {
        let left = manager.ok(READ, read.clone()).await;
        assert_eq!(left["markProjectMessagesRead"]["unreadCount"], 1);
    }
    let state = "query($id: ID!) { projectMessage(id: $id) { readBy readCount readByMe createdAt updatedAt } }";
    let state = manager.ok(state, json!({ "id": mine["id"] })).await["projectMessage"].clone();
    assert_eq!(
        (&state["readBy"], &state["readCount"]),
        (&json!([office.id("pm").0, office.id("manager").0]), &json!(2))
    );
    assert_eq!(
        (&state["readByMe"], &state["updatedAt"]),
        (&json!(true), &state["createdAt"]),
        "the record stays as it was"
    );
    assert!(heard.is_silent().await, "reading is nobody else's business");

    for (project, messages) in [(&other, json!([mine["id"]])), (&project, json!(["nothing"]))] {
        let input = json!({ "input": { "projectId": project.id, "messageIds": messages } });
        assert_eq!(pm.code(READ, input).await, "NOT_FOUND", "what is not in this record cannot be read in it");
    }
    let many: Vec<String> = (0..201).map(|n| n.to_string()).collect();
    let input = json!({ "input": { "projectId": project.id, "messageIds": many } });
    assert_eq!(pm.code(READ, input).await, "BAD_USER_INPUT");
}

async fn filters(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let (pm, manager) = (office.client("pm").await, office.client("manager").await);
    for number in 1..=5 {
        office.app.clock.advance(chrono::Duration::seconds(1));
        send(if number % 2 == 0 { &manager } else { &pm }, message(&project, &format!("Number {number}"))).await;
    }
    let all = ["Number 5", "Number 4", "Number 3", "Number 2", "Number 1", "Project created"];
    assert_eq!(subjects(&pm, &project, Value::Null).await, all);
    assert_eq!(subjects(&pm, &project, json!({ "isSystemGenerated": true })).await, all[5..]);
    assert_eq!(subjects(&pm, &project, json!({ "messageType": ["USER_MESSAGE"] })).await, all[..5]);
    assert_eq!(subjects(&pm, &project, json!({ "messageType": [] })).await, [""; 0]);
    assert_eq!(subjects(&pm, &project, json!({ "priority": ["URGENT", "LOW"] })).await, [""; 0]);
    let by_manager = json!({ "authorId": office.id("manager").0, "threadsOnly": true });
    assert_eq!(subjects(&pm, &project, by_manager).await, ["Number 4", "Number 2"]);
    assert_eq!(subjects(&pm, &project, json!({ "threadsOnly": false })).await, [""; 0]);

    let (mut after, mut read) = (Value::Null, Vec::new());
    loop {
        let page = json!({ "project": project.id, "first": 2, "after": after });
        let page = pm.ok(LIST, page).await["projectMessages"].clone();
        read.extend(page["nodes"].as_array().unwrap().iter().map(|node| text(&node["subject"])));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(read, all);
    let foreign = json!({ "project": project.id, "filter": { "unread": true }, "after": after });
    assert_eq!(pm.code(LIST, foreign).await, "BAD_USER_INPUT", "a cursor belongs to its filter");
}

async fn reach(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    let customer = admin.create_customer("client@ridgeline.test").await;
    let project = office.project_with(json!({ "customerId": customer })).await;
    let sent = send(&admin, message(&project, "Between us")).await;
    let follow = "subscription($id: ID) { projectMessageChanged(projectId: $id) { id } }";

    let stranger = office.client("stranger").await;
    assert_eq!(stranger.code(LIST, json!({ "project": project.id })).await, "NOT_FOUND");
    assert_eq!(stranger.code(COUNT, json!({ "project": project.id })).await, "NOT_FOUND");
    assert_eq!(stranger.code(SEND, json!({ "input": message(&project, "Hello?") })).await, "NOT_FOUND");
    let mut refused = stranger.subscribe(follow, json!({ "id": project.id })).await;
    let refused = refused.socket.next().await;
    assert_eq!(
        (&refused["type"], &refused["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!("NOT_FOUND"))
    );
    assert_eq!(stranger.ok(LIST, json!({})).await["projectMessages"]["totalCount"], 0);
    let one = "query($id: ID!) { projectMessage(id: $id) { id } }";
    assert_eq!(stranger.ok(one, json!({ "id": sent["id"] })).await["projectMessage"], Value::Null);

    // The customer sees the project, and of its record nothing.
    let client = office.client("client").await;
    assert_eq!(subjects(&client, &project, Value::Null).await, [""; 0]);
    assert_eq!(client.ok(one, json!({ "id": sent["id"] })).await["projectMessage"], Value::Null);
    assert_eq!(client.code(SEND, json!({ "input": message(&project, "Hello?") })).await, "FORBIDDEN");
    let mut heard = client.subscribe(follow, json!({ "id": project.id })).await;
    send(&admin, message(&project, "Still between us")).await;
    assert!(heard.is_silent().await);
}

async fn the_end(backend: Backend) {
    let office = Office::open(backend).await;
    let (project, admin) = (office.project().await, office.client("admin").await);
    let follow = "subscription($id: ID, $after: String) { projectChanged(projectId: $id, after: $after) { cursor kind id project { id } } }";
    let start = admin.ok("{ changeCursor }", json!({})).await["changeCursor"].clone();
    let delete = "mutation($id: ID!) { deleteProject(input: { projectId: $id }) { __typename } }";
    admin.ok(delete, json!({ "id": project.id })).await;
    let mut heard = admin.subscribe(follow, json!({ "id": project.id, "after": start })).await;
    let mut event = heard.next().await;
    // The instance may not have read its log to the end when it gave out the cursor.
    while event["kind"] != "DELETED" {
        event = heard.next().await;
    }
    assert_eq!((&event["id"], &event["project"]), (&json!(project.id), &Value::Null));
    let mut refused = admin.subscribe(follow, json!({ "id": project.id })).await;
    let refused = refused.socket.next().await;
    assert_eq!(
        (&refused["type"], &refused["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!("NOT_FOUND"))
    );
}

async fn statements(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let (pm, manager) = (office.client("pm").await, office.client("manager").await);
    let page =
        "query($id: ID) { projectMessages(projectId: $id) { totalCount nodes { readByMe author { id } project { id }
        parentMessage { id } workflow { id } step { id } } } }";
    let mut costs = Vec::new();
    for more in [2, 30] {
        for number in 0..more {
            let thread = send(&pm, message(&project, &format!("Number {number}"))).await;
            let mut answer = message(&project, "Yes");
            answer["parentMessageId"] = thread["id"].clone();
            send(&manager, answer).await;
        }
        let before = office.app.db.statements();
        pm.ok(page, json!({ "id": project.id })).await;
        costs.push(office.app.db.statements() - before);
    }
    // The first page has the system's own message on it, and with it a workflow to load.
    assert!(costs[1] <= costs[0] && costs[0] <= 7, "one for the page, its total and each relation: {costs:?}");
}
