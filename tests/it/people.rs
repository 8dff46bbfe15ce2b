//! People: what each role sees of others, profiles, and roles that change hands.

use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::harness::client::{Client, codes};
use crate::harness::database::Backend;
use crate::harness::office::{Office, eventually, give, text};
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("people::cards_and_profiles", cards_and_profiles);
    suite.on_each_database("people::roles_change_hands", roles_change_hands);
}

async fn cards_and_profiles(backend: Backend) {
    let office = Office::open(backend).await;
    let (admin, manager, pm, worker, client) = (
        office.client("admin").await,
        office.client("manager").await,
        office.client("pm").await,
        office.client("worker").await,
        office.client("client").await,
    );
    let all = "query($id: ID!) { user(id: $id) { id createdAt updatedAt firstName lastName email role position avatar phone
        department bio permissions isActive isVerified passwordChangedAt lastLogin lastLoginIP twoFactorEnabled theme
        notificationPreferences { inApp email sms } language timezone skills certifications { name } experience
        emergencyContact { name phone } address { street } loginAttempts lockUntil emailVerificationExpires passwordResetExpires } }";
    let (_, answer) = admin.send(all, json!({ "id": office.id("pm").0 })).await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    assert_eq!(answer["data"]["user"]["loginAttempts"], 0);
    let (_, own) = pm.send(all, json!({ "id": office.id("pm").0 })).await;
    assert_eq!(codes(&own), ["FORBIDDEN"; 4], "{own:#}");
    assert_eq!(own["data"]["user"]["permissions"], json!([]));
    let (_, card) = worker.send(all, json!({ "id": office.id("pm").0 })).await;
    assert_eq!(codes(&card).len(), 22, "{card:#}");
    assert!(codes(&card).iter().all(|code| code == "FORBIDDEN"));
    assert_eq!(card["data"]["user"]["email"], "pm@ridgeline.test");
    assert!(card["data"]["user"]["permissions"].is_null());
    // Lists.
    let names = "{ users(orderBy: { field: NAME, direction: ASC }) { nodes { firstName } totalCount } }";
    let list = |v: Value| -> Vec<String> {
        v["users"]["nodes"].as_array().unwrap().iter().map(|n| text(&n["firstName"])).collect()
    };
    give(&office, "stranger", |row| row.is_active = Set(false)).await;
    assert_eq!(
        list(admin.ok(names, json!({})).await),
        ["admin", "client", "foreman", "manager", "pm", "stranger", "worker"]
    );
    assert_eq!(list(manager.ok(names, json!({})).await).len(), 7);
    assert_eq!(list(worker.ok(names, json!({})).await), ["admin", "foreman", "manager", "pm", "worker"]);
    assert_eq!(list(client.ok(names, json!({})).await), Vec::<String>::new());
    let filtered = "query($f: UserFilter) { users(filter: $f) { nodes { firstName } } }";
    assert_eq!(list(admin.ok(filtered, json!({ "f": { "search": "PM@RIDGE" } })).await), ["pm"]);
    assert_eq!(list(admin.ok(filtered, json!({ "f": { "role": ["WORKER"], "isActive": false } })).await), ["stranger"]);
    assert_eq!(list(admin.ok(filtered, json!({ "f": { "role": [] } })).await), Vec::<String>::new());
    assert!(
        worker.ok("query($id: ID!) { user(id: $id) { id } }", json!({ "id": office.id("client").0 })).await["user"]
            .is_null()
    );
    assert!(
        client.ok("query($id: ID!) { user(id: $id) { id } }", json!({ "id": office.id("pm").0 })).await["user"]
            .is_null()
    );
    assert_eq!(
        client.ok("{ viewer { email permissions } }", json!({})).await["viewer"]["email"],
        "client@ridgeline.test"
    );
    // Profile.
    let update = "mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { user { firstName lastName phone language
        timezone theme skills notificationPreferences { inApp email sms } emergencyContact { name phone relationship } address { city } updatedAt } } }";
    let given = json!({ "input": { "firstName": " Ümit ", "phone": "303 555 0199", "language": "es-MX", "timezone": "America/Denver",
        "theme": "DARK", "skills": ["slate", " slate ", "copper"], "notificationPreferences": { "inApp": true, "email": false, "sms": true },
        "emergencyContact": { "name": "Jo", "phone": "+13035550100" }, "address": { "city": "Denver", "street": " " } } });
    let saved = worker.ok(update, given).await["updateProfile"]["user"].clone();
    assert_eq!((&saved["firstName"], &saved["phone"]), (&json!("Ümit"), &json!("+13035550199")));
    assert_eq!(saved["skills"], json!(["slate", "copper"]));
    assert_eq!(saved["notificationPreferences"], json!({ "inApp": true, "email": false, "sms": true }));
    assert_eq!(saved["emergencyContact"], json!({ "name": "Jo", "phone": "+13035550100", "relationship": null }));
    let cleared =
        worker.ok(update, json!({ "input": { "emergencyContact": null, "phone": "" } })).await["updateProfile"]["user"]
            .clone();
    assert!(
        cleared["emergencyContact"].is_null() && cleared["phone"].is_null() && cleared["address"]["city"] == "Denver"
    );
    let wrong = json!({ "input": { "firstName": " ", "lastName": null, "phone": "12", "language": "english", "timezone": "Mars/Base",
        "avatar": "javascript:alert(1)", "emergencyContact": { "relationship": "x" }, "skills": [""] } });
    let error = worker.error(update, wrong).await;
    let paths: Vec<String> =
        error["extensions"]["fields"].as_array().unwrap().iter().map(|f| text(&f["path"])).collect();
    for path in [
        "firstName",
        "lastName",
        "phone",
        "language",
        "timezone",
        "avatar",
        "emergencyContact.name",
        "emergencyContact.phone",
        "skills.0",
    ] {
        assert!(paths.contains(&format!("input.{path}")), "{path} in {paths:?}");
    }
    let stale = json!({ "input": { "bio": "x", "expectedUpdatedAt": "2020-01-01T00:00:00.000Z" } });
    let error = worker.error(update, stale).await;
    assert_eq!(
        (&error["extensions"]["code"], &error["extensions"]["id"]),
        (&json!("CONFLICT"), &json!(office.id("worker").0))
    );
    assert_eq!(list(admin.ok(filtered, json!({ "f": { "search": "ümit" } })).await), ["Ümit"]);
}

const ASSIGN: &str = "mutation($input: AssignRoleInput!) { assignRole(input: $input) { roleAssignment { roleType isActive user { id } assignedBy { id } } } }";
const VACATE: &str =
    "mutation($input: VacateRoleInput!) { vacateRole(input: $input) { roleAssignment { isActive user { id } } } }";

async fn roles_change_hands(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let (admin, manager, worker, stranger) = (
        office.client("admin").await,
        office.client("manager").await,
        office.client("worker").await,
        office.client("stranger").await,
    );
    let see = |c: Client, id: String| async move {
        !c.ok("query($id: ID!) { project(id: $id) { id } }", json!({ "id": id })).await["project"].is_null()
    };
    assert!(!see(worker.clone(), project.id.clone()).await);
    let to = |who: &str| json!({ "input": { "roleType": "OFFICE_STAFF", "userId": office.id(who).0 } });
    assert_eq!(manager.code(ASSIGN, to("worker")).await, "FORBIDDEN");
    assert_eq!(admin.code(ASSIGN, to("client")).await, "BAD_USER_INPUT");
    assert_eq!(
        admin.code(ASSIGN, json!({ "input": { "roleType": "OFFICE_STAFF", "userId": "nobody" } })).await,
        "BAD_USER_INPUT"
    );
    assert!(
        admin.ok(VACATE, json!({ "input": { "roleType": "OFFICE_STAFF" } })).await["vacateRole"]["roleAssignment"]
            .is_null()
    );
    let mut feed = worker.subscribe("subscription { projectChanged { cursor kind } }", json!({})).await;
    let answer = admin.ok(ASSIGN, to("worker")).await["assignRole"]["roleAssignment"].clone();
    assert_eq!(
        answer,
        json!({ "roleType": "OFFICE_STAFF", "isActive": true, "user": { "id": office.id("worker").0 }, "assignedBy": { "id": office.id("admin").0 } })
    );
    let end = feed.socket.next().await;
    assert!(end.to_string().contains("CURSOR_EXPIRED"), "{end}");
    assert!(see(worker.clone(), project.id.clone()).await);
    admin.ok(ASSIGN, to("worker")).await;
    admin.ok(ASSIGN, to("stranger")).await;
    eventually("the alert to move on", async || (!see(worker.clone(), project.id.clone()).await).then_some(())).await;
    assert!(see(stranger.clone(), project.id.clone()).await);
    let roles = worker.ok("{ roleAssignments { roleType isActive user { id } } }", json!({})).await;
    assert_eq!(
        roles["roleAssignments"],
        json!([{ "roleType": "OFFICE_STAFF", "isActive": true, "user": { "id": office.id("stranger").0 } }])
    );
    let vacated = json!({ "input": { "roleType": "OFFICE_STAFF" } });
    assert_eq!(admin.ok(VACATE, vacated.clone()).await["vacateRole"]["roleAssignment"]["isActive"], false);
    assert_eq!(admin.ok(VACATE, vacated).await["vacateRole"]["roleAssignment"]["isActive"], false);
    eventually("the alert to move on", async || (!see(stranger.clone(), project.id.clone()).await).then_some(())).await;
    assert_eq!(
        office.client("client").await.ok("{ roleAssignments { id } }", json!({})).await["roleAssignments"],
        json!([])
    );
    give(&office, "pm", |row| row.permissions = Set(entity::list::List(vec![entity::enums::Permission::ManageUsers])))
        .await;
    assert_eq!(office.client("pm").await.code(ASSIGN, to("worker")).await, "FORBIDDEN");
    give(&office, "manager", |row| {
        row.permissions = Set(entity::list::List(vec![entity::enums::Permission::ManageUsers]));
    })
    .await;
    office.second().await.0.stop();
}
