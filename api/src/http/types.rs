//! The types of the schema, read from its own text: what an answer needs to know of nulls, and what may be given.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use async_graphql::parser::types::{
    BaseType, ExecutableDocument, OperationType, Selection, SelectionSet, Type, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Name, ServerError, parser};

use super::errors::mistake_at;
use super::input_types::InputTypes;

/// Fields that the schema does not have: so many are told by themselves, each with no guess at what was meant. A guess
/// compares a name with every field of its type, and a document of wrong names would keep validation guessing.
const UNKNOWN: usize = 20;

/// The type of each field of each object and interface.
#[derive(Debug, Default)]
pub(super) struct FieldTypes {
    of: HashMap<Name, HashMap<Name, Arc<Type>>>,
    inputs: InputTypes,
}

impl FieldTypes {
    /// The types of this program's schema: it has one, whose text is read once a process.
    pub(super) fn of_process(sdl: impl FnOnce() -> String) -> Arc<Self> {
        static TYPES: OnceLock<Arc<FieldTypes>> = OnceLock::new();
        TYPES.get_or_init(|| Arc::new(Self::read(&sdl()))).clone()
    }

    /// Reads them from a schema's text.
    pub(super) fn read(sdl: &str) -> Self {
        let document = match parser::parse_schema(sdl) {
            Ok(document) => document,
            Err(error) => {
                tracing::error!(cause = %error, "the schema's own text cannot be read; nulls stay where they arise");
                return Self::default();
            }
        };
        let (mut of, mut inputs): (HashMap<Name, HashMap<Name, Arc<Type>>>, _) =
            (HashMap::new(), InputTypes::default());
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            inputs.note(&definition.node.name.node, &definition.node.kind);
            let fields = match definition.node.kind {
                TypeKind::Object(object) => object.fields,
                TypeKind::Interface(interface) => interface.fields,
                _ => continue,
            };
            let fields = fields.into_iter().map(|field| (field.node.name.node, Arc::new(field.node.ty.node)));
            of.entry(definition.node.name.node).or_default().extend(fields);
        }
        Self { of, inputs }
    }

    /// Refuses a document with a great many fields that the schema does not have. Validation tells of a few.
    pub(super) fn check(&self, document: &ExecutableDocument) -> Result<(), Vec<ServerError>> {
        let mut unknown = Vec::new();
        for (_, operation) in document.operations.iter() {
            self.find_unknown(&operation.node.selection_set.node, Some(root(operation.node.ty)), &mut unknown);
        }
        for fragment in document.fragments.values() {
            let on = fragment.node.type_condition.node.on.node.as_str();
            self.find_unknown(&fragment.node.selection_set.node, Some(on), &mut unknown);
        }
        if unknown.len() < UNKNOWN { Ok(()) } else { Err(unknown) }
    }

    fn find_unknown(&self, set: &SelectionSet, parent: Option<&str>, unknown: &mut Vec<ServerError>) {
        for item in &set.items {
            if unknown.len() == UNKNOWN {
                return;
            }
            match &item.node {
                Selection::Field(field) if field.node.name.node.starts_with("__") => {}
                Selection::Field(field) => {
                    let fields = parent.and_then(|parent| Some((parent, self.of.get(parent)?)));
                    let ty = fields.and_then(|(_, fields)| fields.get(&field.node.name.node));
                    if let (Some((parent, _)), None) = (fields, ty) {
                        let message = format!("Unknown field \"{}\" on type \"{parent}\".", field.node.name.node);
                        unknown.push(mistake_at(field.pos, message));
                    }
                    let below = ty.map(|ty| named(ty).as_str());
                    self.find_unknown(&field.node.selection_set.node, below, unknown);
                }
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    self.find_unknown(&inline.node.selection_set.node, on.or(parent), unknown);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    /// Every field, with its object and its type.
    #[cfg(test)]
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &str, &Type)> {
        self.of.iter().flat_map(|(parent, fields)| {
            fields.iter().map(|(field, ty)| (parent.as_str(), field.as_str(), ty.as_ref()))
        })
    }

    /// Is there such an object?
    #[cfg(test)]
    pub(super) fn has(&self, object: &str) -> bool {
        self.of.contains_key(object)
    }

    /// What the schema takes.
    pub(super) fn inputs(&self) -> &InputTypes {
        &self.inputs
    }

    /// The type of a field, if the schema has it.
    pub(super) fn of_field(&self, parent: &str, field: &str) -> Option<&Arc<Type>> {
        self.of.get(parent)?.get(field)
    }
}

/// The name of the type that an operation starts from.
pub(super) fn root(kind: OperationType) -> &'static str {
    match kind {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    }
}

/// The named type at the bottom of a type: `Task` of `[Task!]!`.
pub(super) fn named(ty: &Type) -> &Name {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named(item),
    }
}

/// A list of anything.
pub(super) fn is_list(ty: &Type) -> bool {
    matches!(ty.base, BaseType::List(_))
}

/// The type of a list's items, and whether they may be null.
pub(super) fn item_of(ty: Option<&Type>) -> (Option<&Type>, bool) {
    match ty.map(|ty| &ty.base) {
        Some(BaseType::List(item)) => (Some(item), item.nullable),
        _ => (None, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_objects_and_interfaces() {
        let types = FieldTypes::read(
            "interface Node { id: ID! }\n\"\"\"A task.\"\"\"\ntype Task implements Node { id: ID! tags(first: Int = 3): [String!] }\n\
             type Query { tasks: [Task!]! } schema { query: Query }",
        );
        assert_eq!(types.of_field("Task", "tags").unwrap().to_string(), "[String!]");
        assert_eq!(types.of_field("Node", "id").unwrap().to_string(), "ID!");
        assert_eq!(named(types.of_field("Query", "tasks").unwrap()), "Task");
        assert!(types.of_field("Task", "other").is_none());
        assert!(FieldTypes::read("not a schema").of.is_empty());
    }

    #[test]
    fn a_great_many_unknown_fields_are_told_without_guessing() {
        let types = FieldTypes::read("type Query { task: Task } type Task { id: ID! } union Any = Task");
        let check = |text: &str| types.check(&parser::parse_query(text).unwrap());
        let wrong = (0..1000).map(|n| format!("x{n} ")).collect::<Vec<_>>().concat();
        for text in [
            format!("{{ task {{ {wrong} }} }}"),
            format!("{{ ...F ... on Any {{ id }} }} fragment F on Query {{ ... {{ {wrong} }} }}"),
        ] {
            assert_eq!(check(&text).unwrap_err().len(), UNKNOWN);
        }
        check("{ task { id __typename x y } ...F } fragment F on Query { z { a b c d e f g h i j k l m n o p q r s t u } }").unwrap();
        FieldTypes::default().check(&parser::parse_query(format!("{{ {wrong} }}")).unwrap()).unwrap();
    }
}
