//! What people are told: only they see it, and all of their screens agree on what is read.

use serde_json::{Value, json};

use crate::harness::client::Client;
use crate::harness::database::Backend;
use crate::harness::office::{Office, text};
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("notifications::they_come_are_read_and_are_thrown_away", life);
    suite.on_each_database("notifications::all_are_read_at_once_or_those_until_then", all_read);
    suite.on_each_database("notifications::nobody_sees_anothers", nobody_elses);
}

const LIST: &str = "query($filter: NotificationFilter) { notifications(filter: $filter) { totalCount
    nodes { id title type isRead readAt actionUrl actionData recipient { id } } } }";
const READ: &str = "mutation($id: ID!) { markNotificationRead(input: { notificationId: $id }) {
    notification { id isRead readAt updatedAt } } }";
const READ_ALL: &str =
    "mutation($until: DateTime) { markAllNotificationsRead(input: { createdUntil: $until }) { markedCount } }";
const DELETE: &str = "mutation($id: ID!) { deleteNotification(input: { notificationId: $id }) { deletedId } }";
const FOLLOW: &str = "subscription { notificationChanged { kind id notification { isRead } } }";

async fn list(client: &Client, filter: Value) -> Vec<Value> {
    let page = client.ok(LIST, json!({ "filter": filter })).await["notifications"].clone();
    let nodes = page["nodes"].as_array().unwrap().clone();
    assert_eq!(page["totalCount"], nodes.len());
    nodes
}

async fn unread(client: &Client) -> Value {
    client.ok("{ unreadNotificationCount }", json!({})).await["unreadNotificationCount"].clone()
}

async fn life(backend: Backend) {
    let office = Office::open(backend).await;
    let pm = office.client("pm").await;
    let mut heard = pm.subscribe(FOLLOW, json!({})).await;
    let project = office.project().await;
    let came = heard.next().await;
    let [told] = list(&pm, Value::Null).await.try_into().unwrap();
    assert_eq!((&came["kind"], &came["id"]), (&json!("CREATED"), &told["id"]));
    assert_eq!(
        (&told["type"], &told["isRead"], &told["readAt"]),
        (&json!("WORKFLOW_ALERT"), &json!(false), &Value::Null)
    );
    assert_eq!(
        (&told["recipient"]["id"], &told["actionData"]["projectId"]),
        (&json!(office.id("pm").0), &json!(project.id))
    );
    assert_eq!(unread(&pm).await, 1);

    let id = text(&told["id"]);
    let read = pm.ok(READ, json!({ "id": id })).await["markNotificationRead"]["notification"].clone();
    assert_eq!((&read["isRead"], &read["readAt"]), (&json!(true), &json!(office.app.now().to_string())));
    let event = heard.next().await;
    assert_eq!((&event["kind"], &event["notification"]["isRead"]), (&json!("UPDATED"), &json!(true)));
    assert_eq!(pm.ok(READ, json!({ "id": id })).await["markNotificationRead"]["notification"], read, "once is enough");
    assert_eq!(unread(&pm).await, 0);
    assert_eq!(list(&pm, json!({ "isRead": false })).await.len(), 0);
    assert_eq!(list(&pm, json!({ "isRead": true, "type": ["WORKFLOW_ALERT"] })).await.len(), 1);
    assert_eq!(list(&pm, json!({ "type": ["REMINDER"] })).await.len(), 0);

    assert_eq!(pm.ok(DELETE, json!({ "id": id })).await["deleteNotification"]["deletedId"], id);
    let event = heard.next().await;
    assert_eq!(event, json!({ "kind": "DELETED", "id": id, "notification": null }));
    assert_eq!(pm.code(DELETE, json!({ "id": id })).await, "NOT_FOUND");
}

async fn all_read(backend: Backend) {
    let office = Office::open(backend).await;
    let pm = office.client("pm").await;
    office.project().await;
    let until = office.app.now().to_string();
    office.app.clock.advance(chrono::Duration::seconds(1));
    for _ in 0..2 {
        office.project().await;
    }
    let mut heard = pm.subscribe(FOLLOW, json!({})).await;
    let read = pm.ok(READ_ALL, json!({ "until": until })).await;
    assert_eq!((&read["markAllNotificationsRead"]["markedCount"], unread(&pm).await), (&json!(1), json!(2)));
    let read = pm.ok(READ_ALL, json!({})).await;
    assert_eq!((&read["markAllNotificationsRead"]["markedCount"], unread(&pm).await), (&json!(2), json!(0)));
    for _ in 0..3 {
        let event = heard.next().await;
        assert_eq!((&event["kind"], &event["notification"]["isRead"]), (&json!("UPDATED"), &json!(true)));
    }
    assert_eq!(pm.ok(READ_ALL, json!({})).await["markAllNotificationsRead"]["markedCount"], 0);
    assert!(heard.is_silent().await);
}

async fn nobody_elses(backend: Backend) {
    let office = Office::open(backend).await;
    let (pm, admin) = (office.client("pm").await, office.client("admin").await);
    let mut heard = admin.subscribe(FOLLOW, json!({})).await;
    office.project().await;
    let [told] = list(&pm, Value::Null).await.try_into().unwrap();
    assert_eq!((list(&admin, Value::Null).await.len(), unread(&admin).await), (0, json!(0)));
    for document in [READ, DELETE] {
        assert_eq!(
            admin.code(document, json!({ "id": told["id"] })).await,
            "NOT_FOUND",
            "not even for the administrator"
        );
    }
    assert_eq!(admin.ok(READ_ALL, json!({})).await["markAllNotificationsRead"]["markedCount"], 0);
    assert_eq!(unread(&pm).await, 1);
    assert!(heard.is_silent().await);
}
