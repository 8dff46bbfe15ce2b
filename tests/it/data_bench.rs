//! What the data layer is tried on: a database, instances of the program on it, people who are signed in, and projects.
//! No HTTP: a scope is what a request would get.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use entity::enums::{ProjectType, UserRole};
use entity::scalar::{Id, Instant, Money};
use entity::secret::Secret;
use entity::{change, customer, project, project_team_member, session, user};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use ridgeline::app::App;
use ridgeline::clock::Clock;
use ridgeline::config::Settings;
use ridgeline::data::scope::{Caller, RequestInfo, Scope};
use ridgeline::data::stream::Seen;
use ridgeline::error::Result;
use ridgeline::security::keys;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter};

use crate::harness::database::{self, Backend, TestDatabase};
use crate::harness::office::{morning, settings};

/// How long a change may take to arrive: far longer than it ever does.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Bench {
    /// A plain connection, for looking at what is stored.
    pub db: DatabaseConnection,
    pub clock: Clock,
    instances: Mutex<Vec<Arc<App>>>,
    next: AtomicU32,
    backend: Backend,
    database: TestDatabase,
}

impl Bench {
    pub async fn open(backend: Backend) -> Self {
        let database = database::fresh(backend).await;
        Self {
            db: database.connect().await,
            clock: Clock::manual(morning()),
            instances: Mutex::default(),
            next: AtomicU32::new(1),
            backend,
            database,
        }
    }

    /// An instance of the program whose background is at rest: nothing happens but what the test does.
    pub async fn instance(&self) -> Arc<App> {
        let app = App::open(with_keys(settings(&self.database.url, &[])), self.clock.clone()).await.unwrap();
        app.prepare().await.unwrap();
        self.instances.lock().unwrap().push(app.clone());
        app
    }

    /// An instance at work: it follows the change log and does the jobs.
    pub async fn running_instance(&self) -> Arc<App> {
        let app = self.instance().await;
        app.start_background();
        app
    }

    /// Another instance beside this one. Nothing rings between instances on the embedded database, which has one.
    pub async fn beside(&self, app: &Arc<App>) -> Arc<App> {
        match self.backend {
            Backend::Sqlite => app.clone(),
            Backend::Postgres => self.running_instance().await,
        }
    }

    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// How many changes the log holds, the template's own aside, which came with the database.
    pub async fn told(&self) -> u64 {
        let told = change::Entity::find().filter(change::Column::Entity.ne("template"));
        told.count(&self.db).await.unwrap()
    }

    pub async fn person(&self, role: UserRole) -> Id {
        let n = self.next();
        let row = user::ActiveModel {
            id: Set(format!("person{n}").into()),
            created_at: Set(self.now()),
            updated_at: Set(self.now()),
            first_name: Set("Pat".to_owned()),
            last_name: Set(format!("Number {n}")),
            email: Set(format!("pat{n}@ridgeline.test")),
            password: Set(Secret("no password opens this".to_owned())),
            role: Set(role),
            name_folded: Set(format!("pat number {n}")),
            ..Default::default()
        };
        user::Entity::insert(row).exec_without_returning(&self.db).await.unwrap();
        format!("person{n}").into()
    }

    /// Signs the person in on an instance.
    pub async fn sign_in(&self, app: &Arc<App>, person: &Id) -> Scope {
        let id = Id(format!("session{}", self.next()));
        let row = session::ActiveModel {
            id: Set(id.clone()),
            created_at: Set(self.now()),
            updated_at: Set(self.now()),
            user_id: Set(person.clone()),
            expires_at: Set(self.now() + chrono::Duration::days(365)),
            last_used_at: Set(self.now()),
            ..Default::default()
        };
        session::Entity::insert(row).exec_without_returning(&self.db).await.unwrap();
        let (token, _) = app.security.tokens.issue(person, &id, self.now()).unwrap();
        let session = app.authenticate(&token).await.unwrap().expect("a session");
        Caller::new(app, Some(session), RequestInfo::background()).scope().unwrap().clone()
    }

    /// A person of this role, signed in.
    pub async fn hire(&self, app: &Arc<App>, role: UserRole) -> Scope {
        let person = self.person(role).await;
        self.sign_in(app, &person).await
    }

    pub async fn customer(&self) -> Id {
        let n = self.next();
        let row = customer::ActiveModel {
            id: Set(format!("customer{n}").into()),
            created_at: Set(self.now()),
            updated_at: Set(self.now()),
            primary_name: Set(format!("Customer {n}")),
            primary_email: Set(format!("customer{n}@example.com")),
            primary_phone: Set("+13035550100".to_owned()),
            address: Set(format!("{n} Elm Street")),
            name_folded: Set(format!("customer {n}")),
            search_folded: Set(format!("customer {n}")),
            ..Default::default()
        };
        customer::Entity::insert(row).exec_without_returning(&self.db).await.unwrap();
        format!("customer{n}").into()
    }

    /// A project without a workflow: for what has nothing to do with one.
    pub async fn project(&self) -> Id {
        let (customer, n) = (self.customer().await, self.next());
        let row = project::ActiveModel {
            id: Set(format!("project{n}").into()),
            created_at: Set(self.now()),
            updated_at: Set(self.now()),
            project_number: Set(i32::try_from(n).unwrap()),
            project_name: Set(format!("{n} Elm Street")),
            project_type: Set(ProjectType::RoofReplacement),
            budget: Set(Money::new(12_000.into())),
            start_date: Set(self.now()),
            end_date: Set(self.now() + chrono::Duration::days(30)),
            customer_id: Set(customer),
            name_folded: Set(format!("{n} elm street")),
            ..Default::default()
        };
        project::Entity::insert(row).exec_without_returning(&self.db).await.unwrap();
        format!("project{n}").into()
    }

    /// Puts a person on a project's team before anybody looks.
    pub async fn on_team(&self, project: &Id, person: &Id) {
        let row = project_team_member::ActiveModel {
            id: Set(format!("member{}", self.next()).into()),
            created_at: Set(self.now()),
            updated_at: Set(self.now()),
            project_id: Set(project.clone()),
            user_id: Set(person.clone()),
            ..Default::default()
        };
        project_team_member::Entity::insert(row).exec_without_returning(&self.db).await.unwrap();
    }

    fn next(&self) -> u32 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        for app in self.instances.lock().unwrap().iter() {
            app.stop();
        }
    }
}

/// A subscription: the changes that a person sees.
pub struct Ear(BoxStream<'static, Result<Seen>>);

impl Ear {
    pub async fn from(scope: &Scope, entity: &'static str, after: Option<&str>) -> Result<Self> {
        Ok(Self(scope.changes(entity, after.map(str::to_owned)).await?.boxed()))
    }

    pub async fn now(scope: &Scope, entity: &'static str) -> Self {
        Self::from(scope, entity, None).await.unwrap()
    }

    /// The next change, or what ended the stream. None after the end.
    pub async fn hear(&mut self) -> Result<Option<Seen>> {
        let next = self.0.try_next();
        tokio::time::timeout(PATIENCE, next).await.expect("something should have been heard by now")
    }

    pub async fn next(&mut self) -> Seen {
        self.hear().await.unwrap().expect("a change")
    }

    pub async fn take(&mut self, count: usize) -> Vec<Seen> {
        let mut heard = Vec::new();
        while heard.len() < count {
            heard.push(self.next().await);
        }
        heard
    }
}

/// Instances of one company share their keys.
fn with_keys(settings: Settings) -> Settings {
    static KEYS: LazyLock<(String, String)> =
        LazyLock::new(|| (keys::make_signing().unwrap(), keys::make_encryption().unwrap()));
    let (signing, encryption) = KEYS.clone();
    Settings { jwt_key: Some(signing), encryption_key: Some(encryption), ..settings }
}
