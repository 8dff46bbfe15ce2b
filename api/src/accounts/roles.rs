//! The company-wide roles: one holder each, who sees all projects and gets the alerts of their role.
//!
//! A role is one row, updated in place and vacated by `isActive`, so that who held it last stays known.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, InputObject, SimpleObject};
use entity::enums::RoleType;
use entity::scalar::Id;
use entity::{role_assignment, user};
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QuerySelect};

use crate::accounts::staff;
use crate::accounts::types::User;
use crate::data::access::{Permission, ensure};
use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::workflow::handover;

/// Who holds a company-wide role; vacant while `isActive` is false.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct RoleAssignment {
    #[graphql(flatten)]
    row: Arc<role_assignment::Model>,
}

#[ComplexObject]
impl RoleAssignment {
    /// Who holds the role, or held it last.
    async fn user(&self, ctx: &Context<'_>) -> Result<User> {
        Ok(User::of(ctx.scope()?.load::<user::Entity>(&self.row.user_id).await?))
    }

    /// Who assigned it; null where that account is gone, or the system did.
    async fn assigned_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.scope()?.maybe::<user::Entity>(self.row.assigned_by_id.as_ref()).await?.map(User::of))
    }
}

impl Node for RoleAssignment {
    type Entity = role_assignment::Entity;

    fn of(row: impl Into<Arc<role_assignment::Model>>) -> Self {
        Self { row: row.into() }
    }
}

/// The role, and who is to hold it.
#[derive(Clone, Debug, InputObject)]
pub struct AssignRoleInput {
    /// The role.
    pub role_type: RoleType,
    /// The person's id: somebody who works here now.
    pub user_id: Id,
}

/// Gives a role to a person; whoever held it no longer does.
pub struct AssignRole {
    pub input: AssignRoleInput,
}

impl UseCase for AssignRole {
    type Output = role_assignment::Model;
    const PERMISSION: Permission = Permission::ManageUsers;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<role_assignment::Model> {
        ensure_lead(tx)?;
        let holder = staff::active(tx, &self.input.user_id).await?;
        let holder = holder.ok_or_else(|| Error::input("input.userId", staff::NOT_STAFF))?.id;
        let before = locked(tx, self.input.role_type).await?;
        if let Some(row) = before.as_ref().filter(|row| row.is_active && row.user_id == holder) {
            return Ok(row.clone());
        }
        let row = match &before {
            Some(before) => tx.save::<role_assignment::Entity>(before, handed(tx, before, holder)).await?,
            None => tx.insert::<role_assignment::Entity>(self.first(tx, holder)).await?,
        };
        if let Some(before) = before.filter(|before| before.is_active) {
            tx.renew_viewer(&before.user_id);
        }
        tx.renew_viewer(&row.user_id);
        handover::role_changed(tx, row.role_type).await?;
        Ok(row)
    }
}

impl AssignRole {
    fn first(&self, tx: &Tx<'_>, holder: Id) -> role_assignment::ActiveModel {
        role_assignment::ActiveModel {
            role_type: Set(self.input.role_type),
            user_id: Set(holder),
            assigned_at: Set(tx.now()),
            assigned_by_id: Set(tx.viewer().user()),
            is_active: Set(true),
            ..Default::default()
        }
    }
}

fn handed(tx: &Tx<'_>, before: &role_assignment::Model, holder: Id) -> role_assignment::Model {
    role_assignment::Model {
        user_id: holder,
        assigned_at: tx.now(),
        assigned_by_id: tx.viewer().user(),
        is_active: true,
        ..before.clone()
    }
}

/// The role to be left without a holder.
#[derive(Clone, Debug, InputObject)]
pub struct VacateRoleInput {
    /// The role.
    pub role_type: RoleType,
}

/// Leaves a role without a holder. Repeating it changes nothing.
pub struct VacateRole {
    pub input: VacateRoleInput,
}

impl UseCase for VacateRole {
    type Output = Option<role_assignment::Model>;
    const PERMISSION: Permission = Permission::ManageUsers;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<role_assignment::Model>> {
        ensure_lead(tx)?;
        let Some(before) = locked(tx, self.input.role_type).await? else { return Ok(None) };
        if !before.is_active {
            return Ok(Some(before));
        }
        let after = role_assignment::Model { is_active: false, ..before.clone() };
        let row = tx.save::<role_assignment::Entity>(&before, after).await?;
        tx.renew_viewer(&row.user_id);
        handover::role_changed(tx, row.role_type).await?;
        Ok(Some(row))
    }
}

/// Others can hold `MANAGE_USERS` too, but roles open all projects, which only these see anyway.
fn ensure_lead(tx: &Tx<'_>) -> Result<()> {
    ensure(tx.viewer().is_lead(), "Only administrators and managers may change who holds the company's roles.")
}

async fn locked(tx: &Tx<'_>, role: RoleType) -> Result<Option<role_assignment::Model>> {
    let this = role_assignment::Column::RoleType.eq(role);
    tx.first(tx.find::<role_assignment::Entity>().filter(this).lock(LockType::NoKeyUpdate)).await
}
