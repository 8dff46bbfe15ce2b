//! Completing, reopening, moving to another phase and taking that back.

use super::super::{
    Completion, Effect, ItemState, PHASES, Plan, Refusal, between, check_hold, complete, override_to, phase_name, rank,
    reopen, revert,
};
use super::{APPROVED, COMPLETION, EXECUTION, LEAD, PROSPECT, at, id, now, plan, states};
use crate::error::Error;
use ItemState::{Completed, Open, Skipped};

#[test]
fn phases_have_an_order_and_names() {
    assert_eq!(PHASES.map(rank), [0, 1, 2, 3, 4, 5]);
    let names = ["Lead", "Prospect", "Approved", "Execution", "2nd Supplement", "Completion"];
    assert_eq!(PHASES.map(phase_name), names);
    assert_eq!(between(LEAD, EXECUTION), [PROSPECT, APPROVED]);
    assert_eq!(between(LEAD, PROSPECT), []);
    assert_eq!(between(EXECUTION, LEAD), []);
}

#[test]
fn completing_records_who_and_when_and_repeating_it_changes_nothing() {
    let mut drawn = plan(&[(LEAD, "a b-")]);
    assert_eq!(complete(&mut drawn, &id("b"), Some(&id("bob")), at(700)), Ok(Completion::JustNow));
    assert_eq!(states(&drawn), [("a", Open), ("b", Completed)]);
    let once = drawn.clone();
    assert_eq!(complete(&mut drawn, &id("b"), Some(&id("eve")), now()), Ok(Completion::Already));
    assert_eq!(drawn, once);
    let done = once.steps[0].items[1].completed.as_ref().map(|done| (done.at, done.by.clone()));
    assert_eq!(done, Some((at(700), Some(id("bob")))));
    assert_eq!(complete(&mut drawn, &id("z"), None, now()), Err(Refusal::NoSuchItem));
}

#[test]
fn reopening_returns_an_item_to_what_it_was() {
    let mut drawn = plan(&[(LEAD, "a+ b* c d-")]);
    assert_eq!(reopen(&mut drawn, &id("a")), Ok(Open));
    assert_eq!(reopen(&mut drawn, &id("b")), Ok(Skipped));
    assert_eq!(reopen(&mut drawn, &id("c")), Err(Refusal::NotCompleted));
    assert_eq!(reopen(&mut drawn, &id("d")), Err(Refusal::NotCompleted));
    assert_eq!(reopen(&mut drawn, &id("z")), Err(Refusal::NoSuchItem));
    assert_eq!(states(&drawn), [("a", Open), ("b", Skipped), ("c", Open), ("d", Skipped)]);
}

fn three_phases() -> Plan {
    plan(&[(LEAD, "a+ b !x"), (PROSPECT, "c d+"), (EXECUTION, "e f")])
}

fn effects(items: &[&str], from: ItemState, to: ItemState) -> Vec<Effect> {
    items.iter().map(|item| Effect { item: id(item), from, to }).collect()
}

#[test]
fn forward_skips_what_is_open_in_the_phases_left_behind() {
    let mut drawn = three_phases();
    let moved = override_to(&mut drawn, EXECUTION, None, now()).unwrap();
    assert_eq!((moved.from, moved.to), (LEAD, EXECUTION));
    assert_eq!(moved.suppresses, [PROSPECT, APPROVED]);
    assert_eq!(moved.effects, effects(&["b", "x", "c"], Open, Skipped));
    assert_eq!(drawn.count(Completed), 2, "what was done stays done");
    assert_eq!(drawn.current().map(|(_, item)| item.id.clone()), Some(id("e")));
    assert_eq!(drawn.phase(), Some(EXECUTION));
}

#[test]
fn what_was_left_behind_before_is_not_left_behind_again() {
    let mut drawn = plan(&[(LEAD, "a b-"), (EXECUTION, "e")]);
    let moved = override_to(&mut drawn, EXECUTION, None, now()).unwrap();
    assert_eq!(moved.effects, effects(&["a"], Open, Skipped));
    assert_eq!(drawn.steps[0].items[1].skipped_at, Some(at(500)));
}

#[test]
fn backward_opens_what_was_skipped_from_the_target_on() {
    let mut drawn = plan(&[(LEAD, "a-"), (PROSPECT, "c- d*"), (APPROVED, "g-"), (EXECUTION, "e f")]);
    let moved = override_to(&mut drawn, PROSPECT, None, now()).unwrap();
    assert_eq!((moved.from, moved.to), (EXECUTION, PROSPECT));
    assert_eq!(moved.suppresses, []);
    assert_eq!(moved.effects, effects(&["c", "g"], Skipped, Open));
    let expected = [("a", Skipped), ("c", Open), ("d", Completed), ("g", Open), ("e", Open), ("f", Open)];
    assert_eq!(states(&drawn), expected);
    assert_eq!(drawn.phase(), Some(PROSPECT));
}

#[test]
fn what_is_suppressed_can_be_chosen() {
    for (to, chosen) in [(EXECUTION, vec![]), (EXECUTION, vec![EXECUTION, LEAD, EXECUTION]), (PROSPECT, vec![PROSPECT])]
    {
        let moved = override_to(&mut three_phases(), to, Some(&chosen), now()).unwrap();
        let expected: Vec<_> = PHASES.into_iter().filter(|phase| chosen.contains(phase)).collect();
        assert_eq!(moved.suppresses, expected);
    }
}

#[test]
fn a_move_that_would_lead_nowhere_is_refused_and_changes_nothing() {
    let table = [
        (three_phases(), LEAD, Refusal::SamePhase(LEAD)),
        (three_phases(), APPROVED, Refusal::PhaseNotFollowed(APPROVED)),
        (plan(&[(LEAD, "a"), (PROSPECT, "!x")]), PROSPECT, Refusal::PhaseNotFollowed(PROSPECT)),
        (plan(&[(LEAD, "a"), (PROSPECT, "c+ !x")]), PROSPECT, Refusal::NothingOpen(PROSPECT)),
        (plan(&[(LEAD, "a+"), (PROSPECT, "c")]), LEAD, Refusal::NothingOpen(LEAD)),
        (plan(&[(LEAD, "a"), (PROSPECT, "c-"), (EXECUTION, "e")]), PROSPECT, Refusal::NothingOpen(PROSPECT)),
        (plan(&[(LEAD, "a+"), (COMPLETION, "c+")]), COMPLETION, Refusal::SamePhase(COMPLETION)),
        (plan(&[(LEAD, "a+"), (COMPLETION, "c+")]), LEAD, Refusal::NothingOpen(LEAD)),
        (Plan::default(), LEAD, Refusal::PhaseNotFollowed(LEAD)),
    ];
    for (mut drawn, to, refusal) in table {
        let before = drawn.clone();
        assert_eq!(override_to(&mut drawn, to, None, now()), Err(refusal), "{before:?}");
        assert_eq!(drawn, before);
    }
}

#[test]
fn a_finished_project_can_go_back_to_what_it_left_behind() {
    let mut drawn = plan(&[(LEAD, "a-"), (COMPLETION, "c+")]);
    assert!(drawn.has_ended());
    let moved = override_to(&mut drawn, LEAD, None, now()).unwrap();
    assert_eq!((moved.from, drawn.phase()), (COMPLETION, Some(LEAD)));
    assert!(!drawn.has_ended());
}

#[test]
fn taking_back_restores_what_is_still_as_the_move_left_it() {
    let mut drawn = three_phases();
    let before = states(&drawn).into_iter().map(|(item, state)| (item.to_owned(), state)).collect::<Vec<_>>();
    let moved = override_to(&mut drawn, EXECUTION, None, now()).unwrap();
    let mut at_once = drawn.clone();
    assert_eq!(revert(&mut at_once, &moved.effects, now()), effects(&["b", "x", "c"], Skipped, Open));
    let after: Vec<_> = states(&at_once).into_iter().map(|(item, state)| (item.to_owned(), state)).collect();
    assert_eq!(after, before);
    // What was done meanwhile, inside and outside the move, is not lost.
    complete(&mut drawn, &id("b"), None, now()).unwrap();
    complete(&mut drawn, &id("e"), None, now()).unwrap();
    assert_eq!(revert(&mut drawn, &moved.effects, now()), effects(&["x", "c"], Skipped, Open));
    assert_eq!((drawn.count(Completed), drawn.count(Skipped)), (4, 0));
    // Done and reopened, it is again as the move left it.
    let mut again = three_phases();
    let moved = override_to(&mut again, EXECUTION, None, now()).unwrap();
    complete(&mut again, &id("b"), None, now()).unwrap();
    assert_eq!(reopen(&mut again, &id("b")), Ok(Skipped));
    assert_eq!(revert(&mut again, &moved.effects, now()).len(), 3);
}

#[test]
fn taking_back_a_move_backward_leaves_behind_again() {
    let mut drawn = plan(&[(LEAD, "a- b-"), (EXECUTION, "e")]);
    let moved = override_to(&mut drawn, LEAD, None, now()).unwrap();
    complete(&mut drawn, &id("a"), None, now()).unwrap();
    assert_eq!(revert(&mut drawn, &moved.effects, now()), effects(&["b"], Open, Skipped));
    assert_eq!(states(&drawn), [("a", Completed), ("b", Skipped), ("e", Open)]);
    let gone = effects(&["gone"], Open, Skipped);
    assert_eq!(revert(&mut drawn, &gone, now()), []);
}

#[test]
fn effects_survive_their_column() {
    let effect = Effect { item: id("a"), from: Open, to: Skipped };
    let json = serde_json::to_value(&effect).unwrap();
    assert_eq!(json, serde_json::json!({ "item": "a", "from": "OPEN", "to": "SKIPPED" }));
    assert_eq!(serde_json::from_value::<Effect>(json).unwrap(), effect);
}

#[test]
fn only_a_finished_project_cannot_be_held() {
    assert_eq!(check_hold(&three_phases()), Ok(()));
    assert_eq!(check_hold(&plan(&[(LEAD, "a+ b-")])), Err(Refusal::Finished));
}

#[test]
fn refusals_are_sentences_with_the_right_code() {
    assert_eq!(Error::from(Refusal::NoSuchItem).code(), "NOT_FOUND");
    let refusals = [
        Refusal::NotCompleted,
        Refusal::SamePhase(LEAD),
        Refusal::PhaseNotFollowed(LEAD),
        Refusal::NothingOpen(PROSPECT),
        Refusal::NotInForce,
        Refusal::Finished,
    ];
    for refusal in refusals {
        assert!(refusal.to_string().ends_with('.'));
        assert_eq!(Error::from(refusal).code(), "CONFLICT");
    }
    assert!(Refusal::NothingOpen(PROSPECT).to_string().contains("Reopen one"));
}
