//! Many at once: everybody hears everything, each thing in the order in which it happened, though lines are cut.

use std::collections::BTreeMap;

use entity::change;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::{ADD, DELETE, EDIT, LEAVE, REACT, ROLE, direct, done, group, history, ids, listen, roles, say};
use crate::harness::client::{Client, Subscription};
use crate::harness::database::Backend;
use crate::harness::office::{Office, text};

const EACH: usize = 12;

pub async fn storm(backend: Backend) {
    let office = Office::open(backend).await;
    let (app, address) = office.second().await;
    let foreman = office.client("foreman").await;
    let worker = office.client("worker").await.at(&app, address);
    let two = direct(&office, &foreman, "worker").await;
    let start = foreman.cursor().await;
    let writers = [foreman.clone(), worker.clone()].map(|client| tokio::spawn(write(client, two.clone())));
    let ears = [(foreman.clone(), 3), (worker.clone(), 5), (worker.at(&office.app, office.address), 1)]
        .map(|(client, patience)| tokio::spawn(hear(client, two.clone(), start.clone(), patience)));
    for writer in writers {
        writer.await.unwrap();
    }
    // A message to end with: whoever has heard it has heard all.
    say(&foreman, &two, "The end").await;
    let log: Vec<(String, String)> = change::Entity::find()
        .filter(change::Column::Entity.eq("messages"))
        .order_by_asc(change::Column::Seq)
        .all(&office.db)
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.entity_id.0, sea_orm::ActiveEnum::to_value(&row.kind)))
        .collect();
    assert_eq!(log.len(), 2 * (EACH + EACH + EACH / 2 + EACH / 4) + 1, "said, reacted to, edited, deleted");
    let stored = history(&foreman, &two).await;
    for ear in ears {
        let heard = ear.await.unwrap();
        let told: Vec<(String, String)> =
            heard.iter().map(|event| (text(&event["id"]), text(&event["kind"]))).collect();
        assert_eq!(told, log, "each change once, in the order of the log");
        // The last that was heard of each message is how it stands.
        let last: BTreeMap<String, &Value> =
            heard.iter().map(|event| (text(&event["id"]), &event["message"])).collect();
        assert_eq!(last.len(), stored.len());
        for row in &stored {
            let heard = last[&text(&row["id"])];
            assert_eq!((&heard["text"], &heard["isDeleted"]), (&row["text"], &row["isDeleted"]));
        }
    }
    // The pages stand in the order of the log as well.
    let said = log.iter().filter(|(_, kind)| kind == "CREATED").map(|(id, _)| id.clone());
    let pages = stored.iter().rev().map(|row| text(&row["id"]));
    assert_eq!(said.collect::<Vec<_>>(), pages.collect::<Vec<_>>());
}

async fn write(client: Client, conversation: String) {
    for number in 0..EACH {
        let message = say(&client, &conversation, &format!("Number {number}")).await["id"].clone();
        done(&client, REACT, json!({ "messageId": message, "emoji": "👍" })).await;
        if number % 2 == 0 {
            done(&client, EDIT, json!({ "messageId": message, "text": format!("Rather {number}") })).await;
        }
        if number % 4 == 0 {
            done(&client, DELETE, json!({ "messageId": message })).await;
        }
    }
}

/// Hears all of it through sockets that are cut after every few events.
async fn hear(client: Client, conversation: String, start: String, patience: usize) -> Vec<Value> {
    let (mut heard, mut after) = (Vec::new(), start);
    loop {
        let mut stream: Subscription = listen(&client, Some(&conversation), Some(&after)).await;
        for _ in 0..patience {
            let event = stream.next().await;
            after = text(&event["cursor"]);
            let over = event["message"]["text"] == "The end";
            heard.push(event);
            if over {
                return heard;
            }
        }
    }
}

pub async fn reactions(backend: Backend) {
    let office = Office::open(backend).await;
    let foreman = office.client("foreman").await;
    let crew = group(&office, &foreman, &["worker", "pm", "manager"]).await;
    let message = say(&foreman, &crew, "Done").await["id"].clone();
    let mut all = Vec::new();
    for name in ["foreman", "worker", "pm", "manager"] {
        for emoji in ["👍", "🎉", "👍"] {
            let (client, message) = (office.client(name).await, message.clone());
            let input = json!({ "messageId": message, "emoji": emoji });
            all.push(tokio::spawn(async move { done(&client, REACT, input).await }));
        }
    }
    for one in all {
        one.await.unwrap();
    }
    let read = "query($id: ID!) { message(id: $id) { reactions { emoji userId } } }";
    let kept = foreman.ok(read, json!({ "id": message })).await["message"]["reactions"].clone();
    assert_eq!(kept.as_array().unwrap().len(), 8, "{kept}");
}

pub async fn leaving(backend: Backend) {
    let office = Office::open(backend).await;
    let foreman = office.client("foreman").await;
    for _ in 0..4 {
        let crew = group(&office, &foreman, &["worker", "pm"]).await;
        let lead = json!({ "conversationId": crew, "userId": office.id("worker").0, "role": "ADMIN" });
        done(&foreman, ROLE, lead).await;
        // Both who lead go at once, and somebody comes.
        let worker = office.client("worker").await;
        let left = json!({ "conversationId": crew });
        let add = json!({ "input": { "conversationId": crew, "participantIds": ids(&office, &["manager"]) } });
        tokio::join!(done(&foreman, LEAVE, left.clone()), done(&worker, LEAVE, left), foreman.send(ADD, add));
        let pm = office.client("pm").await;
        let admins = roles(&pm, &crew).await.into_iter().filter(|(_, role)| role == "ADMIN").count();
        assert_eq!(admins, 1);
    }
}
