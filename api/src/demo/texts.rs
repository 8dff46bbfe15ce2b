//! What the people of the demo write: messages, notes and descriptions.

use entity::enums::ProjectType;

/// Messages in a project's record, with what each is about.
pub(super) const MESSAGES: [(&str, &str); 14] = [
    ("Gate code", "The customer changed the gate code to 4471. The side gate sticks, lift it a little."),
    ("Shingle colour", "They could not decide between Weathered Wood and Driftwood. I left samples at the door."),
    ("Dog in the yard", "There is a large, friendly dog. Please knock first so that they can bring him in."),
    ("Adjuster's visit", "The adjuster comes on Thursday at ten. I will meet him on site with the photos."),
    ("Neighbour's driveway", "We may put the dumpster on the neighbour's driveway, but only until Friday noon."),
    ("Decking", "Expect soft decking on the north slope. I would plan for six sheets to be on the safe side."),
    ("Gutters", "They want the gutters replaced too, in the same brown. Please add it to the estimate."),
    ("Skylight", "The skylight has been leaking for a year. The flashing is gone on the upper side."),
    ("Best time to call", "Please call after four in the afternoon. She works nights and sleeps in the morning."),
    ("Hail report", "The hail report for that week shows stones of an inch and a half. I attached it to the claim."),
    ("Material delivery", "The supplier can deliver on the roof on Tuesday before eight. The street must be clear."),
    ("Steep slope", "The rear is a ten on twelve. The crew needs the roof jacks and one more rope."),
    ("Permit", "The city asked for the layout drawing again. I sent it this morning."),
    ("Satellite dish", "The old satellite dish can go. They no longer use it."),
];

pub(super) const ANSWERS: [&str; 8] = [
    "Thank you, noted.",
    "I will take care of it tomorrow morning.",
    "Done. They confirmed by phone.",
    "Good to know. I have told the crew.",
    "Can you send me a photo of that?",
    "I called twice and left a message.",
    "That works. I moved it in the schedule.",
    "Let us talk about it before the crew leaves.",
];

/// About an alert that has been waiting.
pub(super) const ALERT_TALK: [&str; 5] = [
    "What are we waiting for here?",
    "I am still missing the papers from the customer. I have asked for them again.",
    "The supplier promised an answer by tomorrow.",
    "Can somebody else take this? I am on site all day.",
    "Nearly done, only the photos are missing.",
];

/// Noted with a completion.
pub(super) const COMPLETION_NOTES: [&str; 8] = [
    "Spoke with the customer, all clear.",
    "Sent by e-mail, with a copy to the file.",
    "Two photos are blurred; the rest is fine.",
    "Took a little longer than planned.",
    "The customer asked for a call before we come.",
    "Checked twice.",
    "Left a message first, then reached them in the evening.",
    "Same as last time.",
];

pub(super) const NOTES: [&str; 5] = [
    "Prefers text messages.",
    "Referred by a neighbour.",
    "Has a second building at the back.",
    "Asks for the warranty papers on paper.",
    "Travels often; the key is with the neighbour.",
];

/// What contacts are to a customer.
pub(super) const CONTACT_ROLES: [&str; 6] =
    ["Insurance adjuster", "Tenant", "Neighbor with the key", "HOA manager", "Son", "Property caretaker"];

/// The job in a sentence, and what it may cost at least and at most, in hundreds of dollars.
pub(super) const fn job(kind: ProjectType) -> (&'static str, i64, i64) {
    match kind {
        ProjectType::RoofReplacement => ("Tear-off and new Class 4 shingles after hail damage.", 120, 480),
        ProjectType::SidingInstallation => ("New fibre cement siding on all sides, two coats of paint.", 180, 620),
        ProjectType::WindowReplacement => ("Replacement of the windows, low-e glass, frames in white.", 60, 280),
        ProjectType::Painting => ("Exterior paint with trim and fascia.", 35, 140),
        ProjectType::DeckConstruction => ("New composite deck at the back, with railing and stairs.", 90, 350),
        ProjectType::KitchenRemodel => ("Kitchen down to the studs, new cabinets and counters.", 250, 900),
        ProjectType::BathroomRenovation => ("Bathroom with a walk-in shower and new tiles.", 120, 380),
        ProjectType::Hvac => ("New furnace and air conditioning, with new ducts to the upper floor.", 80, 240),
        _ => ("Repairs after a storm: flashing, gutters and two broken vents.", 12, 90),
    }
}

/// The kinds of work as often as a roofing company meets them.
pub(super) const JOBS: [ProjectType; 16] = [
    ProjectType::RoofReplacement,
    ProjectType::RoofReplacement,
    ProjectType::SidingInstallation,
    ProjectType::RoofReplacement,
    ProjectType::RoofReplacement,
    ProjectType::WindowReplacement,
    ProjectType::RoofReplacement,
    ProjectType::Other,
    ProjectType::RoofReplacement,
    ProjectType::Painting,
    ProjectType::RoofReplacement,
    ProjectType::DeckConstruction,
    ProjectType::RoofReplacement,
    ProjectType::Hvac,
    ProjectType::BathroomRenovation,
    ProjectType::KitchenRemodel,
];
