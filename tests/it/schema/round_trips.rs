//! Whatever a column may hold comes back as it went in: hundreds of values of each kind, the same ones every time.

use chrono::DateTime;
use entity::enums::{Permission, Theme, UserRole};
use entity::list::List;
use entity::scalar::{Id, Instant, Money, Score};
use entity::secret::Secret;
use entity::{job, project, user, user_behavior_pattern, webauthn_credential};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rust_decimal::Decimal;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};
use serde_json::{Value, json};

use super::rows::Rows;
use crate::harness::database::{self, Backend};
use crate::harness::suite::Suite;

const MANY: usize = 500;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("schema::money_comes_back", money_comes_back);
    suite.on_each_database("schema::scores_come_back", scores_come_back);
    suite.on_each_database("schema::instants_come_back", instants_come_back);
    suite.on_each_database("schema::text_comes_back", text_comes_back);
    suite.on_each_database("schema::json_comes_back", json_comes_back);
    suite.on_each_database("schema::lists_and_enums_come_back", lists_and_enums_come_back);
    suite.on_each_database("schema::bytes_come_back", bytes_come_back);
}

async fn money_comes_back(backend: Backend) {
    let rows = Rows::on(backend).await;
    let customer = Id::from(rows.make("customers").await.trim_matches('\''));
    // The third is known to come out of SQLite's floating point as 4405225367.520001, unless rounded.
    let least_to_most =
        prop_oneof![Just(1), Just(999_999_999_999), Just(440_522_536_752), 1..=999_999_999_999_i64, 1..=99_999_i64];
    let amounts: Vec<_> = many(&least_to_most).into_iter().map(|cents| Money::new(Decimal::new(cents, 2))).collect();
    let row = |number: usize, amount: &Money| project::ActiveModel {
        id: Set(id(number)),
        project_number: Set(i32::try_from(number).unwrap()),
        project_name: Set("Roof".into()),
        project_type: Set(entity::enums::ProjectType::RoofReplacement),
        budget: Set(*amount),
        estimated_cost: Set(Some(*amount)),
        actual_cost: Set(None),
        start_date: Set(moment(0)),
        end_date: Set(moment(1)),
        customer_id: Set(customer.clone()),
        name_folded: Set("roof".into()),
        ..Default::default()
    };
    let stored = stored::<project::Entity, _>(&rows.db, &amounts, row).await;
    // As text, which shows both decimals even where they are nought.
    let texts: Vec<_> = amounts.iter().map(ToString::to_string).collect();
    assert_eq!(stored.iter().map(|row| row.budget.to_string()).collect::<Vec<_>>(), texts);
    assert_eq!(stored.iter().map(|row| row.estimated_cost.unwrap().to_string()).collect::<Vec<_>>(), texts);
    for limit in amounts.iter().take(20) {
        let found = project::Entity::find().filter(project::Column::Budget.gte(*limit)).count(&rows.db).await.unwrap();
        let wanted = amounts.iter().filter(|amount| *amount >= limit).count();
        assert_eq!(usize::try_from(found).unwrap(), wanted, "of at least {limit}");
    }
}

async fn scores_come_back(backend: Backend) {
    let database = database::fresh(backend).await;
    let db = database.connect().await;
    let scores: Vec<_> = many(&(-99_999..=99_999_i64)).into_iter().map(|s| Score::new(Decimal::new(s, 2))).collect();
    stored::<user::Entity, _>(&db, &scores, |number, _| person(number)).await;
    let row = |number, score: &Score| user_behavior_pattern::ActiveModel {
        id: Set(id(number)),
        user_id: Set(id(number)),
        anomaly_threshold: Set(Some(*score)),
        ..Default::default()
    };
    let stored = stored::<user_behavior_pattern::Entity, _>(&db, &scores, row).await;
    let back = stored.into_iter().map(|row| row.anomaly_threshold.unwrap().to_string());
    assert_eq!(back.collect::<Vec<_>>(), scores.iter().map(ToString::to_string).collect::<Vec<_>>());
}

/// Whole seconds and milliseconds, from the first year to the last; and sorting by the column is sorting by time.
async fn instants_come_back(backend: Backend) {
    let database = database::fresh(backend).await;
    let db = database.connect().await;
    let (first, last) = (-62_135_596_800_000_i64, 253_402_300_799_999_i64);
    let any = prop_oneof![
        Just(first),
        Just(last),
        Just(0),
        first..=last,
        (first / 1000..=last / 1000).prop_map(|second| second * 1000),
        (1_772_000_000_i64..1_772_000_100, 0..3_i64).prop_map(|(second, millis)| second * 1000 + millis),
    ];
    let instants: Vec<_> = many(&any).into_iter().map(moment).collect();
    let row = |number, at: &Instant| job::ActiveModel { run_at: Set(*at), ..work(number) };
    let stored = stored::<job::Entity, _>(&db, &instants, row).await;
    assert_eq!(stored.into_iter().map(|row| row.run_at).collect::<Vec<_>>(), instants);
    let in_order = job::Entity::find().order_by_asc(job::Column::RunAt).all(&db).await.unwrap();
    let mut sorted = instants;
    sorted.sort();
    assert_eq!(in_order.into_iter().map(|row| row.run_at).collect::<Vec<_>>(), sorted);
}

/// Any character that both can store; and folded text and ids are sorted by their bytes.
async fn text_comes_back(backend: Backend) {
    let database = database::fresh(backend).await;
    let db = database.connect().await;
    let character = prop_oneof![any::<char>(), proptest::char::range(' ', '~'), proptest::char::range('À', 'ž')]
        .prop_filter("PostgreSQL cannot store NUL", |c| *c != '\0');
    let word = proptest::collection::vec(character, 0..=50).prop_map(String::from_iter);
    let mut words = many(&word);
    words.extend(["O'Brien \"& Söhne\"; -- 屋根 🏠", "é", "e\u{301}", "ﬁ", "a", "B", "_", " "].map(str::to_owned));
    let row = |number, word: &String| user::ActiveModel {
        first_name: Set(word.clone()),
        name_folded: Set(word.clone()),
        ..person(number)
    };
    let stored = stored::<user::Entity, _>(&db, &words, row).await;
    assert_eq!(stored.iter().map(|row| row.first_name.clone()).collect::<Vec<_>>(), words);
    let in_order = user::Entity::find().order_by_asc(user::Column::NameFolded).all(&db).await.unwrap();
    words.sort();
    assert_eq!(in_order.into_iter().map(|row| row.name_folded).collect::<Vec<_>>(), words);
}

async fn json_comes_back(backend: Backend) {
    let database = database::fresh(backend).await;
    let db = database.connect().await;
    let text = || proptest::collection::vec(proptest::char::range(' ', '\u{2fff}'), 0..8).prop_map(String::from_iter);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|number| json!(f64::from(number) / 8.0 + 0.0625)),
        text().prop_map(Value::from),
    ];
    let tree = leaf.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((text(), inner), 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    });
    let trees = many(&tree);
    let row = |number, tree: &Value| job::ActiveModel { payload: Set(tree.clone()), ..work(number) };
    let stored = stored::<job::Entity, _>(&db, &trees, row).await;
    assert_eq!(stored.into_iter().map(|row| row.payload).collect::<Vec<_>>(), trees);
}

async fn lists_and_enums_come_back(backend: Backend) {
    let database = database::fresh(backend).await;
    let db = database.connect().await;
    let word = proptest::collection::vec(proptest::char::range(' ', '\u{2fff}'), 0..8).prop_map(String::from_iter);
    let permissions = proptest::sample::subsequence(every::<Permission>(), 0..=9);
    let words = proptest::collection::vec(word, 0..6);
    let roles = (proptest::sample::select(every::<UserRole>()), proptest::sample::select(every::<Theme>()));
    let people = many(&(permissions, words, roles));
    let row = |number, (permissions, skills, (role, theme)): &(Vec<Permission>, Vec<String>, (UserRole, Theme))| {
        user::ActiveModel {
            permissions: Set(List(permissions.clone())),
            skills: Set(List(skills.clone())),
            role: Set(*role),
            theme: Set(*theme),
            ..person(number)
        }
    };
    let stored = stored::<user::Entity, _>(&db, &people, row).await;
    let back = stored.into_iter().map(|row| (row.permissions.0, row.skills.0, (row.role, row.theme)));
    assert_eq!(back.collect::<Vec<_>>(), people);
}

async fn bytes_come_back(backend: Backend) {
    let rows = Rows::on(backend).await;
    let owner = Id::from(rows.make("users").await.trim_matches('\''));
    let keys = many(&proptest::collection::vec(any::<u8>(), 0..200));
    let row = |number, key: &Vec<u8>| webauthn_credential::ActiveModel {
        id: Set(id(number)),
        user_id: Set(owner.clone()),
        credential_id: Set(number.to_string()),
        credential_public_key: Set(key.clone()),
        counter: Set(i64::from(u32::MAX) + i64::try_from(number).unwrap()),
        device_type: Set("singleDevice".into()),
        ..Default::default()
    };
    let stored = stored::<webauthn_credential::Entity, _>(&rows.db, &keys, row).await;
    assert_eq!(stored.iter().map(|row| row.credential_public_key.clone()).collect::<Vec<_>>(), keys);
    assert!(stored.iter().all(|row| row.counter >= i64::from(u32::MAX)), "counters beyond 32 bits");
}

/// Inserts a row for each value and reads them all back, in the values' order.
async fn stored<E, T>(db: &DatabaseConnection, values: &[T], row: impl Fn(usize, &T) -> E::ActiveModel) -> Vec<E::Model>
where
    E: EntityTrait,
{
    let rows: Vec<_> = values.iter().enumerate().map(|(number, value)| row(number, value)).collect();
    for some in rows.chunks(100) {
        E::insert_many(some.iter().cloned()).exec_without_returning(db).await.unwrap();
    }
    E::find().order_by_asc(Expr::col("id")).all(db).await.unwrap()
}

/// Values as the strategy makes them, the same ones in every run.
fn many<S: Strategy>(strategy: &S) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..MANY).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

fn every<T: sea_orm::Iterable>() -> Vec<T> {
    T::iter().collect()
}

/// Ids that sort as their numbers do.
fn id(number: usize) -> Id {
    Id(format!("{number:06}"))
}

fn moment(millis: i64) -> Instant {
    Instant::new(DateTime::from_timestamp_millis(millis).unwrap())
}

fn person(number: usize) -> user::ActiveModel {
    user::ActiveModel {
        id: Set(id(number)),
        first_name: Set("Ann".into()),
        last_name: Set("Lee".into()),
        email: Set(format!("{number}@example.com")),
        password: Set(Secret("hash".into())),
        name_folded: Set("ann lee".into()),
        ..Default::default()
    }
}

fn work(number: usize) -> job::ActiveModel {
    job::ActiveModel {
        id: Set(id(number)),
        kind: Set("remind".into()),
        payload: Set(json!({})),
        run_at: Set(moment(0)),
        ..Default::default()
    }
}
