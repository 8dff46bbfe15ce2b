//! Which alert closes and why, and whether the current item gets one: at most one live alert a project, always on
//! the item on which the project stands.

use entity::enums::{ClosedReason, ProjectPhase};
use entity::scalar::{Id, Instant};

use super::facts::{Alerting, Cause, Closed, Due, Facts, LiveAlert};
use super::plan::{Item, ItemState, Plan};
use super::settle::days_after;

pub(super) fn decide(plan: &Plan, facts: &Facts, cause: &Cause, now: Instant) -> Alerting {
    let lapsed = lapsed(plan, facts, cause);
    let close = facts.live.iter().filter_map(|alert| Some((alert.id.clone(), closing(plan, facts, cause, alert)?)));
    let close: Vec<_> = close.collect();
    let one_is_live = close.len() < facts.live.len();
    let due = if one_is_live { Due::Nothing } else { due(plan, facts, &lapsed, now) };
    Alerting { close, due, lapsed }
}

/// How a live alert ends; none if it stays. What happened to the item itself is named before what halts the project.
fn closing(plan: &Plan, facts: &Facts, cause: &Cause, alert: &LiveAlert) -> Option<Closed> {
    let Some((step, item)) = alert.item.as_ref().and_then(|id| plan.item(id)) else {
        return Some(Closed::Dismissed(ClosedReason::TemplateChanged));
    };
    let is_current = plan.current().is_some_and(|(_, current)| current.id == item.id);
    let reason = match item.state() {
        ItemState::Completed => return Some(Closed::Completed),
        ItemState::Skipped => Some(ClosedReason::Overridden),
        ItemState::Open if !is_current => Some(displaced(cause)),
        ItemState::Open => halted(facts).or(suppressed(facts, step.phase).then_some(ClosedReason::Overridden)),
    };
    reason.map(Closed::Dismissed)
}

/// Why an item that is still open is no longer the first open one.
const fn displaced(cause: &Cause) -> ClosedReason {
    match cause {
        Cause::Reopened(_) => ClosedReason::Reopened,
        Cause::Overridden => ClosedReason::Overridden,
        Cause::Completed(_) | Cause::PlanChanged | Cause::Other => ClosedReason::TemplateChanged,
    }
}

fn halted(facts: &Facts) -> Option<ClosedReason> {
    facts.halts.first().map(|halt| halt.reason())
}

fn suppressed(facts: &Facts, phase: ProjectPhase) -> bool {
    facts.active_override.as_ref().is_some_and(|active| active.suppresses.contains(&phase))
}

/// What the current item is due when no live alert stays.
fn due(plan: &Plan, facts: &Facts, lapsed: &[(Id, ClosedReason)], now: Instant) -> Due {
    let Some((step, item)) = plan.current() else { return Due::Nothing };
    let dismissed = facts.dismissed.contains(&item.id) && !lapsed.iter().any(|(id, _)| *id == item.id);
    if dismissed || halted(facts).is_some() {
        return Due::Nothing;
    }
    match &facts.active_override {
        Some(active) if active.suppresses.contains(&step.phase) => {
            if active.recorded.contains(&item.id) {
                Due::Nothing
            } else {
                Due::Suppress { item: item.id.clone(), override_id: active.id.clone() }
            }
        }
        _ => Due::Raise { item: item.id.clone(), due_at: days_after(now, i64::from(item.alert_days)) },
    }
}

/// A person's dismissal holds until the item is left behind or reopened. Completing need not end it: a completed item
/// gets no alert, and it can be open again only by being reopened.
fn lapsed(plan: &Plan, facts: &Facts, cause: &Cause) -> Vec<(Id, ClosedReason)> {
    let why = |item: &Item| match cause {
        Cause::Reopened(id) if *id == item.id => Some(ClosedReason::Reopened),
        _ if item.state() == ItemState::Skipped => Some(ClosedReason::Overridden),
        _ => None,
    };
    let dismissed = facts.dismissed.iter().filter_map(|id| plan.item(id));
    dismissed.filter_map(|(_, item)| Some((item.id.clone(), why(item)?))).collect()
}
