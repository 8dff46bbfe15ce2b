//! Writes that wait for company: what a transaction writes is sent in one journey, before it next reads and at its end.
//!
//! A journey to the database costs more than the writing of a row, and a use-case writes many rows one after the
//! other. On SQLite those that wait are sent as one text and done in their order. PostgreSQL takes one statement at a
//! time, so there they are the parts of a `WITH`, done in an order that it does not promise: two of one table whose order
//! could matter are not sent together, and foreign keys are looked at when all is done.

use std::sync::{Mutex, PoisonError};

use entity::scalar::Id;
use sea_orm::sea_query::{CommonTableExpression, Expr, InsertStatement, Query, UpdateStatement, ValueType, WithClause};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryTrait, Statement, Values};

use crate::data::tx::key;

/// A write that may wait, of one table.
pub(in crate::data) struct Write {
    table: &'static str,
    what: What,
    /// Whether it may be done before or after another of its table matters: a unique index may stand between them.
    apart: bool,
}

enum What {
    Add(InsertStatement),
    /// Of this row, which was there when it was read.
    Change(Id, UpdateStatement),
}

impl Write {
    pub(in crate::data) fn add<E: EntityTrait>(statement: InsertStatement) -> Self {
        Self { table: E::default().as_str(), what: What::Add(statement), apart: true }
    }

    /// Changes the set columns of a row.
    pub(in crate::data) fn change<E: EntityTrait>(row: E::ActiveModel) -> Result<Self, DbErr> {
        let id = row.get(key::<E>()).into_value().and_then(|id| <Id as ValueType>::try_from(id).ok());
        let mut statement = E::update(row).validate()?.into_query();
        // What answers can be counted.
        statement.returning_col(key::<E>());
        let id = id.ok_or(DbErr::PrimaryKeyNotSet { ctx: "Write::change" })?;
        Ok(Self { table: E::default().as_str(), what: What::Change(id, statement), apart: false })
    }

    pub(in crate::data) fn apart(self) -> Self {
        Self { apart: true, ..self }
    }

    fn changes(&self) -> bool {
        matches!(self.what, What::Change(..))
    }

    /// May the two be done at once? Of two changes of a row one would be lost.
    fn goes_with(&self, other: &Self) -> bool {
        let same_row = match (&self.what, &other.what) {
            (What::Change(one, _), What::Change(other, _)) => one == other,
            _ => true,
        };
        self.table != other.table || !(same_row || self.apart || other.apart)
    }

    fn build(&self, backend: DbBackend) -> Statement {
        match &self.what {
            What::Add(statement) => backend.build(statement),
            What::Change(_, statement) => backend.build(statement),
        }
    }
}

/// How many go together: statements that are as long as they may be are kept prepared too.
const MOST: usize = 16;

/// The writes of a transaction that have not been sent.
#[derive(Default)]
pub(in crate::data) struct Writes(Mutex<Vec<Write>>);

impl Writes {
    /// Lets a write wait; what may not go with it goes first.
    pub(in crate::data) async fn wait(&self, write: Write, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        let postgres = db.get_database_backend() == DbBackend::Postgres;
        let free = !postgres || self.waiting().iter().all(|other| write.goes_with(other));
        if !free || self.waiting().len() >= MOST {
            self.send(db).await?;
        }
        self.waiting().push(write);
        Ok(())
    }

    /// Does any that waits write to one of these tables?
    pub(in crate::data) fn touch(&self, tables: &[&str]) -> bool {
        self.waiting().iter().any(|write| tables.contains(&write.table))
    }

    /// Sends what waits.
    ///
    /// # Errors
    /// What any of the writes is refused for; a row that is no longer there.
    pub(in crate::data) async fn send(&self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        let waiting = std::mem::take(&mut *self.waiting());
        match waiting.as_slice() {
            [] => Ok(()),
            _ if db.get_database_backend() != DbBackend::Postgres => in_a_row(&waiting, db).await,
            [write] => alone(write, db).await,
            _ => as_one(waiting, db).await,
        }
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Write>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn alone(write: &Write, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let done = db.execute_raw(write.build(DbBackend::Postgres)).await?;
    let missed = write.changes() && done.rows_affected() == 0;
    if missed { Err(DbErr::RecordNotUpdated) } else { Ok(()) }
}

/// `WITH "w0" AS (INSERT …), "w1" AS (UPDATE … RETURNING "id") SELECT` how many rows were changed.
async fn as_one(waiting: Vec<Write>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let (mut with, mut changed) = (WithClause::new(), Vec::new());
    for (place, write) in waiting.into_iter().enumerate() {
        let mut part = CommonTableExpression::new();
        part.table_name(format!("w{place}"));
        match write.what {
            What::Add(statement) => part.query(statement),
            What::Change(_, statement) => {
                changed.push(format!(r#"(SELECT COUNT(*) FROM "w{place}")"#));
                part.query(statement)
            }
        };
        with.cte(part);
    }
    let count = if changed.is_empty() { "0::bigint".to_owned() } else { changed.join(" + ") };
    let all = with.query(Query::select().expr_as(Expr::cust(count), "changed").to_owned());
    let row = db.query_one_raw(DbBackend::Postgres.build(&all)).await?.ok_or(DbErr::RecordNotUpdated)?;
    let found: i64 = row.try_get("", "changed")?;
    if usize::try_from(found) == Ok(changed.len()) { Ok(()) } else { Err(DbErr::RecordNotUpdated) }
}

/// One text of several statements; each row that was changed answers.
async fn in_a_row(waiting: &[Write], db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let (mut sql, mut values) = (String::new(), Vec::new());
    for statement in waiting.iter().map(|write| write.build(DbBackend::Sqlite)) {
        sql.push_str(&statement.sql);
        sql.push_str(";\n");
        values.extend(statement.values.into_iter().flat_map(|values: Values| values.0));
    }
    let changed = db.query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await?.len();
    let right = waiting.iter().filter(|write| write.changes()).count();
    if changed == right { Ok(()) } else { Err(DbErr::RecordNotUpdated) }
}
