//! What conversations go by, as pure functions: who a pair is, who follows, and how it is said what happened.

use entity::conversation_participant as participant;
use entity::enums::ConversationRole;
use entity::scalar::Id;
use serde_json::{Value, json};

/// People in one conversation, everybody counted.
pub(crate) const MOST_PEOPLE: usize = 200;
/// Names in one sentence; the others are counted.
const NAMES: usize = 8;

/// The same for both, whoever begins.
pub(crate) fn pair_key(one: &Id, other: &Id) -> String {
    let (first, second) = if one <= other { (one, other) } else { (other, one) };
    format!("{first}:{second}")
}

/// Who becomes ADMIN when this person goes: nobody while there is one or nobody is left, else whoever has been there
/// longest. The rows are those of everybody who takes part, in the order in which they joined.
pub(crate) fn successor<'a>(present: &'a [participant::Model], leaving: &Id) -> Option<&'a participant::Model> {
    let mut rest = present.iter().filter(|row| row.user_id != *leaving);
    let led = rest.clone().any(|row| row.role == ConversationRole::Admin);
    rest.next().filter(|_| !led)
}

/// Something that happened in a group, noted down as a SYSTEM message. People are given by id and name.
pub(crate) enum Notice<'a> {
    Created(&'a [(Id, String)]),
    Added(&'a [(Id, String)]),
    Removed(&'a [(Id, String)]),
    Left,
    Role(&'a [(Id, String)], ConversationRole),
    Title(Option<&'a str>),
    Description,
    Closed,
    Reopened,
}

impl Notice<'_> {
    /// The sentence, by the name of who did it.
    pub(crate) fn text(&self, actor: &str) -> String {
        match self {
            Self::Created(people) => format!("{actor} created the group with {}.", names(people)),
            Self::Added(people) => format!("{actor} added {}.", names(people)),
            Self::Removed(people) => format!("{actor} removed {}.", names(people)),
            Self::Left => format!("{actor} left."),
            Self::Role(people, role) => format!("{} is now {}.", names(people), called(*role)),
            Self::Title(Some(title)) => format!("{actor} changed the title to “{title}”."),
            Self::Title(None) => format!("{actor} removed the title."),
            Self::Description => format!("{actor} changed the description."),
            Self::Closed => format!("{actor} closed the conversation."),
            Self::Reopened => format!("{actor} opened the conversation again."),
        }
    }

    /// The same for programs.
    pub(crate) fn data(&self, by: &Id) -> Value {
        let (kind, people): (&str, &[(Id, String)]) = match self {
            Self::Created(people) => ("CREATED", people),
            Self::Added(people) => ("ADDED", people),
            Self::Removed(people) => ("REMOVED", people),
            Self::Left => ("LEFT", &[]),
            Self::Role(people, _) => ("ROLE_CHANGED", people),
            Self::Title(_) => ("TITLE_CHANGED", &[]),
            Self::Description => ("DESCRIPTION_CHANGED", &[]),
            Self::Closed => ("CLOSED", &[]),
            Self::Reopened => ("REOPENED", &[]),
        };
        let users: Vec<&Id> = people.iter().map(|(id, _)| id).collect();
        match self {
            Self::Role(_, role) => json!({ "kind": kind, "by": by, "users": users, "role": role }),
            Self::Title(title) => json!({ "kind": kind, "by": by, "users": users, "title": title }),
            _ => json!({ "kind": kind, "by": by, "users": users }),
        }
    }
}

fn called(role: ConversationRole) -> &'static str {
    match role {
        ConversationRole::Admin => "an admin of the group",
        ConversationRole::Moderator => "a moderator of the group",
        ConversationRole::Member => "a member of the group",
    }
}

/// "Ada", "Ada and Bea", "Ada, Bea and Cy", "Ada, …, Hal and 3 others".
fn names(people: &[(Id, String)]) -> String {
    let mut listed: Vec<String> = people.iter().take(NAMES).map(|(_, name)| name.clone()).collect();
    match people.len().saturating_sub(NAMES) {
        0 => {}
        1 => listed.push("1 other".to_owned()),
        more => listed.push(format!("{more} others")),
    }
    match listed.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => "nobody".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use entity::scalar::Instant;

    use super::*;

    fn people(count: usize) -> Vec<(Id, String)> {
        (1..=count).map(|n| (Id(format!("p{n}")), format!("P{n}"))).collect()
    }

    #[test]
    fn a_pair_is_the_same_from_both_sides() {
        let (one, other) = (Id::from("a"), Id::from("b"));
        assert_eq!(pair_key(&one, &other), pair_key(&other, &one));
        let longest = Id("x".repeat(32));
        assert!(pair_key(&longest, &longest).len() <= 80, "the column holds it");
    }

    #[test]
    fn names_read_as_a_sentence() {
        let added = |count| Notice::Added(&people(count)).text("Ada");
        assert_eq!(added(1), "Ada added P1.");
        assert_eq!(added(2), "Ada added P1 and P2.");
        assert_eq!(added(3), "Ada added P1, P2 and P3.");
        assert_eq!(added(9), "Ada added P1, P2, P3, P4, P5, P6, P7, P8 and 1 other.");
        assert!(added(199).ends_with("P8 and 191 others."));
    }

    #[test]
    fn a_group_is_never_without_an_admin() {
        use ConversationRole::{Admin, Member, Moderator};
        let at = Instant::new(chrono::DateTime::UNIX_EPOCH);
        let row = |name: &str, role| participant::Model {
            id: name.into(),
            created_at: at,
            conversation_id: "c".into(),
            user_id: name.into(),
            joined_at: at,
            left_at: None,
            role,
            updated_at: at,
            last_delivered_at: None,
            last_read_at: None,
        };
        let next = |rows: &[participant::Model], leaving: &str| {
            successor(rows, &leaving.into()).map(|row| row.user_id.0.clone())
        };
        let three = [row("a", Admin), row("b", Member), row("c", Moderator)];
        assert_eq!(next(&three, "a").as_deref(), Some("b"), "whoever has been there longest");
        assert_eq!(next(&three, "b"), None, "there still is one");
        assert_eq!(next(&[row("a", Admin), row("b", Admin)], "a"), None);
        assert_eq!(next(&[row("a", Admin)], "a"), None, "nobody is left");
    }
}
