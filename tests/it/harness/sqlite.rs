//! SQLite's side of the test databases: a folder for each, in a folder for the run.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::ConnectionTrait;
use tokio::sync::OnceCell;

use crate::harness::database;

/// The folder of this run, and the lock that says that the run is alive.
struct Run {
    folder: PathBuf,
    _alive: File,
}

static RUN: LazyLock<Run> = LazyLock::new(begin);
static TEMPLATE: OnceCell<Folder> = OnceCell::const_new();

/// A folder with one database in it, removed when this is dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let folder = RUN.folder.join(NEXT.fetch_add(1, Ordering::Relaxed).to_string());
        fs::create_dir(&folder).expect("a folder for the database");
        Self(folder)
    }

    pub fn url(&self) -> String {
        format!("sqlite://{}?mode=rwc", self.file().display())
    }

    fn file(&self) -> PathBuf {
        self.0.join("test.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A server that is still closing may hold the files open; the run's folder goes at the end in any case.
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub async fn copy() -> Folder {
    let template = TEMPLATE.get_or_init(make_template).await;
    let folder = Folder::new();
    fs::copy(template.file(), folder.file()).expect("a copy of the migrated database");
    folder
}

async fn make_template() -> Folder {
    let folder = Folder::new();
    database::migrate(&folder.url()).await;
    let db = database::connect(&folder.url()).await;
    // Everything into the one file that is copied; the copies are in write-ahead mode too.
    db.execute_unprepared("PRAGMA journal_mode = WAL").await.unwrap();
    db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    db.close().await.unwrap();
    folder
}

pub fn tidy_up() {
    let _ = fs::remove_dir_all(&RUN.folder);
}

fn begin() -> Run {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("databases");
    fs::create_dir_all(&home).expect("a folder for test databases");
    remove_the_dead(&home);
    let folder = home.join(std::process::id().to_string());
    fs::create_dir_all(&folder).expect("a folder for this run");
    let alive = File::create(folder.join("starting")).expect("a lock file");
    alive.lock().expect("the lock of this run");
    // Under the name that others look at only once it is locked.
    fs::rename(folder.join("starting"), folder.join("alive")).expect("a lock file");
    Run { folder, _alive: alive }
}

/// A run that was killed leaves its folder behind, and nobody holds its lock any more.
fn remove_the_dead(home: &Path) {
    for folder in fs::read_dir(home).expect("the folder of test databases").flatten().map(|entry| entry.path()) {
        let dead = File::open(folder.join("alive")).is_ok_and(|file| file.try_lock().is_ok());
        if dead {
            let _ = fs::remove_dir_all(folder);
        }
    }
}
