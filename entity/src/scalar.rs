//! Columns that are GraphQL scalars too: [`Id`], [`Instant`], [`Money`].

use std::fmt;

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime, Duration, SecondsFormat, SubsecRound, Utc};
use rust_decimal::{Decimal, RoundingStrategy};
use sea_orm::DeriveValueType;
use sea_orm::sea_query::{self, ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{ActiveValue, ColIdx, DbErr, IntoActiveValue, QueryResult, TryFromU64, TryGetError, TryGetable};
use serde::{Deserialize, Serialize};

/// A row's identifier: a CUID for new rows. Compared, never parsed, so those of other makes stay valid.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType)]
#[serde(transparent)]
#[sea_orm(column_type = "String(sea_query::StringLen::N(32))")]
pub struct Id(pub String);

impl Id {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// Row ids are made by the program, never counted up by the database.
impl TryFromU64 for Id {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("Id"))
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of a row. Treat it as opaque: compare it, never read anything out of it.
#[Scalar(name = "ID", use_type_description = false)]
impl ScalarType for Id {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            // No id has it, and PostgreSQL cannot even compare it.
            Value::String(text) if text.contains('\0') => {
                Err(InputValueError::custom("no id has the character U+0000"))
            }
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) if number.is_i64() => Ok(Self(number.to_string())),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// An instant in UTC, to the millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType)]
#[serde(transparent)]
pub struct Instant(pub DateTime<Utc>);

impl Instant {
    /// The instant, cut to the millisecond: what the columns hold.
    #[must_use]
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(at.trunc_subsecs(3))
    }

    #[must_use]
    pub fn millis(self) -> i64 {
        self.0.timestamp_millis()
    }
}

impl std::ops::Add<Duration> for Instant {
    type Output = Self;
    fn add(self, duration: Duration) -> Self {
        Self(self.0.checked_add_signed(duration).unwrap_or(DateTime::<Utc>::MAX_UTC))
    }
}

impl std::ops::Sub for Instant {
    type Output = Duration;
    fn sub(self, other: Self) -> Duration {
        self.0 - other.0
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

/// An instant in UTC, RFC 3339 with milliseconds, for example 2026-03-01T14:05:09.120Z.
#[Scalar(name = "DateTime")]
impl ScalarType for Instant {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let at = DateTime::parse_from_rfc3339(text)
            .map_err(|_| InputValueError::custom("Write an instant like 2026-03-01T14:05:09.120Z."))?
            .with_timezone(&Utc);
        // Beyond these years the text form is longer, and text order is no longer time order.
        if !(1..=9999).contains(&chrono::Datelike::year(&at)) {
            return Err(InputValueError::custom("The year must lie between 1 and 9999."));
        }
        Ok(Self::new(at))
    }

    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }
}

/// A decimal of `PRECISION` digits, two of them after the point, exact on both databases.
///
/// SQLite keeps decimals as floating point; rounding on the way in and out makes the round trip exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fixed<const PRECISION: u32>(Decimal);

/// An amount of money in the company's currency: ten digits before the point, two after.
pub type Money = Fixed<12>;
/// A score with two decimals.
pub type Score = Fixed<5>;

impl<const P: u32> Fixed<P> {
    #[must_use]
    pub fn new(decimal: Decimal) -> Self {
        let mut rounded = decimal.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        rounded.rescale(2);
        Self(rounded)
    }

    #[must_use]
    pub fn decimal(self) -> Decimal {
        self.0
    }

    #[must_use]
    pub fn is_positive(self) -> bool {
        self.0 > Decimal::ZERO
    }

    /// Does it fit the column?
    #[must_use]
    pub fn fits(self) -> bool {
        self.0.abs() < Decimal::from(10_u64.pow(P - 2))
    }
}

impl<const P: u32> fmt::Display for Fixed<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const P: u32> From<Fixed<P>> for sea_orm::Value {
    fn from(fixed: Fixed<P>) -> Self {
        Self::Decimal(Some(fixed.0))
    }
}

impl<const P: u32> TryGetable for Fixed<P> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        Decimal::try_get_by(row, index).map(Self::new)
    }
}

impl<const P: u32> ValueType for Fixed<P> {
    fn try_from(value: sea_orm::Value) -> Result<Self, ValueTypeErr> {
        <Decimal as ValueType>::try_from(value).map(Self::new)
    }
    fn type_name() -> String {
        "Fixed".into()
    }
    fn array_type() -> ArrayType {
        ArrayType::Decimal
    }
    fn column_type() -> ColumnType {
        ColumnType::Decimal(Some((P, 2)))
    }
}

impl<const P: u32> Nullable for Fixed<P> {
    fn null() -> sea_orm::Value {
        sea_orm::Value::Decimal(None)
    }
}

impl<const P: u32> IntoActiveValue<Self> for Fixed<P> {
    fn into_active_value(self) -> ActiveValue<Self> {
        ActiveValue::Set(self)
    }
}

/// An exact decimal number as a string, for example "12500.00".
#[Scalar(name = "Decimal")]
impl<const P: u32> ScalarType for Fixed<P> {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = match &value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return Err(InputValueError::expected_type(value)),
        };
        let decimal: Decimal =
            text.parse().map_err(|_| InputValueError::custom("Write a decimal number like \"12500.00\"."))?;
        if decimal.normalize().scale() > 2 {
            return Err(InputValueError::custom("At most two digits may follow the decimal point."));
        }
        let fixed = Self::new(decimal);
        if fixed.fits() { Ok(fixed) } else { Err(InputValueError::custom("The number has too many digits.")) }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}
