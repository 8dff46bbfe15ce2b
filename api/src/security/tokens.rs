//! Access tokens: signed statements that a session may act until an instant, and nothing more.
//!
//! Who the person is and whether the session still lives is looked up for each request, so a token says neither role
//! nor name. Verifying a signature costs more than all the rest of a small query; a token once found good is remembered
//! until it ends.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::DateTime;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use entity::scalar::{Id, Instant};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::security::keys::Keys;

const ISSUER: &str = "ridgeline";
const AUDIENCE: &str = "ridgeline-api";
/// Ours are a third of this; anything longer is not looked at.
const LONGEST: usize = 1_024;
/// How many good tokens are remembered: some megabytes at the most.
const REMEMBERED: usize = 20_000;

/// What a good token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    pub user: Id,
    pub session: Id,
    pub expires_at: Instant,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    iat: i64,
    exp: i64,
}

/// Makes and reads access tokens.
pub struct AccessTokens {
    sign: EncodingKey,
    verify: DecodingKey,
    validation: Validation,
    ttl: i64,
    good: RwLock<HashMap<[u8; 32], Arc<Bearer>>>,
}

impl AccessTokens {
    /// # Errors
    /// When the key cannot be put into the form that the signer wants.
    pub(super) fn new(keys: &Keys, ttl: Duration) -> Result<Self> {
        let private = keys.signing().to_pkcs8_der().map_err(Error::internal)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        // The library asks the machine for the time; we ask the clock that the program was given.
        validation.validate_exp = false;
        Ok(Self {
            sign: EncodingKey::from_ed_der(private.as_bytes()),
            verify: DecodingKey::from_ed_der(keys.signing().verifying_key().as_bytes()),
            validation,
            ttl: i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX),
            good: RwLock::default(),
        })
    }

    /// A token for a session, and when it ends.
    ///
    /// # Errors
    /// INTERNAL when it cannot be signed.
    pub fn issue(&self, user: &Id, session: &Id, now: Instant) -> Result<(String, Instant)> {
        let issued = now.0.timestamp();
        let exp = issued.saturating_add(self.ttl);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user.0.clone(),
            sid: session.0.clone(),
            iat: issued,
            exp,
        };
        let ends = second(exp).ok_or_else(|| Error::internal("an access token would end beyond all time"))?;
        let token =
            jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &self.sign).map_err(Error::internal)?;
        Ok((token, ends))
    }

    /// What a token says, if it is ours and has not ended.
    #[must_use]
    pub fn read(&self, token: &str, now: Instant) -> Option<Arc<Bearer>> {
        if token.len() > LONGEST {
            return None;
        }
        let digest: [u8; 32] = Sha256::digest(token).into();
        let known = self.good.read().unwrap_or_else(PoisonError::into_inner).get(&digest).cloned();
        if let Some(bearer) = known {
            return Some(bearer).filter(|bearer| bearer.expires_at > now);
        }
        let bearer = Arc::new(self.verify(token)?);
        if bearer.expires_at <= now {
            return None;
        }
        self.remember(digest, bearer.clone(), now);
        Some(bearer)
    }

    fn verify(&self, token: &str) -> Option<Bearer> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.verify, &self.validation).ok()?.claims;
        Some(Bearer { user: Id(claims.sub), session: Id(claims.sid), expires_at: second(claims.exp)? })
    }

    fn remember(&self, digest: [u8; 32], bearer: Arc<Bearer>, now: Instant) {
        let mut good = self.good.write().unwrap_or_else(PoisonError::into_inner);
        if good.len() >= REMEMBERED {
            good.retain(|_, bearer| bearer.expires_at > now);
        }
        // So many people at work at once: verifying again is all that it costs.
        if good.len() >= REMEMBERED {
            good.clear();
        }
        good.insert(digest, bearer);
    }
}

fn second(timestamp: i64) -> Option<Instant> {
    DateTime::from_timestamp(timestamp, 0).map(Instant::new)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::Settings;
    use crate::security::keys;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        settings: Settings,
    }

    fn tokens(seed: &str) -> AccessTokens {
        let secret = keys::make_encryption().unwrap();
        let words = ["test", "--jwt-key", seed, "--encryption-key", secret.trim()];
        let settings = Cli::parse_from(words).settings;
        AccessTokens::new(&Keys::of(&settings).unwrap(), Duration::from_mins(15)).unwrap()
    }

    fn at(second: i64) -> Instant {
        second_of(1_800_000_000 + second)
    }

    fn second_of(timestamp: i64) -> Instant {
        second(timestamp).unwrap()
    }

    #[test]
    fn a_token_says_who_and_until_when() {
        let pem = keys::make_signing().unwrap();
        let tokens = tokens(&pem);
        let (user, session) = (Id::from("u"), Id::from("s"));
        let (token, ends) = tokens.issue(&user, &session, at(0)).unwrap();
        assert_eq!(ends, at(900));
        let bearer = Bearer { user, session, expires_at: ends };
        // Twice: verified, and remembered.
        for now in [0, 899] {
            assert_eq!(tokens.read(&token, at(now)).as_deref(), Some(&bearer));
        }
        assert_eq!(tokens.read(&token, at(900)), None, "it has ended, remembered or not");
        let later = self::tokens(&pem);
        assert_eq!(later.read(&token, at(900)), None);
        assert_eq!(later.read(&token, at(0)).as_deref(), Some(&bearer), "another instance with the same key");
    }

    #[test]
    fn what_others_made_is_no_token() {
        let tokens = tokens(&keys::make_signing().unwrap());
        let (token, _) = tokens.issue(&Id::from("u"), &Id::from("s"), at(0)).unwrap();
        let (foreign, _) =
            self::tokens(&keys::make_signing().unwrap()).issue(&Id::from("u"), &Id::from("s"), at(0)).unwrap();
        let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
        parts[0] = "eyJhbGciOiJub25lIn0".into();
        let unsigned = format!("{}.{}.", parts[0], parts[1]);
        let claims = Claims {
            iss: ISSUER.into(),
            aud: "others".into(),
            sub: "u".into(),
            sid: "s".into(),
            iat: 0,
            exp: 4_000_000_000,
        };
        let elsewhere = jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &tokens.sign).unwrap();
        for bad in ["", "a.b.c", &foreign, &parts.join("."), &unsigned, &elsewhere, &"x".repeat(5_000)] {
            assert_eq!(tokens.read(bad, at(0)), None, "{bad}");
        }
    }
}
