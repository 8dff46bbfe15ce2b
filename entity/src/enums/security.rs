//! The enums of security.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A way to prove who one is, beside the password.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "MFAMethod", rename_all = "SCREAMING_SNAKE_CASE")]
#[graphql(name = "MFAMethod")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MfaMethod {
    /// A code from an authenticator app.
    Totp,
    /// A code by text message.
    Sms,
    /// A passkey or security key.
    Webauthn,
    /// One of the backup codes.
    Backup,
    /// A code by e-mail.
    Email,
}

/// What happened to an account.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, async_graphql::Enum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "SecurityEventType", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SecurityEventType {
    /// Somebody signed in.
    LoginSuccess,
    /// A sign-in failed.
    LoginFailure,
    /// A sign-in was refused without trying it.
    LoginBlocked,
    /// A second factor was right.
    MfaSuccess,
    /// A second factor was wrong.
    MfaFailure,
    /// A sign-in came from a device not seen before.
    DeviceNew,
    /// A device did something unusual.
    DeviceSuspicious,
    /// A sign-in came from a place not seen before.
    LocationNew,
    /// A sign-in came from a place where the person can hardly be.
    LocationSuspicious,
    /// Somebody types or works unlike the person.
    BehaviorAnomaly,
    /// The account was locked.
    AccountLocked,
    /// The account was unlocked.
    AccountUnlocked,
    /// The password was changed.
    PasswordChanged,
    /// A second factor was turned on.
    MfaEnabled,
    /// A second factor was turned off.
    MfaDisabled,
    /// A device was trusted.
    DeviceTrusted,
    /// A device was removed.
    DeviceRemoved,
    /// A security question was answered wrongly.
    SecurityQuestionFailed,
    /// Many sign-ins failed in a short time.
    BruteForceDetected,
    /// A passkey was added.
    CredentialCreated,
    /// A passkey was removed.
    CredentialDeleted,
}
