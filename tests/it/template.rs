//! The template: what instances keep of it goes the moment that another is imported.

use ridgeline::workflow::template;
use serde_json::{Value, json};

use crate::harness::client::Client;
use crate::harness::database::Backend;
use crate::harness::office::{Office, text};
use crate::harness::suite::Suite;

const BUILT_IN: &str = include_str!("../../api/src/workflow/template/built_in.json");

pub fn register(suite: &mut Suite) {
    suite.on_each_database("template::an_import_is_seen_by_every_instance", import);
}

const CURRENT: &str = "query($id: ID!) { project(id: $id) { tracker { currentLineItem { itemName } } } }";

async fn current(client: &Client, project: &str) -> String {
    let answer = client.ok(CURRENT, json!({ "id": project })).await;
    text(&answer["project"]["tracker"]["currentLineItem"]["itemName"])
}

async fn import(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await.id;
    let (app, address) = office.second().await;
    let here = office.client("manager").await;
    let there = here.clone().at(&app, address);
    let before = current(&here, &project).await;
    assert_eq!(current(&there, &project).await, before);
    // Kept: the second time it takes a statement less.
    let cost = async || {
        let before = office.app.db.statements();
        current(&here, &project).await;
        office.app.db.statements() - before
    };
    assert_eq!(cost().await, 1, "the project with its tracker");

    let mut other: Value = serde_json::from_str(BUILT_IN).unwrap();
    rename(&mut other, &before, "Shake hands");
    template::import(&office.app, &other.to_string()).await.unwrap();
    assert_eq!(current(&here, &project).await, "Shake hands");
    app.catch_up().await.unwrap();
    assert_eq!(current(&there, &project).await, "Shake hands");
    app.stop();
}

/// Gives the line item of this name another, wherever the file has it.
fn rename(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::String(text) if text == from => to.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, from, to)),
        Value::Object(fields) => fields.values_mut().for_each(|field| rename(field, from, to)),
        _ => {}
    }
}
