//! What is said.

use entity::enums::DocumentType;
use entity::{document, message};
use sea_orm::ActiveValue::Set;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use super::{DELETE, EDIT, REACT, SEND, UNREACT, code, direct, done, fault, group, history, listen, say, words};
use crate::harness::database::Backend;
use crate::harness::office::{Office, text};

pub async fn life_of_a_message(backend: Backend) {
    let office = Office::open(backend).await;
    let (foreman, worker) = (office.client("foreman").await, office.client("worker").await);
    let crew = group(&office, &foreman, &["worker"]).await;
    let elsewhere = direct(&office, &worker, "pm").await;
    let astray = say(&worker, &elsewhere, "Not for the crew").await["id"].clone();
    let mut heard = listen(&worker, Some(&crew), None).await;
    let first = say(&foreman, &crew, "  Who has the ladder? \n").await;
    assert_eq!((&first["text"], &first["messageType"]), (&json!("Who has the ladder?"), &json!("TEXT")));
    assert_eq!((&first["sender"]["id"], &first["conversation"]["id"]), (&json!(office.id("foreman").0), &json!(crew)));
    assert_eq!(
        (&first["isEdited"], &first["isDeleted"], &first["readByMe"]),
        (&json!(false), &json!(false), &json!(true))
    );
    assert_eq!((&first["attachments"], &first["reactions"]), (&json!([]), &json!([])));
    let event = heard.next().await;
    assert_eq!((&event["kind"], &event["message"]["text"]), (&json!("CREATED"), &first["text"]));

    let answer = json!({ "conversationId": crew, "text": "I do", "replyToId": first["id"] });
    let answer = done(&worker, SEND, answer).await["message"].clone();
    assert_eq!(answer["replyTo"], json!({ "id": first["id"], "text": "Who has the ladder?" }));
    assert!(text(&answer["createdAt"]) > text(&first["createdAt"]), "later, though the clock stands");
    heard.next().await;
    for wrong in [&astray, &json!("nothing")] {
        let input = json!({ "conversationId": crew, "text": "?", "replyToId": wrong });
        let expected = ("BAD_USER_INPUT".to_owned(), "input.replyToId".to_owned());
        assert_eq!(fault(&worker, SEND, input).await, expected);
    }

    let edit = json!({ "messageId": first["id"], "text": "Who has the long ladder?", "expectedUpdatedAt": first["updatedAt"] });
    let edited = done(&foreman, EDIT, edit.clone()).await["message"].clone();
    assert_eq!((&edited["isEdited"], &edited["createdAt"]), (&json!(true), &first["createdAt"]));
    assert!(!edited["editedAt"].is_null() && text(&edited["updatedAt"]) > text(&first["updatedAt"]));
    let error = foreman.error(EDIT, json!({ "input": edit })).await;
    assert_eq!(
        (&error["extensions"]["code"], &error["extensions"]["updatedAt"]),
        (&json!("CONFLICT"), &edited["updatedAt"])
    );
    let event = heard.next().await;
    assert_eq!((&event["kind"], &event["message"]["isEdited"]), (&json!("UPDATED"), &json!(true)));
    // The same text once more is no edit.
    let same = json!({ "messageId": first["id"], "text": "Who has the long ladder?" });
    assert_eq!(done(&foreman, EDIT, same).await["message"]["updatedAt"], edited["updatedAt"]);

    done(&worker, REACT, json!({ "messageId": first["id"], "emoji": "🪜" })).await;
    heard.next().await;
    let deleted = done(&foreman, DELETE, json!({ "messageId": first["id"] })).await["message"].clone();
    assert_eq!(
        (&deleted["text"], &deleted["isDeleted"], &deleted["reactions"]),
        (&json!(""), &json!(true), &json!([]))
    );
    let event = heard.next().await;
    assert_eq!(
        (&event["kind"], &event["message"]["isDeleted"], &event["message"]["text"]),
        (&json!("UPDATED"), &json!(true), &json!(""))
    );
    assert_eq!(
        done(&foreman, DELETE, json!({ "messageId": first["id"] })).await["message"],
        deleted,
        "nothing changes"
    );
    assert!(heard.is_silent().await);
    for (document, input) in [
        (EDIT, json!({ "messageId": first["id"], "text": "Back" })),
        (REACT, json!({ "messageId": first["id"], "emoji": "👍" })),
    ] {
        assert_eq!(code(&foreman, document, input).await, "CONFLICT");
    }
    // Its place stays, and so does what the system noted down.
    let rows = history(&worker, &crew).await;
    assert_eq!(rows.iter().map(|row| text(&row["text"])).collect::<Vec<_>>()[..2], ["I do".to_owned(), String::new()]);
    for document in [EDIT, DELETE] {
        let mut input = json!({ "messageId": rows[2]["id"] });
        if document == EDIT {
            input["text"] = json!("Rewritten");
        }
        assert_eq!(code(&foreman, document, input).await, "CONFLICT");
    }
}

pub async fn hostile(backend: Backend) {
    let office = Office::open(backend).await;
    let (foreman, worker) = (office.client("foreman").await, office.client("worker").await);
    let two = direct(&office, &foreman, "worker").await;
    let longest = "🪜".repeat(10_000);
    let kept = [
        "Ridge’s “end” — naïve café",
        "مرحبا بالعالم \u{202e}abc\u{202c}",
        "👩\u{200d}👩\u{200d}👧\u{200d}👦 👍🏽 🇺🇸 1\u{fe0f}\u{20e3}",
        "'; DROP TABLE messages; --",
        "<script>alert(1)</script> {{7*7}} %_\\",
        "a\tb\nc",
        &longest,
    ];
    for words in kept {
        assert_eq!(say(&foreman, &two, words).await["text"], words);
    }
    assert_eq!(words(&worker, &two).await, kept);
    let refused = ("BAD_USER_INPUT".to_owned(), "input.text".to_owned());
    let message = history(&worker, &two).await[0]["id"].clone();
    for bad in ["", " \n\t ", "a\u{0}b", &"x".repeat(10_001)] {
        assert_eq!(fault(&foreman, SEND, json!({ "conversationId": two, "text": bad })).await, refused);
        assert_eq!(fault(&foreman, EDIT, json!({ "messageId": message, "text": bad })).await, refused);
    }
    let refused = ("BAD_USER_INPUT".to_owned(), "input.emoji".to_owned());
    for bad in ["", "  ", "a b", "\u{0}", "\u{7}", &"x".repeat(33)] {
        assert_eq!(fault(&foreman, REACT, json!({ "messageId": message, "emoji": bad })).await, refused, "{bad:?}");
    }
    assert_eq!(message::Entity::find().count(&office.db).await.unwrap(), u64::try_from(kept.len()).unwrap());
}

pub async fn idempotent(backend: Backend) {
    let office = Office::open(backend).await;
    let (app, address) = office.second().await;
    let foreman = office.client("foreman").await;
    let elsewhere = foreman.at(&app, address);
    let two = direct(&office, &foreman, "worker").await;
    let input = json!({ "conversationId": two, "text": "Once", "idempotencyKey": "tap" });
    // A double tap, on two instances.
    let (one, other) = tokio::join!(done(&foreman, SEND, input.clone()), done(&elsewhere, SEND, input.clone()));
    assert_eq!(one["message"]["id"], other["message"]["id"]);
    // The answer was lost, and much was said since.
    say(&foreman, &two, "Twice").await;
    assert_eq!(done(&elsewhere, SEND, input.clone()).await["message"]["id"], one["message"]["id"]);
    assert_eq!(words(&foreman, &two).await, ["Once", "Twice"]);
    let mut other = input.clone();
    other["text"] = json!("Something else");
    assert_eq!(code(&foreman, SEND, other).await, "CONFLICT");
    // The key is this person's own.
    let worker = office.client("worker").await;
    assert_ne!(done(&worker, SEND, input).await["message"]["id"], one["message"]["id"]);
}

pub async fn reactions(backend: Backend) {
    let office = Office::open(backend).await;
    let (foreman, worker) = (office.client("foreman").await, office.client("worker").await);
    let two = direct(&office, &foreman, "worker").await;
    let message = say(&foreman, &two, "Done").await["id"].clone();
    let react = |emoji: &str| json!({ "messageId": message, "emoji": emoji });
    done(&worker, REACT, react("👍")).await;
    done(&worker, REACT, react("1\u{fe0f}\u{20e3}")).await;
    let three = done(&foreman, REACT, react("👍")).await["message"].clone();
    let all: Vec<(String, String)> = three["reactions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (text(&row["emoji"]), text(&row["user"]["id"])))
        .collect();
    let (f, w) = (office.id("foreman").0, office.id("worker").0);
    assert_eq!(all, [("👍".to_owned(), w.clone()), ("1\u{fe0f}\u{20e3}".to_owned(), w.clone()), ("👍".to_owned(), f)]);
    assert_eq!(done(&foreman, REACT, react("👍")).await["message"]["updatedAt"], three["updatedAt"], "nothing changes");
    let less = done(&worker, UNREACT, react("👍")).await["message"].clone();
    assert_eq!(less["reactions"].as_array().unwrap().len(), 2);
    assert_eq!(done(&worker, UNREACT, react("👍")).await["message"], less, "nothing changes");
    assert_eq!(less["reactions"][0]["userId"], w);
    for number in 0..19 {
        done(&worker, REACT, react(&format!("e{number}"))).await;
    }
    assert_eq!(code(&worker, REACT, react("one-more")).await, "CONFLICT", "a person has room for twenty");
}

pub async fn attachments(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let (pm, worker) = (office.client("pm").await, office.client("worker").await);
    for (id, mime) in [("photo", "image/jpeg"), ("other", "image/png"), ("plan", "application/pdf")] {
        let row = document::ActiveModel {
            id: Set(id.into()),
            created_at: Set(office.app.clock.now()),
            updated_at: Set(office.app.clock.now()),
            file_name: Set(id.to_owned()),
            original_name: Set(id.to_owned()),
            file_url: Set(format!("/files/{id}")),
            mime_type: Set(mime.to_owned()),
            file_size: Set(1),
            file_type: Set(DocumentType::Photo),
            tags: Set(entity::list::List::default()),
            project_id: Set(project.id.clone().into()),
            uploaded_by_id: Set(office.id("pm")),
            ..Default::default()
        };
        document::Entity::insert(row).exec_without_returning(&office.db).await.unwrap();
    }
    let two = direct(&office, &pm, "worker").await;
    let with = |ids: &[&str]| json!({ "conversationId": two, "text": "See here", "attachments": ids });
    let sent = async |ids: &[&str]| {
        let message = done(&pm, SEND, with(ids)).await["message"].clone();
        (text(&message["messageType"]), message["attachments"].clone(), message["id"].clone())
    };
    let (kind, attached, _) = sent(&["other", "photo", "other"]).await;
    assert_eq!((kind.as_str(), attached), ("IMAGE", json!(["other", "photo"])), "each once, in order");
    let (kind, _, id) = sent(&["photo", "plan"]).await;
    assert_eq!(kind, "FILE");
    // Nobody sends along what they do not reach themselves.
    let expected = ("BAD_USER_INPUT".to_owned(), "input.attachments.0".to_owned());
    assert_eq!(fault(&worker, SEND, with(&["photo"])).await, expected);
    let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
    let input = json!({ "conversationId": two, "text": "All", "attachments": many });
    assert_eq!(fault(&pm, SEND, input).await, ("BAD_USER_INPUT".to_owned(), "input.attachments".to_owned()));
    let deleted = done(&pm, DELETE, json!({ "messageId": id })).await["message"].clone();
    assert_eq!(deleted["attachments"], Value::Array(Vec::new()));
}
