//! Operations that are valid by construction, with the shape that their answers must have.

use std::collections::BTreeSet;
use std::fmt::Write;

use async_graphql::parser::types::Type;
use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::schema::{Argument, Field, Schema, named};
use super::values::{Given, Ids, Values};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Query,
    Mutation,
    Subscription,
}

impl Kind {
    fn root(self) -> (&'static str, &'static str) {
        match self {
            Self::Query => ("query", "Query"),
            Self::Mutation => ("mutation", "Mutation"),
            Self::Subscription => ("subscription", "Subscription"),
        }
    }
}

/// One operation, ready to be sent.
#[derive(Clone, Debug)]
pub struct Operation {
    pub kind: Kind,
    pub query: String,
    pub name: Option<String>,
    pub variables: Map<String, Value>,
    pub shape: Vec<Node>,
}

/// A field of the answer.
#[derive(Clone, Debug)]
pub struct Node {
    pub key: String,
    pub field: String,
    pub parent: String,
    pub ty: Option<Type>,
    /// Neither skipped nor left out.
    pub shown: bool,
    pub below: Vec<Node>,
}

/// What costs a password's hash, or ends what the others stand on, is rare.
const RARE: [&str; 5] = ["login", "changePassword", "logoutEverywhere", "deleteProject", "deleteCustomer"];

pub struct Generator<'s> {
    schema: &'s Schema,
    ids: &'s Ids,
    dice: &'s mut Dice,
    definitions: Vec<String>,
    variables: Map<String, Value>,
    fragments: Vec<String>,
    next: usize,
}

impl<'s> Generator<'s> {
    pub fn operation(schema: &'s Schema, ids: &'s Ids, dice: &'s mut Dice, kind: Kind) -> Operation {
        let mut this =
            Self { schema, ids, dice, definitions: vec![], variables: Map::new(), fragments: vec![], next: 0 };
        let (word, root) = kind.root();
        let count = match kind {
            Kind::Query => 1 + this.dice.below(3),
            Kind::Mutation => 1 + this.dice.below(2),
            Kind::Subscription => 1,
        };
        let (text, shape) = this.fields(root, count, 0, &mut BTreeSet::new());
        let name = this.dice.percent(50).then(|| format!("Fuzz{}", this.dice.below(9)));
        let mut query = format!("{word} {}", name.as_deref().unwrap_or_default());
        if !this.definitions.is_empty() {
            write!(query, "({})", this.definitions.join(", ")).unwrap();
        }
        write!(query, " {{ {text}}}").unwrap();
        for fragment in &this.fragments {
            write!(query, " {fragment}").unwrap();
        }
        let name = name.filter(|_| this.dice.percent(50));
        Operation { kind, query, name, variables: this.variables, shape }
    }

    /// So many fields of a type. No two have the same key, so that none conflict.
    fn fields(&mut self, of: &str, count: usize, depth: usize, used: &mut BTreeSet<String>) -> (String, Vec<Node>) {
        let (mut text, mut nodes) = (String::new(), Vec::new());
        for _ in 0..count {
            let (one, node) = self.field(of, depth, used);
            self.wrapped(of, depth, one, node, &mut text, &mut nodes);
        }
        if depth > 0 && self.dice.percent(15) {
            let key = self.key("__typename", used);
            let _ = write!(text, "{} ", aliased(&key, "__typename"));
            nodes.push(Node {
                key,
                field: "__typename".into(),
                parent: of.into(),
                ty: None,
                shown: true,
                below: vec![],
            });
        }
        (text, nodes)
    }

    /// Puts a field down as it is, or into a fragment; with a directive, now and then.
    fn wrapped(
        &mut self,
        of: &str,
        depth: usize,
        one: String,
        mut node: Node,
        text: &mut String,
        nodes: &mut Vec<Node>,
    ) {
        let way = self.dice.below(12);
        // The root of a subscription cannot depend on anything.
        let conditional = way < 2 && depth > 0 && self.dice.percent(40);
        let (directive, shown) = if conditional { self.directive() } else { (String::new(), true) };
        match way {
            0 => {
                let name = format!("F{}", self.fresh());
                self.fragments.push(format!("fragment {name} on {of} {{ {one} }}"));
                let _ = write!(text, "...{name}{directive} ");
                node.shown &= shown;
            }
            1 => {
                let on = if self.dice.percent(50) { format!(" on {of}") } else { String::new() };
                let _ = write!(text, "...{on}{directive} {{ {one} }} ");
                node.shown &= shown;
            }
            _ => {
                let _ = write!(text, "{one} ");
            }
        }
        nodes.push(node);
    }

    fn directive(&mut self) -> (String, bool) {
        let condition = self.dice.percent(50);
        let (name, shown) = if self.dice.percent(50) { ("include", condition) } else { ("skip", !condition) };
        let given = if self.dice.percent(50) {
            let variable = format!("b{}", self.fresh());
            self.definitions.push(format!("${variable}: Boolean!"));
            self.variables.insert(variable.clone(), json!(condition));
            format!("${variable}")
        } else {
            condition.to_string()
        };
        (format!(" @{name}(if: {given})"), shown)
    }

    fn field(&mut self, of: &str, depth: usize, used: &mut BTreeSet<String>) -> (String, Node) {
        let field = self.choose(of, depth);
        let key = self.key(&field.name, used);
        let mut text = aliased(&key, &field.name);
        let given = self.arguments(&field.arguments, named(&field.ty));
        if !given.is_empty() {
            let given = given.iter().map(|(name, value)| format!("{name}: {}", value.text()));
            let _ = write!(text, "({})", given.collect::<Vec<_>>().join(", "));
        }
        let (directive, shown) =
            if depth > 0 && self.dice.percent(6) { self.directive() } else { (String::new(), true) };
        text.push_str(&directive);
        let mut below = Vec::new();
        if self.schema.is_object(&field.ty) {
            let count = 1 + self.dice.below(4);
            let (inner, nodes) = self.fields(named(&field.ty), count, depth + 1, &mut BTreeSet::new());
            let _ = write!(text, " {{ {inner}}}");
            below = nodes;
        }
        let node = Node { key, field: field.name.clone(), parent: of.into(), ty: Some(field.ty.clone()), shown, below };
        (text, node)
    }

    /// A field of a type; the deeper, the likelier one without fields of its own.
    fn choose(&mut self, of: &str, depth: usize) -> &'s Field {
        let fields = &self.schema.objects[of];
        loop {
            let field = self.dice.pick(fields);
            let again = if RARE.contains(&field.name.as_str()) {
                97
            } else if depth > 0 && self.schema.is_object(&field.ty) {
                // Pages lead to rows in two steps more.
                (depth * 16).min(90)
            } else {
                0
            };
            let only_objects = fields.iter().all(|field| self.schema.is_object(&field.ty));
            if only_objects || !self.dice.percent(again) {
                return field;
            }
        }
    }

    fn arguments(&mut self, arguments: &[Argument], at: &str) -> Vec<(String, Given)> {
        let mut given = Vec::new();
        for argument in arguments {
            let likely = match argument.name.as_str() {
                "first" => 60,
                // A subscription has something to tell at once where it resumes.
                "after" if at.ends_with("Change") => 85,
                _ => 20,
            };
            if !argument.required && !self.dice.percent(likely) {
                continue;
            }
            let values = Values { schema: self.schema, ids: self.ids };
            let mut value = values.of(self.dice, &argument.ty, &argument.name, at, 0);
            if self.dice.percent(35) {
                value = self.variable(&argument.ty, value);
            } else if let (Given::Object(fields), true) = (&mut value, self.dice.percent(20)) {
                self.hand_over(&argument.ty, fields);
            }
            given.push((argument.name.clone(), value));
        }
        given
    }

    /// Puts a value into a variable: given, or as its default.
    fn variable(&mut self, ty: &Type, value: Given) -> Given {
        let name = format!("v{}", self.fresh());
        if self.dice.percent(15) {
            self.definitions.push(format!("${name}: {ty} = {}", value.text()));
        } else {
            self.definitions.push(format!("${name}: {ty}"));
            self.variables.insert(name.clone(), value.json());
        }
        Given::Variable(name)
    }

    /// Puts one field of an input into a variable.
    fn hand_over(&mut self, ty: &Type, fields: &mut [(String, Given)]) {
        if fields.is_empty() {
            return;
        }
        let place = self.dice.below(fields.len());
        let (name, value) = &fields[place];
        let input = &self.schema.inputs[named(ty)];
        let ty = &input.iter().find(|field| field.name == *name).expect("a field of the input").ty;
        fields[place].1 = self.variable(ty, value.clone());
    }

    fn key(&mut self, name: &str, used: &mut BTreeSet<String>) -> String {
        let mut key = name.to_owned();
        while (key == name && self.dice.percent(5)) || !used.insert(key.clone()) {
            key = format!("k{}", self.fresh());
        }
        key
    }

    fn fresh(&mut self) -> usize {
        self.next += 1;
        self.next
    }
}

fn aliased(key: &str, name: &str) -> String {
    if key == name { name.to_owned() } else { format!("{key}: {name}") }
}
