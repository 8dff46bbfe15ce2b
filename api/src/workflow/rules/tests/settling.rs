//! Position, steps, progress, phase, status, dates and milestones.

use std::collections::BTreeSet;

use entity::enums::{ProjectPhase, ProjectStatus, WorkflowStatus};
use entity::scalar::Id;

use super::super::{ActiveOverride, Cause, Done, Facts, Halt, Milestone, Plan, Position, StepRecord, settle};
use super::{APPROVED, COMPLETION, EXECUTION, LEAD, PROSPECT, at, id, line, now, plan, quiet};

#[test]
fn progress_counts_what_was_not_left_behind_and_is_100_only_at_the_end() {
    let many_done = format!("{} z", (0..299).map(|n| format!("a{n}+")).collect::<Vec<_>>().join(" "));
    let table = [
        ("a b c", 0),
        ("a+ b c", 33),
        ("a+ b+ c", 67),
        ("a+ b c d e f g h", 13), // 12.5 rounds up
        ("a+ b- c", 50),
        ("a+ b- c-", 100),
        ("a* b c", 33), // skipped and completed counts as completed
        ("a+ !x", 50),
        ("a+ !x+", 100),
        ("a+ !x-", 100),
        (many_done.as_str(), 99), // 99.67 does not round to 100
        ("a- b-", 0),
        ("", 0),
    ];
    for (items, progress) in table {
        let plan = plan(&[(LEAD, items)]);
        assert_eq!(quiet(&plan, &Facts::default()).figures.progress, progress, "{items}");
        assert_eq!(progress == 100, plan.has_ended(), "{items}");
    }
}

#[test]
fn the_project_stands_on_the_first_open_line_item() {
    let table = [
        ("a b", "c d", Some(("a", LEAD)), Some(LEAD), 0),
        ("a+ b", "c d", Some(("b", LEAD)), Some(LEAD), 0),
        ("a b+", "c+ d", Some(("a", LEAD)), Some(LEAD), 0),
        ("a+ b-", "c d", Some(("c", PROSPECT)), Some(PROSPECT), 1),
        ("!x a+", "c d", Some(("c", PROSPECT)), Some(PROSPECT), 1), // an extra one is never stood on
        ("!x a+", "c+ d-", None, Some(PROSPECT), 0),                // only it is open: no position, but its step
        ("a+ b-", "c- d-", None, Some(LEAD), 2),                    // the end
        ("a+ b+", "c+ d+", None, Some(PROSPECT), 2),
        ("a+ b-", "c+ !x", None, Some(PROSPECT), 1),
        ("a- b-", "c- d-", None, Some(LEAD), 0), // nothing was ever done
    ];
    for (first, second, current, phase, index) in table {
        let settled = quiet(&plan(&[(LEAD, first), (PROSPECT, second)]), &Facts::default());
        let position = &settled.position;
        assert_eq!(position.line_item, current.map(|(item, _)| line(item)), "{first} | {second}");
        assert_eq!(position.phase, current.map(|(_, phase)| phase), "{first} | {second}");
        let section = current.map(|(_, phase)| if phase == LEAD { "section-0" } else { "section-1" });
        assert_eq!(position.section, section.map(id), "{first} | {second}");
        assert_eq!((settled.figures.phase, settled.figures.step_index), (phase, index), "{first} | {second}");
    }
    assert_eq!(quiet(&Plan::default(), &Facts::default()).figures.phase, None);
}

#[test]
fn steps_and_items_are_put_in_order() {
    let mut drawn = plan(&[(LEAD, "a b"), (PROSPECT, "c")]);
    drawn.steps.reverse();
    drawn.steps.iter_mut().for_each(|step| step.items.reverse());
    let order: Vec<_> = Plan::new(drawn.steps).items().map(|(_, item)| item.id.to_string()).collect();
    assert_eq!(order, ["a", "b", "c"]);
}

fn standing(phase: ProjectPhase, section: &str, item: &str) -> Position {
    Position {
        phase: Some(phase),
        section: Some(id(section)),
        line_item: Some(line(item)),
        phase_started_at: Some(at(1)),
        section_started_at: Some(at(2)),
        line_item_started_at: Some(at(3)),
        last_completed: None,
    }
}

#[test]
fn started_changes_only_for_the_levels_that_changed() {
    let table = [
        ("a b", "c", Some(at(1)), Some(at(2)), Some(at(3))),
        ("a+ b", "c", Some(at(1)), Some(at(2)), Some(now())),
        ("a+ b+", "c", Some(at(1)), Some(now()), Some(now())),
        ("a+ b+", "c+", Some(now()), Some(now()), Some(now())),
    ];
    let facts = Facts { position: standing(LEAD, "section-0", "a"), ..Facts::default() };
    for (first, second, phase, section, item) in table {
        let position = quiet(&plan(&[(LEAD, first), (LEAD, second), (APPROVED, "d")]), &facts).position;
        let started = (position.phase_started_at, position.section_started_at, position.line_item_started_at);
        assert_eq!(started, (phase, section, item), "{first} | {second}");
    }
    let ended = quiet(&plan(&[(LEAD, "a+")]), &facts).position;
    assert_eq!(ended, Position { last_completed: Some(line("a")), ..Position::default() });
}

#[test]
fn the_last_completed_item_is_that_of_the_latest_standing_completion() {
    let known = |item| Facts {
        position: Position { last_completed: Some(line(item)), ..Position::default() },
        ..Facts::default()
    };
    let drawn = plan(&[(LEAD, "a+ b+ c !x+")]);
    // The one just completed, even where the clock stood still or ran backwards.
    let settled = settle(&drawn, &known("b"), &Cause::Completed(id("a")), now());
    assert_eq!(settled.position.last_completed, Some(line("a")));
    // Known, and it stands.
    assert_eq!(quiet(&drawn, &known("a")).position.last_completed, Some(line("a")));
    // Known, but reopened: the latest of the others. Extra subtasks have no completion in the trail.
    let reopened = settle(&drawn, &known("c"), &Cause::Reopened(id("c")), now());
    assert_eq!(reopened.position.last_completed, Some(line("b")));
    let extra = settle(&drawn, &known("a"), &Cause::Completed(id("x")), now());
    assert_eq!(extra.position.last_completed, Some(line("a")));
    assert_eq!(quiet(&plan(&[(LEAD, "a b")]), &known("a")).position.last_completed, None);
}

#[test]
fn a_step_is_complete_when_nothing_is_open_and_something_was_done() {
    let done = |minute| Some(Done { at: at(minute), by: Some(id("ann")) });
    let table = [
        ("a b", Some(now()), None), // current
        ("a+ b", Some(at(1)), None),
        ("a+ b-", Some(at(1)), done(1)),
        ("a+ b+", Some(at(1)), done(2)),
        ("a- b-", None, None),
        ("a+ !x", Some(at(1)), None),
        ("a+ !x+", Some(at(1)), done(2)),
    ];
    for (items, started_at, completed) in table {
        let settled = quiet(&plan(&[(LEAD, items), (PROSPECT, "z")]), &Facts::default());
        let record = settled.steps.into_iter().find(|(step, _)| *step == id("S0")).map(|(_, record)| record);
        assert_eq!(record.unwrap_or_default(), StepRecord { started_at, completed }, "{items}");
    }
}

#[test]
fn a_step_started_once_and_for_all_and_opens_again() {
    let mut drawn = plan(&[(LEAD, "a b+"), (PROSPECT, "c")]);
    drawn.steps[0].record = StepRecord { started_at: Some(at(0)), completed: Some(Done { at: at(2), by: None }) };
    let opened = StepRecord { started_at: Some(at(0)), completed: None };
    assert_eq!(quiet(&drawn, &Facts::default()).steps, [(id("S0"), opened.clone())]);
    drawn.steps[0].record = opened;
    assert_eq!(quiet(&drawn, &Facts::default()).steps, []);
    // Where another machine's clock was ahead, the start gives way, or it would lie after the end.
    let mut ahead = plan(&[(LEAD, "a+ b+")]);
    ahead.steps[0].record.started_at = Some(at(900));
    assert_eq!(quiet(&ahead, &Facts::default()).steps[0].1.started_at, Some(at(1)));
}

fn overriding(suppresses: &[ProjectPhase]) -> ActiveOverride {
    ActiveOverride { id: id("override"), suppresses: suppresses.to_vec(), recorded: BTreeSet::new() }
}

#[test]
fn status_follows_from_holds_the_end_and_what_has_begun() {
    use ProjectStatus::{Completed, InProgress, OnHold, Pending};
    let table = [
        ("a b", false, vec![], Pending, WorkflowStatus::NotStarted),
        ("a+ b", false, vec![], InProgress, WorkflowStatus::InProgress),
        ("a b", true, vec![], InProgress, WorkflowStatus::InProgress),
        ("a !x+", false, vec![], Pending, WorkflowStatus::NotStarted), // an extra one begins nothing
        ("a+ b+", false, vec![], Completed, WorkflowStatus::Completed),
        ("a+ b+", false, vec![Halt::Held], OnHold, WorkflowStatus::OnHold),
        ("a+ b", false, vec![Halt::Held], OnHold, WorkflowStatus::OnHold),
        ("a+ b", false, vec![Halt::Cancelled], InProgress, WorkflowStatus::Cancelled),
        ("a+ b", false, vec![Halt::Cancelled, Halt::Held], OnHold, WorkflowStatus::Cancelled),
        ("a+ b+", false, vec![Halt::Cancelled], Completed, WorkflowStatus::Cancelled),
        ("a+ b", false, vec![Halt::Archived, Halt::AlertsOff], InProgress, WorkflowStatus::InProgress),
    ];
    for (items, overridden, halts, project, workflow) in table {
        let facts = Facts {
            halts: halts.iter().copied().collect(),
            active_override: overridden.then(|| overriding(&[])),
            ..Facts::default()
        };
        let figures = quiet(&plan(&[(LEAD, items)]), &facts).figures;
        assert_eq!((figures.project_status, figures.workflow_status), (project, workflow), "{items} {halts:?}");
    }
}

#[test]
fn what_is_stored_tells_the_halts_again() {
    let none = Halt::stored(ProjectStatus::InProgress, WorkflowStatus::InProgress, false, true);
    assert_eq!(none, BTreeSet::new());
    let all = Halt::stored(ProjectStatus::OnHold, WorkflowStatus::Cancelled, true, false);
    assert_eq!(all, [Halt::Cancelled, Halt::Held, Halt::Archived, Halt::AlertsOff].into_iter().collect());
    let held = Halt::stored(ProjectStatus::OnHold, WorkflowStatus::OnHold, false, true);
    assert_eq!(held, [Halt::Held].into_iter().collect());
}

#[test]
fn dates_follow_from_the_completions_that_stand() {
    let days = |count: i64| now() + chrono::Duration::days(count);
    let table = [
        ("a b", None, None, None, days(4)),
        ("a+ b", None, Some(at(1)), None, days(2)),
        ("a b+", Some(at(0)), Some(at(0)), None, days(2)), // the first one was reopened since
        ("a+ b+ c", None, Some(at(1)), None, days(2)),
        ("a+ b", Some(at(900)), Some(at(1)), None, days(2)), // another machine's clock was ahead
        ("a b", Some(at(0)), None, None, days(4)),           // none stands any more
        ("a+ b+", Some(at(1)), Some(at(1)), Some(at(2)), at(2)),
        ("a+ b-", Some(at(1)), Some(at(1)), Some(at(1)), at(1)),
        ("a+ !x", None, Some(at(1)), None, days(2)),
        ("a+ !x+", None, Some(at(1)), Some(at(2)), at(2)),
    ];
    for (items, known, started_at, ended_at, estimated_at) in table {
        let facts = Facts { started_at: known, ..Facts::default() };
        let figures = quiet(&plan(&[(LEAD, items)]), &facts).figures;
        let dates = (figures.started_at, figures.ended_at, figures.estimated_at);
        assert_eq!(dates, (started_at, ended_at, estimated_at), "{items}");
    }
}

#[test]
fn an_estimate_has_a_horizon() {
    let mut drawn = plan(&[(LEAD, "a b")]);
    drawn.steps[0].items.iter_mut().for_each(|item| item.alert_days = i32::MAX);
    assert_eq!(quiet(&drawn, &Facts::default()).figures.estimated_at, now() + chrono::Duration::days(36_500));
}

/// Completing an item and asking what ended with it.
fn reached(steps: &[(ProjectPhase, &str)], completed: &str) -> Vec<Milestone> {
    settle(&plan(steps), &Facts::default(), &Cause::Completed(id(completed)), now()).milestones
}

#[test]
fn milestones_are_reached_by_the_last_open_item() {
    use Milestone::{Phase, Project, Section};
    let nothing: Vec<Milestone> = Vec::new();
    assert_eq!(reached(&[(LEAD, "a+ b"), (LEAD, "c")], "a"), nothing);
    assert_eq!(reached(&[(LEAD, "a+ b+"), (LEAD, "c")], "b"), [Section]);
    assert_eq!(reached(&[(LEAD, "a+ b-"), (LEAD, "c")], "a"), [Section]);
    assert_eq!(reached(&[(LEAD, "a+"), (LEAD, "b+"), (PROSPECT, "c")], "a"), [Section, Phase]);
    assert_eq!(reached(&[(LEAD, "a+"), (COMPLETION, "b+")], "a"), [Section, Phase, Project]);
    assert_eq!(reached(&[(LEAD, "a+ !x"), (COMPLETION, "b+")], "a"), nothing);
    assert_eq!(reached(&[(LEAD, "a+ !x+"), (COMPLETION, "b+")], "x"), [Section, Phase, Project]);
    // What was left behind was not open: nothing ended by doing it after all.
    assert_eq!(reached(&[(LEAD, "a*"), (EXECUTION, "b")], "a"), nothing);
    assert_eq!(reached(&[(LEAD, "a*"), (EXECUTION, "b+")], "a"), nothing);
}

#[test]
fn only_a_completion_reaches_a_milestone() {
    let ended = plan(&[(LEAD, "a+"), (PROSPECT, "b+")]);
    let causes: [fn(Id) -> Cause; 4] =
        [Cause::Reopened, |_| Cause::Overridden, |_| Cause::PlanChanged, |_| Cause::Other];
    for cause in causes {
        assert_eq!(settle(&ended, &Facts::default(), &cause(id("a")), now()).milestones, []);
    }
}
