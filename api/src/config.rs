//! The settings, by flag or environment: typed here, refused at the start where they are wrong.

use std::fmt;
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use chrono_tz::Tz;
use clap::Args;

use crate::network::Network;

/// What a person may ask for in a minute: 80 operations a second of the largest that are served, all minute long.
/// Nobody at work comes near it, and a program that has lost its way is stopped.
const PERSON_BUDGET: i32 = 120_000_000;

/// How the server is set up. Every flag has an environment variable of the same name.
#[derive(Args, Clone)]
pub struct Settings {
    /// The database: `sqlite://path/to/file.db` or `postgres://user@host/name`.
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        default_value = "sqlite://data/ridgeline.db",
        global = true
    )]
    pub database_url: String,
    /// The address to listen on.
    #[arg(long, env = "BIND", default_value = "127.0.0.1:8000", global = true)]
    pub bind: SocketAddr,
    /// The Ed25519 key that signs access tokens: PKCS#8 PEM, or the name of a file that holds it.
    #[arg(long, env = "JWT_KEY", hide_env_values = true, allow_hyphen_values = true, global = true)]
    pub jwt_key: Option<String>,
    /// The key for what is encrypted or derived on the server: 32 bytes in base64, or the name of a file with them.
    #[arg(long, env = "ENCRYPTION_KEY", hide_env_values = true, global = true)]
    pub encryption_key: Option<String>,
    /// The address by which clients reach the server, for links in messages.
    #[arg(long, env = "PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    /// Origins of web clients on other hosts, separated by commas, such as `https://app.example.com`.
    #[arg(long, env = "ALLOWED_ORIGINS", default_value = "", hide_default_value = true, global = true)]
    pub allowed_origins: Several<String>,
    /// Proxies whose `X-Forwarded-For` is believed: addresses and blocks like `10.0.0.0/8`, separated by commas.
    #[arg(long, env = "TRUSTED_PROXIES", default_value = "", hide_default_value = true, global = true)]
    pub trusted_proxies: Several<Network>,
    /// How long an access token is good for.
    #[arg(long, env = "ACCESS_TOKEN_TTL", default_value = "15m", value_parser = duration, global = true)]
    pub access_token_ttl: Duration,
    /// How long a session lasts without being refreshed.
    #[arg(long, env = "REFRESH_TOKEN_TTL", default_value = "30d", value_parser = duration, global = true)]
    pub refresh_token_ttl: Duration,
    /// What the company is called: a password must not be made of it.
    #[arg(long, env = "COMPANY_NAME", default_value = "Ridgeline", global = true)]
    pub company_name: String,
    /// The company's time zone: what a day is when something is overdue.
    #[arg(long, env = "COMPANY_TIMEZONE", default_value = "America/Denver", global = true)]
    pub company_timezone: Tz,
    /// The country in whose way phone numbers are read when they name none.
    #[arg(long, env = "PHONE_REGION", default_value = "US", value_parser = region, global = true)]
    pub phone_region: phonenumber::country::Id,
    /// How many connections to the database at the most.
    #[arg(long, env = "DB_MAX_CONNECTIONS", default_value_t = 16, value_parser = clap::value_parser!(u32).range(2..=500), global = true)]
    pub db_max_connections: u32,
    /// How long a request may take.
    #[arg(long, env = "REQUEST_TIMEOUT", default_value = "30s", value_parser = duration, global = true)]
    pub request_timeout: Duration,
    /// How long clients can resume a subscription after they were cut off.
    #[arg(long, env = "CHANGE_RETENTION", default_value = "7d", value_parser = duration, global = true)]
    pub change_retention: Duration,
    /// How many points of complexity one person's operations may cost in a minute, at all instances together; 0 for
    /// any number. The default, 120,000,000 (in the demo: any number), is 80 of the largest operations a second, all
    /// minute long: nobody at work comes near it, and a program that has lost its way is stopped.
    #[arg(long, env = "PERSON_BUDGET", value_parser = clap::value_parser!(i32).range(0..=2_000_000_000), global = true)]
    pub person_budget: Option<i32>,
    /// A JSON file with the documents that everybody may run, by SHA-256; then only staff may send any other.
    #[arg(long, env = "TRUSTED_DOCUMENTS", value_name = "FILE", global = true)]
    pub trusted_documents: Option<PathBuf>,
    /// How many connections of clients at a time, WebSockets included.
    #[arg(long, env = "MAX_CONNECTIONS", default_value_t = 10_000, global = true)]
    pub max_connections: u32,
    #[command(flatten)]
    pub limits: Limits,
    /// The demo: sample logins are shown, and the schema to anybody.
    #[arg(skip)]
    pub demo: bool,
}

/// What a request may ask for. Anything larger is refused with LIMIT_EXCEEDED before it is worked on.
#[derive(Args, Clone, Debug)]
pub struct Limits {
    /// How deep fields may nest.
    #[arg(long, env = "MAX_DEPTH", default_value_t = 15, global = true)]
    pub depth: usize,
    /// How much a document may cost: fields times the sizes of the pages and lists they are in.
    #[arg(long, env = "MAX_COMPLEXITY", default_value_t = 25_000, global = true)]
    pub complexity: u64,
    /// How many aliases a document may have.
    #[arg(long, env = "MAX_ALIASES", default_value_t = 30, global = true)]
    pub aliases: usize,
    /// How many fields at the root.
    #[arg(long, env = "MAX_ROOT_FIELDS", default_value_t = 20, global = true)]
    pub root_fields: usize,
    /// How many directives.
    #[arg(long, env = "MAX_DIRECTIVES", default_value_t = 30, global = true)]
    pub directives: usize,
    /// How many tokens.
    #[arg(long, env = "MAX_TOKENS", default_value_t = 4_000, global = true)]
    pub tokens: usize,
    /// How many characters.
    #[arg(long, env = "MAX_CHARACTERS", default_value_t = 50_000, global = true)]
    pub characters: usize,
    /// How many fields once every fragment is written out.
    #[arg(long, env = "MAX_EXPANDED_FIELDS", default_value_t = 2_000, global = true)]
    pub expanded_fields: u64,
    /// How many fields an answer may have, however long the lists in it.
    #[arg(long, env = "MAX_ANSWERED_FIELDS", default_value_t = 100_000, global = true)]
    pub answered_fields: u64,
    /// How many bytes a request's body may have.
    #[arg(long, env = "MAX_BODY_BYTES", default_value_t = 1_048_576, global = true)]
    pub body_bytes: usize,
    /// How many operations a WebSocket may have open.
    #[arg(long, env = "MAX_SOCKET_OPERATIONS", default_value_t = 50, global = true)]
    pub socket_operations: usize,
    /// How many bytes a WebSocket message may have.
    #[arg(long, env = "MAX_SOCKET_MESSAGE_BYTES", default_value_t = 65_536, global = true)]
    pub socket_message_bytes: usize,
}

/// Values separated by commas; none where the setting is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Several<T>(pub Vec<T>);

impl<T> Deref for Several<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: FromStr<Err: fmt::Display>> FromStr for Several<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| part.parse().map_err(|error: T::Err| error.to_string())).collect::<Result<_, _>>().map(Self)
    }
}

/// Settings end up in logs: without keys, and without the database's password.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = |key: &Option<String>| if key.is_some() { "given" } else { "none" };
        f.debug_struct("Settings")
            .field("database_url", &without_password(&self.database_url))
            .field("bind", &self.bind)
            .field("jwt_key", &said(&self.jwt_key))
            .field("encryption_key", &said(&self.encryption_key))
            .field("public_url", &self.public_url)
            .field("allowed_origins", &self.allowed_origins)
            .field("trusted_proxies", &self.trusted_proxies)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Everything between the scheme and the host may hold a password, and so may what follows the name.
fn without_password(url: &str) -> String {
    let url = url.split('?').next().unwrap_or(url);
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => url.to_owned(),
    }
}

impl Settings {
    /// How many points a person may spend in a minute; 0 for any number.
    #[must_use]
    pub fn person_budget(&self) -> i32 {
        self.person_budget.unwrap_or(if self.demo { 0 } else { PERSON_BUDGET })
    }

    /// Is the database the embedded one?
    #[must_use]
    pub fn embedded(&self) -> bool {
        self.database_url.starts_with("sqlite:")
    }

    /// The folder of the embedded database: made keys are kept there.
    #[must_use]
    pub fn data_folder(&self) -> PathBuf {
        let path = self.database_url.trim_start_matches("sqlite:").trim_start_matches("//");
        let path = PathBuf::from(path.split('?').next().unwrap_or(path));
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.map_or_else(|| PathBuf::from("."), std::path::Path::to_path_buf)
    }
}

/// `90s`, `15m`, `12h`, `7d`.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| "write a number and a unit: 90s, 15m, 12h or 7d".to_owned())?;
    let seconds = match text.get(digits.len()..) {
        Some("s") => Some(number),
        Some("m") => number.checked_mul(60),
        Some("h") => number.checked_mul(3_600),
        Some("d") => number.checked_mul(86_400),
        _ => None,
    };
    match seconds {
        Some(seconds @ 1..=315_360_000) => Ok(Duration::from_secs(seconds)),
        _ => Err("write a number and a unit, from 1s to 3650d: 90s, 15m, 12h or 7d".to_owned()),
    }
}

fn region(text: &str) -> Result<phonenumber::country::Id, String> {
    text.to_uppercase().parse().map_err(|_| "write a country's two letters, such as US".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_setting_is_one_that_is_not_set() {
        for none in ["", " ", ",", " , "] {
            assert!(none.parse::<Several<Network>>().unwrap().is_empty(), "{none:?}");
        }
        let both: Several<Network> = "10.0.0.0/8, ::1".parse().unwrap();
        assert_eq!(both.len(), 2);
        assert!("10.0.0.0/8,nonsense".parse::<Several<Network>>().unwrap_err().contains("nonsense"));
    }

    #[test]
    fn passwords_of_databases_are_not_shown() {
        for (url, shown) in [
            ("postgres://u:p@ss@db.example.com:5432/r?password=x", "postgres://…@db.example.com:5432/r"),
            ("sqlite://data/ridgeline.db?mode=rwc", "sqlite://data/ridgeline.db"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
