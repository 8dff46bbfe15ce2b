//! How the sample projects went: a table of courses, taken in turn, so that every page and filter has something to
//! show.

use entity::enums::ProjectPhase::{self, Approved, Completion, Execution, Lead, Prospect, SecondSupplement};

use crate::workflow::rules::Halt;

/// The course of a project.
pub(super) struct Plot {
    /// The phase that it came to by its own work.
    pub(super) phase: ProjectPhase,
    /// How much of that phase was done, in percent.
    pub(super) percent: usize,
    /// What happened then.
    pub(super) deeds: &'static [Deed],
    pub(super) pace: Pace,
    /// What became of the alert that is live in the end.
    pub(super) sequel: Sequel,
}

/// When the last thing happened.
#[derive(Clone, Copy)]
pub(super) enum Pace {
    /// So lately that the current item is not due yet.
    OnTime,
    /// So long ago that it is past due, whatever it is.
    PastDue,
    /// Some weeks ago.
    LongAgo,
}

pub(super) enum Deed {
    /// So many items are completed.
    Work(usize),
    /// Somebody moves the project to another phase.
    Override {
        to: ProjectPhase,
        suppress: Option<&'static [ProjectPhase]>,
        reason: &'static str,
    },
    Halt(Halt, &'static str),
}

impl Deed {
    /// How many moments it takes.
    pub(super) const fn moments(&self) -> usize {
        match self {
            Self::Work(items) => *items,
            Self::Override { .. } | Self::Halt(..) => 1,
        }
    }
}

pub(super) enum Sequel {
    Nothing,
    Acknowledged,
    Dismissed(&'static str),
    /// Assigned by hand to the worker.
    GivenToWorker,
}

const fn at(phase: ProjectPhase, percent: usize, pace: Pace) -> Plot {
    Plot { phase, percent, deeds: &[], pace, sequel: Sequel::Nothing }
}

/// A finished project.
const fn finished() -> Plot {
    at(Completion, 100, Pace::LongAgo)
}

pub(super) const PLOTS: [Plot; 25] = [
    at(Execution, 40, Pace::OnTime),
    at(Lead, 0, Pace::OnTime),
    at(Prospect, 30, Pace::PastDue),
    Plot { sequel: Sequel::Acknowledged, ..at(Approved, 50, Pace::OnTime) },
    finished(),
    at(Prospect, 60, Pace::OnTime),
    Plot { sequel: Sequel::Acknowledged, ..at(Execution, 20, Pace::PastDue) },
    finished(),
    at(Lead, 50, Pace::OnTime),
    at(SecondSupplement, 30, Pace::PastDue),
    Plot {
        deeds: &[Deed::Halt(Halt::Held, "The customer waits for the insurance's second visit.")],
        ..at(Approved, 20, Pace::LongAgo)
    },
    Plot {
        deeds: &[
            Deed::Override { to: Execution, suppress: None, reason: "Emergency repair: the crew starts tomorrow." },
            Deed::Work(2),
        ],
        ..at(Prospect, 80, Pace::OnTime)
    },
    at(Completion, 40, Pace::OnTime),
    at(Prospect, 50, Pace::PastDue),
    Plot { deeds: &[Deed::Halt(Halt::Archived, "")], ..finished() },
    Plot { sequel: Sequel::GivenToWorker, ..at(Execution, 70, Pace::PastDue) },
    at(Lead, 0, Pace::PastDue),
    Plot { deeds: &[Deed::Halt(Halt::Cancelled, "The house was sold.")], ..at(Approved, 80, Pace::LongAgo) },
    Plot {
        deeds: &[
            Deed::Override {
                to: Approved,
                suppress: Some(&[Approved]),
                reason: "Signed on paper; the papers are entered later.",
            },
            Deed::Work(1),
        ],
        ..at(Prospect, 10, Pace::OnTime)
    },
    at(SecondSupplement, 70, Pace::OnTime),
    Plot { sequel: Sequel::GivenToWorker, ..at(Execution, 90, Pace::OnTime) },
    at(Completion, 70, Pace::PastDue),
    Plot { sequel: Sequel::Dismissed("The customer calls back after the holidays."), ..at(Lead, 80, Pace::PastDue) },
    Plot {
        deeds: &[
            Deed::Override { to: Execution, suppress: None, reason: "The crew had a free day." },
            Deed::Work(3),
            Deed::Override { to: Prospect, suppress: None, reason: "The agreement has to be signed first." },
        ],
        ..at(Prospect, 50, Pace::PastDue)
    },
    Plot { deeds: &[Deed::Halt(Halt::AlertsOff, "")], ..at(Prospect, 40, Pace::LongAgo) },
];
