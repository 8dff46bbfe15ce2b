//! What a selection asks for of the rows that a field answers.

use async_graphql::{Context, Lookahead, SelectionField};

/// What is selected of rows.
#[derive(Clone)]
pub struct Wanted<'a>(Vec<SelectionField<'a>>);

impl<'a> Wanted<'a> {
    /// Of the rows of a page.
    #[must_use]
    pub fn of_page(ctx: &'a Context<'_>) -> Self {
        let look = ctx.look_ahead();
        let rows = [look.field("nodes"), look.field("edges").field("node")];
        Self(rows.iter().flat_map(Lookahead::selection_fields).collect())
    }

    /// Of the row that a field answers.
    #[must_use]
    pub fn of_one(ctx: &'a Context<'_>) -> Self {
        Self(vec![ctx.field()])
    }

    /// Of the rows that one of their fields answers.
    #[must_use]
    pub fn of_field(&self, field: &str) -> Self {
        Self(self.fields().filter(|selected| selected.name() == field).collect())
    }

    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.fields().any(|selected| selected.name() == field)
    }

    /// Is any of their fields an object itself?
    pub(in crate::data) fn has_objects(&self) -> bool {
        self.fields().any(|selected| selected.selection_set().next().is_some())
    }

    fn fields(&self) -> impl Iterator<Item = SelectionField<'a>> {
        self.0.iter().flat_map(SelectionField::selection_set)
    }
}

/// Is the length of the whole list asked for?
pub(in crate::data) fn counts(ctx: &Context<'_>) -> bool {
    ctx.look_ahead().field("totalCount").exists()
}
