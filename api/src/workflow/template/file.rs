//! A template file: what may stand in it, and everything that is wrong with one.

use std::collections::HashSet;

use entity::enums::{ProjectPhase, ResponsibleRole};
use serde::Deserialize;

use crate::error::{Error, Fault, Result};
use crate::workflow::rules::rank;

/// The phases of a template file. `note` and `workflowType` may stand beside them and are not kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    pub phases: Vec<Phase>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Phase {
    pub phase_type: ProjectPhase,
    pub phase_name: String,
    pub display_order: i32,
    pub description: Option<String>,
    #[serde(default = "yes")]
    pub is_active: bool,
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Section {
    pub section_number: String,
    pub section_name: String,
    pub display_name: String,
    pub display_order: i32,
    pub description: Option<String>,
    #[serde(default = "yes")]
    pub is_active: bool,
    pub line_items: Vec<LineItem>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LineItem {
    pub item_letter: String,
    pub item_name: String,
    pub responsible_role: ResponsibleRole,
    pub display_order: i32,
    pub description: Option<String>,
    #[serde(default = "yes")]
    pub is_active: bool,
    /// How long it takes, in minutes.
    #[serde(default = "half_an_hour")]
    pub estimated_minutes: i32,
    /// How many days it may stay current before it is due.
    #[serde(default = "a_day")]
    pub alert_days: i32,
}

const fn yes() -> bool {
    true
}
const fn half_an_hour() -> i32 {
    30
}
const fn a_day() -> i32 {
    1
}

/// Reads a file and checks it as a whole.
///
/// # Errors
/// BAD_USER_INPUT: where it is not JSON of this shape, the place; else every fault, each with its path.
pub fn read(text: &str) -> Result<Template> {
    let shape = |error: serde_json::Error| {
        Error::input("template", format!("The file does not have the shape of a template: {error}."))
    };
    let template: Template = serde_json::from_str(text).map_err(shape)?;
    let faults = Faults::of(&template);
    if faults.is_empty() { Ok(template) } else { Err(Error::BadUserInput(faults)) }
}

struct Faults(Vec<Fault>);

impl Faults {
    fn of(template: &Template) -> Vec<Fault> {
        let mut faults = Self(Vec::new());
        faults.phases(&template.phases);
        faults.0
    }

    fn say(&mut self, path: &str, message: impl Into<String>) {
        self.0.push(Fault::new(path, message));
    }

    fn phases(&mut self, phases: &[Phase]) {
        if !phases.iter().any(|phase| phase.sections.iter().any(|section| !section.line_items.is_empty())) {
            self.say("phases", "A template needs one line item at least.");
        }
        self.unique("phases", "phaseType", phases.iter().map(|phase| format!("{:?}", phase.phase_type)));
        let mut by_order: Vec<&Phase> = phases.iter().collect();
        by_order.sort_by_key(|phase| phase.display_order);
        let in_turn = |pair: &[&Phase]| matches!(pair, [a, b] if rank(a.phase_type) < rank(b.phase_type));
        if !by_order.windows(2).all(in_turn) {
            self.say("phases", "The display order of the phases must follow their sequence from LEAD to COMPLETION.");
        }
        for (at, phase) in phases.iter().enumerate() {
            let path = format!("phases.{at}");
            self.text(&format!("{path}.phaseName"), &phase.phase_name, 100);
            self.optional(&format!("{path}.description"), phase.description.as_deref(), 500);
            self.sections(&path, &phase.sections);
        }
    }

    fn sections(&mut self, phase: &str, sections: &[Section]) {
        self.unique(phase, "sectionNumber", sections.iter().map(|section| section.section_number.clone()));
        self.unique(phase, "displayOrder", sections.iter().map(|section| section.display_order.to_string()));
        for (at, section) in sections.iter().enumerate() {
            let path = format!("{phase}.sections.{at}");
            self.text(&format!("{path}.sectionNumber"), &section.section_number, 10);
            self.text(&format!("{path}.sectionName"), &section.section_name, 200);
            self.text(&format!("{path}.displayName"), &section.display_name, 255);
            self.optional(&format!("{path}.description"), section.description.as_deref(), 500);
            self.items(&path, &section.line_items);
        }
    }

    fn items(&mut self, section: &str, items: &[LineItem]) {
        self.unique(section, "itemLetter", items.iter().map(|item| item.item_letter.clone()));
        self.unique(section, "displayOrder", items.iter().map(|item| item.display_order.to_string()));
        for (at, item) in items.iter().enumerate() {
            let path = format!("{section}.lineItems.{at}");
            self.text(&format!("{path}.itemLetter"), &item.item_letter, 10);
            self.text(&format!("{path}.itemName"), &item.item_name, 500);
            self.optional(&format!("{path}.description"), item.description.as_deref(), 1_000);
            self.within(&format!("{path}.estimatedMinutes"), item.estimated_minutes, 0..=100_000);
            self.within(&format!("{path}.alertDays"), item.alert_days, 1..=365);
        }
    }

    fn text(&mut self, path: &str, text: &str, most: usize) {
        if text.trim().is_empty() {
            self.say(path, "This must not be empty.");
        }
        self.optional(path, Some(text), most);
    }

    fn optional(&mut self, path: &str, text: Option<&str>, most: usize) {
        if text.is_some_and(|text| text.chars().count() > most) {
            self.say(path, format!("At most {most} characters fit here."));
        }
        if text.is_some_and(|text| text.contains('\0')) {
            self.say(path, "The character U+0000 cannot be kept.");
        }
    }

    fn within(&mut self, path: &str, number: i32, range: std::ops::RangeInclusive<i32>) {
        if !range.contains(&number) {
            self.say(path, format!("This must lie between {} and {}.", range.start(), range.end()));
        }
    }

    fn unique(&mut self, path: &str, what: &str, values: impl Iterator<Item = String>) {
        let mut seen = HashSet::new();
        for value in values {
            if !seen.insert(value.clone()) {
                self.say(path, format!("The {what} {value} stands here twice."));
            }
        }
    }
}
