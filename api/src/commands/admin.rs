//! Making an administrator, where there is nobody yet who could.

use std::io::{IsTerminal, Write};

use clap::Args;
use entity::enums::UserRole;
use entity::secret::Secret;
use entity::user;
use sea_orm::ActiveValue::Set;

use crate::commands::{Failure, open_without_keys, say};
use crate::config::Settings;
use crate::data::access::Permission;
use crate::data::scope::{RequestInfo, Scope};
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::fold::fold;
use crate::input::Check;
use crate::security::{self, Known};

#[derive(Args)]
pub(super) struct Create {
    /// The address to sign in with.
    #[arg(long)]
    email: String,
    #[arg(long, default_value = "Office")]
    first_name: String,
    #[arg(long, default_value = "Administrator")]
    last_name: String,
}

pub(super) async fn create(settings: Settings, create: Create) -> Result<(), Failure> {
    let mut check = Check::default();
    let email = check.email("email", &create.email);
    let first_name = check.text("firstName", &create.first_name, 50);
    let last_name = check.text("lastName", &create.last_name, 50);
    check.done().map_err(|error| Failure::setting(faults(&error)))?;
    let known = Known::new(&settings.company_name, &[&first_name, &last_name, &email]);
    let password = read_password(&known)?;
    let app = open_without_keys(settings).await?;
    app.prepare().await?;
    let password = app.security.passwords.queue()?.hash(&password).await?;
    let timezone = app.settings.company_timezone.name();
    let account = CreateAdmin { email, first_name, last_name, password, timezone };
    Scope::system(&app, RequestInfo::background()).write(&account).await?;
    say(&format!("{} can sign in now, as an administrator.", account.email));
    app.db.clone().close().await;
    Ok(())
}

fn read_password(known: &Known) -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        let _ = write!(std::io::stderr(), "Password (shown as you type; 12 to 128 characters): ");
    }
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(|error| Failure::run(format!("no password could be read: {error}")))?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    let password = line.strip_suffix('\r').unwrap_or(line);
    let faults = security::faults(password, known);
    if faults.is_empty() {
        return Ok(password.to_owned());
    }
    Err(Failure::setting(format!("{} The password is read from standard input.", faults.join(" "))))
}

fn faults(error: &Error) -> String {
    let Error::BadUserInput(faults) = error else { return error.to_string() };
    let told = faults.iter().map(|fault| {
        let flag = match fault.path.as_str() {
            "input.firstName" => "--first-name",
            "input.lastName" => "--last-name",
            _ => "--email",
        };
        format!("{flag}: {}", fault.message)
    });
    told.collect::<Vec<_>>().join(" ")
}

struct CreateAdmin {
    email: String,
    first_name: String,
    last_name: String,
    password: Secret,
    timezone: &'static str,
}

impl UseCase for CreateAdmin {
    type Output = ();
    const PERMISSION: Permission = Permission::System;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let row = user::ActiveModel {
            email: Set(self.email.clone()),
            first_name: Set(self.first_name.clone()),
            last_name: Set(self.last_name.clone()),
            name_folded: Set(fold(&format!("{} {}", self.first_name, self.last_name))),
            password: Set(self.password.clone()),
            password_changed_at: Set(Some(tx.now())),
            role: Set(UserRole::Admin),
            is_active: Set(true),
            is_verified: Set(true),
            timezone: Set(self.timezone.to_owned()),
            ..Default::default()
        };
        tx.insert::<user::Entity>(row).await?;
        Ok(())
    }
}
