//! How often something may be tried, and how much a person may ask for in a minute.

mod budget;
mod lengths;

use std::time::Instant as Stopwatch;

use chrono::Duration;
use entity::enums::SecurityEventType::{AccountLocked, LoginBlocked, LoginFailure};
use entity::{rate_limit, security_event, session};
use futures_util::future::join_all;
use ridgeline::data::limits::{Bucket, Taken};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::harness::client::codes;
use crate::harness::database::Backend;
use crate::harness::office::{Office, PASSWORD, give, text};
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("limits::points_are_taken_once", points);
    suite.on_each_database("limits::a_window_is_as_long_as_it_says", windows);
    suite.on_each_database("limits::guesses_from_one_address", one_address);
    suite.on_each_database("limits::guesses_from_many_addresses", many_addresses);
    suite.on_each_database("limits::neighbours_and_forgers", neighbours);
    suite.on_each_database("limits::who_is_let_in_pays_nothing", let_in);
    suite.on_each_database("limits::made_up_refresh_tokens", refresh_tokens);
    suite.on_each_database("limits::aliased_guesses_are_one_refused_request", aliased);
    suite.on_each_database("limits::refusals_cost_the_same", same_cost);
    suite.on_each_database("limits::old_counts_and_sessions_go", housekeeping);
    suite.on_each_database("limits::a_persons_minute", budget::minute);
    suite.on_each_database("limits::a_persons_minute_at_two_instances", budget::shared_minute);
    suite.on_each_database("limits::a_persons_minute_over_websocket", budget::socket_minute);
    suite.on_each_database("limits::budgets_cost_no_statements", budget::no_statements);
    suite.on_each_database("limits::an_answer_has_so_many_fields", lengths::answers);
    suite.on_each_database("limits::lists_within_lists_have_an_end", lengths::cycles);
    suite.measured("limits::sign_in_takes_as_long_for_everybody", measured);
}

const LOGIN: &str = "mutation($input: LoginInput!) { login(input: $input) { accessToken refreshToken } }";
const PROXY: [&str; 2] = ["--trusted-proxies", "127.0.0.0/8"];

fn credentials(email: &str, password: &str) -> Value {
    json!({ "input": { "email": email, "password": password } })
}

fn code(answer: &Value) -> String {
    codes(answer).pop().unwrap_or_else(|| "ok".into())
}

fn count(codes: &[String], code: &str) -> usize {
    codes.iter().filter(|one| *one == code).count()
}

async fn used(office: &Office, name: &str) -> Option<i32> {
    let row = rate_limit::Entity::find_by_id(name.to_owned()).one(&office.db).await.unwrap();
    row.map(|row| row.used)
}

async fn points(backend: Backend) {
    let office = Office::open(backend).await;
    let (second, _) = office.second().await;
    let bucket = Bucket { name: "test:points".into(), points: 100, window: Duration::minutes(1) };
    let now = office.app.now();
    let takes = (0..64).map(|n| {
        let (app, bucket) = ([office.app.clone(), second.clone()][n % 2].clone(), bucket.clone());
        tokio::spawn(async move { app.db.take(&bucket, 7, now).await.unwrap() })
    });
    let outcomes = join_all(takes.collect::<Vec<_>>()).await;
    let granted = outcomes.iter().filter(|outcome| *outcome.as_ref().unwrap() == Taken::Granted).count();
    assert_eq!((granted, used(&office, "test:points").await), (14, Some(98)));
    assert_eq!(office.app.db.take(&bucket, 3, now).await.unwrap(), Taken::Refused { retry_after: 60 });
    assert_eq!(office.app.db.take(&bucket, 2, now).await.unwrap(), Taken::Granted, "what is left is left");
    office.app.db.give_back(&bucket, 2, now).await.unwrap();
    assert_eq!(used(&office, "test:points").await, Some(98));
    let whole = Bucket { name: "test:whole".into(), ..bucket };
    assert!(matches!(office.app.db.take(&whole, 101, now).await.unwrap(), Taken::Refused { .. }), "never so many");
    assert_eq!(used(&office, "test:whole").await, None);
    second.stop();
}

async fn windows(backend: Backend) {
    let office = Office::open(backend).await;
    let bucket = Bucket { name: "test:windows".into(), points: 2, window: Duration::minutes(1) };
    let take = async |seconds: i64| office.app.db.take(&bucket, 1, office.app.now() + Duration::seconds(seconds)).await;
    assert_eq!([take(0).await.unwrap(), take(30).await.unwrap()], [Taken::Granted, Taken::Granted]);
    assert_eq!(take(59).await.unwrap(), Taken::Refused { retry_after: 1 });
    assert_eq!(take(60).await.unwrap(), Taken::Granted, "another minute");
    // A clock that is behind gets nothing more out of the minute that is over.
    assert_eq!(take(59).await.unwrap(), Taken::Granted);
    assert!(matches!(take(59).await.unwrap(), Taken::Refused { .. }));
    assert!(matches!(take(61).await.unwrap(), Taken::Refused { .. }), "nor is the new one begun again");
    // Too late to be given back.
    office.app.db.give_back(&bucket, 1, office.app.now()).await.unwrap();
    assert_eq!(used(&office, "test:windows").await, Some(2));
}

async fn one_address(backend: Backend) {
    let office = Office::with(backend, &PROXY).await;
    let (second, address) = office.second_with(&PROXY).await;
    // Accounts that there are and others, at both instances, all at once.
    let guess = async |n: usize| {
        let email = if n.is_multiple_of(2) { "pm@ridgeline.test".into() } else { format!("nobody{n}@ridgeline.test") };
        let client = if n.is_multiple_of(3) { office.anyone() } else { office.anyone().at(&second, address) };
        client.from("203.0.113.9").send_and_wait(LOGIN, credentials(&email, "not the password")).await
    };
    let before = office.app.security.passwords.compared() + second.security.passwords.compared();
    let answers = join_all((0..100).map(guess)).await;
    let codes: Vec<String> = answers.iter().map(|(_, _, answer)| code(answer)).collect();
    assert_eq!((count(&codes, "UNAUTHENTICATED"), count(&codes, "RATE_LIMITED")), (20, 80), "{codes:?}");
    let after = office.app.security.passwords.compared() + second.security.passwords.compared();
    assert_eq!(after - before, 20, "what is refused by address is not looked at");
    let (status, wait, answer) = answers.into_iter().find(|(_, _, answer)| code(answer) == "RATE_LIMITED").unwrap();
    // The office opens on the hour.
    assert_eq!((status, wait), (429, Some(900)));
    assert_eq!(answer["errors"][0]["extensions"]["retryAfter"], 900);
    assert_eq!(answer["data"], Value::Null);
    // Nobody else is kept out, and nobody for longer.
    office.anyone().from("203.0.113.10").ok(LOGIN, credentials("worker@ridgeline.test", PASSWORD)).await;
    let here = office.anyone().from("203.0.113.9");
    assert_eq!(here.code(LOGIN, credentials("worker@ridgeline.test", PASSWORD)).await, "RATE_LIMITED");
    office.app.clock.advance(Duration::minutes(15));
    here.ok(LOGIN, credentials("worker@ridgeline.test", PASSWORD)).await;
    second.stop();
}

async fn many_addresses(backend: Backend) {
    let office = Office::with(backend, &PROXY).await;
    let guess = async |n: usize| {
        let client = office.anyone().from(&format!("198.51.{}.{}", n / 200, n % 200));
        client.code(LOGIN, credentials("pm@ridgeline.test", &format!("guess {n}"))).await
    };
    let codes = join_all((0..120).map(guess)).await;
    assert_eq!(count(&codes, "UNAUTHENTICATED"), 120, "{codes:?}");
    let events = async |kind| {
        let these = security_event::Entity::find().filter(security_event::Column::EventType.eq(kind));
        these.count(&office.db).await.unwrap()
    };
    // Five were tested, as many as the account allows.
    assert_eq!([events(LoginFailure).await, events(AccountLocked).await, events(LoginBlocked).await], [5, 1, 115]);
}

async fn neighbours(backend: Backend) {
    let office = Office::with(backend, &PROXY).await;
    let from = async |address: &str| {
        let client = office.anyone().from(address);
        client.code(LOGIN, credentials("nobody@ridgeline.test", "not the password")).await
    };
    for n in 0..20 {
        assert_eq!(from(&format!("2001:db8:1:2::{n:x}")).await, "UNAUTHENTICATED");
    }
    assert_eq!(from("2001:db8:1:2:ffff::1").await, "RATE_LIMITED", "a household has as many addresses as it likes");
    assert_eq!(from("2001:db8:1:3::1").await, "UNAUTHENTICATED");
    // What stands left of the address that our proxy saw is what the client made up.
    for n in 0..20 {
        assert_eq!(from(&format!("192.0.2.{n}, 203.0.113.7")).await, "UNAUTHENTICATED");
    }
    assert_eq!(from("192.0.2.99, 203.0.113.7").await, "RATE_LIMITED");
    let open = Office::open(backend).await;
    for n in 0..21 {
        let client = open.anyone().from(&format!("192.0.2.{n}"));
        let code = client.code(LOGIN, credentials("nobody@ridgeline.test", "not the password")).await;
        assert_eq!(code, if n < 20 { "UNAUTHENTICATED" } else { "RATE_LIMITED" }, "no proxy is trusted here");
    }
}

async fn let_in(backend: Backend) {
    let office = Office::with(backend, &PROXY).await;
    let desk = office.anyone().from("203.0.113.9");
    for _ in 0..25 {
        desk.ok(LOGIN, credentials("worker@ridgeline.test", PASSWORD)).await;
    }
    assert_eq!(used(&office, "password:203.0.113.9").await, Some(0));
    let change = "mutation($input: ChangePasswordInput!) { changePassword(input: $input) { endedSessions } }";
    let input = |current: &str| json!({ "input": { "currentPassword": current, "newPassword": "four words of mine" } });
    let pm = office.client("pm").await.from("203.0.113.9");
    assert_eq!(pm.code(change, input("not the password")).await, "BAD_USER_INPUT");
    assert_eq!(used(&office, "password:203.0.113.9").await, Some(1), "a wrong present password is a guess too");
    pm.ok(change, input(PASSWORD)).await;
    assert_eq!(used(&office, "password:203.0.113.9").await, Some(1));
    for n in 0..19 {
        desk.error(LOGIN, credentials(&format!("nobody{n}@ridgeline.test"), "not the password")).await;
    }
    let (status, wait, answer) = pm.send_and_wait(change, input("four words of mine")).await;
    assert_eq!((status, wait.is_some(), code(&answer).as_str()), (429, true, "RATE_LIMITED"));
}

async fn refresh_tokens(backend: Backend) {
    let office = Office::with(backend, &PROXY).await;
    let refresh = "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { refreshToken } }";
    let desk = office.anyone().from("203.0.113.9");
    let signed_in = desk.ok(LOGIN, credentials("worker@ridgeline.test", PASSWORD)).await;
    let mut token = text(&signed_in["login"]["refreshToken"]);
    for _ in 0..3 {
        let next = desk.ok(refresh, json!({ "input": { "refreshToken": token } })).await;
        token = text(&next["refreshSession"]["refreshToken"]);
    }
    assert_eq!(used(&office, "refresh:203.0.113.9").await, Some(0));
    let guess =
        async |n: usize| desk.code(refresh, json!({ "input": { "refreshToken": format!("made up {n}") } })).await;
    let codes = join_all((0..70).map(guess)).await;
    assert_eq!((count(&codes, "UNAUTHENTICATED"), count(&codes, "RATE_LIMITED")), (60, 10), "{codes:?}");
    desk.ok(LOGIN, credentials("worker@ridgeline.test", PASSWORD)).await;
}

async fn aliased(backend: Backend) {
    let office = Office::with(backend, &PROXY).await;
    let one = |n: usize| {
        format!(r#"a{n}: login(input: {{ email: "pm@ridgeline.test", password: "guess {n}" }}) {{ accessToken }} "#)
    };
    let hundred: String = (0..100).map(one).collect();
    let few: String = (0..5).map(one).collect();
    let documents = [
        format!("mutation {{ {hundred} }}"),
        format!("mutation {{ ...F }} fragment F on Mutation {{ {few} }}"),
        format!("mutation {{ ...F ... on Mutation {{ {} }} }} fragment F on Mutation {{ {} }}", one(1), one(2)),
        "mutation { refreshSession(input: { refreshToken: \"x\" }) { accessToken } changePassword(input: {
            currentPassword: \"x\", newPassword: \"four words of mine\" }) { endedSessions } }"
            .to_owned(),
    ];
    let before = office.app.security.passwords.compared();
    for (document, attempts) in documents.iter().zip(1..) {
        let (status, answer) = office.anyone().from("203.0.113.9").send(document, Value::Null).await;
        assert_eq!((status, codes(&answer).contains(&"LIMIT_EXCEEDED".to_owned())), (400, true), "{answer}");
        assert!(answer.get("data").is_none());
        assert_eq!(used(&office, "password:203.0.113.9").await, Some(attempts), "together they are one");
    }
    let mut socket = office.client("worker").await.from("203.0.113.9").socket().await;
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": { "query": documents[1] } })).await;
    let message = socket.next().await;
    assert_eq!(
        (&message["type"], &message["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!("LIMIT_EXCEEDED"))
    );
    assert_eq!(used(&office, "password:203.0.113.9").await, Some(5));
    assert_eq!(office.app.security.passwords.compared(), before, "not one password was looked at");
    assert_eq!(security_event::Entity::find().count(&office.db).await.unwrap(), 0);
    for _ in 0..20 {
        office.anyone().from("203.0.113.9").send(&documents[0], Value::Null).await;
    }
    let desk = office.anyone().from("203.0.113.9");
    assert_eq!(desk.code(LOGIN, credentials("pm@ridgeline.test", PASSWORD)).await, "RATE_LIMITED");
}

/// The addresses of a known person, of nobody, of somebody who is locked out, and of somebody deactivated.
async fn four(office: &Office) -> [&'static str; 4] {
    let locked = office.app.now() + Duration::days(3_000);
    give(office, "worker", |row| row.lock_until = Set(Some(locked))).await;
    give(office, "stranger", |row| row.is_active = Set(false)).await;
    ["pm@ridgeline.test", "nobody@ridgeline.test", "worker@ridgeline.test", "stranger@ridgeline.test"]
}

async fn same_cost(backend: Backend) {
    let office = Office::open(backend).await;
    let cost = async |email: &str| {
        let compared = office.app.security.passwords.compared();
        let statements = office.app.db.statements();
        let watch = Stopwatch::now();
        assert_eq!(office.anyone().code(LOGIN, credentials(email, "not the password")).await, "UNAUTHENTICATED");
        assert!(watch.elapsed().as_millis() >= 100, "a refusal waits for the beat");
        (office.app.db.statements() - statements, office.app.security.passwords.compared() - compared)
    };
    let four = four(&office).await;
    let usual = cost(four[1]).await;
    assert_eq!(usual.1, 1, "one password is compared, if it is nobody's");
    for email in four {
        assert_eq!(cost(email).await, usual, "{email}");
    }
    for attempt in 2..=6 {
        assert_eq!(cost(four[0]).await, usual, "attempt {attempt}: the fifth locks, the sixth is locked out");
    }
}

async fn housekeeping(backend: Backend) {
    let office = Office::open(backend).await;
    office.anyone().error(LOGIN, credentials("nobody@ridgeline.test", "not the password")).await;
    let client = office.client("pm").await;
    client.ok("mutation { logout { endedSessions } }", Value::Null).await;
    let rows = async || {
        let limits = rate_limit::Entity::find().filter(rate_limit::Column::Id.like("password:%"));
        (
            limits.count(&office.db).await.unwrap(),
            session::Entity::find().count(&office.db).await.unwrap(),
            security_event::Entity::find().count(&office.db).await.unwrap(),
        )
    };
    office.pass(Duration::zero()).await;
    assert_eq!(rows().await, (1, 1, 1));
    office.pass(Duration::hours(2)).await;
    assert_eq!(rows().await, (0, 1, 1), "a count whose time is over");
    office.pass(Duration::days(29)).await;
    assert_eq!(rows().await, (0, 1, 1));
    office.pass(Duration::days(1)).await;
    assert_eq!(rows().await, (0, 0, 1), "a session that ended 30 days ago");
    office.pass(Duration::days(334)).await;
    assert_eq!(rows().await, (0, 0, 1));
    office.pass(Duration::days(1)).await;
    assert_eq!(rows().await, (0, 0, 0), "an event of last year");
}

/// How long a refused sign-in takes, for a known address, nobody's, a locked and a deactivated account; in turn, so
/// that whatever else the machine does befalls all of them. Run by `just bench-sign-in`.
async fn measured(backend: Backend) {
    const ROUNDS: usize = 200;
    let office = Office::with(backend, &PROXY).await;
    let four = four(&office).await;
    let mut times = vec![Vec::with_capacity(ROUNDS); four.len()];
    for round in 0..ROUNDS {
        // No lock and no limit lasts into the next round.
        office.app.clock.advance(Duration::minutes(15));
        give(&office, "pm", |row| row.login_attempts = Set(0)).await;
        for turn in 0..four.len() {
            let which = (turn + round) % four.len();
            let client = office.anyone().from(&format!("198.51.100.{which}"));
            let began = Stopwatch::now();
            assert_eq!(client.code(LOGIN, credentials(four[which], "not the password")).await, "UNAUTHENTICATED");
            times[which].push(began.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    println!("\n{}: {ROUNDS} refused sign-ins each, in ms", backend.name());
    for (times, who) in times.iter_mut().zip(["known", "unknown", "locked", "deactivated"]) {
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times[times.len() * share / 100];
        println!("{who:>12}  median {:6.2}  quartiles {:6.2} to {:6.2}", at(50), at(25), at(75));
    }
}
