//! What an operation asks for at the same moment goes to PostgreSQL as one statement: each select beside the others, in
//! an outer join that never matches. Every row of the answer then belongs to one of them, and is as wide as all.
//!
//! Such a join can only be merged, so each select's rows keep their order. SQLite would try every row with every other,
//! and has no journey to save: there each select goes by itself.

use sea_orm::sea_query::{Asterisk, Expr, JoinType, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult};
use tokio::sync::oneshot;

use crate::data::gather;
use crate::data::held::Reads;
use crate::error::{Error, Result};

/// So many selects at most are one statement, and so many columns: PostgreSQL has room for 1,664.
const MOST: (usize, usize) = (8, 1_600);

/// Where a select stands among those that are asked for with it. Its columns are named after its place.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::data) struct Place(usize);

impl Place {
    /// Also that of a select which goes by itself.
    pub(in crate::data) const FIRST: Self = Self(0);

    /// The next one, of a select of so many columns.
    pub(in crate::data) fn after(last: Option<&Question>, columns: usize) -> Self {
        match last {
            Some(last) if last.place.0 + 1 < MOST.0 && last.columns + columns <= MOST.1 => Self(last.place.0 + 1),
            _ => Self::FIRST,
        }
    }

    pub(in crate::data) fn name(self, column: &str) -> String {
        if self.0 == 0 { column.to_owned() } else { format!("{}.{column}", self.0) }
    }
}

/// A select that waits for the others of its moment.
pub(in crate::data) struct Question {
    place: Place,
    /// Its own, and those of the selects before it.
    columns: usize,
    select: SelectStatement,
    reads: Reads,
    asker: Asker,
}

impl Question {
    pub(in crate::data) fn place(&self) -> Place {
        self.place
    }
}

struct Asker {
    /// A column of text that none of the select's rows lacks.
    key: String,
    answer: oneshot::Sender<Result<Vec<QueryResult>>>,
}

impl Reads {
    /// The rows of a select of so many columns, which it names after its place. With it comes the name of one of them, of
    /// text, that no row lacks.
    pub(in crate::data) async fn abreast(
        &self,
        columns: usize,
        select: impl FnOnce(Place) -> (SelectStatement, String),
    ) -> Result<(Place, Vec<QueryResult>)> {
        let backend = self.get_database_backend();
        let (answer, answered) = oneshot::channel();
        let question = |before: Option<&Question>| {
            let place = Place::after(before, columns);
            let (select, key) = select(place);
            let before = before.filter(|_| place != Place::FIRST).map_or(0, |before| before.columns);
            let asker = Asker { key, answer };
            Question { place, columns: before + columns, select, reads: self.clone(), asker }
        };
        if backend != DbBackend::Postgres || !gather::is_busy() {
            let question = question(None);
            return Ok((Place::FIRST, self.query_all_raw(backend.build(&question.select)).await?));
        }
        let place = gather::ask(question);
        let rows = answered.await.map_err(|_| Error::internal("an operation ended while it was read for"))?;
        Ok((place, rows?))
    }
}

/// Answers all of them.
pub(in crate::data) async fn answer(mut questions: Vec<Question>) {
    while !questions.is_empty() {
        let together = questions.iter().skip(1).take_while(|question| question.place != Place::FIRST).count();
        let rest = questions.split_off(1 + together);
        answer_together(std::mem::replace(&mut questions, rest)).await;
    }
}

async fn answer_together(questions: Vec<Question>) {
    let Some(reads) = questions.first().map(|question| question.reads.clone()) else { return };
    let (selects, askers): (Vec<_>, Vec<_>) = questions.into_iter().map(|asked| (asked.select, asked.asker)).unzip();
    let statement = reads.get_database_backend().build(&beside(selects));
    let shares = match reads.query_all_raw(statement).await {
        Ok(rows) => share(rows, &askers),
        Err(error) => Err(Error::from(error)),
    };
    match shares {
        // Whoever has gone away needs no answer.
        Ok(shares) => askers.into_iter().zip(shares).for_each(|(asker, share)| drop(asker.answer.send(Ok(share)))),
        Err(error) => askers.into_iter().for_each(|asker| drop(asker.answer.send(Err(error.clone())))),
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

/// Gives each row to the select that it belongs to.
fn share(rows: Vec<QueryResult>, askers: &[Asker]) -> Result<Vec<Vec<QueryResult>>> {
    if askers.len() == 1 {
        return Ok(vec![rows]);
    }
    let mut shares: Vec<Vec<QueryResult>> = askers.iter().map(|_| Vec::new()).collect();
    for row in rows {
        for (asker, share) in askers.iter().zip(&mut shares) {
            if row.try_get::<Option<String>>("", &asker.key)?.is_some() {
                share.push(row);
                break;
            }
        }
    }
    Ok(shares)
}
