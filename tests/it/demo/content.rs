//! The sample company's content: the same each time, and left alone once it is there.

use std::collections::{BTreeSet, HashMap};

use chrono::Duration;
use entity::scalar::Id;
use entity::{project, project_message, user, workflow_alert};
use ridgeline::demo::fill;
use sea_orm::{DatabaseConnection, EntityTrait, QueryOrder};

use super::{all, filled};
use crate::harness::database::Backend;

pub async fn twice(backend: Backend) {
    let (bench, app) = filled(backend, 8).await;
    let before = story(&bench.db).await;
    let people = all::<user::Entity>(&bench.db).await;
    bench.clock.advance(Duration::days(1));
    let summary = fill(&app, 20).await.unwrap();
    assert_eq!((summary.made, summary.projects), (false, 8));
    assert_eq!(story(&bench.db).await, before);
    assert_eq!(all::<user::Entity>(&bench.db).await, people);
}

pub async fn same(backend: Backend) {
    let (first, _) = filled(backend, 27).await;
    let (second, _) = filled(backend, 27).await;
    assert_eq!(story(&first.db).await, story(&second.db).await);
    // A larger demo has the smaller one in it.
    let (larger, _) = filled(backend, 30).await;
    let of_fewer = |story: Vec<String>| -> Vec<String> {
        let numbers: BTreeSet<String> = (10_001..10_028).map(|number| number.to_string()).collect();
        story.into_iter().filter(|line| numbers.contains(line.split(' ').next().unwrap())).collect()
    };
    assert_eq!(of_fewer(story(&larger.db).await), of_fewer(story(&first.db).await));
}

/// All that the projects hold, in lines without ids.
async fn story(db: &DatabaseConnection) -> Vec<String> {
    let projects = project::Entity::find().order_by_asc(project::Column::ProjectNumber).all(db).await.unwrap();
    let numbers: HashMap<Id, i32> = projects.iter().map(|p| (p.id.clone(), p.project_number)).collect();
    let mut lines: Vec<String> = projects
        .iter()
        .map(|p| {
            let plan = (p.status, p.phase, p.progress, p.priority, p.budget, p.estimated_cost, p.actual_cost);
            let dates = (p.created_at, p.updated_at, p.start_date, p.end_date, p.archived_at);
            format!("{} {} {plan:?} {dates:?} {:?}", p.project_number, p.project_name, p.notes)
        })
        .collect();
    for alert in all::<workflow_alert::Entity>(db).await {
        let number = numbers[&alert.project_id];
        let times = (alert.created_at, alert.updated_at, alert.due_date, alert.completed_at, alert.read_at);
        lines.push(format!("{number} alert {} {:?} {times:?}", alert.title, alert.status));
    }
    for message in all::<project_message::Entity>(db).await {
        let (at, author) = (message.created_at, message.author_name);
        lines
            .push(format!("{} message {at} {author}: {} {}", message.project_number, message.subject, message.content));
    }
    lines.sort();
    lines
}
