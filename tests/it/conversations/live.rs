//! What is heard of conversations, by whom, and from when to when.

use std::time::Duration;

use entity::{conversation, conversation_participant};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Statement, TransactionTrait};
use serde_json::{Value, json};

use super::{
    ADD, DELETE, EDIT, LEAVE, REMOVE, SEND, UPDATE, code, direct, done, group, ids, inbox, listen, say, words,
};
use crate::harness::client::Subscription;
use crate::harness::database::Backend;
use crate::harness::office::{Office, text};

/// The texts of so many messages.
async fn texts(stream: &mut Subscription, count: usize) -> Vec<String> {
    let mut heard = Vec::new();
    for _ in 0..count {
        heard.push(text(&stream.next().await["message"]["text"]));
    }
    heard
}

fn shown(event: &Value) -> (String, Value) {
    (text(&event["kind"]), event["conversation"]["lastMessage"]["text"].clone())
}

pub async fn inbox_stays(backend: Backend) {
    let office = Office::open(backend).await;
    let (foreman, worker) = (office.client("foreman").await, office.client("worker").await);
    let mut mine = inbox(&worker, None).await;
    let crew = group(&office, &foreman, &["worker"]).await;
    let came = mine.next().await;
    assert_eq!(
        (&came["kind"], &came["id"], &came["conversation"]["title"]),
        (&json!("CREATED"), &json!(crew), &json!("Crew"))
    );
    say(&foreman, &crew, "Hello").await;
    let event = mine.next().await;
    assert_eq!(shown(&event), ("UPDATED".to_owned(), json!("Hello")));
    assert_eq!(event["conversation"]["unreadCount"], 1);
    let last = say(&foreman, &crew, "Helo").await["id"].clone();
    mine.next().await;
    // What the list shows is told of: the latest message, not those before it.
    done(&foreman, EDIT, json!({ "messageId": last, "text": "Hello again" })).await;
    assert_eq!(shown(&mine.next().await), ("UPDATED".to_owned(), json!("Hello again")));
    say(&worker, &crew, "Yes?").await;
    mine.next().await;
    done(&foreman, DELETE, json!({ "messageId": last })).await;
    assert!(mine.is_silent().await);
    done(&foreman, UPDATE, json!({ "conversationId": crew, "title": "Roof" })).await;
    assert_eq!(mine.next().await["conversation"]["title"], "Roof");
    done(&foreman, ADD, json!({ "conversationId": crew, "participantIds": ids(&office, &["pm"]) })).await;
    assert_eq!(mine.next().await["conversation"]["participants"].as_array().unwrap().len(), 3);
    done(&worker, LEAVE, json!({ "conversationId": crew })).await;
    let gone = mine.next().await;
    assert_eq!((&gone["kind"], &gone["id"], &gone["conversation"]), (&json!("DELETED"), &json!(crew), &Value::Null));
    say(&foreman, &crew, "Without you").await;
    assert!(mine.is_silent().await);
}

pub async fn audience(backend: Backend) {
    let office = Office::open(backend).await;
    let start = office.client("admin").await.cursor().await;
    let (foreman, worker) = (office.client("foreman").await, office.client("worker").await);
    let mut deaf = Vec::new();
    for name in ["admin", "manager", "stranger", "client"] {
        let client = office.client(name).await;
        deaf.push(listen(&client, None, None).await);
        deaf.push(inbox(&client, None).await);
        // From the beginning of the log too.
        deaf.push(listen(&client, None, Some(&start)).await);
        deaf.push(inbox(&client, Some(&start)).await);
    }
    let crew = group(&office, &foreman, &["worker"]).await;
    let two = direct(&office, &foreman, "pm").await;
    let mut all = listen(&foreman, None, Some(&start)).await;
    let mut one = listen(&foreman, Some(&two), Some(&start)).await;
    say(&foreman, &crew, "Crew").await;
    say(&foreman, &two, "Two").await;
    assert_eq!(texts(&mut all, 3).await[1..], ["Crew", "Two"]);
    assert_eq!(texts(&mut one, 1).await, ["Two"]);
    for stream in &mut deaf {
        assert!(stream.socket.next_within(Duration::from_millis(50)).await.is_none());
    }
    let mut refused = listen(&worker, Some(&two), None).await;
    let message = refused.socket.next().await;
    assert_eq!(
        (&message["type"], &message["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!("NOT_FOUND"))
    );
    // With a cursor it may be somebody who was removed: they hear nothing.
    assert!(listen(&worker, Some(&two), Some(&start)).await.is_silent().await);
}

pub async fn removed(backend: Backend) {
    let office = Office::open(backend).await;
    let (app, address) = office.second().await;
    let (foreman, worker) = (office.client("foreman").await, office.client("worker").await);
    let start = worker.cursor().await;
    let crew = group(&office, &foreman, &["worker", "pm"]).await;
    let early = say(&foreman, &crew, "While all are here").await["id"].clone();
    let mut live = listen(&worker, None, Some(&start)).await;
    assert_eq!(texts(&mut live, 2).await[1], "While all are here");
    let cut = worker.cursor().await;
    done(&foreman, REMOVE, json!({ "conversationId": crew, "userId": office.id("worker").0 })).await;
    done(&foreman, UPDATE, json!({ "conversationId": crew, "title": "Now among us" })).await;
    say(&foreman, &crew, "Now among us").await;
    done(&foreman, EDIT, json!({ "messageId": early, "text": "Rewritten among us" })).await;
    assert!(live.is_silent().await, "nothing of what was said after");
    // From old cursors, from memory and from the log, here and elsewhere.
    let elsewhere = worker.at(&app, address);
    app.catch_up().await.unwrap();
    for client in [&worker, &elsewhere] {
        for after in [&start, &cut] {
            assert!(listen(client, None, Some(after)).await.is_silent().await, "nothing replayed");
            let mut list = inbox(client, Some(after)).await;
            let told = list.next().await;
            assert_eq!(
                (&told["kind"], &told["conversation"]),
                (&json!("DELETED"), &Value::Null),
                "only that it is over"
            );
            assert!(list.is_silent().await);
        }
    }
    // Taken back in, they hear from then on, and see all of it.
    let mut live = listen(&worker, Some(&crew), Some(&worker.cursor().await)).await;
    let mut list = inbox(&worker, Some(&cut)).await;
    assert_eq!(list.next().await["kind"], "DELETED");
    done(&foreman, ADD, json!({ "conversationId": crew, "participantIds": ids(&office, &["worker"]) })).await;
    say(&foreman, &crew, "Welcome back").await;
    assert_eq!(texts(&mut live, 2).await[1], "Welcome back");
    loop {
        let event = list.next().await;
        if event["kind"] == "CREATED" {
            assert_eq!(event["conversation"]["title"], "Now among us");
            break;
        }
        assert_eq!(event["kind"], "UPDATED", "told since they may see it again");
    }
    assert_eq!(words(&worker, &crew).await, ["Rewritten among us", "Now among us", "Welcome back"]);
}

/// Somebody writes while they are being removed: by the time they hold the lock, they are out.
pub async fn removed_while_waiting(backend: Backend) {
    // The embedded database has one writer at a time: nobody waits inside a transaction.
    if backend == Backend::Sqlite {
        return sent_out_between(backend).await;
    }
    let office = Office::open(backend).await;
    let (foreman, worker) = (office.client("foreman").await, office.client("worker").await);
    let crew = group(&office, &foreman, &["worker"]).await;
    let tx = office.db.begin().await.unwrap();
    let lock = r#"SELECT "id" FROM "conversations" FOR NO KEY UPDATE"#;
    tx.query_one_raw(Statement::from_string(DbBackend::Postgres, lock)).await.unwrap();
    let writer = worker.clone();
    let input = json!({ "conversationId": crew, "text": "Just in time?" });
    let waiting = tokio::spawn(async move { code(&writer, SEND, input).await });
    let blocked =
        r"SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    crate::harness::office::eventually("the writer to wait for the lock", async || {
        let row = office.db.query_one_raw(Statement::from_string(DbBackend::Postgres, blocked)).await.unwrap().unwrap();
        (row.try_get::<i64>("", "n").unwrap() > 0).then_some(())
    })
    .await;
    leave(&tx, &office).await;
    // The row waited for has changed, so that the waiting statement looks again, as after a real removal.
    conversation::Entity::update_many()
        .col_expr(conversation::Column::LastMessageAt, Expr::value(office.app.clock.now() + chrono::Duration::hours(1)))
        .exec(&tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(waiting.await.unwrap(), "NOT_FOUND");
    assert_eq!(words(&foreman, &crew).await, Vec::<String>::new());
}

async fn sent_out_between(backend: Backend) {
    let office = Office::open(backend).await;
    let (foreman, worker) = (office.client("foreman").await, office.client("worker").await);
    let crew = group(&office, &foreman, &["worker"]).await;
    leave(&office.db, &office).await;
    assert_eq!(code(&worker, SEND, json!({ "conversationId": crew, "text": "Just in time?" })).await, "NOT_FOUND");
}

async fn leave(db: &impl ConnectionTrait, office: &Office) {
    conversation_participant::Entity::update_many()
        .col_expr(conversation_participant::Column::LeftAt, Expr::value(office.app.clock.now()))
        .filter(conversation_participant::Column::UserId.eq(office.id("worker")))
        .exec(db)
        .await
        .unwrap();
}

pub async fn other_instance(backend: Backend) {
    let office = Office::open(backend).await;
    let (app, address) = office.second().await;
    let (foreman, worker) = (office.client("foreman").await, office.client("worker").await.at(&app, address));
    let mut messages = listen(&worker, None, None).await;
    let mut list = inbox(&worker, None).await;
    let crew = group(&office, &foreman, &["worker"]).await;
    assert_eq!(list.next().await["kind"], "CREATED");
    say(&foreman, &crew, "From over there").await;
    assert_eq!(texts(&mut messages, 2).await[1], "From over there");
    list.next().await;
    say(&worker, &crew, "And back").await;
    assert_eq!(texts(&mut messages, 1).await, ["And back"]);
    list.next().await;
    done(&foreman, REMOVE, json!({ "conversationId": crew, "userId": office.id("worker").0 })).await;
    say(&foreman, &crew, "Alone").await;
    assert_eq!(list.next().await["kind"], "DELETED");
    assert!(messages.is_silent().await && list.is_silent().await);
}

pub async fn cost(backend: Backend) {
    const FLAT: &str = "subscription { messageChanged { id kind message { text senderId } } }";
    let office = Office::open(backend).await;
    let foreman = office.client("foreman").await;
    let crew = group(&office, &foreman, &["worker", "pm", "manager"]).await;
    let spend = async |ears: &mut Vec<Subscription>| {
        // The first message finds whoever has just come; the second is the one that counts.
        let mut spent = 0;
        for words in ["Warm", "Counted"] {
            let before = office.app.db.statements();
            say(&foreman, &crew, words).await;
            for ear in ears.iter_mut() {
                assert_eq!(ear.next().await["message"]["text"], words);
            }
            office.app.catch_up().await.unwrap();
            spent = office.app.db.statements() - before;
        }
        spent
    };
    let mut ears = Vec::new();
    for name in ["worker"] {
        ears.push(office.client(name).await.subscribe(FLAT, json!({})).await);
    }
    let few = spend(&mut ears).await;
    let mut deaf = Vec::new();
    for name in ["worker", "pm", "manager", "worker", "pm", "manager", "worker", "pm", "manager"] {
        ears.push(office.client(name).await.subscribe(FLAT, json!({})).await);
        deaf.push(office.client("stranger").await.subscribe(FLAT, json!({})).await);
    }
    let many = spend(&mut ears).await;
    // The tail may look once more or less by itself meanwhile.
    assert!(many <= few + 6, "{few} statements with one listening, {many} with nineteen");
    for ear in &mut deaf {
        assert!(ear.socket.next_within(Duration::from_millis(20)).await.is_none());
    }
}
