//! What people change about themselves, and who holds the company's roles.

use async_graphql::{Context, Object, SimpleObject};

use crate::accounts::roles::{AssignRole, AssignRoleInput, RoleAssignment, VacateRole, VacateRoleInput};
use crate::accounts::types::User;
use crate::accounts::update::{UpdateProfile, UpdateProfileInput};
use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::error::Result;

/// The changed profile.
#[derive(SimpleObject)]
pub struct UpdateProfilePayload {
    /// As it is now.
    user: User,
}

/// The assigned role.
#[derive(SimpleObject)]
pub struct AssignRolePayload {
    /// As it is now.
    role_assignment: RoleAssignment,
}

/// The vacated role.
#[derive(SimpleObject)]
pub struct VacateRolePayload {
    /// As it is now; null if nobody ever held it.
    role_assignment: Option<RoleAssignment>,
}

#[derive(Default)]
pub struct AccountsMutation;

#[Object]
impl AccountsMutation {
    /// Changes one's own profile: what is given, and nothing else.
    async fn update_profile(&self, ctx: &Context<'_>, input: UpdateProfileInput) -> Result<UpdateProfilePayload> {
        let region = ctx.caller().app.settings.phone_region;
        let row = ctx.scope()?.write(&UpdateProfile { input, region }).await?;
        Ok(UpdateProfilePayload { user: User::of(row) })
    }

    /// Gives a company-wide role to a person; whoever held it no longer does, and live alerts of the role move along.
    /// By `ADMIN`, and `MANAGER` with `MANAGE_USERS`. Repeating it changes nothing.
    async fn assign_role(&self, ctx: &Context<'_>, input: AssignRoleInput) -> Result<AssignRolePayload> {
        let row = ctx.scope()?.write(&AssignRole { input }).await?;
        Ok(AssignRolePayload { role_assignment: RoleAssignment::of(row) })
    }

    /// Leaves a company-wide role without a holder. By `ADMIN`, and `MANAGER` with `MANAGE_USERS`. Repeating it changes
    /// nothing.
    async fn vacate_role(&self, ctx: &Context<'_>, input: VacateRoleInput) -> Result<VacateRolePayload> {
        let row = ctx.scope()?.write(&VacateRole { input }).await?;
        Ok(VacateRolePayload { role_assignment: row.map(RoleAssignment::of) })
    }
}
