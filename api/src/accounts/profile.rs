//! The parts of a profile that are kept as one JSON column each, with the shape they are known by.
//!
//! Reading is lenient: what is missing is null. What people enter is checked where the profile is updated.

use async_graphql::{InputObject, SimpleObject};
use entity::scalar::Instant;
use sea_orm::JsonValue;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(input_name = "PostalAddressInput")]
#[serde(rename_all = "camelCase", default)]
pub struct PostalAddress {
    /// House number and street.
    pub street: Option<String>,
    /// City or town.
    pub city: Option<String>,
    /// State or region.
    pub state: Option<String>,
    /// ZIP or postal code.
    pub postal_code: Option<String>,
    /// Country.
    pub country: Option<String>,
}

/// Whom to call when something happens to a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(input_name = "EmergencyContactInput")]
#[serde(rename_all = "camelCase", default)]
pub struct EmergencyContact {
    /// Their name; needed when one is entered.
    pub name: Option<String>,
    /// Their phone number, in E.164; needed when one is entered.
    pub phone: Option<String>,
    /// What they are to the person, for example "spouse".
    pub relationship: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
}

/// A certificate that a person holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, SimpleObject)]
#[serde(rename_all = "camelCase", default)]
pub struct Certification {
    /// What it certifies.
    pub name: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// The certificate's own number.
    pub number: Option<String>,
    /// When it was issued.
    pub issued_at: Option<Instant>,
    /// When it ends; null if it does not.
    pub expires_at: Option<Instant>,
}

/// The ways by which a person wants to be told of things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(input_name = "NotificationPreferencesInput")]
#[serde(rename_all = "camelCase", default)]
pub struct NotificationPreferences {
    /// In the application.
    pub in_app: bool,
    /// By e-mail.
    pub email: bool,
    /// By text message.
    pub sms: bool,
}

impl Default for NotificationPreferences {
    fn default() -> Self {
        Self { in_app: true, email: true, sms: false }
    }
}

/// A JSON column as the shape it is known by.
///
/// # Errors
/// INTERNAL for a column that holds something else.
pub(super) fn read<T: DeserializeOwned>(json: Option<&JsonValue>) -> Result<Option<T>> {
    json.map(|json| T::deserialize(json).map_err(Error::internal)).transpose()
}
