//! How much one request may ask for. Every refusal names the limit and what was found; all that are passed are told at
//! once.

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{ServerError, Variables};

use super::Http;
use super::caller::Sender;
use super::cost::{Cost, Meter};
use super::document::{Selected, reached_by_any};
use super::errors::{coded, limit, mistake_at};
use crate::config::Limits;
use crate::security::refused_at_sight;

/// What showing the schema may cost besides: the usual query of tools, and nearly half as much again.
const INTROSPECTION: u64 = 80_000;
/// How often validation may compare each field that a document may expand to.
const COMPARISONS: u64 = 4;
const ONE_SIGN_IN: &str = "Sign in once a request: one `login`, `refreshSession` or `changePassword`.";

/// The cost of the selected operation, if the whole document keeps within the limits. Other operations in it count
/// for its size alone, since validation walks them too.
pub(super) fn check(
    document: &ExecutableDocument,
    selected: &Selected,
    variables: &Variables,
    limits: &Limits,
) -> Result<Cost, Vec<ServerError>> {
    unused_fragments(document)?;
    let mut meter = Meter::new(document, variables);
    let (mut cost, mut fields) = (Cost::default(), 0_u64);
    for (name, operation) in document.operations.iter() {
        let mut one = meter.selection(&operation.node.selection_set.node).map_err(|error| vec![error])?;
        let definitions = operation.node.variable_definitions.iter().map(|definition| definition.node.directives.len());
        one.directives += (definitions.sum::<usize>() + operation.node.directives.len()) as u64;
        fields = fields.saturating_add(one.fields);
        if name == selected.name() {
            cost = one;
        }
    }
    let mut refusals = Vec::new();
    let mut most = |what: &str, found: u64, most: u64| {
        if found > most {
            let found = if found == u64::MAX { "countless".to_owned() } else { found.to_string() };
            refusals.push(limit(what, found, most));
        }
    };
    most("fields once its fragments are expanded", fields, limits.expanded_fields);
    most("comparisons of fields to make", meter.compared, limits.expanded_fields.saturating_mul(COMPARISONS));
    most("levels of fields", cost.depth as u64, limits.depth as u64);
    most("points of complexity (fields, times the rows of pages and lists)", cost.complexity, limits.complexity);
    most("points of introspection", cost.introspection, INTROSPECTION);
    most("aliases", cost.aliases, limits.aliases as u64);
    most("root fields", cost.level, limits.root_fields as u64);
    most("directives", cost.directives, limits.directives as u64);
    if cost.sign_ins > 1 {
        refusals.push(coded("LIMIT_EXCEEDED", ONE_SIGN_IN));
    }
    if refusals.is_empty() { Ok(cost) } else { Err(refusals) }
}

/// A document was refused before anything ran. Attempts to sign in that came together count as one for their address,
/// and no password of them is looked at.
pub(super) async fn refusals(http: &Http, errors: &[ServerError], sender: &Sender) {
    http.counters.refused();
    if errors.iter().any(|error| error.message == ONE_SIGN_IN) {
        refused_at_sight(&http.app, sender.ip()).await;
    }
}

/// A fragment that no operation reaches is a mistake in any case, and is not measured with any.
fn unused_fragments(document: &ExecutableDocument) -> Result<(), Vec<ServerError>> {
    let used = reached_by_any(document);
    let mut unused: Vec<_> = document.fragments.iter().filter(|(name, _)| !used.contains(*name)).collect();
    unused.sort_by_key(|(_, fragment)| fragment.pos);
    let errors: Vec<_> = unused
        .into_iter()
        .take(5)
        .map(|(name, fragment)| mistake_at(fragment.pos, format!("The fragment `{name}` is never used.")))
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

#[cfg(test)]
pub(in crate::http) mod tests {
    use std::time::{Duration, Instant};

    use async_graphql::Name;
    use async_graphql::parser::parse_query;
    use clap::Parser;

    use super::*;
    use crate::http::size;

    /// The limits as they are when nobody sets them.
    pub(in crate::http) fn usual() -> Limits {
        #[derive(Parser)]
        struct Flags {
            #[command(flatten)]
            limits: Limits,
        }
        Flags::parse_from(["ridgeline"]).limits
    }

    /// As the tools that show a schema ask for it.
    pub(in crate::http) const INTROSPECTION: &str = "
        query IntrospectionQuery { __schema { queryType { name } mutationType { name } subscriptionType { name }
            types { ...FullType } directives { name description locations args { ...InputValue } } } }
        fragment FullType on __Type { kind name description specifiedByURL
            fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue }
                type { ...TypeRef } isDeprecated deprecationReason }
            inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
            enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
            possibleTypes { ...TypeRef } }
        fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated
            deprecationReason }
        fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType {
            kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
            } } } } } } } } } }";

    fn check_with(text: &str, limits: &Limits) -> Result<Cost, Vec<ServerError>> {
        size::check(text, limits).map_err(|error| vec![error])?;
        let document = parse_query(text).unwrap();
        let name = document.operations.iter().next().unwrap().0.cloned();
        let selected = Selected::find(&document, name.as_ref().map(Name::as_str)).unwrap();
        check(&document, &selected, &Variables::default(), limits)
    }

    fn refusal(text: &str, limits: &Limits) -> String {
        check_with(text, limits).unwrap_err().into_iter().map(|error| error.message).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_tools_and_pages_ask_for_fits() {
        let limits = usual();
        check_with(INTROSPECTION, &limits).unwrap();
        check_with("query A { a } query B { ...F } fragment F on Query { b }", &limits).unwrap();
        check_with(
            "{ projects(first: 50) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id projectName \
             progress customer { id primaryName } projectManager { id firstName lastName } \
             tasks(first: 10) { edges { node { id title assignee { id } } } } } } } }",
            &limits,
        )
        .unwrap();
    }

    #[test]
    fn every_limit_is_told_with_its_number() {
        let small = Limits {
            depth: 2,
            complexity: 10,
            aliases: 1,
            root_fields: 2,
            directives: 1,
            expanded_fields: 6,
            ..usual()
        };
        let both = refusal("{ a: x @a b: x @b c { d { e } } }", &small);
        for part in
            ["3 levels of fields; at most 2", "2 aliases; at most 1", "3 root fields; at most 2", "2 directives"]
        {
            assert!(both.contains(part), "{both}");
        }
        assert!(refusal("{ x { nodes { id } } }", &small).contains("101 points of complexity"));
        assert!(refusal("{ ...F } fragment F on Q { a b c d e f g }", &small).contains("7 fields once"));
        assert!(refusal("query A { a } query B { a b c d e f }", &small).contains("7 fields once"));
    }

    #[test]
    fn one_attempt_to_sign_in() {
        let limits = usual();
        assert!(refusal("mutation { login { a } b: login { a } }", &limits).contains("once a request"));
        assert!(
            refusal(
                "mutation { ...F ... { refreshSession { a } } } fragment F on Mutation { changePassword { a } }",
                &limits
            )
            .contains("once a request")
        );
        check_with("mutation { login { a } createProject { b } }", &limits).unwrap();
    }

    #[test]
    fn unused_fragments_are_mistakes() {
        let message = refusal("{ a } fragment F on Q { ...G } fragment G on Q { a }", &usual());
        assert!(message.contains("`F` is never used") && message.contains("`G` is never used"));
    }

    #[test]
    fn documents_that_repeat_themselves_are_refused_quickly() {
        let repeat = |times: usize, part: fn(usize) -> String| (0..times).map(part).collect::<Vec<_>>().concat();
        let fields = |times| repeat(times, |n| format!("g{n} "));
        let levels = repeat(30, |n| format!("... on Query {{ f{n} "));
        let operations = repeat(400, |n| format!("query Q{n} {{ ...F }} "));
        let nested = format!("{{ {levels} {} {} }}", fields(1500), "}".repeat(30));
        let spreads = format!("{{ {} }} fragment F on Query {{ {} }}", "...F ".repeat(900), fields(900));
        let many = format!("{operations} fragment F on Query {{ {} }}", fields(300));
        for text in [nested, spreads, many] {
            let document = parse_query(&text).unwrap();
            let name = document.operations.iter().next().unwrap().0.cloned();
            let selected = Selected::find(&document, name.as_ref().map(Name::as_str)).unwrap();
            let began = Instant::now();
            assert!(check(&document, &selected, &Variables::default(), &usual()).is_err());
            assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
        }
    }
}
