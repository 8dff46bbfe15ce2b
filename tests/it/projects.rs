//! Projects: lists and their orders, changes, teams that open them, and what is told when they go.

use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::customers::DELETE_CUSTOMER;
use crate::harness::client::codes;
use crate::harness::database::Backend;
use crate::harness::office::{Office, give, text};
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("projects::projects_are_listed", projects_are_listed);
    suite.on_each_database("projects::projects_are_changed", projects_are_changed);
    suite.on_each_database("projects::teams_open_projects", teams_open_projects);
    suite.on_each_database("projects::deletions_are_told", deletions_are_told);
    suite.on_each_database("projects::many_projects_few_statements", many_projects_few_statements);
}

async fn projects_are_listed(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    let mut ids = Vec::new();
    for (name, priority) in [("b roof", "HIGH"), ("A Roof", "LOW"), ("c_roof", "MEDIUM")] {
        ids.push(office.project_with(json!({ "projectName": name, "priority": priority })).await);
    }
    let list = "query($f: ProjectFilter, $o: ProjectOrder, $first: Int, $after: String) { projects(filter: $f, orderBy: $o, first: $first, after: $after) {
        nodes { id projectName } totalCount pageInfo { endCursor hasNextPage } } }";
    let names = |v: &Value| -> Vec<String> {
        v["projects"]["nodes"].as_array().unwrap().iter().map(|n| text(&n["projectName"])).collect()
    };
    for (field, expected) in [
        ("PRIORITY", ["A Roof", "c_roof", "b roof"]),
        ("PROJECT_NAME", ["A Roof", "b roof", "c_roof"]),
        ("PROJECT_NUMBER", ["b roof", "A Roof", "c_roof"]),
    ] {
        let mut seen = Vec::new();
        let mut after = Value::Null;
        loop {
            let page = admin
                .ok(list, json!({ "o": { "field": field, "direction": "ASC" }, "first": 1, "after": after }))
                .await;
            seen.extend(names(&page));
            after = page["projects"]["pageInfo"]["endCursor"].clone();
            if page["projects"]["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(seen, expected, "{field}");
        let down = admin.ok(list, json!({ "o": { "field": field, "direction": "DESC" } })).await;
        let mut reversed = names(&down);
        reversed.reverse();
        assert_eq!(reversed, expected, "{field}");
    }
    for field in ["CREATED_AT", "UPDATED_AT", "START_DATE", "END_DATE", "PROGRESS"] {
        let page = admin.ok(list, json!({ "o": { "field": field, "direction": "DESC" }, "first": 2 })).await;
        let rest = admin.ok(list, json!({ "o": { "field": field, "direction": "DESC" }, "first": 2, "after": page["projects"]["pageInfo"]["endCursor"] })).await;
        assert_eq!(names(&page).len() + names(&rest).len(), 3, "{field}");
    }
    let count = |f: Value| {
        let admin = admin.clone();
        async move { admin.ok(list, json!({ "f": f })).await["projects"]["totalCount"].clone() }
    };
    assert_eq!(count(json!({ "search": "ROOF" })).await, 3);
    assert_eq!(count(json!({ "search": "10002" })).await, 1);
    assert_eq!(count(json!({ "search": "c_r" })).await, 1);
    assert_eq!(count(json!({ "search": "ridge road, den" })).await, 3);
    assert_eq!(count(json!({ "search": "ADA" })).await, 3);
    assert_eq!(count(json!({ "status": [] })).await, 0);
    assert_eq!(count(json!({ "status": ["PENDING"], "phase": ["LEAD"], "projectType": ["ROOF_REPLACEMENT"], "priority": ["LOW", "HIGH"] })).await, 2);
    assert_eq!(count(json!({ "customerId": ids[0].customer })).await, 1);
    assert_eq!(count(json!({ "projectManagerId": office.id("pm").0 })).await, 3);
    admin
        .ok(
            "mutation($input: HaltProjectInput!) { archiveProject(input: $input) { project { archived } } }",
            json!({ "input": { "projectId": ids[0].id } }),
        )
        .await;
    assert_eq!(count(json!({})).await, 2);
    assert_eq!(count(Value::Null).await, 2);
    assert_eq!(count(json!({ "archived": true })).await, 1);
    assert_eq!(count(json!({ "archived": false })).await, 2);
    assert_eq!(count(json!({ "archived": null })).await, 3);
    let nested = admin.ok("query { customers { nodes { projects(first: 2) { nodes { projectName } totalCount } all: projects(filter: { archived: null }) { totalCount } } } }", json!({})).await;
    let total: i64 = nested["customers"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["projects"]["totalCount"].as_i64().unwrap())
        .sum();
    let all: i64 =
        nested["customers"]["nodes"].as_array().unwrap().iter().map(|c| c["all"]["totalCount"].as_i64().unwrap()).sum();
    assert_eq!((total, all), (2, 3));
}

const CHANGE: &str = "mutation($input: UpdateProjectInput!) { updateProject(input: $input) { project { id projectName budget estimatedCost updatedAt endDate pmPhone projectManager { id } alerts { nodes { assignedTo { id } responsibleRole } } } } }";

async fn projects_are_changed(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    give(&office, "foreman", |row| {
        row.permissions = Set(entity::list::List(vec![entity::enums::Permission::EditProjects]));
    })
    .await;
    let (admin, pm, foreman) =
        (office.client("admin").await, office.client("pm").await, office.client("foreman").await);
    let with = |change: Value| {
        let mut input = json!({ "projectId": project.id });
        for (k, v) in change.as_object().unwrap() {
            input[k] = v.clone();
        }
        json!({ "input": input })
    };
    assert_eq!(pm.code(CHANGE, with(json!({ "projectName": "x" }))).await, "FORBIDDEN");
    assert_eq!(foreman.code(CHANGE, with(json!({ "projectName": "x" }))).await, "NOT_FOUND");
    let saved = admin
        .ok(
            CHANGE,
            with(
                json!({ "projectName": " New ", "budget": "99.5", "estimatedCost": "1.00", "pmPhone": "303 555 0188" }),
            ),
        )
        .await["updateProject"]["project"]
        .clone();
    assert_eq!(
        (&saved["projectName"], &saved["budget"], &saved["estimatedCost"], &saved["pmPhone"]),
        (&json!("New"), &json!("99.50"), &json!("1.00"), &json!("+13035550188"))
    );
    let error = admin.error(CHANGE, with(json!({ "projectName": "", "budget": null, "actualCost": "0", "startDate": "2027-01-01T00:00:00Z", "projectManagerId": office.id("client").0 }))).await;
    let paths: Vec<String> =
        error["extensions"]["fields"].as_array().unwrap().iter().map(|f| text(&f["path"])).collect();
    assert_eq!(paths.len(), 5, "{error:#}");
    assert_eq!(
        admin.code(CHANGE, with(json!({ "notes": "x", "expectedUpdatedAt": "2020-01-01T00:00:00Z" }))).await,
        "CONFLICT"
    );
    // Handing over.
    let add = "mutation($input: AddTeamMemberInput!) { addTeamMember(input: $input) { teamMember { id } } }";
    pm.ok(add, json!({ "input": { "projectId": project.id, "userId": office.id("foreman").0 } })).await;
    assert_eq!(foreman.code(CHANGE, with(json!({ "budget": "5" }))).await, "FORBIDDEN");
    foreman
        .ok(
            "mutation($input: UpdateProjectInput!) { updateProject(input: $input) { project { id } } }",
            with(json!({ "notes": "ok" })),
        )
        .await;
    let mut feed =
        admin.subscribe("subscription { alertChanged { kind alert { assignedTo { id } } } }", json!({})).await;
    let saved =
        admin.ok(CHANGE, with(json!({ "projectManagerId": office.id("worker").0 }))).await["updateProject"]["project"]
            .clone();
    assert_eq!(saved["projectManager"]["id"], office.id("worker").0);
    assert_eq!(saved["alerts"]["nodes"][0]["assignedTo"]["id"], office.id("worker").0, "{saved:#}");
    let heard = feed.next().await;
    assert_eq!(heard["alert"]["assignedTo"]["id"], office.id("worker").0);
    let saved = admin.ok(CHANGE, with(json!({ "projectManagerId": null }))).await["updateProject"]["project"].clone();
    assert!(saved["projectManager"].is_null());
}

async fn teams_open_projects(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let (pm, worker, stranger) =
        (office.client("pm").await, office.client("worker").await, office.client("stranger").await);
    let add = "mutation($input: AddTeamMemberInput!) { addTeamMember(input: $input) { teamMember { id role user { firstName } project { teamMembers { id } } } } }";
    let input = |who: &str| json!({ "input": { "projectId": project.id, "userId": office.id(who).0, "role": "roof supervisor", "idempotencyKey": who } });
    assert_eq!(worker.code(add, input("worker")).await, "FORBIDDEN");
    assert_eq!(pm.code(add, input("client")).await, "BAD_USER_INPUT");
    let mut feed =
        worker.subscribe("subscription { projectChanged { kind id project { projectName } } }", json!({})).await;
    let mut alerts = worker.subscribe("subscription { alertChanged { kind id alert { title } } }", json!({})).await;
    let member = pm.ok(add, input("worker")).await["addTeamMember"]["teamMember"].clone();
    assert_eq!(pm.ok(add, input("worker")).await["addTeamMember"]["teamMember"]["id"], member["id"]);
    assert_eq!(feed.next().await["kind"], "CREATED");
    assert_eq!(alerts.next().await["kind"], "CREATED");
    let mut twice = input("worker");
    twice["input"]["idempotencyKey"] = json!("other");
    assert_eq!(pm.code(add, twice).await, "CONFLICT");
    let look = "query($id: ID!) { project(id: $id) { teamMembers { role user { id } } budget } }";
    let (_, seen) = worker.send(look, json!({ "id": project.id })).await;
    assert_eq!(
        (seen["data"]["project"]["teamMembers"][0]["user"]["id"].clone(), codes(&seen)),
        (json!(office.id("worker").0), vec!["FORBIDDEN".to_owned()])
    );
    assert!(stranger.ok(look, json!({ "id": project.id })).await["project"].is_null());
    let update = "mutation($input: UpdateTeamMemberInput!) { updateTeamMember(input: $input) { teamMember { role } } }";
    assert_eq!(
        worker.code(update, json!({ "input": { "teamMemberId": member["id"], "role": "x" } })).await,
        "FORBIDDEN"
    );
    assert!(pm.ok(update, json!({ "input": { "teamMemberId": member["id"], "role": null } })).await["updateTeamMember"]["teamMember"]["role"].is_null());
    assert_eq!(feed.next().await["kind"], "UPDATED");
    let remove = "mutation($input: RemoveTeamMemberInput!) { removeTeamMember(input: $input) { id project { teamMembers { id } } } }";
    assert_eq!(
        pm.ok(remove, json!({ "input": { "teamMemberId": member["id"] } })).await["removeTeamMember"]["project"]["teamMembers"],
        json!([])
    );
    assert_eq!(feed.next().await["kind"], "DELETED");
    assert_eq!(alerts.next().await["kind"], "DELETED");
    assert_eq!(pm.code(remove, json!({ "input": { "teamMemberId": member["id"] } })).await, "NOT_FOUND");
}

async fn deletions_are_told(backend: Backend) {
    let office = Office::open(backend).await;
    let (admin, worker, pm) = (office.client("admin").await, office.client("worker").await, office.client("pm").await);
    let project = office.project().await;
    let add = "mutation($input: AddTeamMemberInput!) { addTeamMember(input: $input) { teamMember { id } } }";
    admin.ok(add, json!({ "input": { "projectId": project.id, "userId": office.id("worker").0 } })).await;
    let mut heard = Vec::new();
    for client in [&admin, &worker] {
        for (name, what) in
            [("projectChanged", "kind id"), ("alertChanged", "kind id"), ("projectMessageChanged", "kind id")]
        {
            heard.push((name, client.subscribe(&format!("subscription {{ {name} {{ {what} }} }}"), json!({})).await));
        }
    }
    let delete = "mutation($input: DeleteProjectInput!) { deleteProject(input: $input) { id } }";
    let input = json!({ "input": { "projectId": project.id } });
    assert_eq!(pm.code(delete, input.clone()).await, "FORBIDDEN");
    assert_eq!(admin.ok(delete, input.clone()).await["deleteProject"]["id"], project.id.as_str());
    let mut missing = Vec::new();
    for (at, (name, feed)) in heard.iter_mut().enumerate() {
        loop {
            match feed.socket.next_within(std::time::Duration::from_secs(2)).await {
                Some(event) if event["payload"]["data"][*name]["kind"] == "DELETED" => break,
                Some(event) => println!("{name} {event}"),
                None => {
                    missing.push((at, *name));
                    break;
                }
            }
        }
    }
    assert!(missing.is_empty(), "never told: {missing:?}");
    assert_eq!(admin.code(delete, input).await, "NOT_FOUND");
    // The customer goes when no project is left, and with them where that is asked for.
    admin.ok(DELETE_CUSTOMER, json!({ "input": { "customerId": project.customer } })).await;
    let other = office.project().await;
    let many = {
        use entity::project_message::Column;
        use sea_orm::{ConnectionTrait, IdenStatic, Iterable};
        let columns: Vec<String> = Column::iter().map(|c| format!("\"{}\"", c.as_str())).collect();
        let values: Vec<String> = Column::iter()
            .map(|c| if c.as_str() == "id" { "'copy' || i".to_owned() } else { format!("\"{}\"", c.as_str()) })
            .collect();
        let sql = format!(
            "INSERT INTO project_messages ({}) SELECT {} FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000) SELECT i FROM n) AS n,                  (SELECT * FROM project_messages LIMIT 1) AS m",
            columns.join(", "),
            values.join(", ")
        );
        office.db.execute_unprepared(&sql).await.unwrap().rows_affected()
    };
    assert_eq!(many, 8000);
    give(&office, "foreman", |row| {
        row.permissions = Set(entity::list::List(vec![entity::enums::Permission::DeleteProjects]));
    })
    .await;
    let foreman = office.client("foreman").await;
    assert_eq!(
        foreman
            .code(DELETE_CUSTOMER, json!({ "input": { "customerId": other.customer, "deleteProjects": true } }))
            .await,
        "FORBIDDEN"
    );
    assert_eq!(admin.code(DELETE_CUSTOMER, json!({ "input": { "customerId": other.customer } })).await, "CONFLICT");
    admin.ok(DELETE_CUSTOMER, json!({ "input": { "customerId": other.customer, "deleteProjects": true } })).await;
    let left = admin
        .ok(
            "{ projects(filter: { archived: null }) { totalCount } customers { totalCount } alerts { totalCount } }",
            json!({}),
        )
        .await;
    assert_eq!(
        left,
        json!({ "projects": { "totalCount": 0 }, "customers": { "totalCount": 0 }, "alerts": { "totalCount": 0 } })
    );
}

async fn many_projects_few_statements(backend: Backend) {
    let office = Office::open(backend).await;
    for _ in 0..3 {
        office.project().await;
    }
    let admin = office.client("admin").await;
    let page = "{ projects(first: 3) { totalCount nodes { id customer { primaryName projects(first: 1) { nodes { id } } contacts { totalCount } } projectManager { firstName } createdBy { id }
        teamMembers { user { id } } workflow { id } tracker { id } alerts(first: 2, filter: { status: [ACTIVE] }) { nodes { id } totalCount } messages(first: 1) { nodes { subject } } } } }";
    let before = office.app.db.statements();
    let answer = admin.ok(page, json!({})).await;
    println!("{} statements", office.app.db.statements() - before);
    assert_eq!(answer["projects"]["nodes"].as_array().unwrap().len(), 3);
    assert_eq!(answer["projects"]["nodes"][0]["alerts"]["totalCount"], 1, "{answer:#}");
}
