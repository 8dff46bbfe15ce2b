//! Sockets below the protocol's messages: frames, peers that vanish, peers that do not read, and many at once.

use std::time::Duration;

use ridgeline::http::{Doors, Pace};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use super::sockets::{FOLLOW, subscribe};
use crate::harness::client::Socket;
use crate::harness::database::Backend;
use crate::harness::office::{Office, eventually, text};
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on(Backend::Sqlite, "sockets::must_read_fragmented_messages", fragmented);
    suite.on(Backend::Sqlite, "sockets::must_read_control_frames_between_fragments", interleaved);
    suite.on(Backend::Sqlite, "sockets::must_answer_websocket_pings", frame_pings);
    for (name, code, frames) in [
        ("must_close_with_1009_on_a_message_that_is_too_large", 1009, Frames::Large),
        ("must_close_with_1009_on_a_frame_that_says_it_is_endless", 1009, Frames::Endless),
        ("must_close_with_1009_on_fragments_that_are_too_large_together", 1009, Frames::LargeTogether),
        ("must_close_with_1002_on_a_frame_without_a_mask", 1002, Frames::Unmasked),
        ("must_close_with_1002_on_an_unknown_opcode", 1002, Frames::UnknownOpcode),
        ("must_close_with_1002_on_a_continuation_of_nothing", 1002, Frames::LooseContinuation),
        ("must_close_with_1002_on_a_fragmented_control_frame", 1002, Frames::FragmentedPing),
        ("must_close_with_1007_on_text_that_is_not_utf_8", 1007, Frames::NotUtf8),
        ("must_close_with_4400_on_a_binary_message", 4400, Frames::Binary),
    ] {
        suite.on(Backend::Sqlite, &format!("sockets::{name}"), move |backend| refused(backend, code, frames));
    }
    suite.on(Backend::Sqlite, "sockets::a_peer_that_vanished_frees_what_it_held", vanished);
    suite.on(Backend::Sqlite, "sockets::a_peer_that_answers_pings_stays", answering);
    suite.on(Backend::Sqlite, "sockets::a_peer_that_does_not_read_loses_its_socket_alone", slow_reader);
    suite.on(Backend::Sqlite, "sockets::a_peer_that_breaks_off_frees_what_it_held", broken_off);
    suite.on(Backend::Sqlite, "sockets::operations_by_the_thousand_one_after_the_other", thousands);
    suite.on(Backend::Sqlite, "sockets::a_busy_stream_does_not_starve_a_slow_one", fairness);
}

#[derive(Clone, Copy)]
enum Frames {
    Large,
    Endless,
    LargeTogether,
    Unmasked,
    UnknownOpcode,
    LooseContinuation,
    FragmentedPing,
    NotUtf8,
    Binary,
}

impl Frames {
    async fn send(self, socket: &mut Socket) {
        let mask = [0, 0, 0, 0];
        match self {
            Self::Large => socket.send(subscribe("a", &format!("{{ __typename }} # {}", "x".repeat(70_000)))).await,
            Self::Endless => socket.send_raw(&[&[0x81, 0xff, 0x3f, 0, 0, 0, 0, 0, 0, 0][..], &mask].concat()).await,
            Self::LargeTogether => {
                socket.send_frame(fragment(&"x".repeat(40_000), Data::Text, false)).await;
                socket.send_frame(fragment(&"x".repeat(40_000), Data::Continue, true)).await;
            }
            Self::Unmasked => socket.send_raw(b"\x81\x0f{\"type\":\"ping\"}").await,
            Self::UnknownOpcode => socket.send_raw(&[&[0x83, 0x80][..], &mask].concat()).await,
            Self::LooseContinuation => socket.send_frame(fragment("x", Data::Continue, true)).await,
            Self::FragmentedPing => socket.send_raw(&[&[0x09, 0x80][..], &mask].concat()).await,
            Self::NotUtf8 => socket.send_raw(&[&[0x81, 0x82][..], &mask, &[0xc3, 0x28]].concat()).await,
            Self::Binary => socket.send_frame(Message::binary(br#"{"type":"ping"}"#.to_vec())).await,
        }
    }
}

fn fragment(text: &str, data: Data, last: bool) -> Message {
    Message::Frame(Frame::message(text.to_owned(), OpCode::Data(data), last))
}

async fn refused(backend: Backend, code: u16, frames: Frames) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    frames.send(&mut socket).await;
    let (found, reason) = socket.closed().await;
    assert_eq!(found, code, "{reason}");
    assert!(!reason.is_empty() && reason.len() <= 123);
}

async fn fragmented(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send_frame(fragment("{\"type\":", Data::Text, false)).await;
    socket.send_frame(fragment("\"ping\"", Data::Continue, false)).await;
    socket.send_frame(fragment("", Data::Continue, false)).await;
    socket.send_frame(fragment("}", Data::Continue, true)).await;
    assert_eq!(socket.next().await["type"], "pong");
}

async fn interleaved(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send_frame(fragment("{\"type\":", Data::Text, false)).await;
    socket.send_frame(Message::Ping("between".into())).await;
    socket.send_frame(fragment("\"ping\"}", Data::Continue, true)).await;
    assert_eq!(socket.any_frame().await, Some(Message::Pong("between".into())));
    assert_eq!(socket.next().await["type"], "pong");
}

async fn frame_pings(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.anyone().raw_socket().await;
    socket.send_frame(Message::Ping("here?".into())).await;
    assert_eq!(socket.any_frame().await, Some(Message::Pong("here?".into())));
}

/// An office that loses its patience within moments.
async fn impatient(backend: Backend) -> Office {
    let moment = Duration::from_millis(300);
    let pace = Pace { ping: moment, stall: moment, ..Pace::default() };
    Office::paced(backend, pace, Doors::of(100)).await
}

async fn sockets_open(office: &Office) -> u64 {
    let metrics = reqwest::get(office.anyone().url("/metrics")).await.unwrap().text().await.unwrap();
    let line = metrics.lines().find(|line| line.starts_with("ridgeline_sockets_open ")).unwrap();
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

async fn none_open(office: &Office, followers: usize) {
    eventually("the socket's end", async || (sockets_open(office).await == 0).then_some(())).await;
    eventually("the followers' end", async || (office.app.log.followers() <= followers).then_some(())).await;
}

/// The connection stays as it is, and nothing comes of it any more: no answer to a ping, no FIN.
async fn vanished(backend: Backend) {
    let office = impatient(backend).await;
    let before = office.app.log.followers();
    let following = office.client("pm").await.subscribe(FOLLOW, Value::Null).await;
    assert!(office.app.log.followers() > before);
    none_open(&office, before).await;
    drop(following);
}

async fn answering(backend: Backend) {
    let office = impatient(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    // The library answers each ping as it is read.
    for _ in 0..4 {
        assert_eq!(socket.any_frame().await, Some(Message::Ping(Vec::new().into())));
    }
    assert_eq!(sockets_open(&office).await, 1);
    socket.send(subscribe("1", "{ __typename }")).await;
    assert_eq!(socket.next().await["type"], "next");
}

async fn broken_off(backend: Backend) {
    let office = Office::open(backend).await;
    let before = office.app.log.followers();
    drop(office.client("pm").await.subscribe(FOLLOW, Value::Null).await);
    none_open(&office, before).await;
}

/// One asks for large answers and reads none; the other goes on all the while.
async fn slow_reader(backend: Backend) {
    let office = impatient(backend).await;
    let before = office.app.log.followers();
    let admin = office.client("admin").await;
    let mut slow = admin.socket().await;
    slow.send(subscribe("follow", FOLLOW)).await;
    let schema = "{ __schema { types { name description fields { name description args { name description } } } } }";
    for n in 0..40 {
        slow.send(subscribe(&n.to_string(), schema)).await;
    }
    let mut quick = admin.socket().await;
    eventually("the slow socket's end", async || {
        quick.send(subscribe("q", "{ __typename }")).await;
        assert_eq!(quick.next().await["type"], "next");
        assert_eq!(quick.next().await["type"], "complete");
        (sockets_open(&office).await == 1).then_some(())
    })
    .await;
    quick.send(subscribe("q", "{ __typename }")).await;
    assert_eq!(quick.next().await["type"], "next");
    drop(quick);
    none_open(&office, before).await;
    drop(slow);
}

async fn thousands(backend: Backend) {
    let office = Office::open(backend).await;
    let before = office.app.log.followers();
    let mut socket = office.client("pm").await.socket().await;
    for n in 0..5_000 {
        socket.send(subscribe("same", "{ __typename }")).await;
        assert_eq!(socket.next().await["payload"]["data"]["__typename"], "Query", "{n}");
        assert_eq!(socket.next().await["type"], "complete", "{n}");
    }
    assert_eq!(office.app.log.followers(), before);
    drop(socket);
    none_open(&office, before).await;
}

/// Both streams have everything to tell at once: the one event of the slow one comes among the first.
async fn fairness(backend: Backend) {
    const BUSY: usize = 240;
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    let (busy, slow) = (office.project().await, office.project().await);
    let cursor = admin.cursor().await;
    let send = "mutation($input: SendProjectMessageInput!) { sendProjectMessage(input: $input) { message { id } } }";
    let message = |project: &str| json!({ "input": { "projectId": project, "subject": "S", "content": "C" } });
    admin.ok(send, message(&slow.id)).await;
    for _ in 0..BUSY {
        admin.ok(send, message(&busy.id)).await;
    }
    office.app.catch_up().await.unwrap();
    let mut socket = office.client("manager").await.socket().await;
    // The slow one begins first: both read the log from the same place, and only then have something to tell.
    for (id, project) in [("slow", &slow.id), ("busy", &busy.id)] {
        let query = "subscription($p: ID!, $c: String!) { projectMessageChanged(projectId: $p, after: $c) { cursor } }";
        let payload = json!({ "query": query, "variables": { "p": project, "c": cursor } });
        socket.send(json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }
    let mut told = Vec::new();
    while told.len() <= BUSY {
        let next = socket.next().await;
        assert_eq!(next["type"], "next", "{next}");
        told.push(text(&next["id"]));
    }
    let place = told.iter().position(|id| id == "slow").expect("the slow stream's event");
    assert!(place < BUSY * 3 / 4, "the slow stream's one event came after {place} of the busy one");
}
