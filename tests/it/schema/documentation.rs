//! Every table and column says what it is, for the developer and, where the row is shown, for the client; and what the
//! report does not have is marked.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::fixture;

const MARK: &str = "(An addition to the report.)";

pub fn rows_are_documented() {
    let mut report: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for [table, column, ..] in fixture::lines::<7>(fixture::REPORT) {
        report.entry(table).or_default().push(column);
    }
    let mut tables = 0;
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../entity/src")).unwrap() {
        let path = file.unwrap().path();
        let source = if path.is_file() { fs::read_to_string(&path).unwrap() } else { String::new() };
        let Some(table) = quoted(&source, "table_name = \"") else { continue };
        tables += 1;
        says_what_a_row_is(table, &source);
        for (column, said) in columns(&source) {
            let place = format!("{table}.{column}");
            assert!(said.ends_with(['.', '?', ')']) && said.contains(' '), "{place} should be described: {said:?}");
            let is_added = report.get(table).is_some_and(|columns| !columns.contains(&column.as_str()));
            assert_eq!(said.ends_with(MARK), is_added, "is {place} marked as an addition? {said}");
        }
    }
    assert_eq!(tables, super::entities::declared().len());
}

fn says_what_a_row_is(table: &str, source: &str) {
    let head: Vec<_> = source.lines().map_while(|line| line.strip_prefix("//!")).collect();
    let head = head.concat();
    assert!(head.contains(&format!("`{table}`")) && head.len() > table.len() + 30, "{table} should say what a row is");
}

/// The columns of the model, each with what is said of it.
fn columns(source: &str) -> Vec<(String, String)> {
    let model = source.split("pub struct Model {").nth(1).and_then(|rest| rest.split("\n}").next()).unwrap();
    let (mut columns, mut said, mut name) = (Vec::new(), Vec::new(), None);
    for line in model.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("/// ") {
            said.push(text);
        } else if let Some(attribute) = quoted(line, "column_name = \"") {
            name = Some(attribute);
        } else if let Some(field) = line.strip_prefix("pub ") {
            let field = field.split(':').next().unwrap();
            columns.push((name.take().unwrap_or(field).to_owned(), said.join(" ")));
            said.clear();
        }
    }
    columns
}

fn quoted<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    text.split_once(before).and_then(|(_, rest)| rest.split('"').next())
}
