//! Which alert closes, why, and what the current item is due.

use std::collections::BTreeSet;

use chrono::Duration;
use entity::enums::{AlertStatus, ClosedReason, ProjectPhase};

use super::super::{ActiveOverride, Alerting, Cause, Closed, Due, Facts, Halt, LiveAlert, settle};
use super::{LEAD, PROSPECT, at, id, now, plan, quiet};

fn live_on(item: &str) -> Vec<LiveAlert> {
    vec![LiveAlert { id: id("alert"), item: Some(id(item)) }]
}

fn raised(item: &str) -> Due {
    Due::Raise { item: id(item), due_at: now() + Duration::days(2) }
}

fn overriding(suppresses: &[ProjectPhase], recorded: &[&str]) -> ActiveOverride {
    let recorded = recorded.iter().map(|item| id(item)).collect();
    ActiveOverride { id: id("override"), suppresses: suppresses.to_vec(), recorded }
}

fn alerting(first: &str, second: &str, facts: &Facts, cause: &Cause) -> Alerting {
    settle(&plan(&[(LEAD, first), (PROSPECT, second)]), facts, cause, now()).alerting
}

#[test]
fn the_current_item_gets_an_alert_and_no_other_does() {
    let facts = Facts::default();
    let table = [
        ("a b", "c", raised("a")),
        ("a+ b", "c", raised("b")),
        ("!x a+ b-", "c", raised("c")),
        ("!x a+ b-", "c+", Due::Nothing),
        ("a+", "c+", Due::Nothing),
    ];
    for (first, second, due) in table {
        let expected = Alerting { close: vec![], due, lapsed: vec![] };
        assert_eq!(alerting(first, second, &facts, &Cause::Other), expected, "{first} | {second}");
    }
}

#[test]
fn the_due_date_never_lies_before_the_raising_nor_beyond_the_horizon() {
    for (alert_days, days) in [(-5, 0), (0, 0), (1, 1), (30, 30), (i32::MAX, 36_500)] {
        let mut drawn = plan(&[(LEAD, "a")]);
        drawn.steps[0].items[0].alert_days = alert_days;
        let due = quiet(&drawn, &Facts::default()).alerting.due;
        assert_eq!(due, Due::Raise { item: id("a"), due_at: now() + Duration::days(days) });
    }
}

#[test]
fn a_live_alert_stays_on_the_current_item() {
    let facts = Facts { live: live_on("a"), ..Facts::default() };
    let stays = Alerting { close: vec![], due: Due::Nothing, lapsed: vec![] };
    assert_eq!(alerting("a b", "c", &facts, &Cause::Other), stays);
}

#[test]
fn a_live_alert_closes_with_its_reason_before_the_next_is_raised() {
    use Closed::{Completed, Dismissed};
    let table = [
        ("a+ b", "c", "a", Cause::Completed(id("a")), Completed, raised("b")),
        ("a+ b", "c", "a", Cause::Other, Completed, raised("b")),
        ("a b", "c", "b", Cause::Reopened(id("a")), Dismissed(ClosedReason::Reopened), raised("a")),
        ("a b", "c", "c", Cause::Overridden, Dismissed(ClosedReason::Overridden), raised("a")),
        ("a- b-", "c", "a", Cause::Overridden, Dismissed(ClosedReason::Overridden), raised("c")),
        ("a b", "c", "b", Cause::PlanChanged, Dismissed(ClosedReason::TemplateChanged), raised("a")),
        ("a b", "c", "gone", Cause::PlanChanged, Dismissed(ClosedReason::TemplateChanged), raised("a")),
    ];
    for (first, second, item, cause, how, due) in table {
        let facts = Facts { live: live_on(item), ..Facts::default() };
        let expected = Alerting { close: vec![(id("alert"), how)], due, lapsed: vec![] };
        assert_eq!(alerting(first, second, &facts, &cause), expected, "{first} | {second} {cause:?}");
    }
}

#[test]
fn an_alert_without_an_item_and_a_second_one_close() {
    let live = vec![
        LiveAlert { id: id("lost"), item: None },
        LiveAlert { id: id("alert"), item: Some(id("a")) },
        LiveAlert { id: id("second"), item: Some(id("b")) },
    ];
    let settled = alerting("a b", "c", &Facts { live, ..Facts::default() }, &Cause::Other);
    let gone = Closed::Dismissed(ClosedReason::TemplateChanged);
    assert_eq!(settled.close, [(id("lost"), gone), (id("second"), gone)]);
    assert_eq!(settled.due, Due::Nothing);
}

#[test]
fn a_halted_project_has_no_alert() {
    let table = [
        (vec![Halt::Held], ClosedReason::OnHold),
        (vec![Halt::Archived], ClosedReason::Archived),
        (vec![Halt::AlertsOff], ClosedReason::AlertsOff),
        (vec![Halt::Cancelled], ClosedReason::Cancelled),
        (vec![Halt::AlertsOff, Halt::Archived, Halt::Held, Halt::Cancelled], ClosedReason::Cancelled),
        (vec![Halt::AlertsOff, Halt::Archived], ClosedReason::Archived),
    ];
    for (halts, reason) in table {
        let halts: BTreeSet<_> = halts.into_iter().collect();
        let facts = Facts { halts: halts.clone(), live: live_on("a"), ..Facts::default() };
        let closed =
            Alerting { close: vec![(id("alert"), Closed::Dismissed(reason))], due: Due::Nothing, lapsed: vec![] };
        assert_eq!(alerting("a", "c", &facts, &Cause::Other), closed);
        let silent = Facts { halts, active_override: Some(overriding(&[LEAD], &[])), ..Facts::default() };
        assert_eq!(alerting("a", "c", &silent, &Cause::Other).due, Due::Nothing, "not even held back");
    }
}

#[test]
fn a_suppressed_phase_has_its_alert_recorded_once_instead() {
    let held_back = Due::Suppress { item: id("a"), override_id: id("override") };
    let table = [
        (Some(overriding(&[LEAD], &[])), held_back),
        (Some(overriding(&[LEAD], &["b"])), Due::Suppress { item: id("a"), override_id: id("override") }),
        (Some(overriding(&[LEAD], &["a"])), Due::Nothing),
        (Some(overriding(&[PROSPECT], &[])), raised("a")),
        (Some(overriding(&[], &[])), raised("a")),
        (None, raised("a")),
    ];
    for (active_override, due) in table {
        let facts = Facts { active_override, ..Facts::default() };
        assert_eq!(alerting("a b", "c", &facts, &Cause::Other).due, due, "{facts:?}");
    }
    // A live alert of a phase that has come to be suppressed goes.
    let facts = Facts { active_override: Some(overriding(&[LEAD], &[])), live: live_on("a"), ..Facts::default() };
    let settled = alerting("a b", "c", &facts, &Cause::Overridden);
    assert_eq!(settled.close, [(id("alert"), Closed::Dismissed(ClosedReason::Overridden))]);
    assert_eq!(settled.due, Due::Suppress { item: id("a"), override_id: id("override") });
}

#[test]
fn a_persons_dismissal_holds_until_the_item_changes() {
    let nothing: Vec<(entity::scalar::Id, ClosedReason)> = Vec::new();
    let reopened = vec![(id("a"), ClosedReason::Reopened)];
    let overridden = vec![(id("a"), ClosedReason::Overridden)];
    let table = [
        ("a b", Cause::Other, Due::Nothing, nothing.clone()),
        ("a b+", Cause::Completed(id("b")), Due::Nothing, nothing.clone()),
        ("a b", Cause::Reopened(id("b")), Due::Nothing, nothing.clone()),
        ("a+ b", Cause::Completed(id("a")), raised("b"), nothing),
        ("a b", Cause::Reopened(id("a")), raised("a"), reopened.clone()),
        ("a- b", Cause::Reopened(id("a")), raised("b"), reopened), // back to where it was left behind
        ("a- b-", Cause::Overridden, raised("c"), overridden),
    ];
    for (first, cause, due, lapsed) in table {
        let facts = Facts { dismissed: [id("a")].into_iter().collect(), ..Facts::default() };
        let expected = Alerting { close: vec![], due, lapsed };
        assert_eq!(alerting(first, "c", &facts, &cause), expected, "{first} {cause:?}");
    }
    // No trace of what was held back either: there would have been no alert.
    let facts = Facts {
        dismissed: [id("a")].into_iter().collect(),
        active_override: Some(overriding(&[LEAD], &[])),
        started_at: Some(at(1)),
        ..Facts::default()
    };
    assert_eq!(alerting("a b", "c", &facts, &Cause::Other).due, Due::Nothing);
}

#[test]
fn a_closed_alert_knows_its_status_and_reason() {
    let dismissed = Closed::Dismissed(ClosedReason::Archived);
    assert_eq!((dismissed.status(), dismissed.reason()), (AlertStatus::Dismissed, Some(ClosedReason::Archived)));
    assert_eq!((Closed::Completed.status(), Closed::Completed.reason()), (AlertStatus::Completed, None));
}
