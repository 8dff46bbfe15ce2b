//! Members, roles, titles.

use serde_json::{Value, json};

use super::{
    ADD, CREATE, DELETE, EDIT, LEAVE, REACT, REMOVE, ROLE, SEND, UPDATE, code, direct, done, fault, group, history,
    ids, inbox, roles, say, words,
};
use crate::harness::database::Backend;
use crate::harness::office::{Office, text};

pub async fn come_and_go(backend: Backend) {
    let office = Office::open(backend).await;
    let (foreman, worker, pm) =
        (office.client("foreman").await, office.client("worker").await, office.client("pm").await);
    let crew = group(&office, &foreman, &["worker"]).await;
    say(&foreman, &crew, "Before").await;
    let add = json!({ "conversationId": crew, "participantIds": ids(&office, &["pm", "worker"]) });
    let added = done(&foreman, ADD, add.clone()).await;
    assert_eq!(added["conversation"]["participants"].as_array().unwrap().len(), 3);
    // Whoever joins sees all that was said.
    assert_eq!(words(&pm, &crew).await, ["Before"]);
    let remove = json!({ "conversationId": crew, "userId": office.id("worker").0 });
    for _ in 0..2 {
        let left = done(&foreman, REMOVE, remove.clone()).await;
        assert_eq!(left["conversation"]["participants"].as_array().unwrap().len(), 2, "repeating changes nothing");
    }
    let one = "query($id: ID!) { conversation(id: $id) { id } }";
    assert_eq!(worker.ok(one, json!({ "id": crew })).await["conversation"], Value::Null);
    assert_eq!(code(&worker, SEND, json!({ "conversationId": crew, "text": "Still here?" })).await, "NOT_FOUND");
    // Back again, as a member.
    done(&foreman, ADD, json!({ "conversationId": crew, "participantIds": ids(&office, &["worker"]) })).await;
    assert_eq!(words(&worker, &crew).await, ["Before"]);
    done(&pm, LEAVE, json!({ "conversationId": crew })).await;
    assert_eq!(code(&pm, LEAVE, json!({ "conversationId": crew })).await, "NOT_FOUND");
    // All of it was noted down, for people and for programs.
    let notes: Vec<Value> =
        history(&foreman, &crew).await.into_iter().rev().filter(|row| row["messageType"] == "SYSTEM").collect();
    let said: Vec<String> = notes.iter().map(|row| text(&row["text"])).collect();
    assert_eq!(
        said,
        [
            "foreman Tester created the group with worker Tester.",
            "foreman Tester added pm Tester.",
            "foreman Tester removed worker Tester.",
            "foreman Tester added worker Tester.",
            "pm Tester left.",
        ]
    );
    let (by, worker) = (office.id("foreman").0, office.id("worker").0);
    assert_eq!(notes[2]["systemData"], json!({ "kind": "REMOVED", "by": by, "users": [worker] }));
    assert_eq!(notes[2]["sender"]["id"], by);
    assert_eq!(notes[4]["systemData"]["kind"], "LEFT");
    // Nobody who was never in it can be sent out.
    let never = json!({ "conversationId": crew, "userId": office.id("stranger").0 });
    assert_eq!(code(&foreman, REMOVE, never).await, "NOT_FOUND");
    assert_eq!(
        fault(&foreman, REMOVE, json!({ "conversationId": crew, "userId": by })).await,
        ("BAD_USER_INPUT".to_owned(), "input.userId".to_owned())
    );
}

/// Each mutation by each role in the group, by whoever left, and by whoever never was in it.
pub async fn rights(backend: Backend) {
    let office = Office::open(backend).await;
    let people = ["foreman", "pm", "worker", "stranger", "admin"];
    let mut clients = Vec::new();
    for name in people {
        clients.push(office.client(name).await);
    }
    let (leader, gone) = (&clients[0], &clients[3]);
    // ADMIN, MODERATOR, MEMBER, gone, an administrator outside; the moderator's own messages aside.
    let table: [(&str, &str, [&str; 5]); 8] = [
        (SEND, "text", ["ok", "ok", "ok", "NOT_FOUND", "NOT_FOUND"]),
        (REACT, "emoji", ["ok", "ok", "ok", "NOT_FOUND", "NOT_FOUND"]),
        (EDIT, "edit", ["ok", "FORBIDDEN", "FORBIDDEN", "NOT_FOUND", "NOT_FOUND"]),
        (DELETE, "delete", ["ok", "ok", "FORBIDDEN", "NOT_FOUND", "NOT_FOUND"]),
        (ADD, "add", ["ok", "FORBIDDEN", "FORBIDDEN", "NOT_FOUND", "NOT_FOUND"]),
        (REMOVE, "remove", ["ok", "FORBIDDEN", "FORBIDDEN", "NOT_FOUND", "NOT_FOUND"]),
        (ROLE, "role", ["ok", "FORBIDDEN", "FORBIDDEN", "NOT_FOUND", "NOT_FOUND"]),
        (UPDATE, "update", ["ok", "FORBIDDEN", "FORBIDDEN", "NOT_FOUND", "NOT_FOUND"]),
    ];
    for (document, what, outcomes) in table {
        for (client, (who, expected)) in clients.iter().zip(people.iter().zip(outcomes)) {
            let crew = group(&office, leader, &["pm", "worker", "stranger", "manager"]).await;
            let role = json!({ "conversationId": crew, "userId": office.id("pm").0, "role": "MODERATOR" });
            done(leader, ROLE, role).await;
            done(gone, LEAVE, json!({ "conversationId": crew })).await;
            let message = say(leader, &crew, "Mine").await["id"].clone();
            let manager = office.id("manager").0;
            let input = match what {
                "text" => json!({ "conversationId": crew, "text": "Hello" }),
                "emoji" => json!({ "messageId": message, "emoji": "👍" }),
                "edit" => json!({ "messageId": message, "text": "Yours" }),
                "delete" => json!({ "messageId": message }),
                "add" => json!({ "conversationId": crew, "participantIds": ids(&office, &["client", "worker"]) }),
                "remove" => json!({ "conversationId": crew, "userId": manager }),
                "role" => json!({ "conversationId": crew, "userId": manager, "role": "ADMIN" }),
                _ => json!({ "conversationId": crew, "title": "Ours" }),
            };
            // Nobody here may talk to the client; whoever may add people is told so.
            let expected = if (what, expected) == ("add", "ok") { "BAD_USER_INPUT" } else { expected };
            let (_, answer) = client.send(document, json!({ "input": input })).await;
            let outcome = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("ok");
            assert_eq!(outcome, expected, "{what} by {who}: {answer}");
            let seen =
                client.ok("query($id: ID!) { message(id: $id) { text isDeleted } }", json!({ "id": message })).await;
            assert_eq!(seen["message"].is_null(), expected == "NOT_FOUND", "{what} by {who}");
        }
    }
    // Between two people nobody leads, and nobody removes what the other said.
    let (worker, pm) = (&clients[2], &clients[1]);
    let two = direct(&office, worker, "pm").await;
    let message = say(worker, &two, "Mine").await["id"].clone();
    assert_eq!(code(pm, DELETE, json!({ "messageId": message })).await, "FORBIDDEN");
    for (document, input) in [
        (ADD, json!({ "conversationId": two, "participantIds": ids(&office, &["foreman"]) })),
        (REMOVE, json!({ "conversationId": two, "userId": office.id("pm").0 })),
        (ROLE, json!({ "conversationId": two, "userId": office.id("pm").0, "role": "ADMIN" })),
    ] {
        assert_eq!(code(worker, document, input).await, "CONFLICT");
    }
    assert_eq!(code(worker, UPDATE, json!({ "conversationId": two, "isActive": false })).await, "BAD_USER_INPUT");
}

pub async fn admins(backend: Backend) {
    let office = Office::open(backend).await;
    let (foreman, worker, pm) =
        (office.client("foreman").await, office.client("worker").await, office.client("pm").await);
    let crew = group(&office, &foreman, &["worker"]).await;
    done(&foreman, ADD, json!({ "conversationId": crew, "participantIds": ids(&office, &["pm"]) })).await;
    let set = |name: &str, role: &str| json!({ "conversationId": crew, "userId": office.id(name).0, "role": role });
    assert_eq!(code(&foreman, ROLE, set("foreman", "MEMBER")).await, "CONFLICT", "the last one stays");
    assert_eq!(code(&foreman, ROLE, set("stranger", "MEMBER")).await, "NOT_FOUND");
    let moderator = done(&foreman, ROLE, set("pm", "MODERATOR")).await["participant"].clone();
    assert_eq!(moderator["role"], "MODERATOR");
    let before = history(&foreman, &crew).await.len();
    assert_eq!(done(&foreman, ROLE, set("pm", "MODERATOR")).await["participant"], moderator, "nothing changes");
    assert_eq!(history(&foreman, &crew).await.len(), before);
    let mut stale = set("pm", "ADMIN");
    stale["expectedUpdatedAt"] = json!("2020-01-01T00:00:00Z");
    assert_eq!(code(&foreman, ROLE, stale).await, "CONFLICT");
    let mut fresh = set("pm", "MEMBER");
    fresh["expectedUpdatedAt"] = moderator["updatedAt"].clone();
    done(&foreman, ROLE, fresh).await;
    // The last leader goes: whoever has been there longest follows, and it is noted down.
    done(&foreman, LEAVE, json!({ "conversationId": crew })).await;
    let left: Vec<(String, String)> = roles(&pm, &crew).await;
    let expected = [("worker", "ADMIN"), ("pm", "MEMBER")].map(|(name, role)| (name.to_owned(), role.to_owned()));
    assert_eq!(left, expected);
    assert_eq!(history(&pm, &crew).await[0]["text"], "worker Tester is now an admin of the group.");
    // With another leader about, nobody is appointed; and whoever is alone may go too.
    done(&worker, ROLE, set("pm", "ADMIN")).await;
    done(&worker, LEAVE, json!({ "conversationId": crew })).await;
    assert_eq!(roles(&pm, &crew).await, [("pm".to_owned(), "ADMIN".to_owned())]);
    assert_eq!(history(&pm, &crew).await[0]["text"], "worker Tester left.");
    done(&pm, LEAVE, json!({ "conversationId": crew })).await;
}

pub async fn updates(backend: Backend) {
    let office = Office::open(backend).await;
    let (foreman, worker) = (office.client("foreman").await, office.client("worker").await);
    let crew = group(&office, &foreman, &["worker"]).await;
    let read = "query($id: ID!) { conversation(id: $id) { updatedAt } }";
    let seen = foreman.ok(read, json!({ "id": crew })).await["conversation"]["updatedAt"].clone();
    say(&worker, &crew, "A message is no change of the conversation").await;
    let input = json!({ "conversationId": crew, "title": " Roof crew ", "expectedUpdatedAt": seen });
    let changed = done(&foreman, UPDATE, input.clone()).await["conversation"].clone();
    assert_eq!(changed["title"], "Roof crew");
    assert!(text(&changed["updatedAt"]) > text(&seen));
    assert_eq!(code(&foreman, UPDATE, input).await, "CONFLICT");
    done(&foreman, UPDATE, json!({ "conversationId": crew, "description": "Elm Street" })).await;
    let cleared = done(&foreman, UPDATE, json!({ "conversationId": crew, "title": null })).await;
    assert_eq!(cleared["conversation"]["title"], Value::Null);
    assert_eq!(cleared["conversation"]["description"], "Elm Street");
    assert_eq!(code(&foreman, UPDATE, json!({ "conversationId": crew, "isActive": null })).await, "BAD_USER_INPUT");
    // Closed, nothing is added and what was said can be read, and tidied up.
    let message = say(&worker, &crew, "Last words").await["id"].clone();
    done(&foreman, UPDATE, json!({ "conversationId": crew, "isActive": false })).await;
    for (document, input) in [
        (SEND, json!({ "conversationId": crew, "text": "More" })),
        (EDIT, json!({ "messageId": message, "text": "More" })),
        (REACT, json!({ "messageId": message, "emoji": "👍" })),
    ] {
        assert_eq!(code(&worker, document, input).await, "CONFLICT");
    }
    assert_eq!(words(&worker, &crew).await.len(), 2);
    done(&foreman, UPDATE, json!({ "conversationId": crew, "isActive": true })).await;
    say(&worker, &crew, "And on").await;
    let notes = history(&worker, &crew).await.into_iter().rev().filter(|row| row["messageType"] == "SYSTEM");
    let notes: Vec<String> = notes.map(|row| text(&row["systemData"]["kind"])).collect();
    let expected = ["CREATED", "TITLE_CHANGED", "DESCRIPTION_CHANGED", "TITLE_CHANGED", "CLOSED", "REOPENED"];
    assert_eq!(notes, expected);
    // Between two, either gives it a title, and nothing is noted down.
    let two = direct(&office, &worker, "foreman").await;
    for client in [&worker, &foreman] {
        done(client, UPDATE, json!({ "conversationId": two, "title": "Us" })).await;
    }
    assert_eq!(history(&worker, &two).await, Vec::<Value>::new());
}

pub async fn hidden(backend: Backend) {
    let office = Office::open(backend).await;
    let (foreman, worker) = (office.client("foreman").await, office.client("worker").await);
    let two = direct(&office, &foreman, "worker").await;
    say(&foreman, &two, "One").await;
    let list = "{ conversations { nodes { id unreadCount participants { leftAt user { id } } } } }";
    let mut heard = inbox(&worker, None).await;
    done(&worker, LEAVE, json!({ "conversationId": two })).await;
    assert_eq!(heard.next().await["kind"], "DELETED");
    assert_eq!(worker.ok(list, json!({})).await["conversations"]["nodes"], json!([]));
    // The other still sees with whom it is.
    let shown = foreman.ok(list, json!({})).await["conversations"]["nodes"][0]["participants"].clone();
    assert_eq!(shown.as_array().unwrap().iter().filter(|row| !row["leftAt"].is_null()).count(), 1);
    // Something is said, and it is back: that counts as unread, and nothing before it does.
    say(&foreman, &two, "Two").await;
    let back = heard.next().await;
    assert_eq!((&back["kind"], &back["conversation"]["lastMessage"]["text"]), (&json!("CREATED"), &json!("Two")));
    let shown = worker.ok(list, json!({})).await["conversations"]["nodes"][0].clone();
    assert_eq!((&shown["id"], &shown["unreadCount"]), (&json!(two), &json!(1)));
    assert_eq!(words(&worker, &two).await, ["One", "Two"]);
    // Begun again, it is the same, and back too.
    done(&worker, LEAVE, json!({ "conversationId": two })).await;
    let again = done(&worker, CREATE, json!({ "participantIds": ids(&office, &["foreman"]) })).await;
    assert_eq!((&again["conversation"]["id"], &again["conversation"]["unreadCount"]), (&json!(two), &json!(0)));
}
