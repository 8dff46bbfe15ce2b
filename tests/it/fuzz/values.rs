//! Values for arguments: plausible ones, and ones that nobody thought of; all of the right type.

use std::collections::BTreeMap;
use std::fmt::Write;

use async_graphql::parser::types::{BaseType, Type};
use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::schema::{Schema, named};

/// A value as it stands in a document or goes into the variables.
#[derive(Clone, Debug)]
pub enum Given {
    Plain(Value),
    Name(String),
    List(Vec<Given>),
    Object(Vec<(String, Given)>),
    Variable(String),
}

impl Given {
    /// As GraphQL writes it.
    pub fn text(&self) -> String {
        match self {
            Self::Plain(Value::String(text)) => quoted(text),
            Self::Plain(value) => value.to_string(),
            Self::Name(name) => name.clone(),
            Self::Variable(name) => format!("${name}"),
            Self::List(items) => format!("[{}]", items.iter().map(Self::text).collect::<Vec<_>>().join(", ")),
            Self::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| format!("{name}: {}", value.text()));
                format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// As JSON has it; there are no variables in variables.
    pub fn json(&self) -> Value {
        match self {
            Self::Plain(value) => value.clone(),
            Self::Name(name) => json!(name),
            Self::Variable(_) => Value::Null,
            Self::List(items) => items.iter().map(Self::json).collect(),
            Self::Object(fields) => {
                Value::Object(fields.iter().map(|(name, value)| (name.clone(), value.json())).collect::<Map<_, _>>())
            }
        }
    }
}

/// A string literal: GraphQL knows fewer escapes than Rust.
fn quoted(text: &str) -> String {
    let mut literal = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => literal.extend(['\\', letter]),
            '\n' => literal.push_str("\\n"),
            letter if letter < ' ' || letter == '\u{7f}' => drop(write!(literal, "\\u{:04x}", u32::from(letter))),
            letter => literal.push(letter),
        }
    }
    literal.push('"');
    literal
}

/// The ids that answers have told, by the type they are of.
#[derive(Default)]
pub struct Ids {
    known: BTreeMap<String, Vec<String>>,
    /// Projects, each with one of its line items.
    pub pairs: Vec<(String, String)>,
}

impl Ids {
    pub fn learn(&mut self, of: &str, id: &str) {
        let ids = self.known.entry(of.to_owned()).or_default();
        if ids.len() < 200 && !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }

    /// An id that may do for an argument of this name, at a field of this type.
    fn any(&self, dice: &mut Dice, name: &str, of: &str) -> Option<String> {
        let stem = name.strip_suffix("Id").or(name.strip_suffix("Ids")).unwrap_or(of).to_lowercase();
        let fits = |kind: &&String| kind.to_lowercase().contains(&stem) || stem.contains(&kind.to_lowercase());
        let kinds: Vec<_> = self.known.keys().filter(fits).collect();
        let kinds = if kinds.is_empty() || dice.percent(5) { self.known.keys().collect() } else { kinds };
        if kinds.is_empty() {
            return None;
        }
        let ids = &self.known[*dice.pick(&kinds)];
        Some(dice.pick(ids).clone())
    }
}

/// Texts that have broken programs before.
const WILD: [&str; 16] = [
    "",
    " ",
    "\u{0}",
    "a\u{0}b",
    "'; DROP TABLE users; --",
    "%_\\%",
    "\u{202e}gnp.exe",
    "\u{feff}",
    "🏠🔨 Ünïcödé",
    "e\u{301}\u{301}\u{301}",
    "{\"a\":1}",
    "../../etc/passwd",
    "line\nline\r\ttab",
    "ﷺ",
    "NaN",
    "\u{10ffff}",
];

pub struct Values<'s> {
    pub schema: &'s Schema,
    pub ids: &'s Ids,
}

impl Values<'_> {
    /// A value of a type, for an argument of this name at a field of that type.
    pub fn of(&self, dice: &mut Dice, ty: &Type, name: &str, at: &str, depth: usize) -> Given {
        if ty.nullable && dice.percent(8) {
            return Given::Plain(Value::Null);
        }
        if let BaseType::List(item) = &ty.base {
            let length = if dice.percent(3) { 60 } else { dice.below(3) };
            return Given::List((0..length).map(|_| self.of(dice, item, name, at, depth + 1)).collect());
        }
        let kind = named(ty);
        if let Some(values) = self.schema.enums.get(kind) {
            return Given::Name(dice.pick(values).clone());
        }
        let Some(fields) = self.schema.inputs.get(kind) else { return Given::Plain(self.scalar(dice, kind, name, at)) };
        let likely = if depth > 2 { 10 } else { 15 };
        let mut given = Vec::new();
        for field in fields {
            if field.required || dice.percent(likely) {
                given.push((field.name.clone(), self.of(dice, &field.ty, &field.name, at, depth + 1)));
            }
        }
        self.pair(dice, &mut given);
        Given::Object(given)
    }

    /// A line item is one of its project: by chance alone they would hardly ever meet.
    fn pair(&self, dice: &mut Dice, given: &mut [(String, Given)]) {
        if self.ids.pairs.is_empty() || !given.iter().any(|(name, _)| name == "lineItemId") || dice.percent(25) {
            return;
        }
        let (project, item) = dice.pick(&self.ids.pairs);
        for (name, value) in given {
            match name.as_str() {
                "projectId" => *value = Given::Plain(json!(project)),
                "lineItemId" => *value = Given::Plain(json!(item)),
                _ => {}
            }
        }
    }

    fn scalar(&self, dice: &mut Dice, kind: &str, name: &str, at: &str) -> Value {
        match kind {
            "Boolean" => json!(dice.percent(50)),
            "Int" if matches!(name, "first" | "last") && dice.percent(85) => json!(1 + dice.below(5)),
            "Int" => json!(*dice.pick(&[0, 1, 2, 10, -1, 200, 201, 2_147_483_647_i64, -2_147_483_648])),
            "Float" => json!(*dice.pick(&[0.0, 1.5, -1e300, 1e-300])),
            "Decimal" if dice.percent(70) => json!("12500.00"),
            "DateTime" if name.to_lowercase().contains("start") && dice.percent(70) => json!("2026-03-01T00:00:00Z"),
            "DateTime" if name.to_lowercase().contains("end") && dice.percent(70) => json!("2026-06-01T00:00:00Z"),
            "Decimal" => json!(*dice.pick(&["0.00", "1.5", "12500.00", "9999999999.99", "-3.20", "0.01"])),
            "DateTime" => json!(*dice.pick(&[
                "2026-03-02T15:00:00Z",
                "2026-03-01T00:00:00.000Z",
                "2026-12-31T23:59:59.999+14:00",
                "1970-01-01T00:00:00Z",
                "2100-02-28T12:00:00-07:00",
            ])),
            "JSON" => dice.pick(&[json!({}), json!([1, null, "x"]), json!("text"), json!(1.5)]).clone(),
            "ID" => match self.ids.any(dice, name, at) {
                Some(id) if dice.percent(92) => json!(id),
                _ => json!(*dice.pick(&WILD)),
            },
            _ => json!(self.string(dice, name, at)),
        }
    }

    fn string(&self, dice: &mut Dice, name: &str, at: &str) -> String {
        if dice.percent(7) {
            return (*dice.pick(&WILD)).to_owned();
        }
        if dice.percent(2) {
            return "long ".repeat(400);
        }
        let word = ["Ridge", "Gutter", "Ada", "12 Main Street", "flashing", "Bo"][dice.below(6)];
        let lower = name.to_lowercase();
        match lower.as_str() {
            _ if lower.ends_with("ids") || lower.ends_with("id") => {
                self.ids.any(dice, name, at).unwrap_or_else(|| word.to_owned())
            }
            "after" | "before" if dice.percent(80) => {
                self.ids.any(dice, "cursorId", at).unwrap_or_else(|| word.to_owned())
            }
            _ if lower.contains("email") => format!("fuzz{}@example.com", dice.below(50)),
            _ if lower.contains("phone") => format!("+1303555{:04}", dice.below(10_000)),
            _ if lower.contains("password") => "a-good-long-password".to_owned(),
            "idempotencykey" => format!("key-{}", dice.below(500)),
            _ => format!("{word} {}", dice.below(100)),
        }
    }
}
