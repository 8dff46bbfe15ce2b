//! The rules of the workflow over random templates and random histories: what holds after every single operation, and
//! which operations undo each other. The cases are the same in every run;
//! `PROPTEST_CASES` asks for more of them.

mod histories;
mod laws;
mod office;

use entity::enums::{ProjectPhase, ProjectStatus, WorkflowStatus};
use entity::scalar::Id;
use proptest::prelude::{Strategy, any, prop};
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use proptest::{prop_assert, prop_assert_eq};
use ridgeline::workflow::rules::{Completion, Halt, Item, ItemState, Milestone, PHASES};

use self::histories::{any_of, histories};
use self::laws::{Checked, follows, keeps_the_rules, states};
use self::office::Office;

/// The tests of this file, for the list in `main.rs`.
pub fn tests() -> Vec<(&'static str, fn())> {
    vec![
        ("workflow_rules::every_operation_keeps_the_rules", every_operation_keeps_the_rules),
        ("workflow_rules::reopening_undoes_completing", reopening_undoes_completing),
        ("workflow_rules::taking_back_undoes_a_phase_override", taking_back_undoes_a_phase_override),
        ("workflow_rules::completing_what_is_open_ends_the_project", completing_what_is_open_ends_the_project),
    ]
}

fn check<S: Strategy>(cases: &S, property: impl Fn(S::Value) -> Checked) {
    let config = Config { failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    if let Err(failure) = runner.run(cases, property) {
        panic!("{failure}");
    }
}

fn every_operation_keeps_the_rules() {
    check(&histories(), |(mut office, deeds)| {
        keeps_the_rules(&office)?;
        for deed in deeds {
            let before = office.clone();
            let done = deed.to(&mut office);
            keeps_the_rules(&office)?;
            follows(&before, &deed, done, &office)?;
        }
        Ok(())
    });
}

/// What undoing an operation must bring back.
type Standing = (Vec<(Id, ItemState)>, i32, Option<ProjectPhase>, [Option<Id>; 2], ProjectStatus, WorkflowStatus, i32);

fn standing(office: &Office) -> Standing {
    let (figures, position) = (&office.figures, &office.position);
    let levels = [position.section.clone(), position.line_item.clone()];
    let statuses = (figures.project_status, figures.workflow_status);
    (states(&office.plan), figures.progress, figures.phase, levels, statuses.0, statuses.1, figures.step_index)
}

/// A project after some history.
fn offices() -> impl Strategy<Value = Office> {
    histories().prop_map(|(mut office, deeds)| {
        for deed in deeds {
            // What is refused on the way leaves everything as it was.
            let _ = deed.to(&mut office);
        }
        office
    })
}

fn reopening_undoes_completing() {
    check(&(offices(), any::<Index>()), |(mut office, index)| {
        let before = standing(&office);
        if let Ok(item) = any_of(&office, index, |item| item.completed.is_none()) {
            prop_assert_eq!(office.complete(&item), Ok(Completion::JustNow));
            let done = standing(&office);
            prop_assert!(done != before);
            prop_assert_eq!(office.complete(&item), Ok(Completion::Already));
            prop_assert_eq!(&standing(&office), &done);
            prop_assert_eq!(office.reopen(&item), Ok(()));
        }
        prop_assert_eq!(standing(&office), before);
        Ok(())
    });
}

fn taking_back_undoes_a_phase_override() {
    check(&(offices(), prop::sample::select(PHASES.to_vec())), |(mut office, phase)| {
        let before = standing(&office);
        if office.override_to(phase, None).is_ok() {
            prop_assert_eq!(office.figures.phase, Some(phase));
            prop_assert!(standing(&office) != before);
            prop_assert_eq!(office.revert(), Ok(()));
        }
        prop_assert_eq!(standing(&office), before);
        Ok(())
    });
}

fn completing_what_is_open_ends_the_project() {
    check(&(offices(), prop::collection::vec(any::<Index>(), 100)), |(mut office, order)| {
        for halt in [Halt::Held, Halt::Cancelled, Halt::Archived, Halt::AlertsOff] {
            prop_assert_eq!(office.halt(halt, false), Ok(()));
        }
        let was_open = office.plan.items().any(|(_, item)| item.is_open());
        let mut projects = 0;
        for index in order {
            let Ok(item) = any_of(&office, index, Item::is_open) else { break };
            prop_assert!(office.figures.progress < 100);
            prop_assert!(office.complete(&item).is_ok());
            let reached = office.latest.as_ref().map(|settled| settled.milestones.clone()).unwrap_or_default();
            projects += i32::from(reached.contains(&Milestone::Project));
            prop_assert_eq!(reached.contains(&Milestone::Project), office.figures.progress == 100);
        }
        prop_assert_eq!(projects, i32::from(was_open), "the end is reached once");
        prop_assert_eq!(office.figures.progress, 100);
        prop_assert_eq!(office.figures.project_status, ProjectStatus::Completed);
        prop_assert_eq!(office.figures.workflow_status, WorkflowStatus::Completed);
        prop_assert_eq!(&office.position.line_item, &None);
        prop_assert!(office.live().is_empty());
        Ok(())
    });
}
