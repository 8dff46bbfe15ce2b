//! GraphQL over HTTP, one test a rule (<https://graphql.github.io/graphql-over-http/draft/>). Each is named for what the
//! specification says, MUST, SHOULD or MAY. Where a newer draft asks for 422 in place of 400, or for 294, the server keeps
//! to what the audits of `graphql-http` ask for: clients of today know nothing else.

use reqwest::header::{ACCEPT, ALLOW, CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::harness::suite::Suite;

const NEW: &str = "application/graphql-response+json";
const OLD: &str = "application/json";

/// A request, and what must come of it.
struct Rule {
    name: String,
    method: Method,
    accept: Option<&'static str>,
    kind: Option<&'static str>,
    parameters: Vec<(&'static str, String)>,
    body: Option<String>,
    status: u16,
    answer: Answer,
    allow: Option<&'static str>,
    typed: Option<&'static str>,
}

/// What the body must be.
enum Answer {
    /// Data, exactly this.
    Data(Value),
    /// Data that is null, with errors beside it.
    Failed,
    /// Errors with a sentence and a code each, and no `data` key.
    Refused,
    /// Nothing at all.
    Nothing,
}

impl Rule {
    fn to(mut self, status: u16, answer: Answer) -> Self {
        (self.status, self.answer) = (status, answer);
        self
    }

    fn refused(self, status: u16) -> Self {
        self.to(status, Answer::Refused)
    }

    fn accept(mut self, accept: &'static str) -> Self {
        self.accept = Some(accept);
        self
    }

    fn kind(mut self, kind: Option<&'static str>) -> Self {
        self.kind = kind;
        self
    }

    fn typed(mut self, kind: &'static str) -> Self {
        self.typed = Some(kind);
        self
    }

    fn allow(mut self, allow: &'static str) -> Self {
        self.allow = Some(allow);
        self
    }

    async fn hold(self) {
        static OFFICE: OnceCell<Office> = OnceCell::const_new();
        let office = OFFICE.get_or_init(|| Office::open(Backend::Sqlite)).await;
        let url = office.anyone().url("/graphql");
        let url = if self.parameters.is_empty() {
            url.parse().unwrap()
        } else {
            Url::parse_with_params(&url, &self.parameters).unwrap()
        };
        let mut request = reqwest::Client::new().request(self.method.clone(), url);
        for (header, value) in [(ACCEPT, self.accept), (CONTENT_TYPE, self.kind)] {
            if let Some(value) = value {
                request = request.header(header, value);
            }
        }
        if let Some(body) = self.body.clone() {
            request = request.body(body);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), self.status);
        let headers = response.headers().clone();
        if let Some(allow) = self.allow {
            assert_eq!(headers[ALLOW], allow);
        }
        if let Some(kind) = self.typed {
            assert_eq!(headers[CONTENT_TYPE].to_str().unwrap(), format!("{kind}; charset=utf-8"));
        }
        let bytes = response.bytes().await.unwrap();
        if self.method != Method::HEAD {
            assert_eq!(headers[CONTENT_LENGTH].to_str().unwrap(), bytes.len().to_string());
        }
        self.answer.check(&bytes);
    }
}

impl Answer {
    fn check(self, bytes: &[u8]) {
        let body = || serde_json::from_slice::<Value>(bytes).unwrap();
        match self {
            Self::Data(data) => assert_eq!(body(), json!({ "data": data })),
            Self::Failed => {
                let body = body();
                assert!(body["data"].is_null() && body.get("data").is_some(), "{body}");
                assert!(!body["errors"].as_array().unwrap().is_empty(), "{body}");
            }
            Self::Refused => {
                let body = body();
                assert!(body.get("data").is_none(), "{body}");
                let errors = body["errors"].as_array().unwrap();
                assert!(!errors.is_empty());
                for error in errors {
                    assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{body}");
                    assert!(error["extensions"]["code"].is_string(), "{body}");
                }
            }
            Self::Nothing => assert!(bytes.is_empty()),
        }
    }
}

fn typename() -> Answer {
    Answer::Data(json!({ "__typename": "Query" }))
}

/// A POST that is answered, unless it is told otherwise.
fn post(name: impl Into<String>, body: impl Into<String>) -> Rule {
    Rule {
        name: name.into(),
        method: Method::POST,
        accept: Some(NEW),
        kind: Some(OLD),
        parameters: Vec::new(),
        body: Some(body.into()),
        status: 200,
        answer: typename(),
        allow: None,
        typed: None,
    }
}

fn posted(name: impl Into<String>, body: Value) -> Rule {
    post(name, body.to_string())
}

fn get(name: impl Into<String>, parameters: &[(&'static str, &str)]) -> Rule {
    let parameters = parameters.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Rule { method: Method::GET, kind: None, body: None, parameters, ..posted(name, json!({})) }
}

const TYPENAME: &str = r#"{"query":"{ __typename }"}"#;
const Q: &str = "{ __typename }";
const LOGOUT: &str = "mutation { logoutEverywhere(input: {}) { __typename } }";

pub fn register(suite: &mut Suite) {
    let mut rules = negotiation();
    rules.extend(requests());
    rules.extend(over_get());
    rules.extend(parameters());
    rules.extend(documents());
    for rule in rules {
        suite.on(Backend::Sqlite, &format!("http::{}", rule.name), move |_| rule.hold());
    }
}

fn negotiation() -> Vec<Rule> {
    let accepting = |name: &str, accept, kind| post(name, TYPENAME).accept(accept).typed(kind);
    vec![
        accepting("must_answer_application_json_to_who_accepts_it", OLD, OLD),
        accepting("must_answer_graphql_response_json_to_who_accepts_it", NEW, NEW),
        accepting("must_read_accept_without_regard_to_case", "Application/GraphQL-Response+JSON", NEW),
        accepting("should_answer_application_json_where_anything_is_accepted", "*/*", OLD),
        accepting("should_answer_application_json_for_application_star", "text/html, application/*", OLD),
        accepting(
            "must_answer_the_type_of_highest_priority",
            "application/graphql-response+json;q=0.1, application/json",
            OLD,
        ),
        accepting(
            "must_answer_what_clients_should_ask_for",
            "application/graphql-response+json, application/json;q=0.9",
            NEW,
        ),
        accepting("must_not_answer_what_has_quality_0", "application/json;q=0, */*", NEW),
        accepting(
            "must_answer_in_utf_8_where_it_is_asked_for",
            "application/graphql-response+json; charset=utf-8",
            NEW,
        ),
        Rule { accept: None, ..post("should_answer_application_json_without_accept", TYPENAME) }.typed(OLD),
        post("should_reply_406_where_nothing_served_is_accepted", TYPENAME).accept("text/html").refused(406),
        post("must_name_the_type_of_a_refusal_too", "{").refused(400).typed(NEW),
        post("must_name_the_type_of_a_406_too", TYPENAME).accept("image/png").refused(406).typed(OLD),
    ]
}

fn requests() -> Vec<Rule> {
    let unicode = json!({ "query": "{ __typename # \u{1F3E0} Ünïcödé\n}" }).to_string();
    let mut rules = vec![
        post("must_accept_post", TYPENAME),
        post("must_accept_utf_8", unicode.clone()).kind(Some("application/json; charset=utf-8")),
        post("must_assume_utf_8_without_a_charset", unicode),
        post("must_read_content_type_without_regard_to_case", TYPENAME).kind(Some("Application/JSON")),
        post("should_reply_415_to_another_charset", TYPENAME)
            .kind(Some("application/json; charset=utf-16"))
            .refused(415),
        post("should_reply_4xx_without_a_content_type", TYPENAME).kind(None).refused(415),
        post("should_reply_400_to_an_empty_body", "").refused(400),
        post("should_reply_400_to_a_body_that_is_not_json", "nonsense").refused(400),
        post("should_reply_400_to_json_that_breaks_off", r#"{"query":"{ __typename"#).refused(400),
        post("should_reply_400_to_a_body_that_is_not_json_as_json", "nonsense").accept(OLD).refused(400),
        post("should_reply_413_to_a_body_that_is_too_large", format!(r#"{{"query":"{}"}}"#, "x".repeat(1_100_000)))
            .refused(413),
        post("should_refuse_batches", format!("[{TYPENAME}]")).refused(400),
        posted("must_ignore_other_properties", json!({ "query": Q, "id": 7, "doc_id": [] })),
        posted("must_read_properties_with_regard_to_case", json!({ "Query": Q })).refused(400),
    ];
    for (name, kind) in [
        ("plain_text", "text/plain"),
        ("a_form", "application/x-www-form-urlencoded"),
        ("an_upload", "multipart/form-data; boundary=a"),
        ("application_graphql", "application/graphql"),
        ("text_json", "text/json"),
    ] {
        rules.push(post(format!("should_reply_415_to_{name}"), TYPENAME).kind(Some(kind)).refused(415));
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        let name = format!("should_reply_405_to_{}", method.as_str().to_lowercase());
        rules.push(Rule { method, ..post(name, TYPENAME) }.refused(405).allow("GET, POST"));
    }
    for (name, body) in [("null", "null"), ("a_number", "7"), ("a_string", "\"{ a }\""), ("an_empty_object", "{}")] {
        for (format, accept) in [("graphql", NEW), ("json", OLD)] {
            let name = format!("should_reply_400_to_a_body_of_{name}_as_{format}");
            rules.push(post(name, body).accept(accept).refused(400));
        }
    }
    rules
}

fn over_get() -> Vec<Rule> {
    let both = "query A { __typename } mutation B { logoutEverywhere(input: {}) { __typename } }";
    let skip = "query($x: Boolean!) { __typename viewer @skip(if: $x) { id } }";
    vec![
        get("may_accept_get", &[("query", Q)]),
        get("must_read_query_from_the_address", &[("query", "query { b: __typename }")])
            .to(200, Answer::Data(json!({ "b": "Query" }))),
        get(
            "must_read_operation_name_from_the_address",
            &[("query", "query A { __typename } query B { b: __typename }"), ("operationName", "B")],
        )
        .to(200, Answer::Data(json!({ "b": "Query" }))),
        get("must_take_an_empty_operation_name_for_none", &[("query", Q), ("operationName", "")]),
        get("must_read_variables_from_the_address", &[("query", skip), ("variables", r#"{"x":true}"#)]),
        get("must_read_extensions_from_the_address", &[("query", Q), ("extensions", r#"{"a":1}"#)]),
        get("must_take_empty_variables_for_none", &[("query", Q), ("variables", ""), ("extensions", "")]),
        get("should_reply_400_to_variables_that_are_not_json", &[("query", Q), ("variables", "{")]).refused(400),
        get("should_reply_400_to_variables_that_are_no_map", &[("query", Q), ("variables", "[]")]).refused(400),
        get("should_reply_400_to_extensions_that_are_no_map", &[("query", Q), ("extensions", "7")]).refused(400),
        get("should_reply_400_to_a_parameter_given_twice", &[("query", Q), ("query", Q)]).refused(400),
        get("should_reply_400_without_a_query", &[]).refused(400),
        get("must_not_run_a_mutation_over_get", &[("query", LOGOUT)]).refused(405).allow("POST"),
        get("must_not_run_a_mutation_over_get_as_json", &[("query", LOGOUT)]).accept(OLD).refused(405),
        get("must_not_run_a_mutation_that_is_named_over_get", &[("query", both), ("operationName", "B")]).refused(405),
        get("must_run_a_query_that_stands_beside_a_mutation", &[("query", both), ("operationName", "A")]),
        Rule { method: Method::HEAD, ..get("must_answer_head_like_get_without_a_body", &[("query", Q)]) }
            .to(200, Answer::Nothing)
            .typed(NEW),
        Rule { method: Method::HEAD, ..get("must_not_run_a_mutation_over_head", &[("query", LOGOUT)]) }
            .to(405, Answer::Nothing),
    ]
}

fn parameters() -> Vec<Rule> {
    let mut rules = Vec::new();
    for (kind, value) in
        [("a_map", json!({})), ("a_number", json!(0)), ("false", json!(false)), ("a_list", json!(["a"]))]
    {
        for key in ["query", "operationName", "documentId"] {
            let mut body = json!({ "query": Q });
            body[key] = value.clone();
            rules.push(posted(format!("may_reply_400_to_{key}_that_is_{kind}"), body).refused(400));
        }
    }
    for (kind, value) in
        [("a_string", json!("x")), ("a_number", json!(0)), ("false", json!(false)), ("a_list", json!([1]))]
    {
        for key in ["variables", "extensions"] {
            let mut body = json!({ "query": Q });
            body[key] = value.clone();
            rules.push(posted(format!("may_reply_400_to_{key}_that_is_{kind}"), body).refused(400));
        }
    }
    for (format, accept) in [("graphql", NEW), ("json", OLD)] {
        for key in ["operationName", "variables", "extensions", "documentId"] {
            let mut body = json!({ "query": Q });
            body[key] = Value::Null;
            rules.push(posted(format!("must_allow_null_for_{key}_as_{format}"), body).accept(accept));
        }
        let named = json!({ "query": "query A { __typename }", "operationName": "A" });
        rules.push(posted(format!("must_allow_a_string_for_operationName_as_{format}"), named).accept(accept));
        let given =
            json!({ "query": "query($x: Boolean!) { __typename @include(if: $x) }", "variables": { "x": true } });
        rules.push(posted(format!("must_allow_a_map_for_variables_as_{format}"), given).accept(accept));
        let extended = json!({ "query": Q, "extensions": { "some": "value" } });
        rules.push(posted(format!("must_allow_a_map_for_extensions_as_{format}"), extended).accept(accept));
        let null = json!({ "query": null });
        rules.push(posted(format!("should_reply_400_to_a_null_query_as_{format}"), null).accept(accept).refused(400));
    }
    rules
}

/// Documents that cannot be executed, and some that can: the status under either type, and never a `data` key.
fn documents() -> Vec<Rule> {
    let mut rules = Vec::new();
    for (name, body) in [
        ("a_document_that_does_not_parse", json!({ "query": "{" })),
        ("an_empty_document", json!({ "query": "" })),
        ("a_document_of_comments", json!({ "query": "# nothing" })),
        ("a_document_that_does_not_validate", json!({ "query": "{ nonsense }" })),
        ("a_document_without_an_operation", json!({ "query": "fragment F on Query { __typename }" })),
        ("a_schema", json!({ "query": "type Query { a: Int }" })),
        ("an_operation_that_is_not_there", json!({ "query": "query A { __typename }", "operationName": "B" })),
        ("an_operation_that_is_not_said", json!({ "query": "query A { __typename } query B { __typename }" })),
        ("a_variable_that_is_missing", json!({ "query": "query($a: ID!) { user(id: $a) { id } }" })),
        (
            "a_variable_of_the_wrong_type",
            json!({ "query": "query($a: Boolean!) { __typename @skip(if: $a) }", "variables": { "a": "yes" } }),
        ),
        ("a_directive_that_is_not_there_at_typename", json!({ "query": "{ __typename @nonsense }" })),
        ("a_subscription", json!({ "query": "subscription { alertChanged { id } }" })),
    ] {
        rules.push(posted(format!("should_reply_400_to_{name}"), body.clone()).refused(400).typed(NEW));
        let name = format!("should_reply_200_to_{name}_as_json");
        rules.push(posted(name, body).accept(OLD).refused(200).typed(OLD));
    }
    let failing = json!({ "query": "{ viewer { id } }" });
    rules.push(posted("must_reply_2xx_where_there_is_data_though_null", failing.clone()).to(200, Answer::Failed));
    rules.push(posted("must_reply_2xx_where_there_is_null_data_as_json", failing).accept(OLD).to(200, Answer::Failed));
    let schema = json!({ "query": "{ __schema { queryType { name } } }" });
    rules.push(posted("should_reply_401_to_who_may_not_ask_this", schema).refused(401));
    let only = json!({ "query": "query($a: Boolean!) { a: __typename __typename @skip(if: $a) }", "variables": { "a": true } });
    rules.push(
        posted("must_see_variables_of_directives_at_typename", only).to(200, Answer::Data(json!({ "a": "Query" }))),
    );
    rules
}
