//! What the schema takes: the types of arguments and of the fields of input objects, and the values of enumerations.

use std::collections::{HashMap, HashSet};

use async_graphql::Name;
use async_graphql::Positioned;
use async_graphql::parser::types::{FieldDefinition, InputValueDefinition, Type, TypeKind};

/// What stands at one place.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) ty: Type,
    pub(super) has_default: bool,
}

impl Taken {
    /// Must something be given?
    pub(super) fn is_required(&self) -> bool {
        !self.ty.nullable && !self.has_default
    }
}

pub(super) type Places = HashMap<Name, Taken>;

/// Scalars that every schema has.
const SCALARS: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

/// A type of what is given.
#[derive(Debug)]
pub(super) enum Input {
    Scalar,
    Object(Places),
    Enum(HashSet<Name>),
}

#[derive(Debug, Default)]
pub(super) struct InputTypes {
    types: HashMap<Name, Input>,
    /// By object and field; only of fields that take any.
    arguments: HashMap<Name, HashMap<Name, Places>>,
}

impl InputTypes {
    /// Notes what a definition of the schema says of what is given.
    pub(super) fn note(&mut self, name: &Name, kind: &TypeKind) {
        let input = match kind {
            TypeKind::Object(object) => return self.note_arguments(name, &object.fields),
            TypeKind::Interface(interface) => return self.note_arguments(name, &interface.fields),
            TypeKind::InputObject(object) => Input::Object(places(&object.fields)),
            TypeKind::Enum(kind) => {
                Input::Enum(kind.values.iter().map(|value| value.node.value.node.clone()).collect())
            }
            TypeKind::Scalar => Input::Scalar,
            TypeKind::Union(_) => return,
        };
        self.types.insert(name.clone(), input);
    }

    fn note_arguments(&mut self, object: &Name, fields: &[Positioned<FieldDefinition>]) {
        let taking = fields.iter().filter(|field| !field.node.arguments.is_empty());
        let taking = taking.map(|field| (field.node.name.node.clone(), places(&field.node.arguments)));
        self.arguments.entry(object.clone()).or_default().extend(taking);
    }

    pub(super) fn find(&self, name: &str) -> Option<&Input> {
        self.types.get(name)
    }

    /// Is there such a type?
    pub(super) fn has(&self, name: &str) -> bool {
        SCALARS.contains(&name) || self.types.contains_key(name)
    }

    pub(super) fn of_field(&self, object: &str, field: &str) -> Option<&Places> {
        self.arguments.get(object)?.get(field)
    }
}

fn places(definitions: &[Positioned<InputValueDefinition>]) -> Places {
    let place = |definition: &Positioned<InputValueDefinition>| {
        let InputValueDefinition { name, ty, default_value, .. } = &definition.node;
        (name.node.clone(), Taken { ty: ty.node.clone(), has_default: default_value.is_some() })
    };
    definitions.iter().map(place).collect()
}
