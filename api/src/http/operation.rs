//! One operation, the same over HTTP and WebSocket: made ready, executed in a way that nothing can hang or cut, and its
//! errors put into their one shape.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::OperationType;
use async_graphql::{Name, Request, Response, ServerError};
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};
use tokio::sync::Semaphore;
use tracing::Instrument;

use super::caller::Sender;
use super::cost::Cost;
use super::document::{Selected, shrink};
use super::errors::{code, coded, internal, late, refusal, settle, syntax, too_much, was_refused};
use super::estimate::Estimate;
use super::known::Known;
use super::metrics::Open;
use super::request::Params;
use super::shape::Shape;
use super::{Http, coerce, escapes, limits, overlooked, present, root, size, typename, variables};
use crate::config::Limits;
use crate::data::gather::{Spent, gathered, gathered_each};
use crate::data::scope::Caller;
use crate::data::sessions::Session;
use crate::error::Error;
use crate::schema::Schema;

/// An operation that may be executed.
pub(super) struct Operation {
    pub(super) kind: OperationType,
    schema: Schema,
    request: Request,
    shape: Arc<Shape>,
    passing: Passing,
    /// Told to people who are signed in; what a sign-in takes is nobody's to know.
    estimate: Option<Estimate>,
    pub(super) id: Arc<str>,
    charge: Option<Charge>,
}

/// What has passed validation once the operation was executed.
struct Passing {
    known: Arc<Known>,
    omitted: HashSet<Name>,
}

/// What the operation costs the person who asks.
struct Charge {
    session: Session,
    points: u64,
}

/// What comes of a query or a mutation.
pub(super) enum Outcome {
    /// It was executed; its response has data, or null for data.
    Executed(Response),
    /// Validation refused it, so nothing was executed.
    Refused(Vec<ServerError>),
    /// It took too long.
    Late(ServerError),
    /// It panicked.
    Broken(ServerError),
    /// Its person has asked for too much in this minute, so nothing was executed.
    TooMuch(ServerError),
}

/// What a socket is told of an operation.
pub(super) enum Event {
    Next(Box<Response>),
    /// The last: the operation cannot go on.
    Failed(Vec<ServerError>),
    /// The last: the operation is done.
    Complete,
}

impl Operation {
    /// Reads, checks and completes what a client sent, so that executing it is safe. What the document costs is known
    /// before anything walks it.
    pub(super) fn prepare(
        http: &Http,
        mut params: Params,
        session: Option<Session>,
        sender: &Sender,
    ) -> Result<Self, Vec<ServerError>> {
        let one = |error: ServerError| vec![error];
        let (text, promise) = http.persisted.document(&http.trusted, &mut params, session.as_ref()).map_err(one)?;
        let limits = &http.app.settings.limits;
        let found = http.known.find(&*text);
        let is_new = found.is_none();
        let known = found.map_or_else(|| read(&text, limits).map(Arc::new), Ok).map_err(one)?;
        let selected = Selected::find(&known.document, params.operation_name.as_deref()).map_err(one)?;
        http.trusted.check(&text, &known.document, &selected, session.as_ref()).map_err(one)?;
        let omitted = variables::complete(&known.document, &selected, &mut params.variables)?;
        let passes = known.passes(&params.variables, &omitted);
        let mut document = known.document.clone();
        variables::omit(&mut document, &selected, &omitted);
        let cost = limits::check(&document, &selected, &params.variables, limits)?;
        // What is known was looked at, and the variables change nothing of the fields.
        if is_new {
            http.types.check(&document)?;
        }
        if passes.is_none() {
            // As it was sent: what is left out is looked at as well.
            coerce::check(&known.document, &selected, &params.variables, &http.types)?;
            overlooked::check(&document, &selected).map_err(one)?;
        }
        typename::wrap(&mut document).map_err(one)?;
        may_introspect(&cost, http.app.settings.demo, session.as_ref()).map_err(one)?;
        root::flatten(&mut document, &selected).map_err(one)?;
        if is_new {
            http.known.keep(text.clone(), known.clone(), text.len());
        }
        if let Some(promise) = promise {
            http.persisted.remember(&promise, &text);
        }
        let operation = selected.of(&document);
        let kind = operation.map_or(OperationType::Query, |operation| operation.ty);
        let estimate = operation.filter(|_| session.is_some() && kind != OperationType::Subscription);
        let estimate = estimate
            .map(|operation| Estimate::of(&document, operation, &params.variables, &http.types, cost.complexity));
        let schema = if passes.is_some() { &http.trusting } else { &http.schema }.clone();
        let shape = passes.unwrap_or_else(|| Arc::new(Shape::of(&document, &selected, &http.types)));
        present::pad(&mut document);
        if kind == OperationType::Subscription {
            document.fragments.values_mut().for_each(|fragment| shrink(&mut fragment.node.selection_set.node));
            selected.of_mut(&mut document).into_iter().for_each(|operation| shrink(&mut operation.selection_set.node));
        }
        let mut request = Request::new("").variables(params.variables);
        request.operation_name = selected.name().map(ToString::to_string);
        request.set_parsed_query(document);
        if !cost.introspects {
            request = request.disable_introspection();
        }
        let charge = session.clone().map(|session| Charge { session, points: cost.complexity });
        let request = request.data(Caller::new(&http.app, session, sender.info()));
        let passing = Passing { known, omitted };
        Ok(Self { kind, schema, request, shape, passing, estimate, id: sender.id.clone(), charge })
    }

    /// Executes a query or a mutation. A mutation runs in a task of its own: a client that hangs up cannot cut it
    /// between its commit and telling of it, and one that takes too long is answered but not ended.
    pub(super) async fn run(mut self, http: &Arc<Http>) -> Outcome {
        match self.pay(http).await {
            Ok(()) => self.execute(http).await,
            Err(error) => Outcome::TooMuch(error),
        }
    }

    /// Anonymous operations cost nothing: the only ones that do anything are limited by address.
    async fn pay(&mut self, http: &Http) -> Result<(), ServerError> {
        let Some(Charge { session, points }) = self.charge.take() else { return Ok(()) };
        let paid = tokio::time::timeout(http.app.settings.request_timeout, http.app.pay(&session, points)).await;
        paid.unwrap_or_else(|_| Err(Error::internal("it took too long"))).map_err(|error| {
            http.counters.refused();
            refusal(&error, &self.id)
        })
    }

    async fn execute(self, http: &Arc<Http>) -> Outcome {
        let Self { kind, schema, request, shape, passing, estimate, id, .. } = self;
        let (open, most) = (Open::operation(http, kind), http.app.settings.limits.answered_fields);
        let execution = async move {
            let spent = Arc::new(Spent::within(most));
            let mut response = gathered(spent.clone(), schema.execute(request)).await;
            if spent.is_too_much() {
                response = Response::from_errors(too_much(kind, most, response.errors));
            }
            if let Some(estimate) = estimate {
                response.extensions.insert("cost".into(), estimate.beside(&spent));
            }
            drop(open);
            response
        };
        let span = tracing::info_span!("operation", request = &*id);
        let execution = AssertUnwindSafe(execution.instrument(span)).catch_unwind();
        let limit = http.app.settings.request_timeout;
        let executed = if kind == OperationType::Mutation {
            tokio::time::timeout(limit, tokio::spawn(execution)).await.map(|joined| joined.ok().and_then(Result::ok))
        } else {
            tokio::time::timeout(limit, execution).await.map(Result::ok)
        };
        match executed {
            Ok(Some(response)) => finish(response, &shape, &passing, &id),
            Ok(None) => {
                tracing::error!(request = &*id, "an operation panicked");
                Outcome::Broken(internal(&id))
            }
            Err(_) => {
                tracing::warn!(request = &*id, "an operation took too long");
                Outcome::Late(late(kind, &id))
            }
        }
    }

    /// Executes any operation for a socket: a stream that ends with `Failed` or `Complete`. A query or a mutation waits
    /// for its turn, and keeps it until its answer has been taken: so a socket that takes none holds a few at the most.
    pub(super) fn events(mut self, http: Arc<Http>, turns: Arc<Semaphore>) -> BoxStream<'static, Event> {
        if self.kind == OperationType::Subscription {
            let begun = async move {
                match self.pay(&http).await {
                    Ok(()) => self.subscribe(&http),
                    Err(error) => stream::once(async { Event::Failed(vec![error]) }).boxed(),
                }
            };
            return stream::once(begun).flatten().boxed();
        }
        let outcome = async move {
            let turn = turns.acquire_owned().await;
            (self.run(&http).await, turn)
        };
        let events = stream::once(outcome).flat_map(|(outcome, turn)| {
            let (first, last) = match outcome {
                Outcome::Executed(response) => (Event::Next(Box::new(response)), Some(Event::Complete)),
                Outcome::Refused(errors) => (Event::Failed(errors), None),
                Outcome::Late(error) | Outcome::Broken(error) | Outcome::TooMuch(error) => {
                    (Event::Failed(vec![error]), None)
                }
            };
            stream::iter([Some(first), last].into_iter().flatten()).inspect(move |_| _ = &turn)
        });
        events.boxed()
    }

    fn subscribe(self, http: &Arc<Http>) -> BoxStream<'static, Event> {
        let Self { kind, schema, request, shape, id, .. } = self;
        let (open, most) = (Open::operation(http, kind), http.app.settings.limits.answered_fields);
        // No span: each would be kept for as long as the subscription. What fails is logged with its id when it is told.
        let responses = gathered_each(most, schema.execute_stream(request));
        let events = responses.map(move |(response, spent)| {
            let _open = &open;
            if spent.is_too_much() {
                return Event::Failed(too_much(kind, most, response.errors));
            }
            told(response, &shape, &id)
        });
        events.chain(stream::once(async { Event::Complete })).boxed()
    }
}

fn read(text: &str, limits: &Limits) -> Result<Known, ServerError> {
    size::check(text, limits)?;
    let document = parse_query(escapes::write_out(text)).map_err(|error| syntax(&error))?;
    Ok(Known::new(document, text.len()))
}

/// The schema is for signed-in staff, and for everybody in a demo.
fn may_introspect(cost: &Cost, demo: bool, session: Option<&Session>) -> Result<(), ServerError> {
    match session {
        _ if !cost.introspects || demo => Ok(()),
        Some(session) if session.may_introspect() => Ok(()),
        Some(_) => Err(coded("FORBIDDEN", "The schema is shown to the company's own people only.")),
        None => Err(coded(
            "UNAUTHENTICATED",
            "Sign in to be shown the schema: send `authorization: Bearer <access token>`.",
        )),
    }
}

fn finish(mut response: Response, shape: &Arc<Shape>, passing: &Passing, id: &str) -> Outcome {
    let refused = was_refused(&response);
    settle(&mut response, id);
    if refused {
        return Outcome::Refused(response.errors);
    }
    passing.known.passed(&passing.omitted, shape);
    shape.settle(&mut response);
    Outcome::Executed(response)
}

/// A subscription goes on after an event of which a part failed. When it is the field itself that failed, there is
/// nothing more to come.
fn told(mut response: Response, shape: &Shape, id: &str) -> Event {
    let failed = response.data == async_graphql::Value::Null && !response.errors.is_empty();
    settle(&mut response, id);
    let is_whole = |error: &ServerError| error.path.len() <= 1 || code(error) == Some("CURSOR_EXPIRED");
    if failed && response.errors.iter().all(is_whole) {
        return Event::Failed(response.errors);
    }
    shape.settle(&mut response);
    Event::Next(Box::new(response))
}
