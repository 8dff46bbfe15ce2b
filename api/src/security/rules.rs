//! What sign-in allows: when an account locks, and what becomes of a refresh token. Pure.

use chrono::Duration;
use entity::scalar::Instant;
use entity::secret::Secret;
use entity::{refresh_token, session, user};

/// So many wrong passwords in a row lock an account …
const ATTEMPTS: i32 = 5;
/// … for so long.
const LOCKED_FOR: Duration = Duration::minutes(15);
/// How long a spent refresh token may be shown again with the same key, for an answer that was lost.
const RETRY_FOR: Duration = Duration::seconds(60);

/// An attempt as it is counted before its password is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) attempts: i32,
    /// The last attempt that there is: unless it succeeds, the account is locked until then.
    pub(super) lock_until: Option<Instant>,
}

/// The attempt's count, or none when the account may not be signed in to now.
pub(super) fn count(user: &user::Model, now: Instant) -> Option<Count> {
    if !user.is_active || user.lock_until.is_some_and(|until| until > now) {
        return None;
    }
    // After a lock has ended the count starts anew.
    let before = if user.lock_until.is_some() { 0 } else { user.login_attempts.max(0) };
    let attempts = before.saturating_add(1);
    Some(Count { attempts, lock_until: (attempts >= ATTEMPTS).then(|| now + LOCKED_FOR) })
}

/// A refresh token as it was shown, and what is known of it.
pub(super) struct Shown<'a> {
    pub(super) token: &'a refresh_token::Model,
    pub(super) session: &'a session::Model,
    pub(super) user: &'a user::Model,
    /// The token it was spent for, if that is still there.
    pub(super) successor: Option<&'a refresh_token::Model>,
    /// The hash of the successor that the idempotency key gives; none without a key.
    pub(super) retried: Option<&'a Secret>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Spent now, for a successor.
    Rotate,
    /// Spent a moment ago for the very successor that this asks for: answered again.
    Repeat,
    /// Spent before: somebody else has it too. The session ends.
    Stolen,
    /// No longer good for anything.
    Refuse,
}

pub(super) fn judge(shown: &Shown<'_>, now: Instant) -> Verdict {
    let Shown { token, session, user, successor, retried } = shown;
    if session.ended_at.is_some() || !user.is_active {
        return Verdict::Refuse;
    }
    let Some(spent_at) = token.spent_at else {
        let good = token.expires_at > now && session.expires_at > now;
        return if good { Verdict::Rotate } else { Verdict::Refuse };
    };
    let same = retried.is_some() && *retried == token.successor_hash.as_ref();
    let unused = successor.is_some_and(|next| next.spent_at.is_none() && next.expires_at > now);
    if same && unused && now <= spent_at + RETRY_FOR { Verdict::Repeat } else { Verdict::Stolen }
}

#[cfg(test)]
mod tests {
    use entity::enums::{Theme, UserRole};
    use entity::list::List;
    use entity::scalar::Id;

    use super::*;

    fn at(second: i64) -> Instant {
        Instant::new(chrono::DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap())
    }

    fn person(login_attempts: i32, lock_until: Option<Instant>) -> user::Model {
        user::Model {
            id: Id::from("person"),
            created_at: at(0),
            updated_at: at(0),
            first_name: "Ada".into(),
            last_name: "Roof".into(),
            email: "ada@example.com".into(),
            password: Secret(String::new()),
            avatar: None,
            phone: None,
            position: None,
            department: None,
            bio: None,
            role: UserRole::Worker,
            permissions: List::default(),
            is_active: true,
            is_verified: true,
            email_verification_token: None,
            email_verification_expires: None,
            password_reset_token: None,
            password_reset_expires: None,
            password_changed_at: None,
            login_attempts,
            lock_until,
            last_login: None,
            last_login_ip: None,
            two_factor_secret: None,
            two_factor_enabled: false,
            theme: Theme::Light,
            notification_preferences: None,
            language: "en".into(),
            timezone: "UTC".into(),
            skills: List::default(),
            certifications: None,
            experience: None,
            emergency_contact: None,
            address: None,
            name_folded: "ada roof".into(),
        }
    }

    fn session(expires_at: Instant, ended_at: Option<Instant>) -> session::Model {
        session::Model {
            id: Id::from("session"),
            created_at: at(0),
            updated_at: at(0),
            user_id: Id::from("person"),
            expires_at,
            ended_at,
            ended_reason: None,
            last_used_at: at(0),
            ip_address: None,
            user_agent: None,
            device_fingerprint: None,
            device_name: None,
        }
    }

    fn token(hash: &str, spent_at: Option<Instant>, successor: Option<&str>) -> refresh_token::Model {
        refresh_token::Model {
            id: Id::from(hash),
            created_at: at(0),
            session_id: Id::from("session"),
            token_hash: Secret(hash.into()),
            expires_at: at(1_000),
            spent_at,
            successor_hash: successor.map(|hash| Secret(hash.into())),
        }
    }

    #[test]
    fn five_attempts_lock_for_a_quarter_of_an_hour() {
        let mut user = person(0, None);
        for attempt in 1..=5 {
            let counted = count(&user, at(0)).unwrap();
            assert_eq!(counted.attempts, attempt);
            assert_eq!(counted.lock_until, (attempt == 5).then(|| at(900)));
            user = person(counted.attempts, counted.lock_until);
        }
        assert_eq!(count(&user, at(0)), None);
        assert_eq!(count(&user, at(899)), None);
        assert_eq!(count(&user, at(900)), Some(Count { attempts: 1, lock_until: None }), "the count starts anew");
    }

    #[test]
    fn nobody_signs_in_to_a_deactivated_account() {
        assert_eq!(count(&user::Model { is_active: false, ..person(0, None) }, at(0)), None);
    }

    #[test]
    fn a_refresh_token_is_good_once_and_for_a_retry() {
        let (active, alive) = (person(0, None), session(at(1_000), None));
        let inactive = user::Model { is_active: false, ..person(0, None) };
        let (over, ended) = (session(at(50), None), session(at(1_000), Some(at(10))));
        let fresh = token("a", None, None);
        let spent = token("a", Some(at(10)), Some("b"));
        let (next, used) = (token("b", None, None), token("b", Some(at(20)), Some("c")));
        let (b, other) = (Secret("b".into()), Secret("x".into()));
        let verdict = |token, session, user, successor, retried, now| {
            judge(&Shown { token, session, user, successor, retried }, at(now))
        };
        assert_eq!(verdict(&fresh, &alive, &active, None, None, 50), Verdict::Rotate);
        assert_eq!(verdict(&fresh, &alive, &active, None, Some(&b), 50), Verdict::Rotate);
        assert_eq!(verdict(&fresh, &alive, &active, None, None, 1_000), Verdict::Refuse, "the token has run out");
        assert_eq!(verdict(&fresh, &over, &active, None, None, 50), Verdict::Refuse, "the session has run out");
        assert_eq!(verdict(&fresh, &ended, &active, None, None, 50), Verdict::Refuse);
        assert_eq!(verdict(&spent, &ended, &active, Some(&next), Some(&b), 50), Verdict::Refuse);
        assert_eq!(verdict(&fresh, &alive, &inactive, None, None, 50), Verdict::Refuse);
        assert_eq!(verdict(&spent, &alive, &active, Some(&next), Some(&b), 70), Verdict::Repeat);
        assert_eq!(verdict(&spent, &alive, &active, Some(&next), Some(&b), 71), Verdict::Stolen, "too late");
        assert_eq!(verdict(&spent, &alive, &active, Some(&next), Some(&other), 11), Verdict::Stolen, "another key");
        assert_eq!(verdict(&spent, &alive, &active, Some(&next), None, 11), Verdict::Stolen, "no key");
        assert_eq!(verdict(&spent, &alive, &active, Some(&used), Some(&b), 21), Verdict::Stolen, "successor used");
        assert_eq!(verdict(&spent, &alive, &active, None, Some(&b), 11), Verdict::Stolen, "successor gone");
    }
}
