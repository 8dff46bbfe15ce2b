//! Customers and their contacts: what is checked, what is kept, and which projects a client follows.

use serde_json::{Value, json};

use crate::harness::client::codes;
use crate::harness::database::Backend;
use crate::harness::office::{Office, text};
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("customers::customers_and_contacts", customers_and_contacts);
    suite.on_each_database("customers::clients_follow_their_address", clients_follow_their_address);
}

const CREATE: &str = "mutation($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id primaryName primaryEmail primaryPhone secondaryPhone primaryContact notes updatedAt } } }";
const UPDATE: &str = "mutation($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { id primaryName primaryEmail secondaryName notes updatedAt } } }";
const CONTACT: &str = "mutation($input: CreateContactInput!) { createContact(input: $input) { contact { id name isPrimary isActive notes customer { id } updatedAt } } }";

async fn customers_and_contacts(backend: Backend) {
    let office = Office::open(backend).await;
    let (admin, worker) = (office.client("admin").await, office.client("worker").await);
    let input = |email: &str, name: &str| {
        json!({ "input": { "primaryName": name, "primaryEmail": email, "primaryPhone": "(303) 555-0123",
        "address": "1 Öak Street", "secondaryPhone": "+49 30 901820", "notes": " hi ", "idempotencyKey": email } })
    };
    assert_eq!(worker.code(CREATE, input("a@b.co", "A")).await, "FORBIDDEN");
    let first = admin.ok(CREATE, input("Zoe@Example.com ", "Zoë Straße")).await["createCustomer"]["customer"].clone();
    assert_eq!(first["primaryEmail"], "zoe@example.com");
    assert_eq!(
        (&first["primaryPhone"], &first["secondaryPhone"], &first["primaryContact"], &first["notes"]),
        (&json!("+13035550123"), &json!("+4930901820"), &json!("PRIMARY"), &json!("hi"))
    );
    let again = admin.ok(CREATE, input("Zoe@Example.com ", "Zoë Straße")).await["createCustomer"]["customer"].clone();
    assert_eq!(again["id"], first["id"]);
    let error = admin.error(CREATE, json!({ "input": { "primaryName": "B", "primaryEmail": "zoe@example.com", "primaryPhone": "3035550123", "address": "x" } })).await;
    assert_eq!(
        (&error["extensions"]["code"], &error["extensions"]["fields"][0]["path"]),
        (&json!("CONFLICT"), &json!("input.primaryEmail"))
    );
    let error = admin.error(CREATE, json!({ "input": { "primaryName": " ", "primaryEmail": "no", "primaryPhone": "1", "address": "", "secondaryEmail": "x" } })).await;
    assert_eq!(error["extensions"]["fields"].as_array().unwrap().len(), 5, "{error:#}");
    // Lists.
    let second =
        admin.ok(CREATE, input("adam@example.com", "adam Apple")).await["createCustomer"]["customer"]["id"].clone();
    let list = "query($f: CustomerFilter, $o: CustomerOrder, $first: Int, $after: String, $last: Int, $before: String) {
        customers(filter: $f, orderBy: $o, first: $first, after: $after, last: $last, before: $before) { nodes { primaryName } totalCount pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } }";
    let names = |v: &Value| -> Vec<String> {
        v["customers"]["nodes"].as_array().unwrap().iter().map(|n| text(&n["primaryName"])).collect()
    };
    for search in ["STRASSE", "zoë", "öak", "ZOE@", "straße  1"] {
        let found = admin.ok(list, json!({ "f": { "search": search } })).await;
        assert!(names(&found).contains(&"Zoë Straße".to_owned()) || search == "STRASSE", "{search}: {found}");
    }
    assert_eq!(names(&admin.ok(list, json!({ "f": { "search": "100%" } })).await), Vec::<String>::new());
    let by_name = json!({ "field": "PRIMARY_NAME", "direction": "ASC" });
    let page = admin.ok(list, json!({ "o": by_name, "first": 1 })).await;
    assert_eq!(
        (names(&page), page["customers"]["totalCount"].clone(), page["customers"]["pageInfo"]["hasNextPage"].clone()),
        (vec!["adam Apple".into()], json!(2), json!(true))
    );
    let page =
        admin.ok(list, json!({ "o": by_name, "first": 1, "after": page["customers"]["pageInfo"]["endCursor"] })).await;
    assert_eq!(names(&page), ["Zoë Straße"]);
    let page = admin
        .ok(list, json!({ "o": by_name, "last": 1, "before": page["customers"]["pageInfo"]["startCursor"] }))
        .await;
    assert_eq!(names(&page), ["adam Apple"]);
    assert_eq!(
        admin.code(list, json!({ "after": page["customers"]["pageInfo"]["startCursor"] })).await,
        "BAD_USER_INPUT"
    );
    // Changes.
    let id = first["id"].clone();
    let changed = admin.ok(UPDATE, json!({ "input": { "customerId": id, "secondaryName": "Lee", "notes": null, "primaryEmail": "zoe2@example.com", "expectedUpdatedAt": first["updatedAt"] } })).await["updateCustomer"]["customer"].clone();
    assert_eq!(
        (&changed["secondaryName"], &changed["notes"], &changed["primaryEmail"]),
        (&json!("Lee"), &Value::Null, &json!("zoe2@example.com"))
    );
    assert_eq!(
        admin
            .code(
                UPDATE,
                json!({ "input": { "customerId": id, "notes": "x", "expectedUpdatedAt": first["updatedAt"] } })
            )
            .await,
        "CONFLICT"
    );
    assert_eq!(
        admin.code(UPDATE, json!({ "input": { "customerId": id, "primaryName": null } })).await,
        "BAD_USER_INPUT"
    );
    assert_eq!(
        admin.code(UPDATE, json!({ "input": { "customerId": second, "primaryEmail": "ZOE2@example.com" } })).await,
        "CONFLICT"
    );
    assert_eq!(admin.code(UPDATE, json!({ "input": { "customerId": "none", "notes": "x" } })).await, "NOT_FOUND");
    // Contacts.
    let add = |name: &str, primary: bool| json!({ "input": { "customerId": id, "name": name, "isPrimary": primary, "phone": "303 555 0100", "email": "X@Y.co" } });
    let a = admin.ok(CONTACT, add("A", true)).await["createContact"]["contact"].clone();
    let b = admin.ok(CONTACT, add("B", true)).await["createContact"]["contact"].clone();
    let c = admin.ok(CONTACT, add("C", false)).await["createContact"]["contact"].clone();
    assert_eq!((&b["isPrimary"], &c["isActive"], &c["customer"]["id"]), (&json!(true), &json!(true), &id));
    let contacts =
        "query($id: ID!) { customer(id: $id) { contacts { nodes { id name isPrimary email } totalCount } } }";
    let of = |v: Value| -> Vec<(String, bool)> {
        v["customer"]["contacts"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| (text(&n["name"]), n["isPrimary"] == true))
            .collect()
    };
    assert_eq!(of(admin.ok(contacts, json!({ "id": id })).await)[0], ("B".into(), true));
    let promote =
        "mutation($input: UpdateContactInput!) { updateContact(input: $input) { contact { name isPrimary } } }";
    admin.ok(promote, json!({ "input": { "contactId": c["id"], "isPrimary": true, "name": "C2" } })).await;
    let now = of(admin.ok(contacts, json!({ "id": id })).await);
    assert_eq!((now[0].clone(), now.iter().filter(|n| n.1).count()), (("C2".into(), true), 1));
    let fetched = admin.ok("query($id: ID!) { contact(id: $id) { name email } }", json!({ "id": a["id"] })).await;
    assert_eq!(fetched["contact"], json!({ "name": "A", "email": "x@y.co" }));
    assert!(
        worker.ok("query($id: ID!) { contact(id: $id) { name } }", json!({ "id": a["id"] })).await["contact"].is_null()
    );
    let delete = "mutation($input: DeleteContactInput!) { deleteContact(input: $input) { id customer { contacts { totalCount } } } }";
    assert_eq!(
        admin.ok(delete, json!({ "input": { "contactId": c["id"] } })).await["deleteContact"]["customer"]["contacts"]["totalCount"],
        2
    );
    assert_eq!(admin.code(delete, json!({ "input": { "contactId": c["id"] } })).await, "NOT_FOUND");
}

pub const DELETE_CUSTOMER: &str = "mutation($input: DeleteCustomerInput!) { deleteCustomer(input: $input) { id } }";

async fn clients_follow_their_address(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let (admin, client) = (office.client("admin").await, office.client("client").await);
    let look = "query($id: ID!) { project(id: $id) { projectNumber notes budget estimatedCost teamMembers { id } projectManager { email department } createdBy { id }
        customer { primaryName notes contacts { totalCount } } workflow { id } tracker { id } alerts { totalCount nodes { id } } messages { totalCount } } }";
    assert!(client.ok(look, json!({ "id": project.id })).await["project"].is_null());
    admin
        .ok(UPDATE, json!({ "input": { "customerId": project.customer, "primaryEmail": "client@ridgeline.test" } }))
        .await;
    let (_, answer) = client.send(look, json!({ "id": project.id })).await;
    let seen = &answer["data"]["project"];
    assert_eq!(seen["budget"], "12500.00", "{answer:#}");
    assert_eq!(codes(&answer), ["FORBIDDEN"; 4], "{answer:#}");
    assert!(
        seen["estimatedCost"].is_null()
            && seen["notes"].is_null()
            && seen["createdBy"].is_null()
            && !seen["tracker"].is_null()
    );
    assert_eq!(seen["projectManager"]["email"], "pm@ridgeline.test");
    assert_eq!(
        (&seen["alerts"]["totalCount"], &seen["messages"]["totalCount"], &seen["teamMembers"]),
        (&json!(0), &json!(0), &json!([]))
    );
    let users =
        client.ok("{ users { nodes { email } } customers { totalCount } projects { totalCount } }", json!({})).await;
    assert_eq!(users["users"]["nodes"], json!([{ "email": "pm@ridgeline.test" }]));
    assert_eq!((&users["customers"]["totalCount"], &users["projects"]["totalCount"]), (&json!(1), &json!(1)));
    assert_eq!(
        client.code(UPDATE, json!({ "input": { "customerId": project.customer, "notes": "x" } })).await,
        "FORBIDDEN"
    );
    let mut feed = client.subscribe("subscription { projectChanged { cursor kind } }", json!({})).await;
    admin
        .ok(UPDATE, json!({ "input": { "customerId": project.customer, "primaryEmail": "other@ridgeline.test" } }))
        .await;
    let end = feed.socket.next().await;
    assert!(end.to_string().contains("CURSOR_EXPIRED"), "{end}");
    assert!(client.ok(look, json!({ "id": project.id })).await["project"].is_null());
    assert_eq!(admin.code(DELETE_CUSTOMER, json!({ "input": { "customerId": project.customer } })).await, "CONFLICT");
}
