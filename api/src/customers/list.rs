//! The lists of customers and of their contacts, and the form in which customers are sorted and searched.

use async_graphql::{Enum, InputObject};
use entity::customer::Column as C;
use entity::{contact, customer};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, QueryFilter};

use crate::data::cursor::Mark;
use crate::data::listing::{Key, Listing, OrderDirection};
use crate::data::scope::Scope;
use crate::error::Result;
use crate::fold::{anywhere, fold};
use crate::input::search;

/// Which customers. What is absent or null does not filter.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CustomerFilter {
    /// Matches name, address and e-mail addresses, without regard to case; 200 characters at the most.
    pub search: Option<String>,
}

/// What customers are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CustomerOrderField {
    /// When the customer was entered.
    CreatedAt,
    /// The primary name, without regard to case.
    PrimaryName,
}

/// An order of customers. The default is the newest first.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct CustomerOrder {
    /// What to order by.
    pub field: CustomerOrderField,
    /// Which way.
    pub direction: OrderDirection,
}

const NEWEST: CustomerOrder = CustomerOrder { field: CustomerOrderField::CreatedAt, direction: OrderDirection::Desc };

/// The customers in the viewer's reach that match.
///
/// # Errors
/// BAD_USER_INPUT for a search that is too long.
pub fn listing(
    scope: &Scope,
    filter: Option<&CustomerFilter>,
    order: Option<&CustomerOrder>,
) -> Result<Listing<customer::Entity>> {
    let order = order.copied().unwrap_or(NEWEST);
    let text = filter.and_then(|filter| filter.search.as_deref());
    search("filter.search", text)?;
    Ok(Listing {
        select: scope.find::<customer::Entity>().filter(Condition::all().add_option(text.map(mentions))),
        keys: vec![key(order)],
        name: format!("customers {text:?} {order:?}"),
    })
}

fn key(order: CustomerOrder) -> Key<customer::Entity> {
    let column = |column: C| Expr::col((customer::Entity, column));
    let (expr, mark): (SimpleExpr, fn(&customer::Model) -> Mark) = match order.field {
        CustomerOrderField::CreatedAt => (column(C::CreatedAt), |row| Mark::At(row.created_at)),
        CustomerOrderField::PrimaryName => (column(C::NameFolded), |row| Mark::Text(row.name_folded.clone())),
    };
    Key { expr, descending: order.direction.is_descending(), nullable: false, mark }
}

fn mentions(text: &str) -> Condition {
    let like = |column: C| Expr::col((customer::Entity, column)).like(anywhere(text));
    Condition::any().add(like(C::SearchFolded)).add(like(C::PrimaryEmail)).add(like(C::SecondaryEmail))
}

/// The contacts in the viewer's reach: primary ones first, then the oldest first.
#[must_use]
pub fn contacts(scope: &Scope) -> Listing<contact::Entity> {
    let primary_first: SimpleExpr = Expr::case(contact::Column::IsPrimary.eq(true), 0).finally(1).into();
    let oldest_first = Expr::col((contact::Entity, contact::Column::CreatedAt));
    let keys: Vec<Key<contact::Entity>> = vec![
        Key {
            expr: primary_first,
            descending: false,
            nullable: false,
            mark: |row| Mark::Int(i64::from(!row.is_primary)),
        },
        Key { expr: oldest_first, descending: false, nullable: false, mark: |row| Mark::At(row.created_at) },
    ];
    Listing { select: scope.find::<contact::Entity>(), keys, name: "contacts".to_owned() }
}

/// The forms in which a customer is sorted, and found: by name, and by name or address.
pub(crate) fn folded(primary_name: &str, address: &str) -> (String, String) {
    (fold(primary_name), fold(&format!("{primary_name} {address}")))
}
