//! `#[derive(Placed)]`: reads a row by the places of its columns, which are those of the fields.

use proc_macro::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields};

/// Implements `entity::placed::Placed` for a struct with named fields.
#[proc_macro_derive(Placed)]
pub fn placed(input: TokenStream) -> TokenStream {
    syn::parse(input).and_then(|input| read(&input)).unwrap_or_else(Error::into_compile_error).into()
}

fn read(input: &DeriveInput) -> syn::Result<proc_macro2::TokenStream> {
    let Data::Struct(row) = &input.data else { return Err(Error::new_spanned(input, "a row is a struct")) };
    let Fields::Named(fields) = &row.fields else { return Err(Error::new_spanned(input, "columns have names")) };
    let name = &input.ident;
    let columns = fields.named.iter().enumerate().map(|(place, field)| {
        let field = &field.ident;
        quote!(#field: row.try_get_by_index(first + #place)?)
    });
    Ok(quote! {
        impl crate::placed::Placed for #name {
            fn placed(row: &sea_orm::QueryResult, first: usize) -> Result<Self, sea_orm::DbErr> {
                Ok(Self { #(#columns),* })
            }
        }
    })
}
