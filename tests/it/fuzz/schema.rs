//! What the generator knows of the schema, read from its text.

use std::collections::BTreeMap;

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, InputValueDefinition, Type, TypeKind, TypeSystemDefinition};

pub struct Schema {
    pub objects: BTreeMap<String, Vec<Field>>,
    pub inputs: BTreeMap<String, Vec<Argument>>,
    pub enums: BTreeMap<String, Vec<String>>,
}

pub struct Field {
    pub name: String,
    pub arguments: Vec<Argument>,
    pub ty: Type,
}

pub struct Argument {
    pub name: String,
    pub ty: Type,
    pub required: bool,
}

impl Schema {
    pub fn read(sdl: &str) -> Self {
        let (mut objects, mut inputs, mut enums) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for definition in parse_schema(sdl).expect("the schema's own text").definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let name = definition.node.name.node.to_string();
            match definition.node.kind {
                TypeKind::Object(object) => {
                    let fields = object.fields.into_iter().map(|field| Field {
                        name: field.node.name.node.to_string(),
                        arguments: arguments(field.node.arguments),
                        ty: field.node.ty.node,
                    });
                    objects.insert(name, fields.collect());
                }
                TypeKind::InputObject(input) => drop(inputs.insert(name, arguments(input.fields))),
                TypeKind::Enum(values) => {
                    let values = values.values.into_iter().map(|value| value.node.value.node.to_string());
                    enums.insert(name, values.collect());
                }
                _ => {}
            }
        }
        Self { objects, inputs, enums }
    }

    /// Has this type fields of its own?
    pub fn is_object(&self, ty: &Type) -> bool {
        self.objects.contains_key(named(ty))
    }
}

fn arguments(definitions: Vec<Positioned<InputValueDefinition>>) -> Vec<Argument> {
    let argument = |definition: Positioned<InputValueDefinition>| Argument {
        name: definition.node.name.node.to_string(),
        required: !definition.node.ty.node.nullable && definition.node.default_value.is_none(),
        ty: definition.node.ty.node,
    };
    definitions.into_iter().map(argument).collect()
}

/// The named type at the bottom of a type.
pub fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(item) => named(item),
    }
}
