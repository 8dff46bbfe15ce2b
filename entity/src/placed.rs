//! Rows read by the places of their columns. Finding a column by its name takes longer than reading it, and a page of
//! alerts has thousands of them.

pub use entity_derive::Placed;
use sea_orm::{DbErr, EntityTrait, QueryResult};

/// A row of which all columns were selected, in the order of the fields.
pub trait Placed: Sized {
    /// Reads the row whose first column stands there.
    ///
    /// # Errors
    /// When a column holds something else.
    fn placed(row: &QueryResult, first: usize) -> Result<Self, DbErr>;
}

/// A table whose rows are read so.
pub trait Table: EntityTrait<Model: Placed> {}

impl<E: EntityTrait<Model: Placed>> Table for E {}
