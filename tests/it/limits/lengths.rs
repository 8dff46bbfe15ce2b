//! Lists without pages: however they are nested, an answer has an end.

use serde_json::{Value, json};

use crate::harness::client::codes;
use crate::harness::database::Backend;
use crate::harness::office::Office;

/// Two levels of steps; a project of the tests has a handful of them.
const STEPS: &str = "project(id: $id) { workflow { steps { workflow { steps { id } } } } }";

pub async fn answers(backend: Backend) {
    let office = Office::with(backend, &["--answered-fields", "150"]).await;
    let project = office.project().await;
    let manager = office.client("manager").await;
    let ask = |document: String| {
        let (manager, id) = (&manager, project.id.clone());
        async move { manager.send(&document, json!({ "id": id })).await.1 }
    };
    let answer = ask(format!("query($id: ID!) {{ {STEPS} }}")).await;
    assert_eq!(codes(&answer), ["LIMIT_EXCEEDED"], "told once: {answer}");
    assert_eq!((answer.get("data").is_some(), &answer["data"]["project"]), (true, &Value::Null), "it was executed");
    let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
    assert!(message.contains("more than 150 fields"), "{message}");
    let answer = ask("query($id: ID!) { project(id: $id) { workflow { steps { id } } } }".into()).await;
    assert!(answer["errors"].is_null(), "what keeps within it is answered: {answer}");
    // A mutation has been done all the same, and says so.
    let before = office.app.db.statements();
    let hold = format!(
        "mutation($id: ID!) {{ holdProject(input: {{ projectId: $id }}) {{ {} }} }}",
        &STEPS.replace("(id: $id)", "")
    );
    let answer = ask(hold).await;
    assert!(office.app.db.statements() > before);
    assert_eq!(codes(&answer), ["LIMIT_EXCEEDED"]);
    assert!(answer["errors"][0]["message"].as_str().unwrap_or_default().ends_with("has been done."), "{answer}");
    let status = ask("query($id: ID!) { project(id: $id) { status } }".into()).await;
    assert_eq!(status["data"]["project"]["status"], "ON_HOLD");
}

/// The longest lists that there are, within one another, cost neither time nor memory.
pub async fn cycles(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let client = office.client("manager").await;
    for levels in 3..7 {
        let inner = (0..levels).fold("id".to_owned(), |inner, _| format!("steps {{ workflow {{ {inner} }} }}"));
        let document = format!("query($id: ID!) {{ project(id: $id) {{ workflow {{ {inner} }} }} }}");
        let (_, answer) = client.send(&document, json!({ "id": project.id })).await;
        let refused = codes(&answer).iter().any(|code| code == "LIMIT_EXCEEDED");
        assert!(refused == (levels > 3), "{levels} levels: {:.300}", answer.to_string());
    }
}
