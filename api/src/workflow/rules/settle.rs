//! The one function that says what follows from the states of a project's items: position, steps, progress, phase,
//! status, dates, alerts and milestones. It only reads; settling twice is the same as settling once.

use chrono::Duration;
use entity::enums::{ProjectStatus, WorkflowStatus};
use entity::scalar::{Id, Instant};

use super::alerting;
use super::facts::{Cause, Facts, Figures, Halt, Milestone, Position, Settled};
use super::plan::{Plan, Step, StepRecord};

/// No due date or estimate lies further ahead than this, whatever a template asks for: a hundred years.
const HORIZON_DAYS: i64 = 36_500;

/// Call it after every change of an item's state, of the plan, or of what halts the project, with the plan and the
/// facts as they are after the change.
#[must_use]
pub fn settle(plan: &Plan, facts: &Facts, cause: &Cause, now: Instant) -> Settled {
    Settled {
        position: position(plan, &facts.position, cause, now),
        steps: changed_steps(plan, now),
        figures: figures(plan, facts, now),
        alerting: alerting::decide(plan, facts, cause, now),
        milestones: milestones(plan, cause),
    }
}

/// That many days of 24 hours after an instant.
pub(super) fn days_after(instant: Instant, days: i64) -> Instant {
    instant + Duration::days(days.clamp(0, HORIZON_DAYS))
}

fn position(plan: &Plan, before: &Position, cause: &Cause, now: Instant) -> Position {
    let current = plan.current();
    let phase = current.map(|(step, _)| step.phase);
    let section = current.map(|(step, _)| step.section.clone());
    let line_item = current.and_then(|(_, item)| item.copy_of.clone());
    Position {
        phase_started_at: since(before.phase.as_ref(), before.phase_started_at, phase.as_ref(), now),
        section_started_at: since(before.section.as_ref(), before.section_started_at, section.as_ref(), now),
        line_item_started_at: since(before.line_item.as_ref(), before.line_item_started_at, line_item.as_ref(), now),
        last_completed: last_completed(plan, before, cause),
        phase,
        section,
        line_item,
    }
}

/// Since when a level of the position is what it is: as before where it did not change.
fn since<T: PartialEq>(old: Option<&T>, started: Option<Instant>, new: Option<&T>, now: Instant) -> Option<Instant> {
    new?;
    if old == new { started.or(Some(now)) } else { Some(now) }
}

/// The one just completed; else the one known, as long as it stands; else the latest that does. Instants alone do not
/// decide, because two completions can fall into the same millisecond.
fn last_completed(plan: &Plan, before: &Position, cause: &Cause) -> Option<Id> {
    let just_now = match cause {
        Cause::Completed(id) => plan.item(id).and_then(|(_, item)| item.copy_of.as_ref()),
        _ => None,
    };
    let stands = |line_item: &&Id| plan.standing_completions().any(|(id, _)| id == *line_item);
    let known = just_now.or(before.last_completed.as_ref()).filter(stands);
    let latest = || plan.standing_completions().max_by_key(|(_, done)| done.at).map(|(id, _)| id);
    known.or_else(latest).cloned()
}

fn changed_steps(plan: &Plan, now: Instant) -> Vec<(Id, StepRecord)> {
    let current = plan.current().map(|(step, _)| &step.id);
    let settled = plan.steps.iter().map(|step| (step, record(step, current == Some(&step.id), now)));
    settled.filter(|(step, record)| step.record != *record).map(|(step, record)| (step.id.clone(), record)).collect()
}

/// Complete when nothing of the step is open and something was done. The start never moves to a later time, so it
/// cannot come to lie after the end even where two clocks disagree.
fn record(step: &Step, is_current: bool, now: Instant) -> StepRecord {
    let known = step.record.started_at.or(is_current.then_some(now));
    let first_done = step.items.iter().filter_map(|item| Some(item.completed.as_ref()?.at)).min();
    StepRecord {
        started_at: known.into_iter().chain(first_done).min(),
        completed: if step.is_open() { None } else { step.last_done().cloned() },
    }
}

fn figures(plan: &Plan, facts: &Facts, now: Instant) -> Figures {
    let ended_at =
        if plan.has_ended() { plan.steps.iter().filter_map(|s| Some(s.last_done()?.at)).max() } else { None };
    let project_status = project_status(plan, facts);
    Figures {
        progress: plan.progress(),
        phase: plan.phase(),
        project_status,
        workflow_status: workflow_status(project_status, facts),
        step_index: step_index(plan),
        started_at: started_at(plan, facts),
        ended_at,
        estimated_at: ended_at.unwrap_or_else(|| estimate(plan, now)),
    }
}

fn project_status(plan: &Plan, facts: &Facts) -> ProjectStatus {
    if facts.halts.contains(&Halt::Held) {
        ProjectStatus::OnHold
    } else if plan.has_ended() {
        ProjectStatus::Completed
    } else if plan.has_standing_completion() || facts.active_override.is_some() {
        ProjectStatus::InProgress
    } else {
        ProjectStatus::Pending
    }
}

/// As the project, but a cancelled workflow is that alone until it is resumed.
fn workflow_status(project: ProjectStatus, facts: &Facts) -> WorkflowStatus {
    if facts.halts.contains(&Halt::Cancelled) {
        return WorkflowStatus::Cancelled;
    }
    match project {
        ProjectStatus::Pending => WorkflowStatus::NotStarted,
        ProjectStatus::InProgress => WorkflowStatus::InProgress,
        ProjectStatus::Completed => WorkflowStatus::Completed,
        ProjectStatus::OnHold => WorkflowStatus::OnHold,
    }
}

/// The place of the step with something to do; at the end the number of steps, where nothing was ever to be done 0.
fn step_index(plan: &Plan) -> i32 {
    if plan.has_ended() {
        return i32::try_from(plan.steps.len()).unwrap_or(i32::MAX);
    }
    plan.current_step().map_or(0, |step| step.order)
}

/// The first completion, reopened since or not; nothing once none stands, for then nothing has begun.
fn started_at(plan: &Plan, facts: &Facts) -> Option<Instant> {
    let first_standing = plan.standing_completions().map(|(_, done)| done.at).min()?;
    Some(facts.started_at.map_or(first_standing, |known| known.min(first_standing)))
}

fn estimate(plan: &Plan, now: Instant) -> Instant {
    let open = plan.items().filter(|(_, item)| item.is_open());
    days_after(now, open.map(|(_, item)| i64::from(item.alert_days.max(0))).sum())
}

/// Only completing an open item brings anything to its end: one that was left behind was not open, so its section,
/// phase or project had nothing open because of it.
fn milestones(plan: &Plan, cause: &Cause) -> Vec<Milestone> {
    let Cause::Completed(id) = cause else { return Vec::new() };
    let Some((step, _)) = plan.item(id).filter(|(_, item)| item.completed.is_some() && item.skipped_at.is_none())
    else {
        return Vec::new();
    };
    let phase_open = plan.steps.iter().any(|other| other.phase == step.phase && other.is_open());
    let project_open = plan.steps.iter().any(Step::is_open);
    let ended =
        [(!step.is_open(), Milestone::Section), (!phase_open, Milestone::Phase), (!project_open, Milestone::Project)];
    ended.into_iter().filter_map(|(reached, milestone)| reached.then_some(milestone)).collect()
}
