//! Random templates and random histories: what projects follow, and what people do to them.

use chrono::{DateTime, Duration};
use entity::enums::{AlertPriority, ProjectPhase, ResponsibleRole};
use entity::scalar::{Id, Instant};
use proptest::prelude::{Just, Strategy, any, prop};
use proptest::prop_oneof;
use proptest::sample::Index;
use ridgeline::workflow::rules::{Halt, Item, ItemState, PHASES, Plan, Refusal, Step, StepRecord};

use super::office::Office;

/// One thing that somebody does.
#[derive(Clone, Debug)]
pub enum Deed {
    /// The next item in order.
    CompleteCurrent,
    /// Any item.
    Complete(Index),
    /// Any completed item.
    Reopen(Index),
    Override(ProjectPhase, Option<Vec<ProjectPhase>>),
    Revert,
    Halt(Halt, bool),
    Dismiss,
}

impl Deed {
    /// Does it; what is refused, or finds nothing to be done to, changes nothing.
    pub fn to(&self, office: &mut Office) -> Result<(), Refusal> {
        office.latest = None;
        match self {
            Self::CompleteCurrent => match current(office) {
                Some(item) => office.complete(&item).map(|_| ()),
                None => Err(Refusal::NoSuchItem),
            },
            Self::Complete(index) => office.complete(&any_of(office, *index, |_| true)?).map(|_| ()),
            Self::Reopen(index) => office.reopen(&any_of(office, *index, |item| item.state() == ItemState::Completed)?),
            Self::Override(phase, suppress) => office.override_to(*phase, suppress.as_deref()),
            Self::Revert => office.revert(),
            Self::Halt(halt, on) => office.halt(*halt, *on),
            Self::Dismiss => {
                office.dismiss();
                Ok(())
            }
        }
    }
}

fn current(office: &Office) -> Option<Id> {
    office.plan.current().map(|(_, item)| item.id.clone())
}

/// One of the items of that kind, if there is one.
pub fn any_of(office: &Office, index: Index, kind: impl Fn(&Item) -> bool) -> Result<Id, Refusal> {
    let items: Vec<_> = office.plan.items().map(|(_, item)| item).filter(|item| kind(item)).collect();
    if items.is_empty() { Err(Refusal::NoSuchItem) } else { Ok(index.get(&items).id.clone()) }
}

fn deeds() -> impl Strategy<Value = Deed> {
    let phases = prop::collection::vec(prop::sample::select(PHASES.to_vec()), 0..4);
    let halts = prop::sample::select(vec![Halt::Held, Halt::Cancelled, Halt::Archived, Halt::AlertsOff]);
    prop_oneof![
        8 => Just(Deed::CompleteCurrent),
        4 => any::<Index>().prop_map(Deed::Complete),
        4 => any::<Index>().prop_map(Deed::Reopen),
        4 => (prop::sample::select(PHASES.to_vec()), prop::option::weighted(0.3, phases))
            .prop_map(|(phase, suppress)| Deed::Override(phase, suppress)),
        2 => Just(Deed::Revert),
        2 => halts.clone().prop_map(|halt| Deed::Halt(halt, true)),
        4 => halts.prop_map(|halt| Deed::Halt(halt, false)),
        2 => Just(Deed::Dismiss),
    ]
}

/// A section's items: whether each is an extra subtask, and its days.
type Section = Vec<(bool, i32)>;

fn plans() -> impl Strategy<Value = Plan> {
    let section = || prop::collection::vec((prop::bool::weighted(0.2), 1..10_i32), 1..4);
    let phases = prop::sample::subsequence(PHASES.to_vec(), 1..=PHASES.len());
    let sections = phases.prop_flat_map(move |phases| {
        let of_one = move |phase| (Just(phase), prop::collection::vec(section(), 1..4));
        phases.into_iter().map(of_one).collect::<Vec<_>>()
    });
    sections.prop_map(|phases| {
        let sections = phases.into_iter().flat_map(|(phase, sections)| sections.into_iter().map(move |s| (phase, s)));
        Plan::new((0..).zip(sections).map(|(number, (phase, items))| step(number, phase, items)).collect())
    })
}

fn step(number: i32, phase: ProjectPhase, items: Section) -> Step {
    let copy = |(place, (extra, alert_days)): (i32, (bool, i32))| Item {
        id: Id(format!("item-{number}-{place}")),
        copy_of: (!extra).then(|| Id(format!("line-{number}-{place}"))),
        name: format!("Item {number}{place}"),
        order: place,
        role: ResponsibleRole::Office,
        alert_days,
        completed: None,
        skipped_at: None,
        changed_at: Instant::new(DateTime::UNIX_EPOCH),
    };
    Step {
        id: Id(format!("step-{number}")),
        section: Id(format!("section-{number}")),
        name: format!("Section {number}"),
        phase,
        order: number,
        assignee: None,
        priority: AlertPriority::Medium,
        record: StepRecord::default(),
        changed_at: Instant::new(DateTime::UNIX_EPOCH),
        items: (0..).zip(items).map(copy).collect(),
    }
}

/// A new project and what is to happen to it. In half of them the clock stands still all the while.
pub fn histories() -> impl Strategy<Value = (Office, Vec<Deed>)> {
    let offices = (plans(), 0..2_i64).prop_map(|(plan, minutes)| Office::new(plan, Duration::minutes(minutes)));
    (offices, prop::collection::vec(deeds(), 0..40))
}
