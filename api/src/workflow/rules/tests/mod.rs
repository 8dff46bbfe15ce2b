//! Tables for every rule. Plans are drawn: one string a step, one word an item, with a sign for its state: `a` open,
//! `a+` completed, `a-` skipped, `a*` skipped and completed after all; `!x` is an extra subtask.

mod alerts;
mod moves;
mod people;
mod settling;

use chrono::{DateTime, Duration, Utc};
use entity::enums::{AlertPriority, ProjectPhase, ResponsibleRole};
use entity::scalar::{Id, Instant};

use super::{Cause, Done, Facts, Item, ItemState, Plan, Settled, Step, StepRecord, settle};

const LEAD: ProjectPhase = ProjectPhase::Lead;
const PROSPECT: ProjectPhase = ProjectPhase::Prospect;
const APPROVED: ProjectPhase = ProjectPhase::Approved;
const EXECUTION: ProjectPhase = ProjectPhase::Execution;
const COMPLETION: ProjectPhase = ProjectPhase::Completion;

/// So many minutes after the tests' beginning of time.
fn at(minute: i64) -> Instant {
    Instant::new(DateTime::<Utc>::UNIX_EPOCH + Duration::minutes(minute))
}

/// "Now" in all tables; everything drawn happened before it.
fn now() -> Instant {
    at(1000)
}

fn id(text: &str) -> Id {
    Id::from(text)
}

fn line(text: &str) -> Id {
    Id(format!("line-{text}"))
}

/// The item's completion, where drawn, lies `place` minutes after the beginning.
fn item(drawn: &str, place: i32) -> Item {
    let name = drawn.trim_matches(['!', '+', '-', '*']);
    let completed = drawn.ends_with(['+', '*']);
    Item {
        id: id(name),
        copy_of: (!drawn.starts_with('!')).then(|| line(name)),
        name: name.to_uppercase(),
        order: place,
        role: ResponsibleRole::Office,
        alert_days: 2,
        completed: completed.then(|| Done { at: at(place.into()), by: Some(id("ann")) }),
        skipped_at: drawn.ends_with(['-', '*']).then(|| at(500)),
        changed_at: at(0),
    }
}

/// Steps S0, S1 … in order, each a copy of the section of the same number.
fn plan(steps: &[(ProjectPhase, &str)]) -> Plan {
    let mut place = 0;
    let mut drawn = Vec::new();
    for (number, (phase, items)) in (0..).zip(steps) {
        let items: Vec<_> = items
            .split_whitespace()
            .map(|word| {
                place += 1;
                item(word, place)
            })
            .collect();
        drawn.push(Step {
            id: Id(format!("S{number}")),
            section: Id(format!("section-{number}")),
            name: format!("Section {number}"),
            phase: *phase,
            order: number,
            assignee: None,
            priority: AlertPriority::Medium,
            record: StepRecord::default(),
            changed_at: at(0),
            items,
        });
    }
    Plan::new(drawn)
}

fn states(plan: &Plan) -> Vec<(&str, ItemState)> {
    plan.items().map(|(_, item)| (item.id.as_str(), item.state())).collect()
}

/// Settled without anything having happened.
fn quiet(plan: &Plan, facts: &Facts) -> Settled {
    settle(plan, facts, &Cause::Other, now())
}
