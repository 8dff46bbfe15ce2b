//! A column whose text must never leave the server: no `Debug` text, no `Serialize`, no GraphQL output type.

use sea_orm::DeriveValueType;
use sea_orm::sea_query;

/// Text to compare or to decrypt with, never to show.
#[derive(Clone, PartialEq, Eq, DeriveValueType)]
#[sea_orm(column_type = "String(sea_query::StringLen::N(255))")]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}
