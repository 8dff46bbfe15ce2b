//! One operation's reading: what its fields ask for at the same moment is read together, and what it cost is counted.
//!
//! Loaders hand over the batches they gather instead of waiting for a timer: when no field of the operation can go on
//! without an answer, everything asked for so far is read, and never before. So how many statements an operation takes
//! follows from its document alone, whatever else the machine does.

use std::cell::RefCell;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use futures_util::StreamExt;
use futures_util::future::{BoxFuture, poll_fn};
use futures_util::stream::{FuturesUnordered, Stream, poll_fn as stream_fn};

use crate::data::abreast::{self, Question};
use crate::data::held::Held;

/// What an operation has asked of the database so far, and what it has answered.
#[derive(Debug)]
pub struct Spent {
    statements: AtomicU64,
    rows: AtomicU64,
    fields: AtomicU64,
    /// So many fields may be answered.
    most: u64,
}

impl Default for Spent {
    fn default() -> Self {
        Self::within(u64::MAX)
    }
}

impl Spent {
    /// For an answer of so many fields at the most.
    #[must_use]
    pub fn within(most: u64) -> Self {
        Self { statements: AtomicU64::new(0), rows: AtomicU64::new(0), fields: AtomicU64::new(0), most }
    }

    /// Was the answer to have more fields than it may?
    #[must_use]
    pub fn is_too_much(&self) -> bool {
        self.fields.load(Ordering::Relaxed) > self.most
    }

    /// The statements sent.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// The rows read.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }
}

/// The operation that this thread is busy with at the moment.
struct Busy {
    spent: Arc<Spent>,
    held: Option<Held>,
    batches: Vec<BoxFuture<'static, ()>>,
    questions: Vec<Question>,
}

thread_local! {
    static BUSY: RefCell<Option<Busy>> = const { RefCell::new(None) };
}

/// Runs an operation, reading what its fields ask for.
pub async fn gathered<T>(spent: Arc<Spent>, operation: impl Future<Output = T>) -> T {
    let mut operation = pin!(operation);
    let mut gathering = Gathering::new(spent, Some(Held::default()));
    poll_fn(|cx| gathering.poll(cx, |cx| operation.as_mut().poll(cx))).await
}

/// The same for an operation that answers many times, each time with what that answer took and no more than so many
/// fields. Between its answers it may rest for days, so it holds no connection.
pub fn gathered_each<T>(most: u64, operation: impl Stream<Item = T> + Unpin) -> impl Stream<Item = (T, Arc<Spent>)> {
    let mut operation = operation;
    let fresh = move || Arc::new(Spent::within(most));
    let mut gathering = Gathering::new(fresh(), None);
    stream_fn(move |cx| {
        let next = gathering.poll(cx, |cx| operation.poll_next_unpin(cx));
        next.map(|item| item.map(|item| (item, std::mem::replace(&mut gathering.spent, fresh()))))
    })
}

/// Reads a batch: with whatever else its operation asks for, or by itself where no operation asks.
pub(in crate::data) fn read(batch: BoxFuture<'static, ()>) {
    let alone = BUSY.with_borrow_mut(|busy| match busy {
        Some(busy) => {
            busy.batches.push(batch);
            None
        }
        None => Some(batch),
    });
    alone.map(tokio::spawn);
}

/// Is this thread busy with an operation?
pub(in crate::data) fn is_busy() -> bool {
    BUSY.with_borrow(Option::is_some)
}

/// Has a select answered together with whatever else its operation asks for. Says where its columns will stand.
pub(in crate::data) fn ask(question: Question) -> usize {
    BUSY.with_borrow_mut(|busy| {
        let Some(busy) = busy else { return 0 };
        let (question, first) = question.after(busy.questions.last());
        busy.questions.push(question);
        first
    })
}

/// The connection of the operation that this thread is busy with.
pub(in crate::data) fn held() -> Option<Held> {
    BUSY.with_borrow(|busy| busy.as_ref().and_then(|busy| busy.held.clone()))
}

/// Gives that connection back: what comes next takes one of its own.
pub(in crate::data) async fn let_go() {
    if let Some(held) = held() {
        held.lock().await.take();
    }
}

/// Puts a statement on the account of the operation that this thread is busy with.
pub(in crate::data) fn statement() {
    account(|spent| spent.statements.fetch_add(1, Ordering::Relaxed));
}

/// Puts rows on the account of the operation that this thread is busy with.
pub(in crate::data) fn rows(count: usize) {
    account(|spent| spent.rows.fetch_add(count as u64, Ordering::Relaxed));
}

/// Puts fields to be answered on the account of the operation that this thread is busy with. Are there too many by now?
pub(crate) fn answers(fields: usize) -> bool {
    BUSY.with_borrow(|busy| {
        busy.as_ref().is_some_and(|Busy { spent, .. }| {
            spent.fields.fetch_add(fields as u64, Ordering::Relaxed);
            spent.is_too_much()
        })
    })
}

fn account(spend: impl FnOnce(&Spent) -> u64) {
    BUSY.with_borrow(|busy| busy.as_ref().map(|busy| spend(&busy.spent)));
}

struct Gathering {
    spent: Arc<Spent>,
    held: Option<Held>,
    under_way: FuturesUnordered<BoxFuture<'static, ()>>,
    questions: Vec<Question>,
}

impl Gathering {
    fn new(spent: Arc<Spent>, held: Option<Held>) -> Self {
        Self { spent, held, under_way: FuturesUnordered::new(), questions: Vec::new() }
    }

    fn poll<T>(&mut self, cx: &mut Context<'_>, mut operation: impl FnMut(&mut Context<'_>) -> Poll<T>) -> Poll<T> {
        loop {
            let (outcome, _) = self.busy(|| operation(cx));
            if outcome.is_ready() {
                return outcome;
            }
            if !self.read_on(cx) {
                return Poll::Pending;
            }
        }
    }

    /// Reads until nothing more can be read without waiting. Is there anything to go on with?
    fn read_on(&mut self, cx: &mut Context<'_>) -> bool {
        loop {
            let mut answered = false;
            let mut under_way = std::mem::take(&mut self.under_way);
            let ((), more) = self.busy(|| {
                while let Poll::Ready(Some(())) = under_way.poll_next_unpin(cx) {
                    answered = true;
                }
            });
            under_way.extend(std::mem::take(&mut self.under_way));
            self.under_way = under_way;
            if answered || more {
                return true;
            }
            if self.questions.is_empty() {
                return false;
            }
            self.under_way.push(Box::pin(abreast::answer(std::mem::take(&mut self.questions))));
        }
    }

    /// Does something in the name of the operation. Did it ask for a batch to be read?
    fn busy<T>(&mut self, work: impl FnOnce() -> T) -> (T, bool) {
        let (spent, held) = (self.spent.clone(), self.held.clone());
        let questions = std::mem::take(&mut self.questions);
        let outer = BUSY.replace(Some(Busy { spent, held, batches: Vec::new(), questions }));
        let reset = Reset(outer);
        let done = work();
        let busy = BUSY.take();
        drop(reset);
        let Some(busy) = busy else { return (done, false) };
        self.questions = busy.questions;
        let more = !busy.batches.is_empty();
        self.under_way.extend(busy.batches);
        (done, more)
    }
}

/// Gives the thread back, also where the work panics.
struct Reset(Option<Busy>);

impl Drop for Reset {
    fn drop(&mut self) {
        BUSY.replace(self.0.take());
    }
}
