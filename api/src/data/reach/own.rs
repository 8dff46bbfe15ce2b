//! Own projects: the ways by which a person of limited sight comes by a project, asked from both sides.
//!
//! [`own`] is the list from the person's side and [`ways_into`] the same list from the project's: a way added to one
//! belongs into the other.

use std::collections::HashSet;

use entity::enums::UserRole;
use entity::scalar::Id;
use entity::{
    customer, project, project_team_member, project_workflow, role_assignment, task, user, workflow_alert,
    workflow_step,
};
use sea_orm::sea_query::{ExprTrait, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, FromQueryResult};

use crate::data::reach::{Guarded, IntoCondition, Reach, select};
use crate::data::viewer::Viewer;
use crate::error::Result;

/// The ids of the projects that a viewer of limited sight reaches, for decisions in memory.
pub(in crate::data) async fn project_ids(viewer: &Viewer, db: &impl ConnectionTrait) -> Result<HashSet<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    let condition = match project::Entity::reach(viewer) {
        Reach::Where(condition) => condition,
        Reach::All | Reach::None => return Ok(HashSet::new()),
    };
    let rows = Row::find_by_statement(
        db.get_database_backend().build(&select::<project::Entity>(project::Column::Id, condition)),
    );
    Ok(rows.all(db).await?.into_iter().map(|row| row.id).collect())
}

/// Which of these people (of anybody, if none are named) reach this project by a way of their own. One statement.
pub(in crate::data) async fn who_reaches(
    project: &Id,
    users: Option<&[Id]>,
    db: &impl ConnectionTrait,
) -> Result<HashSet<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    let ways = ways_into(project);
    let limited = Condition::any()
        .add(user::Column::Role.is_in([UserRole::Foreman, UserRole::Worker]).and(user::Column::Id.in_subquery(ways)))
        .add(client_of(project));
    let mut condition = Condition::all().add(limited).add(user::Column::Id.not_in_subquery(role_holders()));
    if let Some(users) = users {
        condition = condition.add(user::Column::Id.is_in(users.iter().cloned()));
    }
    let rows =
        Row::find_by_statement(db.get_database_backend().build(&select::<user::Entity>(user::Column::Id, condition)));
    Ok(rows.all(db).await?.into_iter().map(|row| row.id).collect())
}

/// Those of these people who do not see every project anyway. One statement.
pub(in crate::data) async fn of_limited_sight(users: &[Id], db: &impl ConnectionTrait) -> Result<Vec<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    let limited = Condition::all()
        .add(user::Column::Id.is_in(users.iter().cloned()))
        .add(user::Column::Role.is_in([UserRole::Foreman, UserRole::Worker, UserRole::Client]))
        .add(user::Column::Id.not_in_subquery(role_holders()));
    let select = select::<user::Entity>(user::Column::Id, limited);
    let rows = Row::find_by_statement(db.get_database_backend().build(&select)).all(db).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Own projects of a person, as one select of ids: each line is a way to come by a project.
pub(super) fn own(user: &Id) -> SelectStatement {
    let mut all = select::<project::Entity>(
        project::Column::Id,
        Condition::any()
            .add(project::Column::ProjectManagerId.eq(user.clone()))
            .add(project::Column::CreatedById.eq(user.clone())),
    );
    let step = workflow_step::Column::AssignedToId.eq(user.clone()).into_condition();
    let steps = select::<workflow_step::Entity>(workflow_step::Column::WorkflowId, step);
    let workflow = project_workflow::Column::Id.in_subquery(steps).into_condition();
    all.union(
        UnionType::Distinct,
        select::<project_team_member::Entity>(
            project_team_member::Column::ProjectId,
            project_team_member::Column::UserId.eq(user.clone()).into_condition(),
        ),
    )
    .union(
        UnionType::Distinct,
        select::<workflow_alert::Entity>(
            workflow_alert::Column::ProjectId,
            workflow_alert::Column::AssignedToId.eq(user.clone()).into_condition(),
        ),
    )
    .union(
        UnionType::Distinct,
        select::<task::Entity>(task::Column::ProjectId, task::Column::AssignedToId.eq(user.clone()).into_condition()),
    )
    .union(UnionType::Distinct, select::<project_workflow::Entity>(project_workflow::Column::ProjectId, workflow));
    all
}

/// The people named by a project: the ways of [`own`], asked from the project's side.
fn ways_into(project: &Id) -> SelectStatement {
    let this = || project::Column::Id.eq(project.clone()).into_condition();
    let workflow = project_workflow::Column::ProjectId.eq(project.clone()).into_condition();
    let workflows = select::<project_workflow::Entity>(project_workflow::Column::Id, workflow);
    let named = |column: workflow_step::Column| column.is_not_null();
    let mut all = select::<project::Entity>(
        project::Column::ProjectManagerId,
        this().add(project::Column::ProjectManagerId.is_not_null()),
    );
    all.union(
        UnionType::Distinct,
        select::<project::Entity>(project::Column::CreatedById, this().add(project::Column::CreatedById.is_not_null())),
    )
    .union(
        UnionType::Distinct,
        select::<project_team_member::Entity>(
            project_team_member::Column::UserId,
            project_team_member::Column::ProjectId.eq(project.clone()).into_condition(),
        ),
    )
    .union(
        UnionType::Distinct,
        select::<workflow_alert::Entity>(
            workflow_alert::Column::AssignedToId,
            Condition::all()
                .add(workflow_alert::Column::ProjectId.eq(project.clone()))
                .add(workflow_alert::Column::AssignedToId.is_not_null()),
        ),
    )
    .union(
        UnionType::Distinct,
        select::<task::Entity>(
            task::Column::AssignedToId,
            task::Column::ProjectId.eq(project.clone()).into_condition(),
        ),
    )
    .union(
        UnionType::Distinct,
        select::<workflow_step::Entity>(
            workflow_step::Column::AssignedToId,
            Condition::all()
                .add(workflow_step::Column::WorkflowId.in_subquery(workflows))
                .add(named(workflow_step::Column::AssignedToId)),
        ),
    );
    all
}

fn client_of(project: &Id) -> Condition {
    let this = project::Column::Id.eq(project.clone()).into_condition();
    let customer = customer::Column::Id.in_subquery(select::<project::Entity>(project::Column::CustomerId, this));
    let mail = select::<customer::Entity>(customer::Column::PrimaryEmail, customer.into_condition());
    Condition::all()
        .add(user::Column::Role.eq(UserRole::Client))
        .add(user::Column::IsVerified.eq(true))
        .add(user::Column::Email.in_subquery(mail))
}

/// Whoever holds a role sees every project anyway.
fn role_holders() -> SelectStatement {
    let active = role_assignment::Column::IsActive.eq(true).into_condition();
    select::<role_assignment::Entity>(role_assignment::Column::UserId, active)
}
