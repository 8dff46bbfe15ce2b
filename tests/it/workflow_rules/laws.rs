//! What must hold in every state of a project, and of every operation between two states; counted afresh, in other
//! words than the rules' own.

use std::collections::BTreeSet;

use entity::enums::{ProjectStatus, WorkflowStatus};
use entity::scalar::Id;
use proptest::test_runner::TestCaseError;
use proptest::{prop_assert, prop_assert_eq};
use ridgeline::workflow::rules::{Alerting, Closed, Due, Halt, Item, ItemState, Milestone, Plan, Refusal, Step};

use super::histories::Deed;
use super::office::{Fate, Office};

pub type Checked = Result<(), TestCaseError>;

/// What a state must be, whatever led to it; counted afresh and without the rules' own words for it.
pub fn keeps_the_rules(office: &Office) -> Checked {
    let items: Vec<(&Step, &Item)> = office.plan.items().collect();
    let open = items.iter().filter(|(_, item)| item.completed.is_none() && item.skipped_at.is_none()).count();
    let completed = items.iter().filter(|(_, item)| item.completed.is_some()).count();
    progress_is_exact(office, completed, open)?;
    stands_on_the_first_open_line_item(office, &items)?;
    status_follows(office, completed > 0 && open == 0)?;
    steps_are_recorded(office)?;
    alerts_are_right(office)?;
    settling_again_changes_nothing(office)
}

fn progress_is_exact(office: &Office, completed: usize, open: usize) -> Checked {
    let progress = usize::try_from(office.figures.progress)?;
    if completed > 0 && open == 0 {
        prop_assert_eq!(progress, 100);
    } else if completed + open == 0 {
        prop_assert_eq!(progress, 0);
    } else {
        // Half up: the doubled distance from the exact value lies in (-1, 1], in units of 1 ÷ (completed + open).
        let counted = completed + open;
        let exact =
            200 * completed < (2 * progress + 1) * counted && (2 * progress) * counted <= 200 * completed + counted;
        prop_assert!(exact || progress == 99 && 200 * completed >= 199 * counted);
    }
    Ok(())
}

fn stands_on_the_first_open_line_item(office: &Office, items: &[(&Step, &Item)]) -> Checked {
    let open = |item: &Item| item.completed.is_none() && item.skipped_at.is_none();
    let first = items.iter().find(|(_, item)| item.copy_of.is_some() && open(item));
    let position = &office.position;
    prop_assert_eq!(&position.line_item, &first.and_then(|(_, item)| item.copy_of.clone()));
    prop_assert_eq!(&position.section, &first.map(|(step, _)| step.section.clone()));
    prop_assert_eq!(position.phase, first.map(|(step, _)| step.phase));
    let started = [position.phase_started_at, position.section_started_at, position.line_item_started_at];
    prop_assert!(started.iter().all(|started| started.is_some() == first.is_some()));
    let last_completed = items.iter().rev().find(|(_, item)| item.completed.is_some());
    let phase = first.or(last_completed).or(items.first()).map(|(step, _)| step.phase);
    prop_assert_eq!(office.figures.phase, phase);
    Ok(())
}

fn status_follows(office: &Office, ended: bool) -> Checked {
    let figures = &office.figures;
    prop_assert_eq!(figures.ended_at.is_some(), ended);
    let begun = office.plan.items().any(|(_, item)| item.copy_of.is_some() && item.completed.is_some());
    prop_assert_eq!(figures.started_at.is_some(), begun);
    let ends_after_start = figures.started_at.zip(figures.ended_at).is_none_or(|(start, end)| start <= end);
    prop_assert!(ends_after_start);
    if figures.project_status != ProjectStatus::OnHold {
        let in_progress = begun || office.active_override().is_some();
        let running = if in_progress { ProjectStatus::InProgress } else { ProjectStatus::Pending };
        prop_assert_eq!(figures.project_status, if ended { ProjectStatus::Completed } else { running });
    }
    let same = match figures.project_status {
        ProjectStatus::Pending => WorkflowStatus::NotStarted,
        ProjectStatus::InProgress => WorkflowStatus::InProgress,
        ProjectStatus::Completed => WorkflowStatus::Completed,
        ProjectStatus::OnHold => WorkflowStatus::OnHold,
    };
    prop_assert!([same, WorkflowStatus::Cancelled].contains(&figures.workflow_status));
    Ok(())
}

fn steps_are_recorded(office: &Office) -> Checked {
    for step in &office.plan.steps {
        let open = step.items.iter().any(Item::is_open);
        let last = step.items.iter().filter_map(|item| item.completed.as_ref()).map(|done| done.at).max();
        let recorded = step.record.completed.as_ref().map(|done| done.at);
        prop_assert_eq!(recorded, if open { None } else { last });
        let begun = last.is_some() || office.position.section.as_ref() == Some(&step.section);
        prop_assert!(step.record.started_at.is_some() || !begun);
        prop_assert!(recorded.is_none() || step.record.started_at <= recorded);
    }
    Ok(())
}

/// At most one is live, on the current item; and it is there unless something named speaks against it.
fn alerts_are_right(office: &Office) -> Checked {
    let live: Vec<_> = office.live().into_iter().map(|alert| &alert.item).collect();
    let expected = office.plan.current().filter(|(step, item)| {
        let suppressed = office.active_override().is_some_and(|active| active.suppresses.contains(&step.phase));
        office.halts().is_empty() && !suppressed && !office.left_alone.contains(&item.id)
    });
    prop_assert_eq!(live, expected.map(|(_, item)| &item.id).into_iter().collect::<Vec<_>>());
    let once: BTreeSet<_> = office.held_back.iter().collect();
    prop_assert_eq!(once.len(), office.held_back.len(), "held back once per override and item");
    Ok(())
}

fn settling_again_changes_nothing(office: &Office) -> Checked {
    let again = office.settled_again();
    prop_assert_eq!(&again.position, &office.position);
    prop_assert_eq!(&again.steps, &vec![]);
    prop_assert_eq!(&again.milestones, &vec![]);
    prop_assert_eq!(&again.alerting, &Alerting { close: vec![], due: Due::Nothing, lapsed: vec![] });
    // The estimate counts from now on, and a refused or silent operation lets the clock go on without settling.
    let mut figures = again.figures;
    figures.estimated_at = office.figures.estimated_at;
    prop_assert_eq!(&figures, &office.figures);
    Ok(())
}

/// What an operation may do to the state before it.
pub fn follows(before: &Office, deed: &Deed, done: Result<(), Refusal>, after: &Office) -> Checked {
    if done.is_err() {
        prop_assert_eq!(states(&before.plan), states(&after.plan));
        prop_assert_eq!(before.alerts.len(), after.alerts.len());
        prop_assert!(after.latest.is_none());
    }
    let (was, is) = (completed(&before.plan), completed(&after.plan));
    match deed {
        Deed::Complete(_) | Deed::CompleteCurrent => prop_assert!(was.is_subset(&is) && is.len() <= was.len() + 1),
        Deed::Reopen(_) => prop_assert!(is.is_subset(&was) && was.len() <= is.len() + 1),
        Deed::Override(to, _) => {
            prop_assert_eq!(was, is, "an override loses nothing");
            prop_assert!(done.is_err() || after.figures.phase == Some(*to));
        }
        Deed::Revert | Deed::Halt(..) | Deed::Dismiss => prop_assert_eq!(was, is),
    }
    let held = |office: &Office| office.halts().contains(&Halt::Held);
    prop_assert!(held(before) == held(after) || matches!(deed, Deed::Halt(Halt::Held, _)));
    started_only_where_changed(before, after)?;
    closed_with_their_reason(before, after)?;
    milestones_are_reached(before, after)
}

fn started_only_where_changed(before: &Office, after: &Office) -> Checked {
    let (was, is) = (&before.position, &after.position);
    prop_assert!(was.phase != is.phase || was.phase_started_at == is.phase_started_at);
    prop_assert!(was.section != is.section || was.section_started_at == is.section_started_at);
    prop_assert!(was.line_item != is.line_item || was.line_item_started_at == is.line_item_started_at);
    Ok(())
}

/// An alert closes as COMPLETED exactly when its item is, and what is closed never comes to life again.
fn closed_with_their_reason(before: &Office, after: &Office) -> Checked {
    for (was, is) in before.alerts.iter().zip(&after.alerts) {
        prop_assert!(was.fate == Fate::Live || is.fate != Fate::Live);
        if let (Fate::Live, Fate::Closed(closed)) = (was.fate, is.fate) {
            let item_completed = completed(&after.plan).contains(&is.item);
            prop_assert_eq!(closed == Closed::Completed, item_completed);
        }
    }
    Ok(())
}

/// A milestone is reached when, and only when, what was open before has nothing open after a completion.
fn milestones_are_reached(before: &Office, after: &Office) -> Checked {
    let new: Vec<Id> = completed(&after.plan).difference(&completed(&before.plan)).cloned().collect();
    let reached = after.latest.as_ref().map(|settled| settled.milestones.clone()).unwrap_or_default();
    let Some((step, _)) = new.first().and_then(|id| after.plan.item(id)) else {
        prop_assert_eq!(reached, vec![]);
        return Ok(());
    };
    let ended = |of: &dyn Fn(&Step) -> bool| {
        let open = |office: &Office| office.plan.items().any(|(step, item)| of(step) && item.is_open());
        open(before) && !open(after)
    };
    prop_assert_eq!(reached.contains(&Milestone::Section), ended(&|other| other.id == step.id));
    prop_assert_eq!(reached.contains(&Milestone::Phase), ended(&|other| other.phase == step.phase));
    prop_assert_eq!(reached.contains(&Milestone::Project), ended(&|_| true));
    Ok(())
}

pub fn states(plan: &Plan) -> Vec<(Id, ItemState)> {
    plan.items().map(|(_, item)| (item.id.clone(), item.state())).collect()
}

fn completed(plan: &Plan) -> BTreeSet<Id> {
    plan.items().filter(|(_, item)| item.completed.is_some()).map(|(_, item)| item.id.clone()).collect()
}
