//! The texts that the system writes itself, each as long as its column allows. What is cut ends in "…", and lengths
//! are counted in characters, as both databases count them.

use entity::enums::{ProjectMessageType, ProjectPhase};

use super::facts::Milestone;
use super::phases::name;

/// The author of everything the system writes; no person stands behind it.
pub const AUTHOR: &str = "Ridgeline";
/// `title`, `stepName`, `originalTitle` and `suppressedStepName` of alerts.
pub const ALERT_LINE: usize = 255;
/// `subject`, `stepName`, `section` and `lineItem` of project messages.
pub const MESSAGE_LINE: usize = 255;
/// `suppressionReason`.
pub const SUPPRESSION_REASON: usize = 500;

/// The text, cut to that many characters. The cut leaves neither a blank nor half of a joined emoji before the "…".
#[must_use]
pub fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let kept: String = text.chars().take(limit.saturating_sub(1)).collect();
    let kept = kept.trim_end_matches(|c: char| c.is_whitespace() || c == '\u{200d}');
    format!("{kept}…").chars().take(limit).collect()
}

/// The title of an item's alert.
#[must_use]
pub fn alert_title(item: &str, customer: &str) -> String {
    cut(&format!("{item} – {customer}"), ALERT_LINE)
}

/// What an item's alert says.
#[must_use]
pub fn alert_message(item: &str, project: &str) -> String {
    format!("{item} is now ready to be completed for project at {project}")
}

/// Why an alert was held back.
#[must_use]
pub fn suppression_reason(item_phase: ProjectPhase, from: ProjectPhase, to: ProjectPhase) -> String {
    let (held, from, to) = (name(item_phase), name(from), name(to));
    cut(&format!("Alerts of the phase {held} are held back since the move from {from} to {to}."), SUPPRESSION_REASON)
}

/// A message of the system's own in a project's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemMessage {
    pub kind: ProjectMessageType,
    pub subject: String,
    pub content: String,
}

impl SystemMessage {
    fn new(kind: ProjectMessageType, subject: &str, content: String) -> Self {
        Self { kind, subject: cut(subject, MESSAGE_LINE), content }
    }
}

/// The first message of a project; `who` is the person who created it.
#[must_use]
pub fn created(who: &str, project: &str, customer: &str) -> SystemMessage {
    let content = format!("{who} created the project {project} for {customer}.");
    SystemMessage::new(ProjectMessageType::SystemNotification, "Project created", content)
}

/// The completed item as a milestone's message names it.
#[derive(Clone, Copy, Debug)]
pub struct Finished<'a> {
    pub item: &'a str,
    pub section: &'a str,
    pub phase: ProjectPhase,
    pub project: &'a str,
    /// Who completed it.
    pub who: &'a str,
}

/// What a completion brought to its end.
#[must_use]
pub fn milestone(milestone: Milestone, last: Finished<'_>) -> SystemMessage {
    let Finished { item, section, phase, project, who } = last;
    let phase = name(phase);
    let (kind, subject, ended) = match milestone {
        Milestone::Section => (
            ProjectMessageType::StepCompletion,
            format!("Section completed: {section}"),
            format!("the section {section} of the phase {phase}"),
        ),
        Milestone::Phase => {
            (ProjectMessageType::PhaseCompletion, format!("Phase completed: {phase}"), format!("the phase {phase}"))
        }
        Milestone::Project => (
            ProjectMessageType::ProjectMilestone,
            format!("Project completed: {project}"),
            format!("the project {project}"),
        ),
    };
    SystemMessage::new(kind, &subject, format!("{who} completed “{item}”, the last open item of {ended}."))
}

/// A move to another phase; its content is also the override's `autoLogMessage`.
#[must_use]
pub fn overridden(
    who: &str,
    from: ProjectPhase,
    to: ProjectPhase,
    suppresses: &[ProjectPhase],
    reason: Option<&str>,
) -> SystemMessage {
    let subject = format!("Phase changed: {} → {}", name(from), name(to));
    let mut content = format!("{who} moved the project from {} to {}.", name(from), name(to));
    if !suppresses.is_empty() {
        let held: Vec<_> = suppresses.iter().map(|phase| name(*phase)).collect();
        content = format!("{content} Alerts are held back for: {}.", held.join(", "));
    }
    SystemMessage::new(ProjectMessageType::WorkflowUpdate, &subject, with_reason(content, reason))
}

/// A move taken back; `stands` is the phase in which the project stands now.
#[must_use]
pub fn reverted(who: &str, from: ProjectPhase, to: ProjectPhase, stands: ProjectPhase) -> SystemMessage {
    let subject = format!("Phase change taken back: {} → {}", name(from), name(to));
    let (from, to, stands) = (name(from), name(to), name(stands));
    let content = format!("{who} took back the move from {from} to {to}. The project stands in the phase {stands}.");
    SystemMessage::new(ProjectMessageType::WorkflowUpdate, &subject, content)
}

/// An item that is to be done again.
#[must_use]
pub fn reopened(who: &str, item: &str, section: &str, reason: Option<&str>) -> SystemMessage {
    let content = with_reason(format!("{who} reopened “{item}” in the section {section}."), reason);
    SystemMessage::new(ProjectMessageType::WorkflowUpdate, &format!("Item reopened: {item}"), content)
}

/// The project stands still until it is resumed.
#[must_use]
pub fn held(who: &str, reason: Option<&str>) -> SystemMessage {
    let content =
        with_reason(format!("{who} put the project on hold. There are no alerts until it is resumed."), reason);
    SystemMessage::new(ProjectMessageType::WorkflowUpdate, "Project on hold", content)
}

/// The end of a hold.
#[must_use]
pub fn resumed(who: &str) -> SystemMessage {
    let content = format!("{who} resumed the project.");
    SystemMessage::new(ProjectMessageType::WorkflowUpdate, "Project resumed", content)
}

#[must_use]
pub fn archived(who: &str) -> SystemMessage {
    let content = format!("{who} archived the project. There are no alerts while it is archived.");
    SystemMessage::new(ProjectMessageType::SystemNotification, "Project archived", content)
}

#[must_use]
pub fn unarchived(who: &str) -> SystemMessage {
    let content = format!("{who} took the project out of the archive.");
    SystemMessage::new(ProjectMessageType::SystemNotification, "Project out of the archive", content)
}

/// The workflow ends before its time, until it is resumed.
#[must_use]
pub fn cancelled(who: &str, reason: Option<&str>) -> SystemMessage {
    let content =
        with_reason(format!("{who} cancelled the workflow. There are no alerts until it is resumed."), reason);
    SystemMessage::new(ProjectMessageType::SystemNotification, "Workflow cancelled", content)
}

/// A cancelled workflow goes on.
#[must_use]
pub fn workflow_resumed(who: &str) -> SystemMessage {
    let content = format!("{who} resumed the workflow.");
    SystemMessage::new(ProjectMessageType::SystemNotification, "Workflow resumed", content)
}

fn with_reason(mut text: String, reason: Option<&str>) -> String {
    if let Some(reason) = reason.map(str::trim).filter(|reason| !reason.is_empty()) {
        text.push_str(" Reason: ");
        text.push_str(reason);
    }
    text
}
