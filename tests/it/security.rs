//! Who gets in, who does not, and how it ends.

use chrono::Duration;
use entity::enums::SecurityEventType::{
    self, AccountLocked, DeviceSuspicious, LoginBlocked, LoginFailure, LoginSuccess, PasswordChanged,
};
use entity::scalar::Id;
use entity::{refresh_token, security_event, session, user};
use futures_util::future::join_all;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::harness::client::Client;
use crate::harness::database::Backend;
use crate::harness::office::{Office, PASSWORD, text};
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("security::signing_in_opens_a_session", signing_in);
    suite.on_each_database("security::every_refusal_is_the_same", same_refusal);
    suite.on_each_database("security::guesses_at_once_test_five_passwords", guesses_at_once);
    suite.on_each_database("security::a_right_fifth_attempt_gets_in", right_fifth);
    suite.on_each_database("security::refresh_tokens_are_spent_once", rotation);
    suite.on_each_database("security::a_lost_answer_is_answered_again", retry);
    suite.on_each_database("security::a_spent_token_ends_the_family", reuse);
    suite.on_each_database("security::refreshing_at_once_agrees", refreshing_at_once);
    suite.on_each_database("security::sessions_slide_and_run_out", running_out);
    suite.on_each_database("security::signing_out", signing_out);
    suite.on_each_database("security::ones_own_sessions", own_sessions);
    suite.on_each_database("security::another_password", another_password);
    suite.on_each_database("security::wrong_present_passwords_lock", wrong_present_password);
}

const LOGIN: &str = "mutation($input: LoginInput!) { login(input: $input) { accessToken refreshToken expiresAt
    user { id email lastLogin } mfaChallenge { challengeToken methods expiresAt } } }";
const REFRESH: &str = "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) {
    accessToken refreshToken expiresAt user { id } } }";
const CHANGE: &str = "mutation($input: ChangePasswordInput!) { changePassword(input: $input) {
    user { id } endedSessions } }";
const WHO: &str = "{ viewer { id } }";
const SESSIONS: &str =
    "{ mySessions { id createdAt lastUsedAt expiresAt endedAt ipAddress userAgent deviceName current } }";

fn credentials(email: &str, password: &str) -> Value {
    json!({ "input": { "email": email, "password": password } })
}

/// A sign-in as the client sees it.
struct SignedIn {
    client: Client,
    refresh: String,
}

fn signed_in(office: &Office, payload: &Value) -> SignedIn {
    let mut client = office.anyone();
    client.token = Some(text(&payload["accessToken"]));
    SignedIn { client, refresh: text(&payload["refreshToken"]) }
}

async fn sign_in(office: &Office, name: &str) -> SignedIn {
    let answer = office.anyone().ok(LOGIN, credentials(&format!("{name}@ridgeline.test"), PASSWORD)).await;
    signed_in(office, &answer["login"])
}

fn token(refresh: &str, key: Option<&str>) -> Value {
    json!({ "input": { "refreshToken": refresh, "idempotencyKey": key } })
}

async fn refresh(office: &Office, spent: &str, key: Option<&str>) -> SignedIn {
    signed_in(office, &office.anyone().ok(REFRESH, token(spent, key)).await["refreshSession"])
}

async fn refuses(office: &Office, spent: &str, key: Option<&str>) {
    assert_eq!(office.anyone().code(REFRESH, token(spent, key)).await, "UNAUTHENTICATED");
}

async fn works(client: &Client) -> bool {
    let (_, answer) = client.send(WHO, json!({})).await;
    match answer["errors"][0]["extensions"]["code"].as_str() {
        None => true,
        Some("UNAUTHENTICATED") => false,
        Some(code) => panic!("{code}"),
    }
}

async fn person(office: &Office, name: &str) -> user::Model {
    user::Entity::find_by_id(office.id(name)).one(&office.db).await.unwrap().unwrap()
}

async fn events(office: &Office, kind: SecurityEventType) -> u64 {
    let these = security_event::Entity::find().filter(security_event::Column::EventType.eq(kind));
    these.count(&office.db).await.unwrap()
}

async fn deactivate(office: &Office, name: &str) {
    let row = user::ActiveModel { id: Set(office.id(name)), is_active: Set(false), ..Default::default() };
    user::Entity::update(row).exec(&office.db).await.unwrap();
}

async fn signing_in(backend: Backend) {
    let office = Office::open(backend).await;
    let input = json!({ "input": {
        "email": " PM@Ridgeline.Test ", "password": PASSWORD, "deviceFingerprint": "f-1", "deviceName": "Truck" } });
    let payload = office.anyone().ok(LOGIN, input).await["login"].clone();
    let now = office.app.now();
    assert_eq!(payload["user"]["id"], office.id("pm").0.as_str());
    assert_eq!(payload["user"]["lastLogin"], now.to_string(), "one's own fields are there at once");
    assert_eq!(payload["expiresAt"], (now + Duration::minutes(15)).to_string());
    assert_eq!(payload["mfaChallenge"], Value::Null);
    let SignedIn { client, refresh } = signed_in(&office, &payload);
    assert_eq!(client.ok(WHO, json!({})).await["viewer"]["id"], office.id("pm").0.as_str());
    let row = session::Entity::find().one(&office.db).await.unwrap().unwrap();
    assert_eq!((row.device_fingerprint.as_deref(), row.device_name.as_deref()), (Some("f-1"), Some("Truck")));
    assert_eq!(row.ip_address.as_deref(), Some("127.0.0.1"));
    let kept = refresh_token::Entity::find().one(&office.db).await.unwrap().unwrap();
    assert!(kept.token_hash.0.len() == 64 && !kept.token_hash.0.contains(&refresh), "only the hash is kept");
    let pm = person(&office, "pm").await;
    assert_eq!((pm.last_login, pm.last_login_ip.as_deref(), pm.login_attempts), (Some(now), Some("127.0.0.1"), 0));
    assert_eq!((events(&office, LoginSuccess).await, events(&office, LoginFailure).await), (1, 0));
    office.app.clock.advance(Duration::minutes(15));
    assert!(!works(&client).await, "an access token ends by the clock");
}

async fn same_refusal(backend: Backend) {
    let office = Office::open(backend).await;
    let anyone = office.anyone();
    deactivate(&office, "stranger").await;
    for _ in 0..5 {
        anyone.error(LOGIN, credentials("worker@ridgeline.test", "not the password")).await;
    }
    let wrong = anyone.error(LOGIN, credentials("pm@ridgeline.test", "not the password")).await;
    assert_eq!(wrong["extensions"]["code"], "UNAUTHENTICATED");
    for (email, password) in [
        ("nobody@ridgeline.test", PASSWORD),
        ("worker@ridgeline.test", PASSWORD),
        ("stranger@ridgeline.test", PASSWORD),
        ("not an address", ""),
        ("a\u{0}b@ridgeline.test", PASSWORD),
        (&"x".repeat(400), PASSWORD),
    ] {
        assert_eq!(anyone.error(LOGIN, credentials(email, password)).await, wrong, "{email}");
    }
    // A locked account, a deactivated one; and the addresses of nobody.
    assert_eq!((events(&office, LoginBlocked).await, events(&office, LoginFailure).await), (2, 5 + 1 + 4));
    assert_eq!(session::Entity::find().count(&office.db).await.unwrap(), 0);
}

async fn guesses_at_once(backend: Backend) {
    let office = Office::with(backend, &["--trusted-proxies", "127.0.0.1"]).await;
    let guess = async |n: usize| {
        let client = office.anyone().from(&format!("198.51.100.{n}"));
        client.code(LOGIN, credentials("pm@ridgeline.test", &format!("guess {n}"))).await
    };
    let codes = join_all((0..64).map(guess)).await;
    assert!(codes.iter().all(|code| code == "UNAUTHENTICATED"), "{codes:?}");
    let counts = [LoginFailure, AccountLocked, LoginBlocked].map(|kind| events(&office, kind));
    assert_eq!(join_all(counts).await, [5, 1, 59]);
    let pm = person(&office, "pm").await;
    assert_eq!((pm.login_attempts, pm.lock_until), (5, Some(office.app.now() + Duration::minutes(15))));
    let right = || credentials("pm@ridgeline.test", PASSWORD);
    office.app.clock.advance(Duration::minutes(15) + Duration::milliseconds(-1));
    assert_eq!(office.anyone().code(LOGIN, right()).await, "UNAUTHENTICATED");
    office.app.clock.advance(Duration::milliseconds(1));
    assert_eq!(office.anyone().code(LOGIN, credentials("pm@ridgeline.test", "again wrong")).await, "UNAUTHENTICATED");
    assert_eq!(person(&office, "pm").await.login_attempts, 1, "the count starts anew");
    office.anyone().ok(LOGIN, right()).await;
    let pm = person(&office, "pm").await;
    assert_eq!((pm.login_attempts, pm.lock_until), (0, None));
}

async fn right_fifth(backend: Backend) {
    let office = Office::open(backend).await;
    for _ in 0..4 {
        office.anyone().error(LOGIN, credentials("pm@ridgeline.test", "not the password")).await;
    }
    sign_in(&office, "pm").await;
    let pm = person(&office, "pm").await;
    assert_eq!((pm.login_attempts, pm.lock_until), (0, None));
    let counts = [LoginFailure, AccountLocked, LoginBlocked, LoginSuccess].map(|kind| events(&office, kind));
    assert_eq!(join_all(counts).await, [4, 0, 0, 1]);
}

async fn rotation(backend: Backend) {
    let office = Office::open(backend).await;
    let first = sign_in(&office, "pm").await;
    office.app.clock.advance(Duration::minutes(16));
    assert!(!works(&first.client).await);
    let second = refresh(&office, &first.refresh, None).await;
    assert!(works(&second.client).await);
    assert_ne!(first.refresh, second.refresh);
    let third = refresh(&office, &second.refresh, Some("k")).await;
    assert!(works(&third.client).await && works(&second.client).await, "one session, both tokens still good");
    assert_eq!(session::Entity::find().count(&office.db).await.unwrap(), 1);
    refuses(&office, "made up", None).await;
    let too_long = office.anyone().code(REFRESH, token(&third.refresh, Some(&"k".repeat(201)))).await;
    assert_eq!(too_long, "BAD_USER_INPUT");
    assert!(works(&refresh(&office, &third.refresh, None).await.client).await, "a mistake spends nothing");
}

async fn retry(backend: Backend) {
    let office = Office::open(backend).await;
    let first = sign_in(&office, "pm").await;
    let second = refresh(&office, &first.refresh, Some("k")).await;
    office.app.clock.advance(Duration::seconds(60));
    let again = refresh(&office, &first.refresh, Some("k")).await;
    assert_eq!(again.refresh, second.refresh);
    assert!(works(&again.client).await);
    let tokens = refresh_token::Entity::find().all(&office.db).await.unwrap();
    assert_eq!(tokens.len(), 2, "the successor is not made a second time");
    assert!(tokens.iter().all(|row| row.token_hash.0 != second.refresh), "nor kept");
    // Once the successor is used, whoever asks again is somebody else.
    let third = refresh(&office, &second.refresh, Some("l")).await;
    refuses(&office, &first.refresh, Some("k")).await;
    assert!(!works(&third.client).await);
}

async fn reuse(backend: Backend) {
    let office = Office::open(backend).await;
    for (key, other, wait) in
        [(None, None, 1), (Some("k"), Some("other"), 1), (Some("k"), None, 1), (Some("k"), Some("k"), 61)]
    {
        let first = sign_in(&office, "pm").await;
        let bystander = sign_in(&office, "pm").await;
        let second = refresh(&office, &first.refresh, key).await;
        let mut socket = second.client.socket().await;
        let before = events(&office, DeviceSuspicious).await;
        office.app.clock.advance(Duration::seconds(wait));
        refuses(&office, &first.refresh, other).await;
        assert_eq!(events(&office, DeviceSuspicious).await, before + 1);
        assert_eq!(socket.close_code().await, 4403);
        assert!(!works(&first.client).await && !works(&second.client).await, "access tokens end too");
        refuses(&office, &second.refresh, None).await;
        assert_eq!(events(&office, DeviceSuspicious).await, before + 1, "an ended family cannot end again");
        assert!(works(&bystander.client).await, "other sessions of the person go on");
    }
}

async fn refreshing_at_once(backend: Backend) {
    let office = Office::open(backend).await;
    let first = sign_in(&office, "pm").await;
    let same = join_all((0..8).map(async |_| refresh(&office, &first.refresh, Some("k")).await)).await;
    assert!(same.iter().all(|next| next.refresh == same[0].refresh), "tabs with one key get one successor");
    assert!(works(&same[7].client).await);
    // Without a key only one can have it: the second ends the session.
    let attempts = (0..2).map(async |_| office.anyone().send(REFRESH, token(&same[0].refresh, None)).await.1);
    let answers = join_all(attempts).await;
    assert_eq!(answers.iter().filter(|answer| answer.get("errors").is_none()).count(), 1);
    assert!(!works(&same[0].client).await);
}

async fn running_out(backend: Backend) {
    let office = Office::with(backend, &["--refresh-token-ttl", "10d", "--access-token-ttl", "20d"]).await;
    let first = sign_in(&office, "pm").await;
    office.app.clock.advance(Duration::days(9));
    assert!(works(&first.client).await);
    let second = refresh(&office, &first.refresh, None).await;
    office.app.clock.advance(Duration::days(9));
    assert!(works(&first.client).await && works(&second.client).await, "refreshing moves the session's end on");
    office.app.clock.advance(Duration::days(1));
    assert!(!works(&second.client).await, "a session that is not refreshed ends, whatever its access token says");
    refuses(&office, &second.refresh, None).await;
    let gone = sign_in(&office, "worker").await;
    deactivate(&office, "worker").await;
    refuses(&office, &gone.refresh, None).await;
}

async fn signing_out(backend: Backend) {
    let office = Office::open(backend).await;
    let (here, there) = (sign_in(&office, "client").await, sign_in(&office, "client").await);
    let mut socket = here.client.socket().await;
    assert_eq!(here.client.ok("mutation { logout { endedSessions } }", json!({})).await["logout"]["endedSessions"], 1);
    assert_eq!(socket.close_code().await, 4403);
    assert!(!works(&here.client).await && works(&there.client).await);
    refuses(&office, &here.refresh, None).await;
    assert_eq!(office.anyone().code("mutation { logout { endedSessions } }", json!({})).await, "UNAUTHENTICATED");

    let everywhere = "mutation($input: LogoutEverywhereInput!) { logoutEverywhere(input: $input) { endedSessions } }";
    let third = sign_in(&office, "client").await;
    let stranger = sign_in(&office, "worker").await;
    let ended = third.client.ok(everywhere, json!({ "input": { "keepCurrent": true } })).await;
    assert_eq!(ended["logoutEverywhere"]["endedSessions"], 1);
    assert!(works(&third.client).await && !works(&there.client).await);
    let fourth = sign_in(&office, "client").await;
    let all = "mutation { logout(input: { everywhere: true }) { endedSessions } }";
    assert_eq!(fourth.client.ok(all, json!({})).await["logout"]["endedSessions"], 2);
    assert!(!works(&third.client).await && !works(&fourth.client).await);
    let third = sign_in(&office, "client").await;
    third.client.ok(everywhere, json!({ "input": {} })).await;
    assert!(!works(&third.client).await && works(&stranger.client).await);
}

async fn own_sessions(backend: Backend) {
    let office = Office::open(backend).await;
    let input = json!({ "input": { "email": "pm@ridgeline.test", "password": PASSWORD, "deviceName": "Truck" } });
    let truck = signed_in(&office, &office.anyone().ok(LOGIN, input).await["login"]);
    office.app.clock.advance(Duration::minutes(1));
    let desk = sign_in(&office, "pm").await;
    let admin = sign_in(&office, "admin").await;
    let listed = desk.client.ok(SESSIONS, json!({})).await["mySessions"].clone();
    let current: Vec<&Value> = listed.as_array().unwrap().iter().map(|row| &row["current"]).collect();
    assert_eq!(current, [&json!(true), &json!(false)]);
    assert_eq!(listed[1]["deviceName"], "Truck");
    let end = "mutation($input: EndSessionInput!) { endSession(input: $input) { session { id endedAt current } } }";
    let this = json!({ "input": { "id": listed[1]["id"] } });
    assert_eq!(admin.client.code(end, this.clone()).await, "NOT_FOUND", "not even an administrator's to end here");
    for _ in 0..2 {
        let ended = desk.client.ok(end, this.clone()).await["endSession"]["session"].clone();
        assert_eq!(ended["endedAt"], office.app.now().to_string());
    }
    assert!(!works(&truck.client).await && works(&desk.client).await);
    assert_eq!(desk.client.ok(SESSIONS, json!({})).await["mySessions"].as_array().unwrap().len(), 1);
    let row = session::Entity::find_by_id(Id(text(&listed[1]["id"]))).one(&office.db).await.unwrap().unwrap();
    assert_eq!(row.ended_reason.as_deref(), Some("ENDED_BY_PERSON"));
}

async fn another_password(backend: Backend) {
    let office = Office::open(backend).await;
    let (here, there) = (sign_in(&office, "pm").await, sign_in(&office, "pm").await);
    let new = " a new long passphrase ";
    let input = |current: &str, new: &str| json!({ "input": { "currentPassword": current, "newPassword": new } });
    for (unfit, faults) in [("too short", 1), ("Ridgeline-pm", 2), ("password1234", 1), ("pm@ridgeline.test", 2)] {
        let fields = here.client.error(CHANGE, input(PASSWORD, unfit)).await["extensions"]["fields"].clone();
        assert_eq!(fields.as_array().unwrap().len(), faults, "{unfit}: {fields}");
        assert_eq!(fields[0]["path"], "input.newPassword");
    }
    assert_eq!(person(&office, "pm").await.login_attempts, 0, "an unfit new password is no attempt");
    let wrong = here.client.error(CHANGE, input("not the password", new)).await;
    assert_eq!(wrong["extensions"]["fields"][0]["path"], "input.currentPassword");
    assert_eq!(person(&office, "pm").await.login_attempts, 1);
    let changed = here.client.ok(CHANGE, input(PASSWORD, new)).await["changePassword"].clone();
    assert_eq!(changed["endedSessions"], 1);
    assert!(works(&here.client).await && !works(&there.client).await);
    let pm = person(&office, "pm").await;
    assert_eq!((pm.login_attempts, pm.password_changed_at), (0, Some(office.app.now())));
    assert_eq!(events(&office, PasswordChanged).await, 1);
    for (password, gets_in) in [(PASSWORD, false), (new.trim(), false), (new, true)] {
        let (_, answer) = office.anyone().send(LOGIN, credentials("pm@ridgeline.test", password)).await;
        assert_eq!(answer.get("errors").is_none(), gets_in, "{password}");
    }
}

async fn wrong_present_password(backend: Backend) {
    let office = Office::open(backend).await;
    let here = sign_in(&office, "pm").await;
    let input =
        |current: &str| json!({ "input": { "currentPassword": current, "newPassword": "a new long passphrase" } });
    for _ in 0..5 {
        assert_eq!(here.client.code(CHANGE, input("not the password")).await, "BAD_USER_INPUT");
    }
    assert_eq!(here.client.code(CHANGE, input(PASSWORD)).await, "BAD_USER_INPUT", "locked");
    assert_eq!(office.anyone().code(LOGIN, credentials("pm@ridgeline.test", PASSWORD)).await, "UNAUTHENTICATED");
    assert!(works(&here.client).await, "a lock is for signing in; who is in stays in");
    office.app.clock.advance(Duration::minutes(14));
    assert_eq!(events(&office, AccountLocked).await, 1);
    office.app.clock.advance(Duration::minutes(1));
    sign_in(&office, "pm").await;
}
