//! What can be seen to be wrong with the settings before anything is opened.

use std::str::FromStr;

use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;

use crate::config::Settings;

/// # Errors
/// With a sentence for whoever set them.
pub(super) fn settings(settings: &Settings) -> Result<(), String> {
    database(&settings.database_url)?;
    if let Some(url) = &settings.public_url {
        address("PUBLIC_URL", url)?;
    }
    settings.allowed_origins.iter().try_for_each(|origin| self::origin(origin))
}

/// The address may hold a password, so it is not repeated.
fn database(url: &str) -> Result<(), String> {
    let told = |error: sea_orm::sqlx::Error| format!("DATABASE_URL is not an address of a database: {error}");
    if url.starts_with("sqlite:") {
        if url.contains(":memory:") || url.contains("mode=memory") {
            return Err("DATABASE_URL must name a file: a database in memory cannot be shared by connections".into());
        }
        return SqliteConnectOptions::from_str(url).map(|_| ()).map_err(told);
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return PgConnectOptions::from_str(url).map(|_| ()).map_err(told);
    }
    Err("DATABASE_URL must begin with sqlite:// or postgres://".into())
}

fn origin(origin: &str) -> Result<(), String> {
    // An empty setting is one that is not set.
    if origin == "*" || origin.is_empty() {
        return Ok(());
    }
    address("ALLOWED_ORIGINS", origin)?;
    match origin.split_once("://") {
        Some((_, host)) if !host.contains('/') => Ok(()),
        _ => {
            Err(format!("ALLOWED_ORIGINS takes origins without a path, like https://app.example.com; this is {origin}"))
        }
    }
}

fn address(name: &str, url: &str) -> Result<(), String> {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(char::is_whitespace) => Ok(()),
        _ => Err(format!("{name} must begin with http:// or https://; this is {url}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_databases() {
        for good in ["sqlite://data/ridgeline.db", "sqlite:x.db", "postgres://u:p@h:5432/d?sslmode=require"] {
            assert!(database(good).is_ok(), "{good}");
        }
        for bad in ["", "data.db", "mysql://u@h/d", "sqlite::memory:", "postgres://u:secret@h:port/d"] {
            let told = database(bad).err().unwrap();
            assert!(told.starts_with("DATABASE_URL") && !told.contains("secret"), "{told}");
        }
    }

    #[test]
    fn origins() {
        for good in ["*", "", "https://app.example.com", "http://localhost:5173"] {
            assert!(origin(good).is_ok(), "{good}");
        }
        for bad in ["app.example.com", "https://", "https://app.example.com/", "ftp://x"] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }
}
