//! What an operation asks for at the same moment goes to PostgreSQL as one statement: each select beside the others, in
//! an outer join that never matches. Every row of the answer then belongs to one of them, and is as wide as all.
//!
//! Such a join can only be merged, so each select's rows keep their order. SQLite would try every row with every other,
//! and has no journey to save: there each select goes by itself.

use sea_orm::sea_query::{Asterisk, Expr, JoinType, Query, SelectStatement};
use sea_orm::sqlx::{Row, ValueRef};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult};
use tokio::sync::oneshot;

use crate::data::gather;
use crate::data::held::Reads;
use crate::error::{Error, Result};

/// So many selects at most are one statement, and so many columns: PostgreSQL has room for 1,664.
const MOST: (usize, usize) = (8, 1_600);

/// A select that waits for the others of its moment.
pub(in crate::data) struct Question {
    /// Its columns stand there among those of all; no row of it lacks the first of them.
    first: usize,
    columns: usize,
    /// How many are asked before it in the same statement.
    before: usize,
    select: SelectStatement,
    reads: Reads,
    answer: oneshot::Sender<Result<Vec<QueryResult>>>,
}

impl Question {
    /// The same in the statement of the last one before it, if there is room. Says where its columns stand.
    pub(in crate::data) fn after(mut self, last: Option<&Self>) -> (Self, usize) {
        if let Some(last) = last.filter(|last| last.before + 1 < MOST.0 && last.end() + self.columns <= MOST.1) {
            (self.before, self.first) = (last.before + 1, last.end());
        }
        let first = self.first;
        (self, first)
    }

    fn end(&self) -> usize {
        self.first + self.columns
    }
}

impl Reads {
    /// The rows of a select of so many columns, of which no row lacks the first; and where that one stands in them.
    pub(in crate::data) async fn abreast(
        &self,
        columns: usize,
        select: SelectStatement,
    ) -> Result<(usize, Vec<QueryResult>)> {
        let backend = self.get_database_backend();
        if backend != DbBackend::Postgres || !gather::is_busy() {
            return Ok((0, self.query_all_raw(backend.build(&select)).await?));
        }
        let (answer, answered) = oneshot::channel();
        let reads = self.clone();
        let first = gather::ask(Question { first: 0, columns, before: 0, select, reads, answer });
        let rows = answered.await.map_err(|_| Error::internal("an operation ended while it was read for"))?;
        Ok((first, rows?))
    }
}

/// The rows of selects of so many columns each, of which no row lacks the first; and where that one stands in them.
pub(in crate::data) async fn each(
    selects: Vec<(usize, SelectStatement)>,
    db: &impl ConnectionTrait,
) -> Result<Vec<(usize, Vec<QueryResult>)>> {
    let backend = db.get_database_backend();
    let mut answers = Vec::with_capacity(selects.len());
    if backend != DbBackend::Postgres {
        for (_, select) in selects {
            answers.push((0, db.query_all_raw(backend.build(&select)).await?));
        }
        return Ok(answers);
    }
    let mut end = 0;
    let (firsts, selects): (Vec<usize>, Vec<SelectStatement>) = selects
        .into_iter()
        .map(|(columns, select)| {
            end += columns;
            (end - columns, select)
        })
        .unzip();
    let rows = db.query_all_raw(backend.build(&beside(selects))).await?;
    let shares = share(rows, &firsts)?;
    Ok(firsts.into_iter().zip(shares).collect())
}

/// Answers all of them.
pub(in crate::data) async fn answer(mut questions: Vec<Question>) {
    while !questions.is_empty() {
        let together = questions.iter().skip(1).take_while(|question| question.before > 0).count();
        let rest = questions.split_off(1 + together);
        answer_together(std::mem::replace(&mut questions, rest)).await;
    }
}

async fn answer_together(mut questions: Vec<Question>) {
    let Some(reads) = questions.first().map(|question| question.reads.clone()) else { return };
    let selects = questions.iter_mut().map(|question| std::mem::take(&mut question.select)).collect();
    let statement = reads.get_database_backend().build(&beside(selects));
    let rows = reads.query_all_raw(statement).await.map_err(Error::from);
    let firsts: Vec<usize> = questions.iter().map(|question| question.first).collect();
    match rows.and_then(|rows| share(rows, &firsts)) {
        // Whoever has gone away needs no answer.
        Ok(shares) => {
            for (asked, share) in questions.into_iter().zip(shares) {
                let _ = asked.answer.send(Ok(share));
            }
        }
        Err(error) => {
            for asked in questions {
                let _ = asked.answer.send(Err(error.clone()));
            }
        }
    }
}

fn beside(selects: Vec<SelectStatement>) -> SelectStatement {
    let mut selects = selects.into_iter();
    let first = selects.next().unwrap_or_default();
    if selects.len() == 0 {
        return first;
    }
    let mut all = Query::select().column(Asterisk).from_subquery(first, "0").to_owned();
    for (at, select) in selects.enumerate() {
        all.join_subquery(JoinType::FullOuterJoin, select, (at + 1).to_string(), Expr::cust("FALSE"));
    }
    all
}

/// Gives each row to the select that it belongs to: the one whose first column it has.
fn share(rows: Vec<QueryResult>, firsts: &[usize]) -> Result<Vec<Vec<QueryResult>>> {
    if firsts.len() == 1 {
        return Ok(vec![rows]);
    }
    let mut shares: Vec<Vec<QueryResult>> = firsts.iter().map(|_| Vec::new()).collect();
    for row in rows {
        let owner = firsts.iter().zip(&mut shares).find(|(first, _)| has(&row, **first));
        let (_, share) = owner.ok_or_else(|| Error::internal("a row that nobody asked for"))?;
        share.push(row);
    }
    Ok(shares)
}

fn has(row: &QueryResult, column: usize) -> bool {
    row.try_as_pg_row().is_some_and(|row| row.try_get_raw(column).is_ok_and(|value| !value.is_null()))
}
