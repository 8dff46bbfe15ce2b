//! Who gets a project's alerts: the people about it, read for the rule that chooses among them.

use std::collections::{HashMap, HashSet};

use entity::enums::{ResponsibleRole, RoleType, UserRole};
use entity::scalar::{Id, Instant};
use entity::{project_team_member, role_assignment, user};
use sea_orm::sea_query::{IntoCondition, JoinType, UnionType};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait, Select};

use crate::data::tx::Tx;
use crate::error::Result;
use crate::workflow::rules::{Staffing, Step, recipient};
use crate::workflow::running::Running;

/// The person to whom an item of this role goes in this step: one statement.
///
/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn of(tx: &Tx<'_>, running: &Running, step: &Step, role: ResponsibleRole) -> Result<Option<Id>> {
    let staffing = staffing(tx, running, step).await?;
    Ok(recipient(role, step.assignee.as_ref(), &staffing).cloned())
}

/// An active member of the staff, with the company's role they hold and their part in the project's team.
#[derive(FromQueryResult)]
struct Person {
    id: Id,
    held: Option<RoleType>,
    part: Option<String>,
    joined: Option<Instant>,
    member: Option<Id>,
}

async fn staffing(tx: &Tx<'_>, running: &Running, step: &Step) -> Result<Staffing> {
    let manager = running.project.project_manager_id.clone();
    let assignments = assignments(running.workflow.team_assignments.as_ref());
    let named = assignments.values().chain(&manager).chain(&step.assignee).cloned().collect();
    let mut people: Vec<Person> = tx.columns(people(tx, &running.project.id, named)).await?;
    people.sort_by(|one, other| (one.joined, &one.member).cmp(&(other.joined, &other.member)));
    let members = people.iter().filter(|person| person.member.is_some());
    let holders = people.iter().filter_map(|person| Some((person.held?, person.id.clone())));
    Ok(Staffing {
        project_manager: manager,
        assignments,
        role_holders: holders.collect(),
        team: members.map(|person| (person.id.clone(), person.part.clone())).collect(),
        active: people.iter().map(|person| person.id.clone()).collect(),
    })
}

/// `teamAssignments`: the id of a person for each role that the project fills by itself.
pub(crate) fn assignments(json: Option<&serde_json::Value>) -> HashMap<ResponsibleRole, Id> {
    json.cloned().and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default()
}

/// The people named, the team, and whoever holds a role. Alerts go to active staff alone, so nobody else is read.
fn people(tx: &Tx<'_>, project: &Id, named: HashSet<Id>) -> Select<user::Entity> {
    let held = user::Entity::belongs_to(role_assignment::Entity)
        .from(user::Column::Id)
        .to(role_assignment::Column::UserId)
        .on_condition(|_, _| role_assignment::Column::IsActive.eq(true).into_condition());
    let of_project = project_team_member::Column::ProjectId.eq(project.clone());
    let part = user::Entity::belongs_to(project_team_member::Entity)
        .from(user::Column::Id)
        .to(project_team_member::Column::UserId)
        .on_condition({
            let of_project = of_project.clone();
            move |_, _| of_project.clone().into_condition()
        });
    let holders = tx.find_any::<role_assignment::Entity>().filter(role_assignment::Column::IsActive.eq(true));
    let members = tx.find_any::<project_team_member::Entity>().filter(of_project);
    let mut ids = holders.select_only().column(role_assignment::Column::UserId).into_query();
    ids.union(UnionType::Distinct, members.select_only().column(project_team_member::Column::UserId).into_query());
    if !named.is_empty() {
        let named = tx.find_any::<user::Entity>().filter(user::Column::Id.is_in(named));
        ids.union(UnionType::Distinct, named.select_only().column(user::Column::Id).into_query());
    }
    tx.find_any::<user::Entity>()
        .filter(user::Column::Id.in_subquery(ids))
        .filter(user::Column::IsActive.eq(true))
        .filter(user::Column::Role.ne(UserRole::Client))
        .join(JoinType::LeftJoin, held.into())
        .join(JoinType::LeftJoin, part.into())
        .select_only()
        .column(user::Column::Id)
        .column_as(role_assignment::Column::RoleType, "held")
        .column_as(project_team_member::Column::Role, "part")
        .column_as(project_team_member::Column::CreatedAt, "joined")
        .column_as(project_team_member::Column::Id, "member")
}
