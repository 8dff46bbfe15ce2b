//! The schema: a list of the parts of the business, put together.

use std::sync::LazyLock;

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{
    MergedObject, MergedSubscription, Request, SDLExportOptions, SchemaBuilder, ServerError, ValidationMode,
};
use futures_util::FutureExt;

use crate::accounts::mutation::AccountsMutation;
use crate::accounts::query::AccountsQuery;
use crate::alerts::mutation::AlertsMutation;
use crate::alerts::query::AlertsQuery;
use crate::alerts::subscription::AlertsSubscription;
use crate::conversations::messages::mutation::SaidMutation;
use crate::conversations::messages::query::SaidQuery;
use crate::conversations::mutation::ConversationsMutation;
use crate::conversations::query::ConversationsQuery;
use crate::conversations::subscription::ConversationsSubscription;
use crate::customers::mutation::CustomersMutation;
use crate::customers::query::CustomersQuery;
use crate::messages::mutation::MessagesMutation;
use crate::messages::query::MessagesQuery;
use crate::messages::subscription::MessagesSubscription;
use crate::notifications::mutation::NotificationsMutation;
use crate::notifications::query::NotificationsQuery;
use crate::notifications::subscription::NotificationsSubscription;
use crate::projects::mutation::ProjectsMutation;
use crate::projects::query::ProjectsQuery;
use crate::projects::subscription::ProjectsSubscription;
use crate::security::{SecurityMutation, SecurityQuery};
use crate::workflow::mutation::WorkflowMutation;
use crate::workflow::query::WorkflowQuery;

/// What can be read. Everything but signing in needs a session; what is out of the viewer's reach does not exist.
#[derive(MergedObject, Default)]
pub struct Query(
    WorkflowQuery,
    AlertsQuery,
    MessagesQuery,
    ConversationsQuery,
    SaidQuery,
    NotificationsQuery,
    ProjectsQuery,
    CustomersQuery,
    AccountsQuery,
    SecurityQuery,
);

/// What can be done. Each takes one `input` and answers the new state, or an error that changed nothing.
#[derive(MergedObject, Default)]
pub struct Mutation(
    WorkflowMutation,
    AlertsMutation,
    MessagesMutation,
    ConversationsMutation,
    SaidMutation,
    NotificationsMutation,
    ProjectsMutation,
    CustomersMutation,
    AccountsMutation,
    SecurityMutation,
);

/// What can be followed. Each event carries a cursor: subscribe again with `after: <last cursor>` and everything
/// missed comes first, in order. Events arrive at least once, and only for what the viewer may see.
#[derive(MergedSubscription, Default)]
pub struct Subscription(
    AlertsSubscription,
    MessagesSubscription,
    ConversationsSubscription,
    NotificationsSubscription,
    ProjectsSubscription,
);

pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// The schema as the server runs it. The transport has refused what is too large before it comes here.
#[must_use]
pub fn build() -> Schema {
    builder().finish()
}

/// The same for documents that have passed validation before, and are not validated again. One serves the process.
#[must_use]
pub(crate) fn trusting() -> Schema {
    static TRUSTING: LazyLock<Schema> = LazyLock::new(|| builder().validation_mode(ValidationMode::Fast).finish());
    TRUSTING.clone()
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    // Suggestions would spell the schema out to whoever may not read it.
    Schema::build(Query::default(), Mutation::default(), Subscription::default()).disable_suggestions()
}

/// Looks over a document as [`build`]'s schema would, and runs nothing.
///
/// # Errors
/// With what validation says.
pub(crate) fn validate(document: ExecutableDocument) -> Result<(), Vec<ServerError>> {
    // The library validates before it looks for the operation, and there is none with this name.
    const NONE: &str = "0";
    let mut request = Request::new("").operation_name(NONE);
    request.set_parsed_query(document);
    let response = build().execute(request).now_or_never();
    let errors = response.map(|response| response.errors).unwrap_or_default();
    match errors.as_slice() {
        [only] if only.message == format!("Unknown operation named \"{NONE}\"") => Ok(()),
        _ => Err(errors),
    }
}

/// The schema as text: what `schema.graphql` holds.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items();
    build().sdl_with_options(options)
}
