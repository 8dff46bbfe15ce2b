//! The six phases: their order and the names people read. The order is written out, so that no rule depends on how
//! an enum happens to be declared.

use entity::enums::ProjectPhase;

/// Every phase, from the first call to the closed file.
pub const PHASES: [ProjectPhase; 6] = [
    ProjectPhase::Lead,
    ProjectPhase::Prospect,
    ProjectPhase::Approved,
    ProjectPhase::Execution,
    ProjectPhase::SecondSupplement,
    ProjectPhase::Completion,
];

/// How far along a phase is; the later phase has the greater rank.
#[must_use]
pub const fn rank(phase: ProjectPhase) -> u8 {
    match phase {
        ProjectPhase::Lead => 0,
        ProjectPhase::Prospect => 1,
        ProjectPhase::Approved => 2,
        ProjectPhase::Execution => 3,
        ProjectPhase::SecondSupplement => 4,
        ProjectPhase::Completion => 5,
    }
}

/// The phases that a move forward jumps over; none for a move backward or to the next phase.
#[must_use]
pub fn between(from: ProjectPhase, to: ProjectPhase) -> Vec<ProjectPhase> {
    PHASES.into_iter().filter(|phase| rank(from) < rank(*phase) && rank(*phase) < rank(to)).collect()
}

/// The phase as people write it.
#[must_use]
pub const fn name(phase: ProjectPhase) -> &'static str {
    match phase {
        ProjectPhase::Lead => "Lead",
        ProjectPhase::Prospect => "Prospect",
        ProjectPhase::Approved => "Approved",
        ProjectPhase::Execution => "Execution",
        ProjectPhase::SecondSupplement => "2nd Supplement",
        ProjectPhase::Completion => "Completion",
    }
}
