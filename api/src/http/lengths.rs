//! How long the lists without pages are taken to be, by the names of their fields.
//!
//! Such a list is as long as the business makes it, and lists within lists multiply: a project's steps, the workflow of
//! each, its steps again. So each counts as one of the usual length; what is longer than that is stopped on its way
//! (`in_place.rs`).

/// The rows that a list without pages usually has; none where the field is no such list.
pub(super) fn usual(field: &str) -> Option<u64> {
    match field {
        "steps" | "completedItems" | "participants" | "readBy" | "deliveredTo" => Some(20),
        "sections" | "teamMembers" | "projectPhaseOverrides" | "suppressedAlerts" | "reactions" | "mySessions" => {
            Some(10)
        }
        "workflowPhases" | "roleAssignments" | "teamAssignments" => Some(6),
        "subtasks" | "lineItems" | "certifications" => Some(3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::usual;
    use crate::http::types::{FieldTypes, is_list, named};

    #[test]
    fn every_list_of_the_schema_has_its_length() {
        let types = FieldTypes::read(include_str!("../../../schema.graphql"));
        for (parent, field, ty) in types.all() {
            let of_rows = is_list(ty) && types.has(named(ty)) && !parent.ends_with("Connection");
            assert!(usual(field).is_some() || !of_rows, "{parent}.{field}: {ty} has no length");
            assert!(usual(field).is_none() || is_list(ty), "{parent}.{field}: {ty} is no list");
        }
    }
}
