//! What the program can be told to do, and how it says that it cannot.
//!
//! A wrong word, flag or setting is one line on standard error and exit code 2; what goes wrong later is exit code 1.

mod admin;
mod checks;
mod demo;
mod migrate;
mod serve;
mod template;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::app::App;
use crate::clock::Clock;
use crate::config::Settings;
use crate::error::Error;
use crate::http::trusted::Trusted;
use crate::logging;
use crate::security::keys::{self, Keys};

const EXAMPLES: &str = "\
Examples:
  ridgeline demo                        a sample company on http://127.0.0.1:8000, in data/demo.db
  ridgeline demo --projects 500         the same with more to look at
  ridgeline serve                       your own, on loopback, in data/ridgeline.db
  ridgeline admin create --email you@example.com < password.txt
                                        the first account of your own
  DATABASE_URL=postgres://ridgeline@db.example.com/ridgeline BIND=0.0.0.0:8000 \\
    JWT_KEY=/run/secrets/jwt.pem ENCRYPTION_KEY=/run/secrets/encryption ridgeline serve
                                        for everybody, on PostgreSQL

Every setting is a flag or an environment variable; the flag wins. `ridgeline COMMAND --help` lists them.";

/// Ridgeline runs the office of a roofing contractor: a GraphQL API with live updates, on SQLite or PostgreSQL.
#[derive(Parser)]
#[command(name = "ridgeline", version, after_help = EXAMPLES, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten, next_help_heading = "Settings")]
    settings: Settings,
}

#[derive(Subcommand)]
enum Command {
    /// The quick start: fills a database with a sample company and serves it, on loopback only.
    ///
    /// The database is data/demo.db unless another is named, which must be empty or a demo. The sample is made once;
    /// started again, the demo goes on where it was left.
    Demo {
        /// How many projects the sample company has.
        #[arg(long, value_name = "N", default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        projects: u32,
    },
    /// Migrates the database, imports the built-in workflow template if there is none, and serves.
    ///
    /// On loopback with the embedded database, missing keys are made once and kept beside it. Everywhere else
    /// --jwt-key and --encryption-key must be given, the same to every instance.
    Serve,
    /// Brings the database up to date, or takes that back.
    #[command(subcommand)]
    Migrate(migrate::Migrate),
    /// The workflow template: what every new project copies.
    #[command(subcommand)]
    Template(Template),
    /// Accounts for whoever administers the program.
    #[command(subcommand)]
    Admin(Admin),
    /// Prints the GraphQL schema.
    ///
    /// For example: ridgeline schema > schema.graphql
    Schema,
}

#[derive(Subcommand)]
enum Template {
    /// Replaces the template by the one in a JSON file. Running projects keep theirs.
    Import {
        /// The JSON file.
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum Admin {
    /// Makes an administrator. The password is read from standard input: its first line.
    ///
    /// For example: ridgeline admin create --email you@example.com < password.txt
    Create(admin::Create),
}

/// Why a command ends without having done what it was told.
pub(crate) struct Failure {
    code: u8,
    text: String,
}

impl Failure {
    /// Something was said wrongly: exit code 2.
    fn setting(text: impl Into<String>) -> Self {
        Self { code: 2, text: text.into() }
    }

    /// Something went wrong: exit code 1.
    fn run(text: impl Into<String>) -> Self {
        Self { code: 1, text: text.into() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::run(error.to_string())
    }
}

/// Does what the words of the command line say.
pub async fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let (cli, named) = match parse(words) {
        Ok(parsed) => parsed,
        Err(error) => return explain(&error),
    };
    match obey(cli, named).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let text = failure.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = writeln!(std::io::stderr(), "error: {text}");
            ExitCode::from(failure.code)
        }
    }
}

/// The command, and whether somebody named a database for it.
fn parse(words: impl IntoIterator<Item = OsString>) -> Result<(Cli, bool), clap::Error> {
    let matches = Cli::command().try_get_matches_from(words)?;
    let named = matches.value_source("database_url").is_some_and(|source| source != ValueSource::DefaultValue);
    Ok((Cli::from_arg_matches(&matches)?, named))
}

async fn obey(cli: Cli, named: bool) -> Result<(), Failure> {
    let chatty = matches!(cli.command, Command::Demo { .. } | Command::Serve);
    logging::start(if chatty { "info" } else { "warn" }).map_err(Failure::setting)?;
    match cli.command {
        Command::Demo { projects } => demo::demo(cli.settings, named, projects).await,
        Command::Serve => serve::serve(cli.settings).await,
        Command::Migrate(migrate) => migrate::migrate(&cli.settings, migrate).await,
        Command::Template(Template::Import { file }) => template::import(cli.settings, &file).await,
        Command::Admin(Admin::Create(create)) => admin::create(cli.settings, create).await,
        Command::Schema => {
            say(crate::schema::sdl().trim_end());
            Ok(())
        }
    }
}

/// The program's parts, for serving.
async fn open(settings: Settings) -> Result<Arc<App>, Failure> {
    checks::settings(&settings).map_err(Failure::setting)?;
    Trusted::of(&settings).map_err(Failure::setting)?;
    Keys::of(&settings).map_err(Failure::setting)?;
    let app = App::open(settings, Clock::of_process()).await;
    app.map_err(|error| Failure::run(format!("the database cannot be opened: {error}")))
}

/// The same for a command that serves nobody: it signs and encrypts nothing, so keys of the moment will do.
async fn open_without_keys(settings: Settings) -> Result<Arc<App>, Failure> {
    let jwt_key = Some(keys::make_signing().map_err(Failure::run)?);
    let encryption_key = Some(keys::make_encryption().map_err(Failure::run)?);
    open(Settings { jwt_key, encryption_key, ..settings }).await
}

/// A line on standard output. Whoever has stopped reading need not be told.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn explain(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::from(2)
        }
        _ => {
            let _ = writeln!(std::io::stderr(), "{}", one_line(&error.render().to_string()));
            ExitCode::from(2)
        }
    }
}

/// What is wrong, without the usage that the library adds.
fn one_line(text: &str) -> String {
    let told = text.split("\n\n").filter(|part| !part.starts_with("Usage:") && !part.starts_with("For more"));
    told.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<(Cli, bool), clap::Error> {
        parse(std::iter::once("ridgeline").chain(words.iter().copied()).map(OsString::from))
    }

    fn refusal(words: &[&str]) -> String {
        one_line(&parsed(words).err().unwrap().render().to_string())
    }

    #[test]
    fn the_commands_are_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn settings_stand_before_or_after_the_command() {
        for words in [&["--bind", "127.0.0.1:1", "serve"], &["serve", "--bind", "127.0.0.1:1"]] {
            let (cli, _) = parsed(words).unwrap();
            assert_eq!(cli.settings.bind.port(), 1);
        }
    }

    #[test]
    fn it_is_known_whether_a_database_was_named() {
        // A developer's environment may name one for all commands.
        if std::env::var_os("DATABASE_URL").is_none() {
            assert!(!parsed(&["demo"]).unwrap().1);
        }
        assert!(parsed(&["demo", "--database-url", "sqlite://x.db"]).unwrap().1);
        assert!(parsed(&["--database-url", "sqlite://x.db", "demo"]).unwrap().1);
    }

    #[test]
    fn what_is_wrong_is_one_line() {
        for words in [
            &["serve", "--bind", "here"][..],
            &["serve", "--access-token-ttl", "soon"],
            &["serve", "--nonsense"],
            &["admin", "create"],
            &["fly"],
            &["demo", "--projects", "0"],
        ] {
            let line = refusal(words);
            assert!(line.starts_with("error: ") && !line.contains('\n') && !line.contains("Usage"), "{line}");
        }
        assert!(refusal(&["serve", "--access-token-ttl", "soon"]).contains("write a number and a unit"));
    }
}
