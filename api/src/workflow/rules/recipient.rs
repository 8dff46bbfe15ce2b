//! Who gets an alert: the first active person in the order of the house, or nobody, and then it shows as unassigned.

use std::collections::{HashMap, HashSet};

use entity::enums::{ResponsibleRole, RoleType};
use entity::scalar::Id;

/// How a team member's role reads where the company has no such role for the whole house.
const ROOF_SUPERVISOR: &str = "roof supervisor";

/// The people about a project. Anybody may be named in it; only those among `active` get anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staffing {
    pub project_manager: Option<Id>,
    /// `teamAssignments` of the workflow.
    pub assignments: HashMap<ResponsibleRole, Id>,
    /// The holders of the company's roles, active assignments only.
    pub role_holders: HashMap<RoleType, Id>,
    /// The project's team in the order in which people joined, with the role each has there.
    pub team: Vec<(Id, Option<String>)>,
    /// The active users among all these.
    pub active: HashSet<Id>,
}

/// Whom an item of this role goes to, in a step that may be assigned to somebody.
#[must_use]
pub fn recipient<'a>(role: ResponsibleRole, assignee: Option<&'a Id>, staffing: &'a Staffing) -> Option<&'a Id> {
    let manager = staffing.project_manager.as_ref();
    let managers_own = manager.filter(|_| role == ResponsibleRole::ProjectManager);
    let supervisors = staffing.team.iter().filter(|_| role == ResponsibleRole::RoofSupervisor);
    let supervisors = supervisors.filter(|(_, role)| role.as_deref().is_some_and(is_roof_supervisor));

    let named = assignee.into_iter().chain(staffing.assignments.get(&role)).chain(managers_own);
    let holders = supervisors.map(|(id, _)| id).chain(staffing.role_holders.get(&held_role(role)));
    named.chain(holders).chain(manager).find(|id| staffing.active.contains(*id))
}

/// The company's role that answers for an item's role.
#[must_use]
pub const fn held_role(role: ResponsibleRole) -> RoleType {
    match role {
        ResponsibleRole::Office => RoleType::OfficeStaff,
        ResponsibleRole::Administration => RoleType::Administration,
        ResponsibleRole::ProjectManager => RoleType::ProjectManager,
        ResponsibleRole::FieldDirector | ResponsibleRole::RoofSupervisor => RoleType::FieldDirector,
    }
}

fn is_roof_supervisor(role: &str) -> bool {
    role.trim().eq_ignore_ascii_case(ROOF_SUPERVISOR)
}
