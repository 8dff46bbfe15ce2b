//! What has been read, what is found, and what it costs.

use std::slice::from_ref;

use entity::message_read;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use super::{ADD, DELETE, LEAVE, READ, REMOVE, SEND, code, direct, done, fault, group, ids, inbox, listen, say};
use crate::harness::client::Client;
use crate::harness::database::Backend;
use crate::harness::office::{Office, text};

const DELIVERED: &str = "mutation($input: MarkMessagesDeliveredInput!) { markMessagesDelivered(input: $input) {
    participant { lastDeliveredAt lastReadAt updatedAt } } }";
const LIST: &str = "query($filter: ConversationFilter, $first: Int, $after: String, $last: Int, $before: String) {
    conversations(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
        totalCount pageInfo { hasNextPage hasPreviousPage endCursor startCursor } nodes { id title } } }";
const SEARCH: &str = "query($query: String!, $id: ID) { searchMessages(query: $query, conversationId: $id) {
    totalCount nodes { id text } } }";

async fn unread_in(client: &Client, conversation: &str) -> i64 {
    let document = "query($id: ID!) { conversation(id: $id) { unreadCount } }";
    client.ok(document, json!({ "id": conversation })).await["conversation"]["unreadCount"].as_i64().unwrap()
}

async fn unread_at_all(client: &Client) -> i64 {
    client.ok("{ unreadMessageCount }", json!({})).await["unreadMessageCount"].as_i64().unwrap()
}

pub async fn unread(backend: Backend) {
    let office = Office::open(backend).await;
    let (foreman, worker, pm) =
        (office.client("foreman").await, office.client("worker").await, office.client("pm").await);
    let crew = group(&office, &foreman, &["worker"]).await;
    let two = direct(&office, &worker, "pm").await;
    assert_eq!(unread_at_all(&worker).await, 0, "what the system notes down does not count");
    let mut said = Vec::new();
    for number in 0..4 {
        said.push(say(&foreman, &crew, &format!("Number {number}")).await);
    }
    say(&pm, &two, "Hello").await;
    assert_eq!((unread_in(&worker, &crew).await, unread_at_all(&worker).await), (4, 5));
    assert_eq!((unread_in(&foreman, &crew).await, unread_at_all(&foreman).await), (0, 0), "one's own do not count");
    // Writing is not reading.
    say(&worker, &crew, "Yes?").await;
    assert_eq!(unread_in(&worker, &crew).await, 4);
    done(&foreman, DELETE, json!({ "messageId": said[0]["id"] })).await;
    assert_eq!(unread_in(&worker, &crew).await, 3, "deleted ones do not count");
    let left =
        done(&worker, READ, json!({ "conversationId": crew, "messageIds": [said[3]["id"], said[3]["id"]] })).await;
    assert_eq!(left["conversation"]["unreadCount"], 2, "single ones, whatever lies before");
    let left = done(&worker, READ, json!({ "conversationId": crew, "upTo": said[1]["createdAt"] })).await;
    assert_eq!(left["conversation"]["unreadCount"], 1);
    let left = done(&worker, READ, json!({ "conversationId": crew, "upTo": said[3]["createdAt"] })).await;
    assert_eq!((&left["conversation"]["unreadCount"], unread_at_all(&worker).await), (&json!(0), 1));
    // What is said later is not read beforehand.
    done(&worker, READ, json!({ "conversationId": crew, "upTo": "9999-01-01T00:00:00Z" })).await;
    say(&foreman, &crew, "News").await;
    assert_eq!(unread_in(&worker, &crew).await, 1);
    // Whoever joins has nothing to catch up on, and everything to read.
    done(&foreman, ADD, json!({ "conversationId": crew, "participantIds": ids(&office, &["pm"]) })).await;
    assert_eq!(unread_in(&pm, &crew).await, 0);
    say(&foreman, &crew, "Welcome").await;
    assert_eq!(unread_in(&pm, &crew).await, 1);
    // Whoever is gone has nothing unread there.
    assert_eq!(unread_at_all(&worker).await, 3);
    done(&foreman, REMOVE, json!({ "conversationId": crew, "userId": office.id("worker").0 })).await;
    assert_eq!(unread_at_all(&worker).await, 1);
    assert_eq!(
        code(&worker, READ, json!({ "conversationId": crew, "messageIds": [said[2]["id"]] })).await,
        "NOT_FOUND"
    );
}

pub async fn marks(backend: Backend) {
    let office = Office::open(backend).await;
    let (app, address) = office.second().await;
    let (foreman, worker) = (office.client("foreman").await, office.client("worker").await);
    let elsewhere = worker.at(&app, address);
    let crew = group(&office, &foreman, &["worker", "pm"]).await;
    let other = direct(&office, &foreman, "pm").await;
    let astray = say(&foreman, &other, "Elsewhere").await["id"].clone();
    let mut said = Vec::new();
    for number in 0..30 {
        said.push(say(&foreman, &crew, &format!("Number {number}")).await);
    }
    let mut heard = listen(&foreman, None, None).await;
    let mut seen = inbox(&foreman, None).await;
    // Two devices of one person, single ones and all of them, at once and again.
    let some: Vec<Value> = said.iter().map(|row| row["id"].clone()).collect();
    let single = json!({ "conversationId": crew, "messageIds": some });
    let up_to = json!({ "conversationId": crew, "upTo": said[29]["createdAt"] });
    tokio::join!(
        done(&worker, READ, single.clone()),
        done(&elsewhere, READ, up_to.clone()),
        done(&worker, READ, up_to.clone()),
        done(&elsewhere, READ, single.clone()),
    );
    done(&worker, READ, up_to).await;
    assert_eq!(message_read::Entity::find().count(&office.db).await.unwrap(), 30, "each once");
    let marks = "query($id: ID!) { message(id: $id) { readByMe readBy { readAt user { id } message { id } } deliveredTo { id } updatedAt } }";
    let state = foreman.ok(marks, json!({ "id": said[7]["id"] })).await["message"].clone();
    assert_eq!(state["readBy"][0]["user"]["id"], office.id("worker").0);
    assert_eq!((state["readBy"].as_array().unwrap().len(), &state["readByMe"]), (1, &json!(true)));
    assert_eq!(state["deliveredTo"], json!([{ "id": office.id("worker").0 }]), "what was read has arrived");
    assert_eq!(state["updatedAt"], said[7]["updatedAt"], "the message stays as it was");
    let pm = office.client("pm").await;
    assert_eq!(pm.ok(marks, json!({ "id": said[7]["id"] })).await["message"]["readByMe"], false);

    // Arrival only goes forward, and never beyond what there is.
    let delivered = async |at: Value| {
        done(&pm, DELIVERED, json!({ "conversationId": crew, "upTo": at })).await["participant"].clone()
    };
    let before = delivered(said[3]["createdAt"].clone()).await;
    assert_eq!((&before["lastDeliveredAt"], &before["lastReadAt"]), (&said[3]["createdAt"], &Value::Null));
    assert_eq!(delivered(said[1]["createdAt"].clone()).await, before);
    let after = delivered(json!("9999-01-01T00:00:00Z")).await;
    assert_eq!((&after["lastDeliveredAt"], &after["updatedAt"]), (&said[29]["createdAt"], &before["updatedAt"]));
    assert!(heard.is_silent().await && seen.is_silent().await, "reading is nobody else's business");

    let many: Vec<String> = (0..201).map(|n| n.to_string()).collect();
    for (input, path) in [
        (json!({ "conversationId": crew }), "input.messageIds"),
        (json!({ "conversationId": crew, "messageIds": [], "upTo": said[0]["createdAt"] }), "input.messageIds"),
        (json!({ "conversationId": crew, "messageIds": many }), "input.messageIds"),
    ] {
        assert_eq!(fault(&worker, READ, input).await, ("BAD_USER_INPUT".to_owned(), path.to_owned()));
    }
    assert_eq!(code(&worker, READ, json!({ "conversationId": crew, "messageIds": [astray] })).await, "NOT_FOUND");
}

pub async fn list(backend: Backend) {
    let office = Office::open(backend).await;
    let (foreman, worker) = (office.client("foreman").await, office.client("worker").await);
    let mut all = Vec::new();
    for number in 0..5 {
        office.app.clock.advance(chrono::Duration::seconds(1));
        let input = json!({ "participantIds": ids(&office, &["worker"]), "title": format!("Straße {number}"), "isGroup": true });
        all.push(text(&done(&foreman, super::CREATE, input).await["conversation"]["id"]));
    }
    office.app.clock.advance(chrono::Duration::seconds(1));
    all.push(direct(&office, &foreman, "pm").await);
    // Where something is said goes to the top.
    office.app.clock.advance(chrono::Duration::seconds(1));
    say(&worker, &all[1], "Up").await;
    let order = [1, 5, 4, 3, 2, 0].map(|n: usize| all[n].clone());
    let page = async |variables: Value| foreman.ok(LIST, variables).await["conversations"].clone();
    let names = |page: &Value| -> Vec<String> {
        page["nodes"].as_array().unwrap().iter().map(|row| text(&row["id"])).collect()
    };
    assert_eq!(names(&page(json!({})).await), order);
    let (mut read, mut after) = (Vec::new(), Value::Null);
    loop {
        let next = page(json!({ "first": 2, "after": after })).await;
        read.extend(names(&next));
        after = next["pageInfo"]["endCursor"].clone();
        if next["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(read, order);
    let last = page(json!({ "last": 2, "before": after })).await;
    assert_eq!((names(&last), &last["totalCount"]), (order[3..5].to_vec(), &json!(6)));
    let found = async |filter: Value| names(&page(json!({ "filter": filter })).await);
    assert_eq!(found(json!({ "isGroup": false })).await, all[5..]);
    assert_eq!(found(json!({ "unread": true })).await, all[1..2]);
    assert_eq!(found(json!({ "unread": false })).await, order[1..]);
    assert_eq!(
        found(json!({ "search": "STRASSE" })).await,
        Vec::<String>::new(),
        "folding is lower case, not spelling"
    );
    assert_eq!(found(json!({ "search": "straße 3" })).await, all[3..4]);
    assert_eq!(found(json!({ "search": "PM TEST" })).await, all[5..]);
    assert_eq!(found(json!({ "search": "foreman" })).await, Vec::<String>::new(), "oneself is in all of them");
    assert_eq!(found(json!({ "search": "%" })).await, Vec::<String>::new());
    for bad in ["", " ", "a\u{0}", &"x".repeat(201)] {
        let input = json!({ "filter": { "search": bad } });
        assert_eq!(foreman.code(LIST, input).await, "BAD_USER_INPUT", "{bad:?}");
    }
    let foreign = json!({ "filter": { "isGroup": true }, "after": after });
    assert_eq!(foreman.code(LIST, foreign).await, "BAD_USER_INPUT", "a cursor belongs to its filter");
    // Whoever left a group is not found in it any more.
    done(&worker, LEAVE, json!({ "conversationId": all[0] })).await;
    assert_eq!(
        found(json!({ "search": "worker" })).await,
        order[0..5].iter().filter(|id| **id != all[5]).cloned().collect::<Vec<_>>()
    );
    assert_eq!(worker.ok(LIST, json!({})).await["conversations"]["totalCount"], 4);
    assert_eq!(office.client("admin").await.ok(LIST, json!({})).await["conversations"]["totalCount"], 0);
}

pub async fn search(backend: Backend) {
    let office = Office::open(backend).await;
    let (foreman, worker, admin) =
        (office.client("foreman").await, office.client("worker").await, office.client("admin").await);
    let crew = group(&office, &foreman, &["worker"]).await;
    let two = direct(&office, &foreman, "pm").await;
    let here = say(&foreman, &crew, "The Ｓｅｃｒｅｔ gutter\nis 50% done_").await["id"].clone();
    let there = say(&foreman, &two, "Another SECRET").await["id"].clone();
    let gone = say(&foreman, &crew, "A secret to forget").await["id"].clone();
    done(&foreman, DELETE, json!({ "messageId": gone })).await;
    let found = async |client: &Client, query: &str, id: Option<&str>| -> Vec<Value> {
        let page = client.ok(SEARCH, json!({ "query": query, "id": id })).await["searchMessages"].clone();
        let rows: Vec<Value> = page["nodes"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
        assert_eq!(page["totalCount"], rows.len());
        rows
    };
    assert_eq!(found(&foreman, "secret", None).await.len(), 2, "deleted ones are not found");
    assert_eq!(found(&foreman, " SeCReT  GUTTER is", None).await, from_ref(&here));
    assert_eq!(found(&foreman, "secret", Some(&two)).await, [there]);
    assert_eq!(found(&worker, "secret", None).await, from_ref(&here), "only in one's own");
    assert_eq!(found(&admin, "secret", None).await, Vec::<Value>::new(), "ADMIN included");
    assert_eq!(found(&foreman, "50%", None).await, [here]);
    assert_eq!(found(&foreman, "5_%", None).await, Vec::<Value>::new());
    assert_eq!(found(&foreman, "created the group", None).await, Vec::<Value>::new(), "what people said");
    assert_eq!(worker.code(SEARCH, json!({ "query": "secret", "id": two })).await, "NOT_FOUND");
    for bad in ["", "  ", "a\u{0}b", &"x".repeat(201)] {
        assert_eq!(foreman.code(SEARCH, json!({ "query": bad })).await, "BAD_USER_INPUT", "{bad:?}");
    }
    done(&foreman, REMOVE, json!({ "conversationId": crew, "userId": office.id("worker").0 })).await;
    assert_eq!(found(&worker, "secret", None).await, Vec::<Value>::new(), "and no longer once one has gone");
}

pub async fn statements(backend: Backend) {
    let office = Office::open(backend).await;
    let foreman = office.client("foreman").await;
    let manager = office.client("manager").await;
    for number in 0..6 {
        let crew = group(&office, &foreman, &["worker", "pm", "manager"]).await;
        for words in ["One", "Two", "Three"].into_iter().take(number % 3 + 1) {
            let answer = say(&foreman, &crew, words).await["id"].clone();
            let input = json!({ "conversationId": crew, "text": "Yes", "replyToId": answer });
            done(&office.client("pm").await, SEND, input).await;
        }
    }
    let id =
        text(&manager.ok("{ conversations { nodes { id } } }", json!({})).await["conversations"]["nodes"][0]["id"]);
    for _ in 0..20 {
        say(&foreman, &id, "And on").await;
    }
    // A session that nobody has read yet.
    let manager = office.client("manager").await;
    let inbox = "{ conversations(first: 50) { nodes { title unreadCount participants { role user { firstName } }
        lastMessage { text sender { firstName } } } } }";
    let cost = async |document: &str, variables: Value| {
        let before = office.app.db.statements();
        manager.ok(document, variables).await;
        office.app.db.statements() - before
    };
    // What is asked for at the same moment is one statement on PostgreSQL.
    let fixed = if backend == Backend::Postgres { 4 } else { 6 };
    assert_eq!(cost(inbox, json!({})).await, 1 + fixed, "session, and:");
    assert_eq!(cost(inbox, json!({})).await, fixed, "page; people's parts, unread, latest messages; senders; people");
    let page = "query($id: ID!) { conversation(id: $id) { messages(first: 50) { totalCount nodes { text readByMe
        sender { firstName } replyTo { text } readBy { readAt user { firstName } } deliveredTo { id } reactions { emoji user { id } } } } } }";
    let spent = cost(page, json!({ "id": id })).await;
    // Nine relations, whose loads may come in parts, and the log is looked at meanwhile; never one a row: it has 25 and more.
    assert!(spent <= 20, "a page of messages with everything took {spent} statements");
    assert!(cost("{ unreadMessageCount }", json!({})).await <= 1);
}
