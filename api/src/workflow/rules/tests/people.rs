//! Who gets an alert, and what the system writes.

use std::collections::{HashMap, HashSet};

use entity::enums::{ProjectMessageType, ResponsibleRole, RoleType};
use entity::scalar::Id;

use super::super::{Milestone, Staffing, recipient, wording};
use super::{APPROVED, EXECUTION, LEAD, PROSPECT, id};

/// Everybody there could be; who of them is active is for each test to say.
fn everybody() -> Staffing {
    let role_holders = [
        (RoleType::OfficeStaff, id("office")),
        (RoleType::Administration, id("administration")),
        (RoleType::ProjectManager, id("chief")),
        (RoleType::FieldDirector, id("director")),
    ];
    let roles = [
        ResponsibleRole::Office,
        ResponsibleRole::Administration,
        ResponsibleRole::ProjectManager,
        ResponsibleRole::FieldDirector,
        ResponsibleRole::RoofSupervisor,
    ];
    Staffing {
        project_manager: Some(id("manager")),
        assignments: roles.into_iter().map(|role| (role, id("assigned"))).collect(),
        role_holders: role_holders.into_iter().collect(),
        team: vec![
            (id("worker"), Some("Roofer".to_owned())),
            (id("nobody"), None),
            (id("supervisor"), Some(" Roof Supervisor ".to_owned())),
            (id("second"), Some("ROOF SUPERVISOR".to_owned())),
        ],
        active: HashSet::new(),
    }
}

/// The order in which people are asked: each is found once all before are inactive.
fn order(role: ResponsibleRole) -> Vec<String> {
    let mut staffing = everybody();
    let everyone = "step assigned manager office administration chief director worker nobody supervisor second";
    staffing.active = everyone.split(' ').map(Id::from).collect();
    let mut order = Vec::new();
    while let Some(found) = recipient(role, Some(&id("step")), &staffing).cloned() {
        staffing.active.remove(&found);
        order.push(found.to_string());
    }
    order
}

#[test]
fn an_alert_goes_to_the_first_active_person_in_order() {
    assert_eq!(order(ResponsibleRole::Office), ["step", "assigned", "office", "manager"]);
    assert_eq!(order(ResponsibleRole::Administration), ["step", "assigned", "administration", "manager"]);
    assert_eq!(order(ResponsibleRole::ProjectManager), ["step", "assigned", "manager", "chief"]);
    assert_eq!(order(ResponsibleRole::FieldDirector), ["step", "assigned", "director", "manager"]);
    let supervisor = ["step", "assigned", "supervisor", "second", "director", "manager"];
    assert_eq!(order(ResponsibleRole::RoofSupervisor), supervisor);
}

#[test]
fn without_anybody_it_goes_to_nobody() {
    assert_eq!(recipient(ResponsibleRole::Office, None, &Staffing::default()), None);
    let others = Staffing {
        assignments: HashMap::from([(ResponsibleRole::Administration, id("assigned"))]),
        active: HashSet::from([id("assigned")]),
        ..Staffing::default()
    };
    assert_eq!(recipient(ResponsibleRole::Office, None, &others), None);
}

#[test]
fn generated_text_is_cut_at_a_character_to_its_column() {
    let table = [
        ("short", 10, "short"),
        ("exactly ten", 11, "exactly ten"),
        ("one too many", 11, "one too ma…"),
        ("a blank here", 9, "a blank…"),
        ("ünïcödé", 4, "ünï…"),
        ("ab👩\u{200d}💻", 5, "ab👩\u{200d}💻"),
        ("ab👩\u{200d}💻c", 5, "ab👩…"),
        ("anything", 1, "…"),
        ("anything", 0, ""),
        ("", 5, ""),
    ];
    for (text, limit, expected) in table {
        assert_eq!(wording::cut(text, limit), expected);
    }
}

#[test]
fn names_of_full_length_fit() {
    let title = wording::alert_title(&"é".repeat(500), &"ß".repeat(100));
    assert_eq!(title.chars().count(), wording::ALERT_LINE);
    assert!(title.ends_with("é…"));
    let exact = wording::alert_title(&"é".repeat(150), &"ß".repeat(102));
    assert_eq!((exact.chars().count(), exact.ends_with('ß')), (255, true));
    let subject = wording::reopened("Ann Lee", &"é".repeat(500), "Section", None).subject;
    assert_eq!(subject.chars().count(), wording::MESSAGE_LINE);
}

#[test]
fn alerts_say_what_is_ready_and_where() {
    assert_eq!(wording::alert_title("Order shingles", "The Harpers"), "Order shingles – The Harpers");
    let message = "Order shingles is now ready to be completed for project at 12 Elm Street";
    assert_eq!(wording::alert_message("Order shingles", "12 Elm Street"), message);
    let reason = "Alerts of the phase Prospect are held back since the move from Lead to Execution.";
    assert_eq!(wording::suppression_reason(PROSPECT, LEAD, EXECUTION), reason);
}

#[test]
fn each_milestone_has_its_message() {
    let last = wording::Finished {
        item: "Sign",
        section: "Agreement",
        phase: PROSPECT,
        project: "12 Elm Street",
        who: "Ann Lee",
    };
    let table = [
        (Milestone::Section, ProjectMessageType::StepCompletion, "Section completed: Agreement"),
        (Milestone::Phase, ProjectMessageType::PhaseCompletion, "Phase completed: Prospect"),
        (Milestone::Project, ProjectMessageType::ProjectMilestone, "Project completed: 12 Elm Street"),
    ];
    for (milestone, kind, subject) in table {
        let message = wording::milestone(milestone, last);
        assert_eq!((message.kind, message.subject.as_str()), (kind, subject));
    }
    let content = wording::milestone(Milestone::Phase, last).content;
    assert_eq!(content, "Ann Lee completed “Sign”, the last open item of the phase Prospect.");
}

#[test]
fn moves_are_told_with_what_they_hold_back_and_why() {
    let told = wording::overridden("Ann Lee", LEAD, EXECUTION, &[PROSPECT, APPROVED], Some(" Insurer paid "));
    assert_eq!(told.subject, "Phase changed: Lead → Execution");
    let content = "Ann Lee moved the project from Lead to Execution. Alerts are held back for: Prospect, Approved. \
                   Reason: Insurer paid";
    assert_eq!(told.content, content);
    let plain = wording::overridden("Ann Lee", EXECUTION, LEAD, &[], Some("  "));
    assert_eq!(plain.content, "Ann Lee moved the project from Execution to Lead.");
    let back = wording::reverted("Ann Lee", LEAD, EXECUTION, LEAD).content;
    assert_eq!(back, "Ann Lee took back the move from Lead to Execution. The project stands in the phase Lead.");
}

#[test]
fn each_message_has_its_type() {
    let updates = [
        wording::overridden("Ann", LEAD, PROSPECT, &[], None),
        wording::reverted("Ann", LEAD, PROSPECT, LEAD),
        wording::reopened("Ann", "Sign", "Agreement", Some("wrong date")),
        wording::held("Ann", None),
        wording::resumed("Ann"),
    ];
    assert!(updates.iter().all(|message| message.kind == ProjectMessageType::WorkflowUpdate));
    let rest = [
        wording::created("Ann", "12 Elm Street", "The Harpers"),
        wording::archived("Ann"),
        wording::unarchived("Ann"),
        wording::cancelled("Ann", Some("Sold the house")),
        wording::workflow_resumed("Ann"),
    ];
    assert!(rest.iter().all(|message| message.kind == ProjectMessageType::SystemNotification));
    assert!(updates.iter().chain(&rest).all(|message| message.content.starts_with("Ann ")));
}
