//! A whole server on a database of its own, with people of every role, and clients that speak to it as real ones do.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeZone, Utc};
use clap::Parser;
use entity::enums::{Permission, UserRole};
use entity::list::List;
use entity::scalar::{Id, Instant};
use entity::{session, user};
use ridgeline::app::App;
use ridgeline::clock::Clock;
use ridgeline::config::Settings;
use ridgeline::http::{Doors, Pace};
use sea_orm::ActiveValue::Set;
use sea_orm::{DatabaseConnection, EntityTrait};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::harness::client::Client;
use crate::harness::database::{Backend, TestDatabase, fresh};

pub const PASSWORD: &str = "a-good-long-password";

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
}

/// A running server and what a test needs to look behind it.
pub struct Office {
    pub app: Arc<App>,
    pub address: SocketAddr,
    /// A plain connection to the same database.
    pub db: DatabaseConnection,
    pub database: TestDatabase,
    http: reqwest::Client,
}

/// The six roles, each with an account of its own, and a second worker whom nothing ties to anything.
pub const PEOPLE: [(&str, UserRole); 7] = [
    ("admin", UserRole::Admin),
    ("manager", UserRole::Manager),
    ("pm", UserRole::ProjectManager),
    ("foreman", UserRole::Foreman),
    ("worker", UserRole::Worker),
    ("stranger", UserRole::Worker),
    ("client", UserRole::Client),
];

impl Office {
    pub async fn open(backend: Backend) -> Self {
        Self::on(fresh(backend).await, &[]).await
    }

    /// With settings as they stand on a command line.
    pub async fn with(backend: Backend, flags: &[&str]) -> Self {
        Self::on(fresh(backend).await, flags).await
    }

    pub async fn on(database: TestDatabase, flags: &[&str]) -> Self {
        Self::served(database, flags, Pace::default(), Doors::of(10_000)).await
    }

    /// With another patience for sockets and for connections.
    pub async fn paced(backend: Backend, pace: Pace, doors: Doors) -> Self {
        Self::served(fresh(backend).await, &[], pace, doors).await
    }

    async fn served(database: TestDatabase, flags: &[&str], pace: Pace, doors: Doors) -> Self {
        let app = instance(&database.url, flags).await;
        let db = database.connect().await;
        staff(&db, &app).await;
        let address = serve(&app, pace, doors).await;
        Self { app, address, db, database, http: reqwest::Client::new() }
    }

    /// Another instance on the same database, as behind a load balancer.
    pub async fn second(&self) -> (Arc<App>, SocketAddr) {
        self.second_with(&[]).await
    }

    /// The same with settings as they stand on a command line.
    pub async fn second_with(&self, flags: &[&str]) -> (Arc<App>, SocketAddr) {
        let app = instance(&self.database.url, flags).await;
        let address = serve(&app, Pace::default(), Doors::of(10_000)).await;
        (app, address)
    }

    pub fn anyone(&self) -> Client {
        Client::new(self.http.clone(), &self.app, self.address, None)
    }

    /// Somebody's client, with a session of their own: no password is hashed for it.
    pub async fn client(&self, name: &str) -> Client {
        let token = self.token(name).await;
        Client::new(self.http.clone(), &self.app, self.address, Some(token))
    }

    pub async fn token(&self, name: &str) -> String {
        let now = self.app.clock.now();
        let id = Id(format!("session-{name}-{}", rand()));
        let row = session::ActiveModel {
            id: Set(id.clone()),
            user_id: Set(self.id(name)),
            expires_at: Set(now + chrono::Duration::days(30)),
            last_used_at: Set(now),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        };
        session::Entity::insert(row).exec_without_returning(&self.db).await.expect("a session");
        self.app.security.tokens.issue(&self.id(name), &id, now).expect("a token").0
    }

    pub fn id(&self, name: &str) -> Id {
        Id(format!("user-{name}"))
    }

    pub async fn pass(&self, duration: chrono::Duration) {
        self.app.clock.advance(duration);
        self.run_jobs().await;
    }

    /// Does what is due by the office's clock.
    pub async fn run_jobs(&self) -> u64 {
        ridgeline::jobs::run_due(&self.app).await.expect("the jobs")
    }

    /// A customer and a project of theirs, run by the project manager.
    pub async fn project(&self) -> Project {
        self.project_with(json!({})).await
    }

    pub async fn project_with(&self, more: Value) -> Project {
        let admin = self.client("admin").await;
        let customer = admin.create_customer(&format!("mail{}@example.com", rand())).await;
        let mut input = json!({
            "customerId": customer, "projectName": "12 Ridge Road", "projectType": "ROOF_REPLACEMENT",
            "budget": "12500.00", "startDate": "2026-03-01T00:00:00Z", "endDate": "2026-06-01T00:00:00Z",
            "projectManagerId": self.id("pm").0,
        });
        for (key, value) in more.as_object().into_iter().flatten() {
            input[key] = value.clone();
        }
        let answer = admin.ok(CREATE_PROJECT, json!({ "input": input })).await;
        let project = &answer["createProject"]["project"];
        let steps = project["workflow"]["steps"].as_array().expect("steps");
        let items = steps.iter().flat_map(|step| step["subtasks"].as_array().expect("subtasks"));
        Project { id: text(&project["id"]), customer, items: items.map(|item| text(&item["subTaskId"])).collect() }
    }
}

const CREATE_PROJECT: &str = "mutation($input: CreateProjectInput!) { createProject(input: $input) { project {
    id workflow { steps { subtasks { subTaskId } } } } } }";

/// A project with its line items in order.
#[derive(Clone, Debug)]
pub struct Project {
    pub id: String,
    pub customer: String,
    pub items: Vec<String>,
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}")).to_owned()
}

/// Different each time; never a word about order.
pub fn rand() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{:x}", NEXT.fetch_add(1, Ordering::Relaxed))
}

pub fn morning() -> Instant {
    Instant::new(Utc.with_ymd_and_hms(2026, 3, 2, 15, 0, 0).unwrap())
}

pub fn settings(url: &str, flags: &[&str]) -> Settings {
    let mut all = vec!["test", "--database-url", url];
    if !flags.contains(&"--db-max-connections") {
        all.extend(["--db-max-connections", "8"]);
    }
    Flags::parse_from(all.iter().chain(flags)).settings
}

async fn instance(url: &str, flags: &[&str]) -> Arc<App> {
    static KEYS: OnceCell<(String, String)> = OnceCell::const_new();
    let keys = KEYS.get_or_init(|| async {
        use ridgeline::security::keys::{make_encryption, make_signing};
        (make_signing().expect("a key"), make_encryption().expect("a key"))
    });
    let (signing, encryption) = keys.await;
    let mut settings = settings(url, flags);
    settings.jwt_key = Some(signing.clone());
    settings.encryption_key = Some(encryption.clone());
    let app = App::open(settings, Clock::manual(morning())).await.expect("the app");
    app.prepare().await.expect("a database that is ready");
    app.start_background();
    app
}

async fn serve(app: &Arc<App>, pace: Pace, doors: Doors) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = ridgeline::http::router_with(app.clone(), pace);
    let mut stopping = app.stopping();
    let stopped = async move { drop(stopping.wait_for(|stopping| *stopping).await) };
    tokio::spawn(ridgeline::http::serve(listener, router, doors, stopped));
    address
}

async fn staff(db: &DatabaseConnection, app: &App) {
    static HASH: OnceCell<String> = OnceCell::const_new();
    let hash = HASH
        .get_or_init(|| async {
            app.security.passwords.queue().expect("a place").hash(PASSWORD).await.expect("a hash").0
        })
        .await;
    let rows = PEOPLE.map(|(name, role)| user::ActiveModel {
        id: Set(Id(format!("user-{name}"))),
        created_at: Set(morning()),
        updated_at: Set(morning()),
        first_name: Set(name.to_owned()),
        last_name: Set("Tester".to_owned()),
        name_folded: Set(format!("{name} tester")),
        email: Set(format!("{name}@ridgeline.test")),
        password: Set(entity::secret::Secret(hash.clone())),
        role: Set(role),
        is_verified: Set(true),
        permissions: Set(List::<Permission>::default()),
        ..Default::default()
    });
    user::Entity::insert_many(rows).exec_without_returning(db).await.expect("the staff");
}

impl Drop for Office {
    fn drop(&mut self) {
        self.app.stop();
    }
}

/// Waits, within reason, for something that another task is about to bring about.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let patience = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < patience, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Changes an account behind the server's back.
pub async fn give(office: &Office, name: &str, change: impl FnOnce(&mut user::ActiveModel)) {
    let mut row = user::ActiveModel { id: Set(office.id(name)), ..Default::default() };
    change(&mut row);
    user::Entity::update(row).exec(&office.db).await.unwrap();
}
