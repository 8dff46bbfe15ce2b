//! The schema: the text checked in is the one served, everything that clients rely on is in it, nothing secret is.

use std::collections::BTreeMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{FieldDefinition, TypeKind, TypeSystemDefinition};

use crate::harness::suite::Suite;

const CHECKED_IN: &str = include_str!("../../schema.graphql");
const CONTRACT: &str = include_str!("contract.graphql");

pub fn register(suite: &mut Suite) {
    suite.pure("contract::the_schema_checked_in_is_the_one_served", current);
    suite.pure("contract::clients_find_what_they_rely_on", superset);
    suite.pure("contract::everything_is_described", described);
    suite.pure("contract::no_secret_is_in_it", no_secrets);
}

fn current() {
    let served = ridgeline::schema::sdl();
    assert!(CHECKED_IN == served, "schema.graphql is stale: run `just schema` and look at what changed");
}

/// Fields (with types and arguments), enum values and input fields by `Type.name`.
fn parts(sdl: &str) -> BTreeMap<String, String> {
    let mut parts = BTreeMap::new();
    for definition in parse_schema(sdl).expect("a schema").definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let definition = definition.node;
        let name = definition.name.node.to_string();
        let mut fields = |fields: Vec<async_graphql::Positioned<FieldDefinition>>| {
            for field in fields {
                let field = field.node;
                parts.insert(format!("{name}.{}", field.name.node), field.ty.node.to_string());
                for argument in field.arguments {
                    let key = format!("{name}.{}({})", field.name.node, argument.node.name.node);
                    parts.insert(key, argument.node.ty.node.to_string());
                }
            }
        };
        match definition.kind {
            TypeKind::Object(object) => fields(object.fields),
            TypeKind::Interface(interface) => fields(interface.fields),
            TypeKind::Enum(kind) => parts.extend(
                kind.values.into_iter().map(|value| (format!("{name}.{}", value.node.value.node), "value".into())),
            ),
            TypeKind::InputObject(kind) => parts.extend(
                kind.fields
                    .into_iter()
                    .map(|field| (format!("{name}.{}", field.node.name.node), format!("{}", field.node.ty.node))),
            ),
            TypeKind::Scalar => {
                parts.insert(name.clone(), "scalar".into());
            }
            TypeKind::Union(_) => {}
        }
    }
    parts
}

fn superset() {
    let served = parts(CHECKED_IN);
    let missing: Vec<String> = parts(CONTRACT)
        .into_iter()
        .filter(|(name, kind)| served.get(name) != Some(kind))
        .map(|(name, kind)| format!("{name}: {kind}, served is {:?}", served.get(&name)))
        .collect();
    assert!(missing.is_empty(), "clients rely on these:\n{}", missing.join("\n"));
}

fn described() {
    let mut bare = Vec::new();
    for definition in parse_schema(CHECKED_IN).expect("a schema").definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let definition = definition.node;
        let name = definition.name.node.to_string();
        if definition.description.is_none() && name != "Boolean" {
            bare.push(name.clone());
        }
        match definition.kind {
            TypeKind::Object(object) => {
                for field in object.fields {
                    let field = field.node;
                    if field.description.is_none() {
                        bare.push(format!("{name}.{}", field.name.node));
                    }
                    // The one `input` of a mutation is described by its type.
                    for argument in field.arguments.iter().filter(|argument| argument.node.name.node != "input") {
                        if argument.node.description.is_none() {
                            bare.push(format!("{name}.{}({})", field.name.node, argument.node.name.node));
                        }
                    }
                }
            }
            TypeKind::Enum(kind) => bare.extend(
                kind.values
                    .iter()
                    .filter(|v| v.node.description.is_none())
                    .map(|v| format!("{name}.{}", v.node.value.node)),
            ),
            TypeKind::InputObject(kind) => bare.extend(
                kind.fields
                    .iter()
                    .filter(|f| f.node.description.is_none())
                    .map(|f| format!("{name}.{}", f.node.name.node)),
            ),
            _ => {}
        }
    }
    assert!(bare.is_empty(), "without a description:\n{}", bare.join("\n"));
}

fn no_secrets() {
    // What may be sent in (or is handed out once, by design) and never read back.
    let handed_out = ["LoginPayload.accessToken", "LoginPayload.refreshToken", "MfaChallenge.challengeToken"];
    let inputs = |name: &str| name.split('.').next().is_some_and(|kind| kind.ends_with("Input"));
    let secret = ["password", "secret", "tokenhash", "backupcodes", "twofactorsecret", "token"];
    let leaks: Vec<String> = parts(CHECKED_IN)
        .into_keys()
        .filter(|name| !inputs(name) && !handed_out.contains(&name.as_str()))
        .filter(|name| {
            !["passwordChangedAt", "passwordResetExpires", "PASSWORD_CHANGED", "changePassword"]
                .iter()
                .any(|fine| name.contains(fine))
        })
        .filter(|name| secret.iter().any(|word| name.split('.').nth(1).unwrap_or("").to_lowercase().contains(word)))
        .collect();
    assert!(leaks.is_empty(), "{leaks:?}");
}
