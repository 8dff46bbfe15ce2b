//! Everything at once: operations that nobody wrote, valid and broken, by everybody, for as long as wanted.
//!
//! The suite runs a fixed number with a fixed seed. `just fuzz [minutes] [seed]` runs for hours. A failure tells the seed
//! and the shortest request that shows it.

mod dice;
mod generate;
mod mutate;
mod oracle;
mod run;
mod schema;
mod values;

use std::time::Duration;

use serde_json::Value;

pub use self::oracle::CODES;
use self::run::{Length, Run};
use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::harness::suite::Suite;

/// About half a minute in a debug build.
const REQUESTS: usize = 2_500;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("fuzz::a_fixed_number_of_requests", fixed);
    if std::env::var_os("FUZZ_MINUTES").is_some() {
        for backend in Backend::at_hand() {
            // Not by the suite's way, which loses its patience after minutes.
            let name = format!("{}::fuzz::for_as_long_as_wanted", backend.name());
            suite.pure(&name, move || crate::harness::runtime().block_on(wanted(backend)));
        }
    }
    suite.pure("fuzz::the_same_seed_makes_the_same_requests", again);
}

async fn fixed(backend: Backend) {
    fuzz(backend, 20_261_122, Length::Requests(REQUESTS)).await;
}

/// Rounds of a few minutes, each on a fresh database with a seed of its own, so that each can be had again.
async fn wanted(backend: Backend) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let minutes = number("FUZZ_MINUTES").unwrap_or(1);
    let mut seed = number("FUZZ_SEED").unwrap_or_else(|| u64::from(std::process::id()) * 7919);
    let until = std::time::Instant::now() + Duration::from_secs(minutes * 60);
    while std::time::Instant::now() < until {
        let rest = until - std::time::Instant::now();
        fuzz(backend, seed, Length::Time(rest.min(Duration::from_secs(200)))).await;
        seed += 1;
    }
}

async fn fuzz(backend: Backend, seed: u64, length: Length) {
    let office = Office::open(backend).await;
    let mut run = Run::new(&office, seed).await;
    let done = run.go(length).await.unwrap_or_else(|why| panic!("seed {seed}, {why}"));
    println!(
        "fuzz {} seed {seed}: {done} requests, {} without errors, {} refused, {} events, slowest {:?}; never without an error: {:?}",
        backend.name(),
        run.answered,
        run.refused,
        run.told,
        run.slowest,
        run.unreached()
    );
    assert!(run.answered > done / 20, "too few of them are of any use");
    let wrong = ridgeline::workflow::audit::check(&office.app).await.unwrap();
    assert!(wrong.is_empty(), "seed {seed}: {wrong:#?}");
    office.client("admin").await.ok("{ viewer { id } }", Value::Null).await;
}

fn again() {
    let schema = schema::Schema::read(&ridgeline::schema::sdl());
    let ids = values::Ids::default();
    let made = |seed| {
        let mut dice = dice::Dice::new(seed);
        (0..50)
            .map(|_| generate::Generator::operation(&schema, &ids, &mut dice, generate::Kind::Query).query)
            .collect::<Vec<_>>()
    };
    assert_eq!(made(7), made(7));
    assert_ne!(made(7), made(8));
}
