//! The tables of facts beside these tests: tab-separated, the first line names the columns, a dash is nothing.

pub const REPORT: &str = include_str!("report.tsv");
pub const REPORT_ENUMS: &str = include_str!("report-enums.tsv");
pub const REPORT_UNIQUES: &str = include_str!("report-uniques.tsv");
pub const REPORT_INDEXES: &str = include_str!("report-indexes.tsv");
pub const FURTHER_UNIQUES: &str = include_str!("further-uniques.tsv");
pub const FURTHER_INDEXES: &str = include_str!("further-indexes.tsv");
pub const KEYS: &str = include_str!("keys.tsv");

/// The lines, each as its fields.
pub fn lines<const N: usize>(text: &'static str) -> Vec<[&'static str; N]> {
    let field = |field: &'static str| if field == "-" { "" } else { field };
    let fields = |line: &'static str| {
        line.split('\t').map(field).collect::<Vec<_>>().try_into().expect("a field for each column")
    };
    text.lines().skip(1).map(fields).collect()
}
