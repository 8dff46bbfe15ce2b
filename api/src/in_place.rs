//! Objects whose fields are answered where they stand.
//!
//! The library makes a task of every field of every row. Nearly all of them are columns, whose values are there: asked
//! once, they answer. So a field is asked in place, in room that the fields of its object share, and only one that has
//! to wait is set aside until it is ready. The keys of the answer come in the order of the document.

use std::borrow::Cow;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context as Waker, Poll};

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, Selection};
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::ContainerType;
use async_graphql::{Context, ContextSelectionSet, Name, OutputType, Positioned, ServerError, ServerResult, Value};

use crate::data::gather;

/// An object of a schema, answered in place. Clients see no difference.
pub struct InPlace<T>(pub T);

impl<T: ContainerType> OutputType for InPlace<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::qualified_type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        // In room of its own: the object above would keep that much for each of its fields.
        Box::pin(answer(ctx, &self.0)).await
    }
}

/// Said of every object from the one on that makes an answer larger than it may be: the transport tells it once.
pub(crate) const TOO_MUCH: &str = "The answer has too many fields.";

type Found = ServerResult<Option<Value>>;

/// The fields of one object that have to wait, each with its place among the others.
type Waiting<'a> = Vec<(usize, Pin<Box<dyn Future<Output = Found> + Send + 'a>>)>;

async fn answer<T: ContainerType>(ctx: &ContextSelectionSet<'_>, root: &T) -> ServerResult<Value> {
    let mut fields = Vec::with_capacity(ctx.item.node.items.len());
    collect(ctx, root, &mut fields)?;
    if gather::answers(fields.len()) {
        return Err(ctx.set_error_path(ServerError::new(TOO_MUCH, Some(ctx.item.pos))));
    }
    let contexts: Vec<Context<'_>> = fields.into_iter().map(|field| ctx.with_field(field)).collect();
    let mut answers: Vec<Option<Found>> = contexts.iter().map(|_| None).collect();
    let mut waiting = poll_fn(|cx| Poll::Ready(ask(root, &contexts, &mut answers, cx))).await;
    if !waiting.is_empty() {
        poll_fn(|cx| wait(&mut waiting, &mut answers, cx)).await;
    }
    drop(waiting);
    Ok(put_together(ctx, &contexts, answers))
}

/// Asks every field once.
fn ask<'a, T: ContainerType>(
    root: &'a T,
    contexts: &'a [Context<'a>],
    answers: &mut [Option<Found>],
    cx: &mut Waker<'_>,
) -> Waiting<'a> {
    let (mut waiting, mut left) = (Waiting::new(), None);
    for (place, (field, answer)) in contexts.iter().zip(answers).enumerate() {
        if field.item.node.name.node == "__typename" {
            *answer = Some(Ok(Some(Value::String(root.introspection_type_name().into_owned()))));
            continue;
        }
        let mut future = fill(left.take(), root.resolve_field(field));
        match future.as_mut().poll(cx) {
            Poll::Ready(found) => {
                *answer = Some(found);
                left = Some(future);
            }
            Poll::Pending => waiting.push((place, future)),
        }
    }
    waiting
}

/// A future in the room that another has left, or in new room.
fn fill<F>(room: Option<Pin<Box<F>>>, future: F) -> Pin<Box<F>> {
    match room {
        Some(mut room) => {
            room.set(future);
            room
        }
        None => Box::pin(future),
    }
}

fn wait(waiting: &mut Waiting<'_>, answers: &mut [Option<Found>], cx: &mut Waker<'_>) -> Poll<()> {
    waiting.retain_mut(|(place, future)| match future.as_mut().poll(cx) {
        Poll::Ready(found) => {
            if let Some(answer) = answers.get_mut(*place) {
                *answer = Some(found);
            }
            false
        }
        Poll::Pending => true,
    });
    if waiting.is_empty() { Poll::Ready(()) } else { Poll::Pending }
}

/// The fields of a selection that apply to this object, fragments written out; what `@skip` and `@include` rule out is
/// gone by now.
fn collect<'a, T: ContainerType>(
    ctx: &ContextSelectionSet<'a>,
    root: &T,
    fields: &mut Vec<&'a Positioned<Field>>,
) -> ServerResult<()> {
    for selection in &ctx.item.node.items {
        let (on, inside) = match &selection.node {
            Selection::Field(field) => {
                fields.push(field);
                continue;
            }
            Selection::InlineFragment(inline) => (inline.node.type_condition.as_ref(), &inline.node.selection_set),
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                let fragment = ctx
                    .query_env
                    .fragments
                    .get(name)
                    .ok_or_else(|| ServerError::new(format!("Unknown fragment \"{name}\"."), Some(spread.pos)))?;
                (Some(&fragment.node.type_condition), &fragment.node.selection_set)
            }
        };
        if on.is_none_or(|on| on.node.on.node == *root.introspection_type_name()) {
            collect(&ctx.with_selection_set(inside), root, fields)?;
        }
    }
    Ok(())
}

fn put_together(ctx: &ContextSelectionSet<'_>, contexts: &[Context<'_>], answers: Vec<Option<Found>>) -> Value {
    let mut object = IndexMap::with_capacity(contexts.len());
    for (field, answer) in contexts.iter().zip(answers) {
        match answer {
            Some(Ok(value)) => {
                let key = field.item.node.response_key().node.clone();
                insert(&mut object, key, value.unwrap_or_default());
            }
            Some(Err(error)) => ctx.add_error(error),
            None => {}
        }
    }
    // Where a part of it may not be null, the transport makes of it what the specification says.
    Value::Object(object)
}

/// Two selections of one key are one field: what they ask for is put together.
fn insert(object: &mut IndexMap<Name, Value>, key: Name, value: Value) {
    let Some(known) = object.get_mut(&key) else {
        object.insert(key, value);
        return;
    };
    merge(known, value);
}

fn merge(known: &mut Value, value: Value) {
    match (known, value) {
        (known @ Value::Null, value) => *known = value,
        (Value::Object(known), Value::Object(value)) => {
            value.into_iter().for_each(|(key, value)| insert(known, key, value));
        }
        (Value::List(known), Value::List(value)) => {
            known.iter_mut().zip(value).for_each(|(known, value)| merge(known, value));
        }
        _ => {}
    }
}
