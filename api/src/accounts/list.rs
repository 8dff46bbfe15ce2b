//! The list of people: whom it shows to whom, its filter and its orders.

use async_graphql::{Enum, InputObject};
use entity::enums::UserRole;
use entity::user;
use entity::user::Column as C;
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, QueryFilter};

use crate::accounts::types::manages_users;
use crate::data::cursor::Mark;
use crate::data::listing::{Key, Listing, OrderDirection};
use crate::data::scope::Scope;
use crate::data::viewer::Viewer;
use crate::error::Result;
use crate::fold::anywhere;
use crate::input::search;

/// Which people. A part that is absent or null does not filter; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub struct UserFilter {
    /// Matches name and e-mail address, without regard to case; 200 characters at the most.
    pub search: Option<String>,
    /// With one of these roles.
    pub role: Option<Vec<UserRole>>,
    /// Whether they may sign in. Most staff see active people only.
    pub is_active: Option<bool>,
}

/// What people are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UserOrderField {
    /// When the account was created.
    CreatedAt,
    /// First name, then last name, without regard to case.
    Name,
}

/// An order of people. The default is the newest first.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct UserOrder {
    /// What to order by.
    pub field: UserOrderField,
    /// Which way.
    pub direction: OrderDirection,
}

const NEWEST: UserOrder = UserOrder { field: UserOrderField::CreatedAt, direction: OrderDirection::Desc };

/// The people whom the viewer may list, and who match.
///
/// # Errors
/// BAD_USER_INPUT for a search that is too long.
pub fn listing(scope: &Scope, filter: Option<&UserFilter>, order: Option<&UserOrder>) -> Result<Listing<user::Entity>> {
    let everybody = UserFilter::default();
    let (filter, order) = (filter.unwrap_or(&everybody), order.copied().unwrap_or(NEWEST));
    search("filter.search", filter.search.as_deref())?;
    Ok(Listing {
        select: scope.find::<user::Entity>().filter(listed(scope.viewer())).filter(condition(filter)),
        keys: vec![key(order)],
        name: format!("users {filter:?} {order:?}"),
    })
}

/// Reach goes further than the lists: whoever reaches a row sees the people it names, former ones too. Listed are, for
/// clients, the managers of their projects; for most staff, those who work here now.
fn listed(viewer: &Viewer) -> Condition {
    if sees_everybody(viewer) {
        Condition::all()
    } else if viewer.is_staff() {
        Condition::all().add(C::IsActive.eq(true)).add(C::Role.ne(UserRole::Client))
    } else {
        Condition::all().add(Expr::col((user::Entity, C::Id)).ne(viewer.id.clone()))
    }
}

/// The same for one person by id; oneself one always finds.
pub(super) fn finds(viewer: &Viewer, row: &user::Model) -> bool {
    let colleague = row.is_active && row.role != UserRole::Client;
    sees_everybody(viewer) || !viewer.is_staff() || colleague || row.id == viewer.id
}

fn sees_everybody(viewer: &Viewer) -> bool {
    viewer.is_lead() || manages_users(viewer)
}

fn condition(filter: &UserFilter) -> Condition {
    Condition::all()
        .add_option(filter.search.as_deref().map(mentions))
        .add_option(filter.role.clone().map(|roles| C::Role.is_in(roles)))
        .add_option(filter.is_active.map(|active| C::IsActive.eq(active)))
}

fn mentions(text: &str) -> Condition {
    let like = |column: C| Expr::col((user::Entity, column)).like(anywhere(text));
    Condition::any().add(like(C::NameFolded)).add(like(C::Email))
}

fn key(order: UserOrder) -> Key<user::Entity> {
    let column = |column: C| Expr::col((user::Entity, column));
    let (expr, mark): (SimpleExpr, fn(&user::Model) -> Mark) = match order.field {
        UserOrderField::CreatedAt => (column(C::CreatedAt), |row| Mark::At(row.created_at)),
        UserOrderField::Name => (column(C::NameFolded), |row| Mark::Text(row.name_folded.clone())),
    };
    Key { expr, descending: order.direction.is_descending(), nullable: false, mark }
}
