//! Passwords: kept as Argon2id hashes, and worked on away from the threads that answer requests, two at a time.
//!
//! A hash costs 19 MiB and a noticeable moment by intent. Whoever is not let in for another reason (no such address, a
//! locked account) waits for one all the same: how long a refusal takes tells nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use entity::secret::Secret;
use tokio::sync::{Semaphore, SemaphorePermit};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};
use crate::security::policy::{self, Known};

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How many are worked on at a time: their memory is what limits them.
const AT_ONCE: usize = 2;
/// How many may wait for their turn. More would only wait for answers that come too late.
const IN_LINE: usize = 256;
const RETRY_AFTER: u64 = 5;

/// A hash of the same cost that no password has.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy10aGlzIQ$UlvlqnE0ND7FUf2GK9TU588KiRNfmclr+xDDAOItdqM";

/// Where passwords are hashed and compared.
pub struct Passwords {
    line: Semaphore,
    hands: Arc<Semaphore>,
    compared: AtomicU64,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { line: Semaphore::new(IN_LINE), hands: Arc::new(Semaphore::new(AT_ONCE)), compared: AtomicU64::new(0) }
    }
}

/// A place in the line. Taken before anything is counted, so that a crowd costs nobody an attempt.
pub struct Turn<'a> {
    passwords: &'a Passwords,
    _place: SemaphorePermit<'a>,
}

impl Passwords {
    /// # Errors
    /// `RATE_LIMITED` when too many are waiting already.
    pub fn queue(&self) -> Result<Turn<'_>> {
        let place = self.line.try_acquire().map_err(|_| Error::RateLimited {
            message: "Too many people are signing in at this moment. Try again in a few seconds.".into(),
            retry_after: RETRY_AFTER,
        })?;
        Ok(Turn { passwords: self, _place: place })
    }

    /// How many passwords have been compared with a hash so far, nobody's included.
    #[must_use]
    pub fn compared(&self) -> u64 {
        self.compared.load(Ordering::Relaxed)
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let hand = self.hands.clone().acquire_owned().await.map_err(Error::internal)?;
        // The hand goes along: when a client hangs up, the work still goes on to its end.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(hand);
            done
        });
        done.await.map_err(Error::internal)
    }
}

impl Turn<'_> {
    /// The hash to keep for a password, in PHC form.
    ///
    /// # Errors
    /// INTERNAL when it cannot be computed.
    pub async fn hash(&self, password: &str) -> Result<Secret> {
        let password = normal(password);
        self.passwords.work(move || hash(&password)).await?
    }

    /// What is wrong with a password that somebody chose.
    ///
    /// # Errors
    /// INTERNAL when it cannot be found out.
    pub(crate) async fn faults(&self, password: &str, known: Known) -> Result<Vec<String>> {
        let password = password.to_owned();
        self.passwords.work(move || policy::faults(&password, &known)).await
    }

    /// Is this the password of the hash? Without a hash it is not, which takes as long to find.
    ///
    /// # Errors
    /// INTERNAL when it cannot be computed.
    pub async fn verify(&self, password: &str, hash: Option<&Secret>) -> Result<bool> {
        self.passwords.compared.fetch_add(1, Ordering::Relaxed);
        let known = hash.is_some();
        let hash = hash.map_or_else(|| NOBODYS.to_owned(), |hash| hash.0.clone());
        let password = normal(password);
        Ok(self.passwords.work(move || verify(&password, &hash)).await? && known)
    }
}

/// Machines write the same letters in several ways; RFC 8265 has passwords compared in this one.
fn normal(password: &str) -> String {
    password.nfc().collect()
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<Secret> {
    let hash: PasswordHash = argon2()?.hash_password(password.as_bytes()).map_err(Error::internal)?;
    Ok(Secret(hash.to_string()))
}

/// With the costs that the hash was made with, so that raising them locks nobody out.
fn verify(password: &str, hash: &str) -> bool {
    let matches = |hash: &PasswordHash| Argon2::default().verify_password(password.as_bytes(), hash).is_ok();
    PasswordHash::new(hash).is_ok_and(|hash| matches(&hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs(hash: &str) -> String {
        hash.rsplitn(3, '$').last().unwrap_or_default().to_owned()
    }

    #[tokio::test]
    async fn a_hash_knows_its_password_and_no_other() {
        let passwords = Passwords::default();
        let turn = passwords.queue().unwrap();
        let hash = turn.hash("  café with spaces ").await.unwrap();
        assert_eq!(costs(&hash.0), "$argon2id$v=19$m=19456,t=2,p=1");
        assert!(turn.verify("  café with spaces ", Some(&hash)).await.unwrap());
        // The same letters as another machine writes them.
        assert!(turn.verify("  cafe\u{301} with spaces ", Some(&hash)).await.unwrap());
        for wrong in ["café with spaces", "  cafe with spaces ", ""] {
            assert!(!turn.verify(wrong, Some(&hash)).await.unwrap(), "{wrong}");
        }
        let again = turn.hash("  café with spaces ").await.unwrap();
        assert_ne!(again.0, hash.0, "every hash has its own salt");
    }

    #[tokio::test]
    async fn nobodys_hash_costs_the_same_and_lets_nobody_in() {
        assert!(PasswordHash::new(NOBODYS).is_ok(), "it is computed, not refused at sight");
        assert_eq!(costs(NOBODYS), costs(&hash("anything").unwrap().0));
        let passwords = Passwords::default();
        assert!(!passwords.queue().unwrap().verify("anything", None).await.unwrap());
    }

    #[test]
    fn the_line_has_an_end() {
        let passwords = Passwords::default();
        let all: Vec<_> = (0..IN_LINE).map(|_| passwords.queue().unwrap()).collect();
        assert!(matches!(passwords.queue(), Err(Error::RateLimited { .. })));
        drop(all);
        assert!(passwords.queue().is_ok());
    }
}
