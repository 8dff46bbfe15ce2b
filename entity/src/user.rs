//! A person with an account: staff, or a customer who signs in. The table `users`; secrets in it never leave the
//! server.

use sea_orm::entity::prelude::*;

use crate::enums::{Permission, Theme, UserRole};
use crate::list::List;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};
use crate::secret::Secret;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "users")]
pub struct Model {
    /// The id of the person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the person was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the person last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The first name, at most 50 characters.
    #[sea_orm(column_name = "firstName", column_type = "String(StringLen::N(50))")]
    pub first_name: String,
    /// The last name, at most 50 characters.
    #[sea_orm(column_name = "lastName", column_type = "String(StringLen::N(50))")]
    pub last_name: String,
    /// The address to sign in with, in lower case; no two accounts share one.
    #[sea_orm(column_type = "String(StringLen::N(255))", unique)]
    pub email: String,
    /// The Argon2id hash of the password.
    #[sea_orm(column_type = "String(StringLen::N(255))")]
    pub password: Secret,
    /// Where the picture is, as a URL; null without one.
    #[sea_orm(column_type = "String(StringLen::N(500))", nullable)]
    pub avatar: Option<String>,
    /// The work phone number in E.164, for example +13035550100; null if unknown.
    #[sea_orm(column_type = "String(StringLen::N(20))", nullable)]
    pub phone: Option<String>,
    /// The position in the company, for example "Estimator"; null if none was entered.
    #[sea_orm(column_type = "String(StringLen::N(100))", nullable)]
    pub position: Option<String>,
    /// The department; null if none was entered.
    #[sea_orm(column_type = "String(StringLen::N(100))", nullable)]
    pub department: Option<String>,
    /// A few sentences about the person; null if none were entered.
    #[sea_orm(column_type = "String(StringLen::N(500))", nullable)]
    pub bio: Option<String>,
    /// What the account may see and do by itself.
    pub role: UserRole,
    /// What the account may do beyond its role; empty for most.
    #[sea_orm(column_type = "JsonBinary")]
    pub permissions: List<Permission>,
    /// False once the person has left: no sign-in, no sessions, no new work.
    #[sea_orm(column_name = "isActive")]
    pub is_active: bool,
    /// Has the person shown that the e-mail address is theirs?
    #[sea_orm(column_name = "isVerified")]
    pub is_verified: bool,
    /// The hash of the token that proves the e-mail address; null when none is pending.
    #[sea_orm(column_name = "emailVerificationToken", column_type = "Text", nullable)]
    pub email_verification_token: Option<Secret>,
    /// When that token ends; null when none is pending.
    #[sea_orm(column_name = "emailVerificationExpires", nullable)]
    pub email_verification_expires: Option<Instant>,
    /// The hash of the token that allows a new password; null when none is pending.
    #[sea_orm(column_name = "passwordResetToken", column_type = "Text", nullable)]
    pub password_reset_token: Option<Secret>,
    /// When that token ends; null when none is pending.
    #[sea_orm(column_name = "passwordResetExpires", nullable)]
    pub password_reset_expires: Option<Instant>,
    /// When the password was last changed; null if it is still the first one.
    #[sea_orm(column_name = "passwordChangedAt", nullable)]
    pub password_changed_at: Option<Instant>,
    /// Failed sign-ins in a row; 0 after a successful one.
    #[sea_orm(column_name = "loginAttempts")]
    pub login_attempts: i32,
    /// Until when signing in is refused after too many failures; null when it is not.
    #[sea_orm(column_name = "lockUntil", nullable)]
    pub lock_until: Option<Instant>,
    /// When the person last signed in; null if never.
    #[sea_orm(column_name = "lastLogin", nullable)]
    pub last_login: Option<Instant>,
    /// The IP address of the last sign-in; null if there was none.
    #[sea_orm(column_name = "lastLoginIP", column_type = "String(StringLen::N(45))", nullable)]
    pub last_login_ip: Option<String>,
    /// The secret of the authenticator app, encrypted; null without one.
    #[sea_orm(column_name = "twoFactorSecret", column_type = "Text", nullable)]
    pub two_factor_secret: Option<Secret>,
    /// Does signing in take a second factor?
    #[sea_orm(column_name = "twoFactorEnabled")]
    pub two_factor_enabled: bool,
    /// The colour scheme that the person chose.
    pub theme: Theme,
    /// Which notifications reach the person by which way, as JSON; null for the defaults.
    #[sea_orm(column_name = "notificationPreferences", column_type = "JsonBinary", nullable)]
    pub notification_preferences: Option<Json>,
    /// The language of the user interface, as a code such as "en" or "es".
    #[sea_orm(column_type = "String(StringLen::N(5))")]
    pub language: String,
    /// The person's time zone by its IANA name, for example "America/Denver".
    #[sea_orm(column_type = "String(StringLen::N(50))")]
    pub timezone: String,
    /// What the person can do, in their own words.
    #[sea_orm(column_type = "JsonBinary")]
    pub skills: List<String>,
    /// Licences and certificates, as a JSON list; null if none were entered.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub certifications: Option<Json>,
    /// Years of experience; null if unknown.
    #[sea_orm(nullable)]
    pub experience: Option<i32>,
    /// Whom to call in an emergency, as JSON with name, relationship and phone; null if unknown.
    #[sea_orm(column_name = "emergencyContact", column_type = "JsonBinary", nullable)]
    pub emergency_contact: Option<Json>,
    /// The postal address, as JSON; null if unknown.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub address: Option<Json>,
    /// First and last name folded for sorting and searching. (An addition to the report.)
    #[sea_orm(column_name = "nameFolded", column_type = "Text")]
    pub name_folded: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
