//! What a selection asks for of the rows that a field answers.

use async_graphql::{Context, InputType, Lookahead, SelectionField};
use entity::scalar::Id;

use crate::data::page::Window;
use crate::error::{Error, Result};

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

    /// These ids, where that field is selected.
    pub fn ids<'i>(&self, field: &str, ids: &[&'i Id]) -> impl Iterator<Item = &'i Id> {
        let ids = if self.has(field) { ids.to_vec() } else { Vec::new() };
        ids.into_iter()
    }

    /// The pages that are selected of a list: under several names there may be several.
    pub fn pages(&self, field: &str) -> impl Iterator<Item = Asked<'a>> {
        self.fields().filter(move |selected| selected.name() == field).map(Asked)
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

/// A page that is selected of a list below.
pub struct Asked<'a>(SelectionField<'a>);

impl Asked<'_> {
    /// An argument of it, if it is given.
    ///
    /// # Errors
    /// BAD_USER_INPUT for one that is wrong. Its field says in which way.
    pub fn argument<T: InputType>(&self, name: &str) -> Result<Option<T>> {
        let wrong = || Error::input(name, "This argument is wrong.");
        let arguments = self.0.arguments().map_err(|_| wrong())?;
        let Some((_, value)) = arguments.into_iter().find(|(given, _)| given == name) else { return Ok(None) };
        Option::<T>::parse(Some(value)).map_err(|_| wrong())
    }

    pub(in crate::data) fn window(&self) -> Result<Window> {
        Ok(Window {
            first: self.argument("first")?,
            after: self.argument("after")?,
            last: self.argument("last")?,
            before: self.argument("before")?,
        })
    }

    /// Is the length of the whole list asked for?
    pub(in crate::data) fn counts(&self) -> bool {
        self.0.selection_set().any(|selected| selected.name() == "totalCount")
    }
}
