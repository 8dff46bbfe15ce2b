//! The run: requests of all kinds by people of all roles, over HTTP and WebSocket, each answer judged.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::dice::Dice;
use super::generate::{Generator, Kind, Operation};
use super::mutate;
use super::oracle;
use super::schema::Schema;
use super::values::Ids;
use crate::harness::client::{Client, Socket};
use crate::harness::office::{Office, PEOPLE, text};

/// How long an answer may take: far longer than any does.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a run goes on.
#[derive(Clone, Copy)]
pub enum Length {
    Requests(usize),
    Time(Duration),
}

struct Person {
    name: Option<&'static str>,
    client: Client,
    socket: Option<Socket>,
}

/// What came of one request.
enum Came {
    Answer(u16, Value),
    /// The socket was closed.
    Closed(u16),
    Nothing,
}

pub struct Run<'o> {
    office: &'o Office,
    schema: Schema,
    ids: Ids,
    dice: Dice,
    people: Vec<Person>,
    pub answered: usize,
    pub refused: usize,
    pub told: usize,
    pub slowest: Duration,
    /// Root fields that were answered without an error.
    reached: BTreeSet<String>,
}

impl<'o> Run<'o> {
    pub async fn new(office: &'o Office, seed: u64) -> Self {
        let mut people = vec![Person { name: None, client: office.anyone(), socket: None }];
        for (name, _) in PEOPLE {
            people.push(Person { name: Some(name), client: office.client(name).await, socket: None });
        }
        let mut ids = Ids::default();
        for _ in 0..3 {
            let project = office.project().await;
            ids.learn("Project", &project.id);
            ids.learn("Customer", &project.customer);
            for item in project.items.iter().take(8) {
                ids.learn("lineItemId", item);
                ids.pairs.push((project.id.clone(), item.clone()));
            }
        }
        for (name, _) in PEOPLE {
            ids.learn("User", &office.id(name).0);
        }
        let there = people[1].client.ok("{ alerts { nodes { id } } mySessions { id } }", Value::Null).await;
        for (of, rows) in [("WorkflowAlert", &there["alerts"]["nodes"]), ("Session", &there["mySessions"])] {
            rows.as_array().into_iter().flatten().for_each(|row| ids.learn(of, &text(&row["id"])));
        }
        let start = people[1].client.cursor().await;
        ids.learn("cursor", &start);
        let schema = Schema::read(&ridgeline::schema::sdl());
        Self {
            office,
            schema,
            ids,
            dice: Dice::new(seed),
            people,
            answered: 0,
            refused: 0,
            told: 0,
            slowest: Duration::ZERO,
            reached: BTreeSet::new(),
        }
    }

    /// Goes on until the end, or until something is wrong: then a story that can be told again.
    pub async fn go(&mut self, length: Length) -> Result<usize, String> {
        let began = Instant::now();
        let mut done = 0;
        while match length {
            Length::Requests(most) => done < most,
            Length::Time(most) => began.elapsed() < most,
        } {
            self.one().await.map_err(|why| format!("request {done}: {why}"))?;
            done += 1;
            if done % 300 == 0 {
                self.office.pass(chrono::Duration::minutes(40)).await;
            }
        }
        Ok(done)
    }

    /// Root fields that nothing was ever answered to but errors.
    pub fn unreached(&self) -> Vec<&str> {
        let roots = ["Query", "Mutation", "Subscription"].iter().flat_map(|root| &self.schema.objects[*root]);
        roots.map(|field| field.name.as_str()).filter(|name| !self.reached.contains(*name)).collect()
    }

    async fn one(&mut self) -> Result<(), String> {
        let kind = match self.dice.below(100) {
            0..55 => Kind::Query,
            55..92 => Kind::Mutation,
            _ => Kind::Subscription,
        };
        let operation = Generator::operation(&self.schema, &self.ids, &mut self.dice, kind);
        let body =
            json!({ "query": operation.query, "variables": operation.variables, "operationName": operation.name });
        let whole = self.dice.percent(65);
        let bytes = if whole {
            body.to_string().into_bytes()
        } else {
            mutate::request(&mut self.dice, &operation.query, &body)
        };
        // Half of it by the one who may do most; otherwise nothing much would ever come about.
        let who = if self.dice.percent(45) { 1 } else { self.dice.below(self.people.len()) };
        let by_socket = who > 0 && (kind == Kind::Subscription || self.dice.percent(25));
        let began = Instant::now();
        let sent = async {
            match String::from_utf8(bytes.clone()) {
                Ok(text) if by_socket => self.people[who].by_socket(self.office, &text, kind).await,
                _ => self.people[who].by_http(&bytes).await,
            }
        };
        let came = tokio::time::timeout(PATIENCE, sent).await;
        self.slowest = self.slowest.max(began.elapsed());
        let wrong = match &came {
            Err(_) => Some("no answer came in time".to_owned()),
            Ok(came) => self.judge(came, whole.then_some(&operation), by_socket),
        };
        if let Some(why) = wrong {
            let name = self.people[who].name.unwrap_or("nobody");
            let way = if by_socket { "WebSocket" } else { "HTTP" };
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let shortest = self.shrink(who, &text).await;
            let came = match came {
                Ok(Came::Answer(status, answer)) => format!("{status} {answer}"),
                Ok(Came::Closed(code)) => format!("closed with {code}"),
                _ => "nothing".into(),
            };
            return Err(format!(
                "{why}\n  by {name} over {way}: {text}\n  shortest: {shortest}\n  answer: {came:.3000}"
            ));
        }
        if let Ok(Came::Answer(_, answer)) = &came {
            let unknown = |error: &Value| error["extensions"]["code"] == "UNAUTHENTICATED";
            if answer["errors"].as_array().is_some_and(|errors| errors.iter().any(unknown)) {
                self.people[who].sign_in(self.office).await;
            }
        }
        Ok(())
    }

    fn judge(&mut self, came: &Came, operation: Option<&Operation>, by_socket: bool) -> Option<String> {
        match came {
            // Sessions end, and messages that are too large or none close the socket.
            Came::Nothing | Came::Closed(4403 | 4408 | 1009) => None,
            Came::Closed(4400) if operation.is_none() => None,
            Came::Closed(code) => Some(format!("the socket was closed with {code}")),
            Came::Answer(status, answer) => {
                let ours = operation.filter(|operation| by_socket || operation.kind != Kind::Subscription);
                let wrong = oracle::wrong(*status, answer)
                    .or_else(|| ours.and_then(|operation| oracle::wrong_for(operation, &self.schema, answer)));
                if let (Some(operation), Some(data)) = (ours, answer.get("data")) {
                    oracle::learn(&operation.shape, data, &mut self.ids);
                    self.told += usize::from(operation.kind == Kind::Subscription);
                    if answer.get("errors").is_none() {
                        self.reached.extend(operation.shape.iter().map(|node| node.field.clone()));
                    }
                }
                self.answered += usize::from(answer.get("errors").is_none());
                self.refused += usize::from(answer.get("data").is_none());
                wrong
            }
        }
    }

    /// A shorter request that is as wrong whatever it asks; the same one where only its shape could tell.
    async fn shrink(&self, who: usize, text: &str) -> String {
        let Ok(mut body) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
        let mut left = 300;
        'shorter: while left > 0 {
            for smaller in mutate::shorter(&body) {
                left -= 1;
                let bytes = smaller.to_string().into_bytes();
                let sent = self.people[who].by_http(&bytes);
                let came = tokio::time::timeout(PATIENCE, sent).await;
                if matches!(&came, Ok(Came::Answer(status, answer)) if oracle::wrong(*status, answer).is_some()) {
                    body = smaller;
                    continue 'shorter;
                }
                if left == 0 {
                    break;
                }
            }
            break;
        }
        body.to_string()
    }
}

impl Person {
    async fn sign_in(&mut self, office: &Office) {
        if let Some(name) = self.name {
            self.client = office.client(name).await;
            self.socket = None;
        }
    }

    async fn by_http(&self, body: &[u8]) -> Came {
        let request = reqwest::Client::new().post(self.client.url("/graphql")).body(body.to_vec());
        let request =
            request.header(ACCEPT, "application/graphql-response+json").header(CONTENT_TYPE, "application/json");
        let request = match &self.client.token {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        };
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let bytes = response.bytes().await.expect("a whole answer");
        Came::Answer(status, serde_json::from_slice(&bytes).unwrap_or(json!(String::from_utf8_lossy(&bytes))))
    }

    /// Runs an operation on this person's socket, hears a little of it, and ends it.
    async fn by_socket(&mut self, office: &Office, body: &str, kind: Kind) -> Came {
        if self.socket.is_none() {
            self.sign_in(office).await;
            self.socket = Some(self.client.socket().await);
        }
        let socket = self.socket.as_mut().expect("a socket");
        let message = format!(r#"{{"id":"op","type":"subscribe","payload":{body}}}"#);
        let patience = Duration::from_millis(if kind == Kind::Subscription { 60 } else { 2_000 });
        // A socket that takes nothing has something to say about it.
        let _ = socket.try_send(&[&message]).await;
        let came = socket.heard("op", patience).await;
        if matches!(came, Came::Closed(_)) {
            self.socket = None;
        }
        came
    }
}

impl Socket {
    /// The first result or refusal of an operation. One that goes on is ended after a moment of silence, with a ping
    /// behind it: when that is answered nothing more comes.
    async fn heard(&mut self, id: &str, patience: Duration) -> Came {
        let complete = json!({ "id": id, "type": "complete" }).to_string();
        let mut came = Came::Nothing;
        let mut pinged = false;
        loop {
            // Nothing for a moment: what listens is ended, and the pong comes last.
            let next = tokio::time::timeout(patience, self.any_frame()).await;
            let frame = match next {
                Err(_) if pinged => continue,
                Err(_) => {
                    pinged = true;
                    if self.try_send(&[&complete, r#"{"type":"ping"}"#]).await.is_none() {
                        return Came::Closed(1006);
                    }
                    continue;
                }
                Ok(frame) => frame,
            };
            match frame {
                None => return Came::Closed(4403),
                Some(Message::Close(frame)) => return Came::Closed(frame.map_or(4403, |frame| frame.code.into())),
                Some(Message::Text(text)) => {
                    let message: Value = serde_json::from_str(&text).expect("JSON");
                    match message["type"].as_str().unwrap_or_default() {
                        "next" if matches!(came, Came::Nothing) => came = Came::Answer(200, message["payload"].clone()),
                        "next" => {}
                        "error" => {
                            return self
                                .settled(Came::Answer(400, json!({ "errors": message["payload"] })), pinged)
                                .await;
                        }
                        "complete" => return self.settled(came, pinged).await,
                        "pong" => return came,
                        other => panic!("a message of type {other}"),
                    }
                }
                Some(_) => {}
            }
        }
    }

    /// Takes the pong that is still to come.
    async fn settled(&mut self, came: Came, pinged: bool) -> Came {
        if !pinged {
            return came;
        }
        loop {
            match self.any_frame().await {
                Some(Message::Text(text)) if text.contains("\"pong\"") => break,
                None | Some(Message::Close(_)) => break,
                Some(_) => {}
            }
        }
        came
    }
}
