//! A person as clients see them: a card for whoever reaches them, more for themselves and for those who manage
//! accounts. The fields are listed by hand, so that a secret column cannot come along by itself.

use std::sync::Arc;

use async_graphql::{Context, Object};
use entity::enums::{Permission as Granted, Theme, UserRole};
use entity::scalar::{Id, Instant};
use entity::user;

use crate::accounts::profile::{self, Certification, EmergencyContact, NotificationPreferences, PostalAddress};
use crate::data::access::{Permission, ensure};
use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::data::viewer::Viewer;
use crate::error::Result;
use crate::in_place::InPlace;

/// Whoever may look past the cards: `ADMIN`, and holders of `MANAGE_USERS`.
pub(crate) fn manages_users(viewer: &Viewer) -> bool {
    Permission::ManageUsers.require(viewer).is_ok()
}

pub struct UserFields {
    row: Arc<user::Model>,
    /// Answered to the person themselves by the sign-in, whose request has no scope yet.
    own: bool,
}

pub type User = InPlace<UserFields>;

impl Node for User {
    type Entity = user::Entity;

    fn of(row: impl Into<Arc<user::Model>>) -> Self {
        Self(UserFields { row: row.into(), own: false })
    }
}

impl User {
    /// The person who has just signed in, answered to themselves.
    pub(crate) fn signed_in(row: user::Model) -> Self {
        Self(UserFields { row: row.into(), own: true })
    }
}

impl UserFields {
    fn ensure_own(&self, ctx: &Context<'_>) -> Result<()> {
        if self.own {
            return Ok(());
        }
        let viewer = ctx.scope()?.viewer();
        let sentence = "Only this person and those who manage accounts may see this.";
        ensure(viewer.id == self.row.id || manages_users(viewer), sentence)
    }

    /// What goes beyond the card.
    fn beyond<T>(&self, ctx: &Context<'_>, value: impl Into<Option<T>>) -> Result<Option<T>> {
        self.ensure_own(ctx).map(|()| value.into())
    }

    /// What is not even for the person themselves.
    fn managed<T>(ctx: &Context<'_>, value: impl Into<Option<T>>) -> Result<Option<T>> {
        let manages = ctx.scope().is_ok_and(|scope| manages_users(scope.viewer()));
        ensure(manages, "Only those who manage accounts may see this.")?;
        Ok(value.into())
    }
}

/// A person with an account. Whoever reaches them sees their card (name, role, position, avatar, work e-mail and
/// phone); the other fields are null, with a FORBIDDEN error, but for the person themselves and those who manage
/// accounts.
#[Object(name = "User")]
impl UserFields {
    /// The person's id.
    async fn id(&self) -> &Id {
        &self.row.id
    }

    /// When the account was created.
    async fn created_at(&self) -> Instant {
        self.row.created_at
    }

    /// When the account last changed; it grows with every change.
    async fn updated_at(&self) -> Instant {
        self.row.updated_at
    }

    /// First name.
    async fn first_name(&self) -> &str {
        &self.row.first_name
    }

    /// Last name.
    async fn last_name(&self) -> &str {
        &self.row.last_name
    }

    /// Work e-mail address, and what the person signs in with.
    async fn email(&self) -> &str {
        &self.row.email
    }

    /// What the account is, and with it what the person may see and do.
    async fn role(&self) -> UserRole {
        self.row.role
    }

    /// Position in the company, for example "Site supervisor".
    async fn position(&self) -> Option<&str> {
        self.row.position.as_deref()
    }

    /// Address of a picture.
    async fn avatar(&self) -> Option<&str> {
        self.row.avatar.as_deref()
    }

    /// Work phone, in E.164.
    async fn phone(&self) -> Option<&str> {
        self.row.phone.as_deref()
    }

    /// Department. Null, with a FORBIDDEN error, but for oneself and those who manage users.
    async fn department(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        self.beyond(ctx, self.row.department.as_deref())
    }

    /// What the person says about themselves. Null, with a FORBIDDEN error, but for oneself and those who manage users.
    async fn bio(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        self.beyond(ctx, self.row.bio.as_deref())
    }

    /// Rights on top of the role. Null, with a FORBIDDEN error, but for oneself and those who manage users.
    async fn permissions(&self, ctx: &Context<'_>) -> Result<Option<&[Granted]>> {
        self.beyond(ctx, &*self.row.permissions)
    }

    /// May the person sign in? Null, with a FORBIDDEN error, but for oneself and those who manage users.
    async fn is_active(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        self.beyond(ctx, self.row.is_active)
    }

    /// Is the e-mail address proven to be theirs? Null, with a FORBIDDEN error, but for oneself and those who manage
    /// users.
    async fn is_verified(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        self.beyond(ctx, self.row.is_verified)
    }

    /// When the password was last changed. Null, with a FORBIDDEN error, but for oneself and those who manage users.
    async fn password_changed_at(&self, ctx: &Context<'_>) -> Result<Option<Instant>> {
        self.beyond(ctx, self.row.password_changed_at)
    }

    /// When the person last signed in. Null, with a FORBIDDEN error, but for oneself and those who manage users.
    async fn last_login(&self, ctx: &Context<'_>) -> Result<Option<Instant>> {
        self.beyond(ctx, self.row.last_login)
    }

    /// The address that sign-in came from. Null, with a FORBIDDEN error, but for oneself and those who manage users.
    #[graphql(name = "lastLoginIP")]
    async fn last_login_ip(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        self.beyond(ctx, self.row.last_login_ip.as_deref())
    }

    /// Is a second factor asked for at sign-in? Null, with a FORBIDDEN error, but for oneself and those who manage
    /// users.
    async fn two_factor_enabled(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        self.beyond(ctx, self.row.two_factor_enabled)
    }

    /// The colour scheme chosen. Null, with a FORBIDDEN error, but for oneself and those who manage users.
    async fn theme(&self, ctx: &Context<'_>) -> Result<Option<Theme>> {
        self.beyond(ctx, self.row.theme)
    }

    /// How the person wants to be told of things; null as well where nothing was chosen. Null, with a FORBIDDEN error,
    /// but for oneself and those who manage users.
    async fn notification_preferences(&self, ctx: &Context<'_>) -> Result<Option<NotificationPreferences>> {
        self.ensure_own(ctx)?;
        profile::read(self.row.notification_preferences.as_ref())
    }

    /// The language chosen, for example "en". Null, with a FORBIDDEN error, but for oneself and those who manage users.
    async fn language(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        self.beyond(ctx, self.row.language.as_str())
    }

    /// The time zone chosen, for example "America/Denver". Null, with a FORBIDDEN error, but for oneself and those who
    /// manage users.
    async fn timezone(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        self.beyond(ctx, self.row.timezone.as_str())
    }

    /// What the person knows how to do. Null, with a FORBIDDEN error, but for oneself and those who manage users.
    async fn skills(&self, ctx: &Context<'_>) -> Result<Option<&[String]>> {
        self.beyond(ctx, &*self.row.skills)
    }

    /// The certificates held. Null, with a FORBIDDEN error, but for oneself and those who manage users.
    async fn certifications(&self, ctx: &Context<'_>) -> Result<Option<Vec<Certification>>> {
        self.ensure_own(ctx)?;
        profile::read(self.row.certifications.as_ref())
    }

    /// Years of experience. Null, with a FORBIDDEN error, but for oneself and those who manage users.
    async fn experience(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        self.beyond(ctx, self.row.experience)
    }

    /// Whom to call in an emergency. Null, with a FORBIDDEN error, but for oneself and those who manage users.
    async fn emergency_contact(&self, ctx: &Context<'_>) -> Result<Option<EmergencyContact>> {
        self.ensure_own(ctx)?;
        profile::read(self.row.emergency_contact.as_ref())
    }

    /// Private address. Null, with a FORBIDDEN error, but for oneself and those who manage users.
    async fn address(&self, ctx: &Context<'_>) -> Result<Option<PostalAddress>> {
        self.ensure_own(ctx)?;
        profile::read(self.row.address.as_ref())
    }

    /// Failed attempts to sign in since the last good one. Null, with a FORBIDDEN error, but for those who manage
    /// users.
    async fn login_attempts(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        Self::managed(ctx, self.row.login_attempts)
    }

    /// Until when sign-in is refused. Null, with a FORBIDDEN error, but for those who manage users.
    async fn lock_until(&self, ctx: &Context<'_>) -> Result<Option<Instant>> {
        Self::managed(ctx, self.row.lock_until)
    }

    /// Until when the e-mail address can be confirmed. Null, with a FORBIDDEN error, but for those who manage users.
    async fn email_verification_expires(&self, ctx: &Context<'_>) -> Result<Option<Instant>> {
        Self::managed(ctx, self.row.email_verification_expires)
    }

    /// Until when a forgotten password can be set anew. Null, with a FORBIDDEN error, but for those who manage users.
    async fn password_reset_expires(&self, ctx: &Context<'_>) -> Result<Option<Instant>> {
        Self::managed(ctx, self.row.password_reset_expires)
    }
}
