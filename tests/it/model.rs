//! The model of `DynamoDB` held against an embedded engine that was made by others: asked the same, both must answer
//! the same, word by word but for the sentences of errors.

use crate::stories::told::{Told, main_path};
use dynoxide::Database;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use world::{Delivery, World, cloud::locked, model::Tables, template::Template};

/// The engine's answer.
fn engine(db: &Database, operation: &str, body: &str) -> (u16, Json) {
    macro_rules! call {
        ($($name:literal => $method:ident),+) => {
            match operation {
                $($name => match serde_json::from_str(body) {
                    Err(error) => (400, json!({ "__type": "#ValidationException", "message": error.to_string() })),
                    Ok(request) => match db.$method(request) {
                        Err(error) => (error.status_code(), serde_json::from_str(&error.to_json()).unwrap()),
                        Ok(response) => (200, serde_json::to_value(&response).unwrap()),
                    },
                },)+
                other => panic!("{other}"),
            }
        };
    }
    call! {
        "GetItem" => get_item, "BatchGetItem" => batch_get_item, "Query" => query, "PutItem" => put_item,
        "UpdateItem" => update_item,
        "BatchWriteItem" => batch_write_item, "TransactWriteItems" => transact_write_items
    }
}

/// An answer without what may differ: the sentence, the order of a batch, and reasons' sentences.
fn plain((status, mut body): (u16, Json)) -> (u16, Json) {
    if status != 200 {
        let code = body["__type"].as_str().unwrap().rsplit('#').next().unwrap().to_owned();
        let reasons = body["CancellationReasons"].as_array().into_iter().flatten();
        let reasons: Vec<_> = reasons.map(|reason| json!([reason["Code"], reason["Item"]])).collect();
        return (status, json!({ "code": code, "reasons": reasons }));
    }
    for items in body["Responses"].as_object_mut().into_iter().flat_map(|tables| tables.values_mut()) {
        items.as_array_mut().unwrap().sort_by_key(Json::to_string);
    }
    if body["LastEvaluatedKey"].is_null() {
        body.as_object_mut().unwrap().remove("LastEvaluatedKey");
    }
    (status, body)
}

struct Both {
    model: Tables,
    engine: Database,
}

impl Both {
    fn new() -> Self {
        let template = Template::load();
        let engine = Database::memory().unwrap();
        for table in template.tables.values() {
            engine.create_table(serde_json::from_value(table.clone()).unwrap()).unwrap();
        }
        Self { model: Tables::new(template.tables.values()), engine }
    }

    fn ask(&mut self, operation: &str, body: &str) {
        let (status, answer) = self.model.answer(operation, body, 0);
        let ours = plain((status, serde_json::from_str(&answer).unwrap()));
        let theirs = plain(engine(&self.engine, operation, body));
        assert_eq!(ours, theirs, "{operation} {body}");
    }
}

#[test]
fn the_model_answers_every_call_of_the_main_path_as_the_engine_does() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let calls = runtime.block_on(async {
        let mut told = Told::new(World::new("2026-08-03T15:00:00Z", Delivery::Twice));
        main_path(&mut told).await;
        std::mem::take(&mut *locked(&told.world.cloud.calls))
    });
    let mut both = Both::new();
    let tables = calls.iter().filter(|call| call.operation != "SendMessageBatch" && call.operation != "SendRawEmail");
    let asked = tables.map(|call| both.ask(&call.operation, &call.body)).count();
    assert!(asked > 400, "{asked} calls");
}

const TABLE: &str = "OutboxTable";

fn key(n: u8) -> Json {
    json!({ "pk": { "S": format!("p{}", n % 3) }, "sk": { "S": format!("s{}", n / 3) } })
}

fn item(n: u8, version: u8) -> Json {
    let mut item = key(n);
    item["version"] = json!({ "N": version.to_string() });
    item["state"] = json!({ "M": { "n": { "N": n.to_string() }, "text": { "S": "ä \"quoted\" \\ \n" } } });
    if version.is_multiple_of(2) {
        item["due_shard"] = json!({ "S": format!("0{}", n % 2) });
        item["due_at"] = json!({ "N": (i32::from(version) * 10 - 15).to_string() });
    }
    item
}

fn condition(of: &mut Json, kind: u8, version: u8) {
    match kind % 3 {
        0 => {}
        1 => of["ConditionExpression"] = json!("attribute_not_exists(pk)"),
        _ => {
            of["ConditionExpression"] = json!("version = :seen");
            of["ExpressionAttributeValues"] = json!({ ":seen": { "N": version.to_string() } });
        }
    }
}

fn put(n: u8, kind: u8, version: u8) -> Json {
    let mut put = json!({ "TableName": TABLE, "Item": item(n, version + 1),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD" });
    condition(&mut put, kind, version);
    put
}

fn any_request() -> impl Strategy<Value = (&'static str, Json)> {
    let (n, kind, version) = (0..9_u8, 0..6_u8, 0..4_u8);
    let single = (n.clone(), kind.clone(), version.clone());
    let single_put = single.clone().prop_map(|(n, kind, version)| {
        let mut put = put(n, kind, version);
        put.as_object_mut().unwrap().remove("ReturnValuesOnConditionCheckFailure");
        ("PutItem", put)
    });
    let transaction = prop::collection::vec((single, any::<bool>()), 1..4).prop_map(|actions| {
        let action = |((n, kind, version), checks): &((u8, u8, u8), bool)| {
            if *checks && kind % 3 != 0 {
                let mut check = json!({ "TableName": TABLE, "Key": key(*n) });
                condition(&mut check, *kind, *version);
                json!({ "ConditionCheck": check })
            } else {
                json!({ "Put": put(*n, *kind, *version) })
            }
        };
        ("TransactWriteItems", json!({ "TransactItems": actions.iter().map(action).collect::<Vec<_>>() }))
    });
    let update = (n.clone(), 0..4_u8, any::<bool>()).prop_map(|(n, most, whole)| {
        let (set, when) = if whole {
            ("SET #state = :state, due_at = :due_at", "attribute_not_exists(pk) OR #state.n <= :most")
        } else {
            ("SET #state.n = #state.n + :more, due_at = :due_at", "#state.n <= :most")
        };
        let mut values =
            json!({ ":most": { "N": most.to_string() }, ":due_at": { "N": (i32::from(most) * 10).to_string() } });
        if whole {
            values[":state"] = json!({ "M": { "n": { "N": most.to_string() } } });
        } else {
            values[":more"] = json!({ "N": "2" });
        }
        (
            "UpdateItem",
            json!({ "TableName": TABLE, "Key": key(n), "UpdateExpression": set, "ConditionExpression": when,
            "ExpressionAttributeNames": { "#state": "state" }, "ExpressionAttributeValues": values }),
        )
    });
    let get = n.clone().prop_map(|n| ("GetItem", json!({ "TableName": TABLE, "Key": key(n), "ConsistentRead": true })));
    let keys = prop::collection::vec(n.clone(), 1..4).prop_map(|ns| ns.into_iter().map(key).collect::<Vec<_>>());
    let gets = keys.clone().prop_map(|keys| ("BatchGetItem", json!({ "RequestItems": { TABLE: { "Keys": keys } } })));
    let deletes = keys.prop_map(|keys| {
        let deletes: Vec<_> = keys.into_iter().map(|key| json!({ "DeleteRequest": { "Key": key } })).collect();
        ("BatchWriteItem", json!({ "RequestItems": { TABLE: deletes } }))
    });
    let place = (0..3_u8, 0..3_u8, any::<bool>(), prop::option::of(1..4_u8), prop::option::of(n));
    let query = place.clone().prop_map(|(pk, sk, forward, limit, after)| {
        let mut query = json!({ "TableName": TABLE, "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
            "ExpressionAttributeValues": { ":pk": { "S": format!("p{pk}") }, ":sk": { "S": format!("s{sk}") } },
            "ScanIndexForward": forward, "ConsistentRead": true });
        if sk == 0 {
            query["KeyConditionExpression"] = json!("pk = :pk");
            query["ExpressionAttributeValues"].as_object_mut().unwrap().remove(":sk");
        }
        query["Limit"] = json!(limit.unwrap_or(9));
        if let Some(after) = after.filter(|after| sk == 0 && after % 3 == pk) {
            query["ExclusiveStartKey"] = key(after);
        }
        ("Query", query)
    });
    let index = place.prop_map(|(shard, until, forward, limit, _)| {
        let mut query = json!({ "TableName": TABLE, "IndexName": "due", "ConsistentRead": shard == 2,
            "KeyConditionExpression": "#hash = :hash AND #range <= :until",
            "ExpressionAttributeNames": { "#hash": "due_shard", "#range": "due_at" },
            "ExpressionAttributeValues": { ":hash": { "S": format!("0{}", shard % 2) },
                ":until": { "N": (i32::from(until) * 10 - 5).to_string() } },
            "ScanIndexForward": forward });
        if let Some(limit) = limit {
            query["Limit"] = json!(limit);
        }
        ("Query", query)
    });
    prop_oneof![single_put, update, transaction, get, gets, deletes, query, index]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn the_model_answers_whatever_is_asked_as_the_engine_does(
        requests in prop::collection::vec(any_request(), 1..40),
    ) {
        let mut both = Both::new();
        for (operation, body) in requests {
            both.ask(operation, &body.to_string());
        }
    }
}
