//! Who talks to whom.

use entity::{conversation, conversation_participant, message, project};
use sea_orm::ActiveValue::Set;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use super::{CREATE, code, direct, done, fault, group, history, ids, roles, say, words};
use crate::harness::database::Backend;
use crate::harness::office::{Office, give, text};

pub async fn between_two(backend: Backend) {
    let office = Office::open(backend).await;
    let (foreman, worker) = (office.client("foreman").await, office.client("worker").await);
    let first = done(&foreman, CREATE, json!({ "participantIds": ids(&office, &["worker"]) })).await;
    let first = first["conversation"].clone();
    assert_eq!(
        (&first["isGroup"], &first["title"], &first["lastMessage"]),
        (&json!(false), &Value::Null, &Value::Null)
    );
    assert_eq!((&first["isActive"], &first["unreadCount"]), (&json!(true), &json!(0)));
    assert_eq!(first["participants"].as_array().unwrap().len(), 2);
    // From the other side, with oneself named too, and the other twice.
    let people = ids(&office, &["worker", "foreman", "foreman"]);
    let again = done(&worker, CREATE, json!({ "participantIds": people, "title": "Another", "isGroup": false })).await;
    assert_eq!((&again["conversation"]["id"], &again["conversation"]["title"]), (&first["id"], &Value::Null));
    // A group of two is another matter, as often as one likes.
    let (one, other) = (group(&office, &foreman, &["worker"]).await, group(&office, &foreman, &["worker"]).await);
    assert!(one != other && json!(one) != first["id"]);
    // More than one other person makes a group by themselves, led by whoever began it.
    let crew = done(&foreman, CREATE, json!({ "participantIds": ids(&office, &["worker", "pm"]) })).await;
    let crew = crew["conversation"].clone();
    assert_eq!(crew["isGroup"], true);
    assert_eq!(crew["lastMessage"]["messageType"], "SYSTEM");
    assert!(text(&crew["lastMessage"]["text"]).starts_with("foreman Tester created the group with "));
    let mut leaders = roles(&foreman, &text(&crew["id"])).await;
    leaders.retain(|(_, role)| role == "ADMIN");
    assert_eq!(leaders, [("foreman".to_owned(), "ADMIN".to_owned())]);
    // The same key is the same group.
    let input = json!({ "participantIds": ids(&office, &["pm"]), "isGroup": true, "idempotencyKey": "k" });
    let keyed = done(&foreman, CREATE, input.clone()).await;
    assert_eq!(done(&foreman, CREATE, input.clone()).await["conversation"]["id"], keyed["conversation"]["id"]);
    let mut other = input;
    other["title"] = json!("Else");
    assert_eq!(code(&foreman, CREATE, other).await, "CONFLICT");
}

pub async fn at_once(backend: Backend) {
    let office = Office::open(backend).await;
    let (app, address) = office.second().await;
    let (foreman, worker) = (office.client("foreman").await, office.client("worker").await);
    let elsewhere = worker.at(&app, address);
    let input = |other: &str| json!({ "participantIds": ids(&office, &[other]) });
    let (a, b, c, d) = tokio::join!(
        done(&foreman, CREATE, input("worker")),
        done(&worker, CREATE, input("foreman")),
        done(&elsewhere, CREATE, input("foreman")),
        done(&foreman, CREATE, input("worker")),
    );
    for answer in [&b, &c, &d] {
        assert_eq!(answer["conversation"]["id"], a["conversation"]["id"]);
    }
    assert_eq!(conversation::Entity::find().count(&office.db).await.unwrap(), 1);
    assert_eq!(conversation_participant::Entity::find().count(&office.db).await.unwrap(), 2);
}

pub async fn who_may(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    let customer = admin.create_customer("client@ridgeline.test").await;
    let project = office.project_with(json!({ "customerId": customer })).await;
    let (pm, client, worker) =
        (office.client("pm").await, office.client("client").await, office.client("worker").await);
    // The client and the manager of their project reach each other; nobody else and the client do.
    let theirs = direct(&office, &client, "pm").await;
    assert_eq!(direct(&office, &pm, "client").await, theirs);
    let refused = ("BAD_USER_INPUT".to_owned(), "input.participantIds.0".to_owned());
    for other in ["worker", "admin", "manager"] {
        let input = json!({ "participantIds": ids(&office, &[other]) });
        assert_eq!(fault(&client, CREATE, input).await, refused, "the client to {other}");
        let input = json!({ "participantIds": ids(&office, &["client"]) });
        assert_eq!(fault(&office.client(other).await, CREATE, input).await, refused, "{other} to the client");
    }
    // Not in a group either: whoever cannot talk to all is refused, by name.
    let input = json!({ "participantIds": ids(&office, &["worker", "client"]), "isGroup": true });
    let expected = ("BAD_USER_INPUT".to_owned(), "input.participantIds.1".to_owned());
    assert_eq!(fault(&pm, CREATE, input).await, expected);
    let both = group(&office, &pm, &["client"]).await;
    let add = json!({ "conversationId": both, "participantIds": ids(&office, &["worker"]) });
    assert_eq!(fault(&pm, super::ADD, add).await, refused);
    // An address that is not proven opens nothing.
    give(&office, "client", |row| row.is_verified = Set(false)).await;
    let input = json!({ "participantIds": ids(&office, &["client"]), "isGroup": true });
    assert_eq!(fault(&pm, CREATE, input).await, refused);
    // Nor does whoever has gone.
    give(&office, "stranger", |row| row.is_active = Set(false)).await;
    let input = json!({ "participantIds": ids(&office, &["pm", "stranger", "nobody"]) });
    let error = worker.error(CREATE, json!({ "input": input })).await;
    let paths: Vec<String> =
        error["extensions"]["fields"].as_array().unwrap().iter().map(|fault| text(&fault["path"])).collect();
    assert_eq!(paths, ["input.participantIds.1", "input.participantIds.2"]);
    drop(project);
}

pub async fn bad_input(backend: Backend) {
    let office = Office::open(backend).await;
    let foreman = office.client("foreman").await;
    let people = |count: usize| (0..count).map(|n| format!("person{n}")).collect::<Vec<_>>();
    for (input, path) in [
        (json!({ "participantIds": [] }), "input.participantIds"),
        (json!({ "participantIds": [office.id("foreman").0] }), "input.participantIds"),
        (json!({ "participantIds": [office.id("foreman").0], "isGroup": true }), "input.participantIds"),
        (json!({ "participantIds": people(200), "isGroup": true }), "input.participantIds"),
        (json!({ "participantIds": people(2), "isGroup": false }), "input.isGroup"),
        (json!({ "participantIds": [office.id("pm").0], "title": "é".repeat(201) }), "input.title"),
        (json!({ "participantIds": [office.id("pm").0], "title": "a\u{0}b" }), "input.title"),
        (json!({ "participantIds": [office.id("pm").0], "description": "é".repeat(501) }), "input.description"),
    ] {
        assert_eq!(fault(&foreman, CREATE, input).await, ("BAD_USER_INPUT".to_owned(), path.to_owned()));
    }
    assert_eq!(conversation::Entity::find().count(&office.db).await.unwrap(), 0);
    assert_eq!(message::Entity::find().count(&office.db).await.unwrap(), 0);
    // The longest that fits, and letters of all kinds.
    let title = "ö".repeat(200);
    let input = json!({ "participantIds": [office.id("pm").0], "title": title, "description": "ß".repeat(500), "isGroup": true });
    assert_eq!(done(&foreman, CREATE, input).await["conversation"]["title"], title);
}

pub async fn former_manager(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    let customer = admin.create_customer("client@ridgeline.test").await;
    let project = office.project_with(json!({ "customerId": customer })).await;
    let (pm, client) = (office.client("pm").await, office.client("client").await);
    let theirs = direct(&office, &client, "pm").await;
    say(&pm, &theirs, "Good morning").await;
    let row = project::ActiveModel {
        id: Set(project.id.clone().into()),
        project_manager_id: Set(Some(office.id("manager"))),
        ..Default::default()
    };
    project::Entity::update(row).exec(&office.db).await.unwrap();
    // What stands goes on, with the names of those who wrote in it; something new is not begun.
    say(&client, &theirs, "And now?").await;
    assert_eq!(words(&client, &theirs).await, ["Good morning", "And now?"]);
    assert_eq!(history(&client, &theirs).await[1]["sender"]["id"], office.id("pm").0);
    assert_eq!(direct(&office, &client, "pm").await, theirs);
    let input = json!({ "participantIds": ids(&office, &["pm"]), "isGroup": true });
    assert_eq!(code(&client, CREATE, input).await, "BAD_USER_INPUT");
    direct(&office, &client, "manager").await;
}
