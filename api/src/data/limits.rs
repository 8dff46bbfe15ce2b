//! How often something may be done by somebody: counted in the database, so that all instances count together.
//!
//! A [`Bucket`] has a name, so many points and a length of time. Time is cut into windows of that length, which begin
//! at the same instants everywhere; points are taken in one statement, which takes all that are asked for or none. So
//! however many ask at once, at however many instances, no more are taken in a window than there are.

use std::cmp::max;

use chrono::Duration;
use entity::rate_limit;
use entity::scalar::Instant;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Statement};

use crate::data::database::Database;
use crate::error::Result;

/// So many points in each window of time, for whoever the name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Of what, and for whom: at most 200 characters.
    pub name: String,
    pub points: i32,
    pub window: Duration,
}

/// What came of asking for points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Granted,
    /// There are not so many left. There will be after so many seconds: one at least.
    Refused {
        retry_after: u64,
    },
}

impl Bucket {
    /// The window that an instant lies in: its beginning, and the beginning of the next.
    fn window_of(&self, now: Instant) -> (Instant, Instant) {
        let length = max(self.window.num_milliseconds(), 1);
        let start = now + Duration::milliseconds(-now.millis().rem_euclid(length));
        (start, start + Duration::milliseconds(length))
    }

    /// How many seconds until there are points again, rounded up.
    #[must_use]
    pub fn retry_after(&self, now: Instant) -> u64 {
        let left = self.window_of(now).1.millis() - now.millis();
        max(u64::try_from(left).unwrap_or(0).div_ceil(1_000), 1)
    }
}

/// A row stands for the window it begins in. A clock that is behind counts in the newer window: never are points given
/// back because two machines do not agree on the time.
const TAKE: &str = r#"
    INSERT INTO "rate_limits" ("id", "windowStart", "expiresAt", "used") VALUES ({1}, {2}, {3}, {4})
    ON CONFLICT ("id") DO UPDATE SET
        "used" = excluded."used" + CASE WHEN "rate_limits"."windowStart" < excluded."windowStart"
            THEN 0 ELSE "rate_limits"."used" END,
        "expiresAt" = CASE WHEN "rate_limits"."windowStart" < excluded."windowStart"
            THEN excluded."expiresAt" ELSE "rate_limits"."expiresAt" END,
        "windowStart" = CASE WHEN "rate_limits"."windowStart" < excluded."windowStart"
            THEN excluded."windowStart" ELSE "rate_limits"."windowStart" END
    WHERE "rate_limits"."windowStart" < excluded."windowStart" OR "rate_limits"."used" <= {5}
    RETURNING "used""#;

impl Database {
    /// Takes points, in one statement.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn take(&self, bucket: &Bucket, points: i32, now: Instant) -> Result<Taken> {
        take(&self.write, bucket, points, now).await
    }

    /// The same for what is taken ahead for requests to come, and so is no request's own cost.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub(in crate::data) async fn lease(&self, bucket: &Bucket, points: i32, now: Instant) -> Result<Taken> {
        take(&self.background_write, bucket, points, now).await
    }

    /// Gives points back that were taken a moment ago. Those of a window that is over are gone anyway.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn give_back(&self, bucket: &Bucket, points: i32, now: Instant) -> Result<()> {
        rate_limit::Entity::update_many()
            .col_expr(rate_limit::Column::Used, Expr::col(rate_limit::Column::Used).sub(points))
            .filter(rate_limit::Column::Id.eq(bucket.name.as_str()))
            .filter(rate_limit::Column::WindowStart.eq(bucket.window_of(now).0))
            .filter(rate_limit::Column::Used.gte(points))
            .exec(&self.write)
            .await?;
        Ok(())
    }
}

async fn take(db: &impl ConnectionTrait, bucket: &Bucket, points: i32, now: Instant) -> Result<Taken> {
    let refused = Taken::Refused { retry_after: bucket.retry_after(now) };
    // What may be used already, for the points to fit. A first row has no other to be compared with.
    let room = bucket.points.saturating_sub(points);
    if points > bucket.points || room < 0 {
        return Ok(refused);
    }
    let backend = db.get_database_backend();
    let (start, end) = bucket.window_of(now);
    let values = [bucket.name.as_str().into(), start.into(), end.into(), points.into(), room.into()];
    let row = db.query_one_raw(Statement::from_sql_and_values(backend, numbered(TAKE, backend), values)).await?;
    Ok(if row.is_some() { Taken::Granted } else { refused })
}

/// The places for values as the database writes them.
fn numbered(sql: &str, backend: DbBackend) -> String {
    let sign = if backend == DbBackend::Postgres { '$' } else { '?' };
    (1..=5).fold(sql.to_owned(), |sql, n| sql.replace(&format!("{{{n}}}"), &format!("{sign}{n}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(seconds: i64) -> Bucket {
        Bucket { name: "a".into(), points: 1, window: Duration::seconds(seconds) }
    }

    fn at(millis: i64) -> Instant {
        Instant::new(chrono::DateTime::from_timestamp_millis(millis).unwrap())
    }

    #[test]
    fn windows_begin_on_the_minute() {
        assert_eq!(bucket(60).window_of(at(119_999)), (at(60_000), at(120_000)));
        assert_eq!(bucket(60).window_of(at(120_000)), (at(120_000), at(180_000)));
        assert_eq!(bucket(60).retry_after(at(119_999)), 1, "never is one told to try again at once");
        assert_eq!(bucket(60).retry_after(at(118_999)), 2);
        assert_eq!(bucket(60).retry_after(at(120_000)), 60);
    }

    #[test]
    fn every_instant_lies_in_its_window() {
        for step in 0_i64..20_000 {
            // Instants before and after 1970, and lengths, in no order.
            let (millis, seconds) = ((step - 10_000) * 100_000_007, 1 + step * 7_919 % 100_000);
            let (bucket, now) = (bucket(seconds), at(millis));
            let (start, end) = bucket.window_of(now);
            assert!(start <= now && now < end, "{millis} {seconds}");
            assert_eq!(end.millis() - start.millis(), seconds * 1_000);
            assert_eq!(bucket.window_of(start), (start, end), "its beginning lies in it too");
            let later = now + Duration::seconds(i64::try_from(bucket.retry_after(now)).unwrap());
            assert!(later >= end, "who waits as told finds another window");
        }
    }
}
