//! People's own conversations, between two or in a group. They are for those who take part alone, ADMIN included.
//!
//! Between two people there is one conversation, found again whenever either begins it. Either may leave it, which takes
//! it out of their list: whatever is said there later brings it back. A group has members: its ADMINs manage people,
//! roles, title and closing, its MODERATORs and ADMINs remove messages, everybody writes. There is always an ADMIN: when
//! the last one leaves, whoever has been there longest becomes one. Whoever joins sees all that was said before, and
//! none of it counts as unread; whoever has gone reaches nothing of it any more.
//!
//! Everybody in a conversation may talk to everybody in it: staff to staff, and a client of the company to the managers
//! of their own projects ([`people`]). A conversation that stands goes on when a project changes hands.
//!
//! The conversation is the aggregate's root: whoever writes into it, or changes who is in it, holds its lock ([`part`]),
//! so that its messages stand in the order in which they are told. Reading is nobody else's business and takes none.

pub mod list;
pub mod mutation;
pub mod query;
pub mod subscription;
pub mod types;

pub mod create;
pub mod members;
pub mod messages;
pub mod update;

mod part;
mod people;
pub(crate) mod rules;
