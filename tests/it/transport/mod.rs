//! The transport by the letter: GraphQL over HTTP, graphql-transport-ws, and documents that mean harm.

mod hostile;
mod http;
mod sockets;

use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    http::register(suite);
    sockets::register(suite);
    hostile::register(suite);
}
