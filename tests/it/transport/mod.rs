//! The transport by the letter: GraphQL over HTTP, graphql-transport-ws, and documents that mean harm.

mod browsers;
mod frames;
mod hostile;
mod http;
mod merging;
mod operations;
mod persisted;
mod port;
mod rules;
mod sockets;
mod stalled;
mod trusted;

use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    http::register(suite);
    rules::register(suite);
    merging::register(suite);
    browsers::register(suite);
    port::register(suite);
    persisted::register(suite);
    trusted::register(suite);
    sockets::register(suite);
    operations::register(suite);
    frames::register(suite);
    stalled::register(suite);
    hostile::register(suite);
}
