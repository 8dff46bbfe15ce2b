//! People's conversations: who is in them, what is said, who has read it, and what is heard of it live.

mod live;
mod members;
mod people;
mod reads;
mod said;
mod storm;

use entity::enums::MessageType;
use serde_json::{Value, json};

use crate::harness::client::{Client, Subscription};
use crate::harness::office::{Office, text};
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("conversations::two_people_have_one", people::between_two);
    suite.on_each_database("conversations::begun_by_both_at_once_it_is_one", people::at_once);
    suite.on_each_database("conversations::who_may_talk_to_whom", people::who_may);
    suite.on_each_database("conversations::bad_input_changes_nothing", people::bad_input);
    suite.on_each_database("conversations::a_client_goes_on_when_the_manager_changes", people::former_manager);
    suite.on_each_database("conversations::members_come_and_go", members::come_and_go);
    suite.on_each_database("conversations::every_right_in_a_group", members::rights);
    suite.on_each_database("conversations::a_group_always_has_an_admin", members::admins);
    suite.on_each_database("conversations::title_description_and_closing", members::updates);
    suite.on_each_database("conversations::left_between_two_it_comes_back", members::hidden);
    suite.on_each_database("conversations::messages_are_written_edited_and_deleted", said::life_of_a_message);
    suite.on_each_database("conversations::hostile_text", said::hostile);
    suite.on_each_database("conversations::a_send_done_twice_is_one_message", said::idempotent);
    suite.on_each_database("conversations::reactions", said::reactions);
    suite.on_each_database("conversations::documents_go_along", said::attachments);
    suite.on_each_database("conversations::unread_counts", reads::unread);
    suite.on_each_database("conversations::marks_grow_and_nobody_is_told", reads::marks);
    suite.on_each_database("conversations::the_list_is_paged_and_filtered", reads::list);
    suite.on_each_database("conversations::search_stays_within_ones_own", reads::search);
    suite.on_each_database("conversations::an_inbox_costs_a_fixed_number_of_statements", reads::statements);
    suite.on_each_database("conversations::the_inbox_stays_live", live::inbox_stays);
    suite.on_each_database("conversations::only_who_takes_part_hears", live::audience);
    suite.on_each_database("conversations::removed_mid_stream_and_replayed", live::removed);
    suite.on_each_database("conversations::whoever_waits_for_the_lock_may_be_removed", live::removed_while_waiting);
    suite.on_each_database("conversations::another_instance_tells_too", live::other_instance);
    suite.on_each_database("conversations::a_change_costs_the_same_however_many_listen", live::cost);
    suite.on_each_database("conversations::cut_sockets_lose_nothing", storm::storm);
    suite.on_each_database("conversations::reactions_at_once_are_all_kept", storm::reactions);
    suite.on_each_database("conversations::an_admin_is_left_whoever_leaves_at_once", storm::leaving);
}

const CREATE: &str = "mutation($input: CreateConversationInput!) { createConversation(input: $input) { conversation {
    id title description isGroup isActive createdAt updatedAt lastMessageAt unreadCount lastMessage { text messageType systemData }
    participants { id role leftAt joinedAt updatedAt user { id firstName } } } } }";
const SEND: &str = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { message {
    id createdAt updatedAt text messageType isEdited isDeleted attachments replyTo { id text } sender { id }
    conversation { id } reactions { emoji userId } readByMe } } }";
const LEAVE: &str = "mutation($input: LeaveConversationInput!) { leaveConversation(input: $input) { conversationId } }";
const ADD: &str = "mutation($input: AddParticipantsInput!) { addParticipants(input: $input) { conversation {
    participants { role user { id } } } } }";
const REMOVE: &str = "mutation($input: RemoveParticipantInput!) { removeParticipant(input: $input) { conversation {
    participants { role user { id } } } } }";
const ROLE: &str = "mutation($input: SetParticipantRoleInput!) { setParticipantRole(input: $input) { participant {
    id role updatedAt user { id } } } }";
const UPDATE: &str = "mutation($input: UpdateConversationInput!) { updateConversation(input: $input) { conversation {
    id title description isActive updatedAt } } }";
const EDIT: &str = "mutation($input: EditMessageInput!) { editMessage(input: $input) { message {
    id text isEdited editedAt updatedAt createdAt } } }";
const DELETE: &str = "mutation($input: DeleteMessageInput!) { deleteMessage(input: $input) { message {
    id text isDeleted deletedAt updatedAt attachments reactions { emoji } } } }";
const REACT: &str = "mutation($input: ReactToMessageInput!) { reactToMessage(input: $input) { message {
    updatedAt reactions { emoji userId user { id } } } } }";
const UNREACT: &str = "mutation($input: RemoveReactionInput!) { removeReaction(input: $input) { message {
    updatedAt reactions { emoji userId } } } }";
const READ: &str =
    "mutation($input: MarkMessagesReadInput!) { markMessagesRead(input: $input) { conversation { unreadCount } } }";
const HISTORY: &str = "query($id: ID!) { conversation(id: $id) { messages(first: 200) { totalCount nodes {
    id text messageType createdAt systemData isDeleted sender { id } } } } }";
const MESSAGES: &str = "subscription($id: ID, $after: String) { messageChanged(conversationId: $id, after: $after) {
    cursor kind id message { id text isDeleted isEdited messageType reactions { emoji userId } } } }";
const INBOX: &str = "subscription($after: String) { conversationChanged(after: $after) {
    cursor kind id conversation { id title lastMessage { text } unreadCount participants { user { id } } } } }";

/// What the one field of a mutation answers.
async fn done(client: &Client, document: &str, input: Value) -> Value {
    let answer = client.ok(document, json!({ "input": input })).await;
    answer.as_object().unwrap().values().next().unwrap().clone()
}

async fn code(client: &Client, document: &str, input: Value) -> String {
    client.code(document, json!({ "input": input })).await
}

async fn fault(client: &Client, document: &str, input: Value) -> (String, String) {
    let error = client.error(document, json!({ "input": input })).await;
    let path = error["extensions"]["fields"][0]["path"].as_str().unwrap_or_default().to_owned();
    (text(&error["extensions"]["code"]), path)
}

fn ids(office: &Office, people: &[&str]) -> Vec<String> {
    people.iter().map(|name| office.id(name).0).collect()
}

/// A group of these people, led by the client's person.
async fn group(office: &Office, leader: &Client, others: &[&str]) -> String {
    let input = json!({ "participantIds": ids(office, others), "title": "Crew", "isGroup": true });
    text(&done(leader, CREATE, input).await["conversation"]["id"])
}

async fn direct(office: &Office, client: &Client, other: &str) -> String {
    text(&done(client, CREATE, json!({ "participantIds": ids(office, &[other]) })).await["conversation"]["id"])
}

async fn say(client: &Client, conversation: &str, words: &str) -> Value {
    done(client, SEND, json!({ "conversationId": conversation, "text": words })).await["message"].clone()
}

/// The whole conversation, the newest first.
async fn history(client: &Client, conversation: &str) -> Vec<Value> {
    let answer = client.ok(HISTORY, json!({ "id": conversation })).await;
    answer["conversation"]["messages"]["nodes"].as_array().unwrap().clone()
}

/// What people said in it, the oldest first.
async fn words(client: &Client, conversation: &str) -> Vec<String> {
    let rows = history(client, conversation).await.into_iter().rev();
    rows.filter(|row| row["messageType"] != kind(MessageType::System)).map(|row| text(&row["text"])).collect()
}

fn kind(of: MessageType) -> Value {
    json!(sea_orm::ActiveEnum::to_value(&of))
}

/// Who is in it, with their roles.
async fn roles(client: &Client, conversation: &str) -> Vec<(String, String)> {
    let document = "query($id: ID!) { conversation(id: $id) { participants { role user { firstName } } } }";
    let answer = client.ok(document, json!({ "id": conversation })).await;
    let rows = answer["conversation"]["participants"].as_array().unwrap();
    rows.iter().map(|row| (text(&row["user"]["firstName"]), text(&row["role"]))).collect()
}

async fn listen(client: &Client, conversation: Option<&str>, after: Option<&str>) -> Subscription {
    client.subscribe(MESSAGES, json!({ "id": conversation, "after": after })).await
}

async fn inbox(client: &Client, after: Option<&str>) -> Subscription {
    client.subscribe(INBOX, json!({ "after": after })).await
}
