//! What each role allows is what its function was seen to do on the tour, and nothing else.

use super::{STEPS, files, visits};
use serde_json::Value as Json;
use serde_yaml_ng::Value;
use std::collections::BTreeSet;
use world::cloud::Call;

/// What a call needs: actions, each on a thing.
fn needed(call: &Call) -> BTreeSet<(String, String)> {
    let body: Json = serde_json::from_str(&call.body).unwrap_or_default();
    let pair = |action: &str, thing: &str| (action.to_owned(), thing.to_owned());
    let tables = |of: &Json| of.as_object().into_iter().flatten().map(|(table, _)| table.clone()).collect::<Vec<_>>();
    let table = body["TableName"].as_str().unwrap_or_default();
    match call.operation.as_str() {
        "TransactWriteItems" => {
            let items = body["TransactItems"].as_array().unwrap().iter();
            items
                .map(|item| {
                    let actions =
                        [("Put", "PutItem"), ("Delete", "DeleteItem"), ("ConditionCheck", "ConditionCheckItem")];
                    let named =
                        actions.iter().find_map(|(name, action)| Some((item[name]["TableName"].as_str()?, action)));
                    let (table, action) = named.unwrap_or_else(|| panic!("an item that is none of these: {item}"));
                    pair(&format!("dynamodb:{action}"), table)
                })
                .collect()
        }
        "BatchGetItem" | "BatchWriteItem" => tables(&body["RequestItems"])
            .iter()
            .map(|table| pair(&format!("dynamodb:{}", call.operation), table))
            .collect(),
        "Query" => {
            let index = body["IndexName"].as_str().map(|index| format!("/index/{index}")).unwrap_or_default();
            BTreeSet::from([pair("dynamodb:Query", &format!("{table}{index}"))])
        }
        "GetItem" | "PutItem" | "UpdateItem" => BTreeSet::from([pair(&format!("dynamodb:{}", call.operation), table)]),
        "SendMessageBatch" => {
            let queue = body["QueueUrl"].as_str().unwrap().rsplit('/').next().unwrap();
            BTreeSet::from([pair("sqs:SendMessage", queue)])
        }
        // What is asked of others than AWS, no role allows.
        "PostWebhook" => BTreeSet::new(),
        "SendRawEmail" => BTreeSet::from([pair("ses:SendRawEmail", "")]),
        "DeleteObjectTagging" => BTreeSet::from([pair("s3:DeleteObjectTagging", "AttachmentsBucket/*")]),
        "PutObject" => BTreeSet::from([pair("s3:PutObject", "MailsBucket/files/*")]),
        "GetObject" => BTreeSet::from([pair("s3:GetObject", "MailsBucket/*")]),
        other => panic!("{other} is no call of ours"),
    }
}

/// What a function's role allows it to do itself; what Lambda does in its name is left out.
fn granted(function: &str) -> BTreeSet<(String, String)> {
    let text = std::fs::read_to_string(world::template::path()).unwrap();
    let root: Value = serde_yaml_ng::from_str(&text).unwrap();
    let name: String = function.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
    let role =
        &root["Resources"][format!("{name}Role").as_str()]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"];
    let mut grants = BTreeSet::new();
    for statement in role.as_sequence().unwrap() {
        let actions: Vec<String> = match &statement["Action"] {
            Value::Sequence(actions) => actions.iter().map(|action| action.as_str().unwrap().to_owned()).collect(),
            one => vec![one.as_str().unwrap().to_owned()],
        };
        let thing = match &statement["Resource"] {
            Value::Tagged(tagged) => tagged.value.as_str().unwrap_or_default().replace("${", "").replace(".Arn}", ""),
            _ => String::new(),
        };
        let thing = thing.trim_end_matches(".Arn").to_owned();
        let of_lambda = |action: &str| {
            ["logs:", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
                .iter()
                .any(|own| action.starts_with(own))
                || (action.starts_with("dynamodb:")
                    && (action.contains("Stream") || action.contains("Shard") || action.contains("Records")))
        };
        grants.extend(
            actions
                .into_iter()
                .filter(|action| !of_lambda(action) && !thing.contains("DeadLetters"))
                .map(|action| (action, thing.clone())),
        );
    }
    grants
}

#[test]
fn every_call_that_is_made_is_allowed_and_all_that_is_allowed_is_used() {
    let steps = &*STEPS;
    let mut wrong = Vec::new();
    println!("{:<20} granted  used  granted, unused  used, ungranted", "function");
    for function in world::functions::ALL {
        let asked = world::functions::asked_by(function);
        let does = |name: &str| name == function || asked.contains(&name);
        let calls = steps.values().flatten().filter(|call| does(&call.function));
        let signed = files::SIGNED.into_iter().chain(visits::VISITS).filter(|(who, ..)| does(who));
        let signed = signed.map(|(_, action, thing)| (action.to_owned(), thing.to_owned()));
        let used = calls
            .flat_map(needed)
            .chain(signed)
            .filter(|(action, thing)| !visits::NO_PAGE_FOR.contains(&(function, action.as_str(), thing.as_str())));
        let used: BTreeSet<_> = used.collect();
        let granted = granted(function);
        let count = |set: &BTreeSet<_>, other| set.difference(other).count();
        println!(
            "{function:<20} {:>7} {:>5} {:>15} {:>15}",
            granted.len(),
            used.len(),
            count(&granted, &used),
            count(&used, &granted)
        );
        wrong.extend(used.difference(&granted).map(|(action, thing)| format!("{function} lacks {action} on {thing}")));
        wrong.extend(
            granted.difference(&used).map(|(action, thing)| format!("{function} never uses {action} on {thing}")),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
