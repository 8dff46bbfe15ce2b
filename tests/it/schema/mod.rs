//! The schema itself: what the report asks for, what the rows expect, what the migrations make, and what the
//! database refuses.

mod agreement;
mod cases;
mod catalogue;
mod checks;
mod documentation;
mod entities;
mod fixture;
mod keys;
mod migrations;
mod rebuild;
mod report;
mod round_trips;
mod rows;
mod storing;
mod uniques;
mod values;

use crate::harness::database::Backend;
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("schema::columns_agree", agreement::columns_agree);
    suite.on(Backend::Postgres, "schema::databases_agree", agreement::databases_agree);
    suite.on(Backend::Postgres, "schema::text_is_ordered_by_its_bytes", agreement::text_is_ordered_by_its_bytes);
    suite.on_each_database("schema::report_columns", report::columns);
    suite.on_each_database("schema::report_uniques_and_indexes", report::uniques_and_indexes);
    suite.on(Backend::Postgres, "schema::report_enum_types", report::enum_types);
    suite.pure("schema::report_enums", report::enums);
    suite.pure("schema::rows_are_documented", documentation::rows_are_documented);
    suite.on_each_database("schema::up_down_up", migrations::up_down_up);
    suite.on_each_database("schema::every_step_can_be_taken_back", migrations::every_step_can_be_taken_back);
    suite.on_each_database("schema::down_with_rows", migrations::down_with_rows);
    suite.on(
        Backend::Sqlite,
        "schema::rebuilding_keeps_what_refers_to_the_table",
        rebuild::rebuilding_keeps_what_refers_to_the_table,
    );
    suite.on(Backend::Sqlite, "schema::rebuilding_leaves_no_strays", rebuild::rebuilding_leaves_no_strays);
    suite.on(
        Backend::Sqlite,
        "schema::rebuilding_needs_no_transaction_around_it",
        rebuild::rebuilding_needs_no_transaction_around_it,
    );
    suite.on_each_database("schema::keys_are_those_agreed", keys::keys_are_those_agreed);
    suite.on_each_database("schema::keys_have_an_index", keys::keys_have_an_index);
    suite.on_each_database("schema::keys_follow_their_rules", keys::keys_follow_their_rules);
    suite.on_each_database("schema::checks_refuse", checks::checks_refuse);
    suite.on_each_database("schema::types_refuse", checks::types_refuse);
    suite.on_each_database("schema::lengths_are_characters", checks::lengths_are_characters);
    suite.on_each_database("schema::uniques_refuse", uniques::uniques_refuse);
    suite.on_each_database("schema::every_row_is_read_and_written", storing::every_row_is_read_and_written);
    suite.on_each_database("schema::every_enum_value_is_stored", storing::every_enum_value_is_stored);
    suite.on_each_database("schema::defaults_are_written", storing::defaults_are_written);
    round_trips::register(suite);
}
