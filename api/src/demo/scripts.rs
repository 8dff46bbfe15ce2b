//! Who says what to whom in the sample company.

pub(super) struct Script {
    /// None between two people.
    pub(super) title: Option<&'static str>,
    /// By the first part of their addresses; whoever begins a group comes first.
    pub(super) people: &'static [&'static str],
    pub(super) hours_ago: i64,
    /// How many of the last lines nobody else has read yet.
    pub(super) unread: usize,
    pub(super) lines: &'static [Line],
}

impl Script {
    pub(super) fn is_group(&self) -> bool {
        self.title.is_some()
    }
}

/// The numbers are places: of people in the script, of lines in it.
pub(super) struct Line {
    pub(super) who: usize,
    pub(super) text: &'static str,
    pub(super) answers: Option<usize>,
    pub(super) reactions: &'static [(usize, &'static str)],
}

const fn line(who: usize, text: &'static str) -> Line {
    Line { who, text, answers: None, reactions: &[] }
}

impl Line {
    const fn answering(self, line: usize) -> Self {
        Self { answers: Some(line), ..self }
    }

    const fn liked(self, reactions: &'static [(usize, &'static str)]) -> Self {
        Self { reactions, ..self }
    }
}

pub(super) const SCRIPTS: [Script; 6] = [
    Script {
        title: Some("Field crew"),
        people: &["foreman", "worker", "victor.nakamura", "luis.andrade"],
        hours_ago: 3,
        unread: 2,
        lines: &[
            line(0, "Wind from the west tomorrow, up to 40 mph. No sheets on the steep side before noon."),
            line(2, "Then I start with the garage. Who has the second nail gun?").answering(0),
            line(3, "It is in my truck. I will bring it at seven.").liked(&[(2, "👍"), (0, "🙏")]),
            line(1, "We are short of drip edge in brown, maybe four pieces."),
            line(0, "I will pick some up on the way.").answering(3).liked(&[(1, "👍")]),
            line(2, "Inspection passed, by the way. The inspector liked the flashing.").liked(&[(0, "🎉"), (3, "🎉")]),
        ],
    },
    Script {
        title: Some("Monday meeting"),
        people: &["manager", "admin", "pm", "owen.castellano", "leah.thornton", "office"],
        hours_ago: 26,
        unread: 1,
        lines: &[
            line(0, "Please put what we must talk about on Monday in here until Friday noon."),
            line(2, "Second supplements take too long. I would like to go through the three oldest ones."),
            line(3, "The new supplier for skylights: prices are good, delivery is not.").answering(0),
            line(5, "The phones. Half of the callers ask when their crew comes.").liked(&[(2, "💯"), (4, "💯")]),
            line(2, "I would start with the phones.").answering(3).liked(&[(1, "👍"), (5, "🙏")]),
            line(4, "I have two estimates out that need a second pair of eyes before Monday."),
        ],
    },
    Script {
        title: Some("Summer party"),
        people: &["office", "admin", "worker", "sofia.keller", "foreman"],
        hours_ago: 75,
        unread: 0,
        lines: &[
            line(0, "Last Friday of June at the lake, families welcome. Who brings what?"),
            line(3, "Salads, two kinds."),
            line(4, "I bring the big grill.").liked(&[(0, "🔥"), (2, "🔥"), (3, "🔥")]),
            line(2, "And I bring an appetite.").answering(2).liked(&[(4, "😂")]),
        ],
    },
    Script {
        title: None,
        people: &["pm", "foreman"],
        hours_ago: 5,
        unread: 1,
        lines: &[
            line(0, "Can your crew take the tear-off on Thursday instead of Friday? The dumpster comes a day early."),
            line(1, "If the deck is dry, yes. I will know tomorrow morning."),
            line(0, "Thank you. I will tell the customer then.").liked(&[(1, "👍")]),
            line(1, "It is dry. Thursday at seven."),
        ],
    },
    Script {
        title: None,
        people: &["office", "pm"],
        hours_ago: 20,
        unread: 0,
        lines: &[
            line(0, "The mortgage company wants the lien waiver once more, signed in blue."),
            line(1, "In blue?"),
            line(0, "In blue. I have put it on your desk.").answering(1).liked(&[(1, "😅")]),
        ],
    },
    Script {
        title: None,
        people: &["manager", "worker"],
        hours_ago: 50,
        unread: 1,
        lines: &[
            line(0, "The customer on Elm praised you by name. Well done."),
            line(1, "Thank you! Tell her the tarp stays up until the rain is over.").liked(&[(0, "👏")]),
            line(0, "I will. Take Friday afternoon off."),
        ],
    },
];

/// The customer who signs in, and whoever manages their project.
pub(super) const WITH_CLIENT: Script = Script {
    title: None,
    people: &[],
    hours_ago: 8,
    unread: 1,
    lines: &[
        line(0, "Good morning! Will the crew need the driveway? We would park on the street then."),
        line(1, "Good morning. Yes please, from Tuesday evening on. They are done by Thursday.").liked(&[(0, "👍")]),
        line(0, "Perfect. The side gate is open."),
    ],
};
