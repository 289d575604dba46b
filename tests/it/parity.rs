//! What the template says and what the code knows are held to be the same.

use crate::sheet::{self, Sheet, target, texts, variables};
use serde_yaml_ng::Value;
use shell::{key::Table, sqs::Queue};
use std::{collections::BTreeSet, path::Path};
use world::{functions, template::Template};

/// What the template gives a function besides tables and queues.
const OTHER_VARIABLES: [&str; 11] = [
    "BUCKET_ATTACHMENTS",
    "BUCKET_MAILS",
    "JWT_ISSUER",
    "MAIL_CONFIGURATION_SET",
    "MAIL_FROM",
    "MAIL_HOST",
    "PORTAL_URL",
    "SIGN_IN_CLIENT",
    "WEBHOOKS",
    "WEBHOOK_PRIVATE",
    "WEBHOOK_URL",
];

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn package(function: &Value) -> String {
    function["CodeUri"].as_str().unwrap().trim_end_matches('/').rsplit('/').next().unwrap().to_owned()
}

/// `Sellers` of `SellersTable`: the names of the code, which are those of the template.
fn table_of(resource: &str) -> Option<Table> {
    Table::ALL.into_iter().find(|table| format!("{table:?}Table") == resource)
}

#[test]
fn the_template_and_the_code_have_the_same_functions() {
    let packages: BTreeSet<_> = Sheet::shipped().functions().values().map(package).collect();
    assert_eq!(packages, functions::ALL.into_iter().map(str::to_owned).collect());
    for (name, function) in Sheet::shipped().functions() {
        let words = package(&function);
        let camel: String = words.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
        assert_eq!(name, camel, "a function is called as its package");
    }
}

#[test]
fn every_route_of_the_template_is_known_to_its_function_and_the_other_way_round() {
    for (package, function) in Template::load().functions {
        let mut routes = function.routes.clone();
        let mut known: Vec<_> = functions::routes(&package).iter().map(|route| route.name.to_owned()).collect();
        routes.sort();
        known.sort();
        assert_eq!(routes, known, "{package}");
        let (mut shown, mut known) = (function.pages.clone(), Vec::new());
        known.extend(functions::pages(&package).iter().map(|route| route.name.to_owned()));
        shown.sort();
        known.sort();
        assert_eq!(shown, known, "{package}");
    }
}

#[test]
fn every_variable_is_one_that_the_code_reads_and_names_the_thing_it_says() {
    for (name, function) in Sheet::shipped().functions() {
        for (variable, value) in variables(&function) {
            let table = Table::ALL.into_iter().find(|table| table.variable() == variable);
            let queue = Queue::ALL.into_iter().find(|queue| queue.variable() == variable);
            match (table, queue) {
                (Some(table), None) => assert_eq!(target(&value), format!("{table:?}Table"), "{name}"),
                (None, Some(queue)) => assert_eq!(target(&value), format!("{queue:?}Queue"), "{name}"),
                _ => assert!(OTHER_VARIABLES.contains(&variable.as_str()), "{name}: nobody reads {variable}"),
            }
        }
    }
    for variable in OTHER_VARIABLES {
        let quoted = format!("\"{variable}\"");
        let mut code = ["hook.rs", "lib.rs", "mail.rs", "receiver.rs"]
            .map(|file| read(&format!("functions/shell/src/{file}")))
            .into_iter();
        assert!(code.any(|code| code.contains(&quoted)), "nobody reads {variable}");
    }
}

#[test]
fn every_table_of_the_code_exists_and_has_the_keys_that_the_code_builds() {
    let tables = Sheet::shipped().resources("AWS::DynamoDB::Table");
    let known: BTreeSet<_> = Table::ALL.iter().map(|table| format!("{table:?}Table")).collect();
    assert_eq!(tables.keys().cloned().collect::<BTreeSet<_>>(), known);
    for (name, table) in &tables {
        assert_eq!(keys(table, &table["KeySchema"]), [("pk", "HASH", "S"), ("sk", "RANGE", "S")].map(owned), "{name}");
    }
}

fn owned((name, kind, of): (&str, &str, &str)) -> (String, String, String) {
    (name.to_owned(), kind.to_owned(), of.to_owned())
}

/// Name, part and type of each attribute of a key.
fn keys(table: &Value, schema: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let attributes = table["AttributeDefinitions"].as_sequence().unwrap();
    let of = |name: &str| text(&attributes.iter().find(|a| a["AttributeName"] == name).unwrap()["AttributeType"]);
    let key = |key: &Value| {
        let name = text(&key["AttributeName"]);
        let of = of(&name);
        (name, text(&key["KeyType"]), of)
    };
    schema.as_sequence().unwrap().iter().map(key).collect()
}

#[test]
fn every_index_has_the_attributes_that_the_shell_writes_and_no_other_index_exists() {
    let due = [("due_shard", "HASH", "S"), ("due_at", "RANGE", "N")];
    let expected = [
        ("InquiriesTable", "queue", [("queue_key", "HASH", "S"), ("queue_rank", "RANGE", "S")]),
        ("InquiriesTable", "holder", [("holder_key", "HASH", "S"), ("holder_rank", "RANGE", "S")]),
        ("InquiriesTable", "escalated", [("escalated_key", "HASH", "S"), ("escalated_rank", "RANGE", "S")]),
        ("InquiriesTable", "seller", [("seller_key", "HASH", "S"), ("seller_rank", "RANGE", "S")]),
        ("InquiriesTable", "customer", [("customer_key", "HASH", "S"), ("pk", "RANGE", "S")]),
        ("LedgerTable", "claims", [("claim_key", "HASH", "S"), ("waits_since", "RANGE", "N")]),
        ("LedgerTable", "disputes", [("dispute_key", "HASH", "S"), ("filed_at", "RANGE", "N")]),
        ("LedgerTable", "due", due),
        ("OrdersTable", "customer", [("customer_key", "HASH", "S"), ("pk", "RANGE", "S")]),
        ("OutboxTable", "due", due),
        ("OutboxTable", "hooks", [("hook_key", "HASH", "S"), ("hook_at", "RANGE", "N")]),
        ("RequestsTable", "deadline", [("seller_key", "HASH", "S"), ("due_at", "RANGE", "N")]),
        ("RequestsTable", "decisions", [("decision_key", "HASH", "S"), ("decided_at", "RANGE", "N")]),
        ("RequestsTable", "view", [("view_key", "HASH", "S"), ("due_at", "RANGE", "N")]),
        ("RequestsTable", "case", [("case_key", "HASH", "S"), ("due_at", "RANGE", "N")]),
        ("RequestsTable", "order", [("order_key", "HASH", "S"), ("due_at", "RANGE", "N")]),
    ];
    let mut found = Vec::new();
    for (name, table) in Sheet::shipped().resources("AWS::DynamoDB::Table") {
        for index in table["GlobalSecondaryIndexes"].as_sequence().into_iter().flatten() {
            let keys = keys(&table, &index["KeySchema"]);
            found.push((name.clone(), index["IndexName"].as_str().unwrap().to_owned(), keys));
        }
    }
    let expected = expected.map(|(table, index, keys)| (table.to_owned(), index.to_owned(), keys.map(owned).to_vec()));
    assert_eq!(found, expected);
}

#[test]
fn every_parameter_of_the_template_is_explained_with_its_default() {
    let text = read("infra/README.md");
    let sheet = Sheet::shipped();
    let shown = |given: &Value| match given {
        Value::Null => "none".to_owned(),
        Value::Number(number) => format!("`{number}`"),
        given => given.as_str().filter(|text| !text.is_empty()).map_or("empty".to_owned(), |text| format!("`{text}`")),
    };
    let parameters = sheet.parameters();
    let missing = parameters.iter().filter(|(name, given)| {
        !text.lines().any(|line| line.starts_with(&format!("| `{name}` | {} |", shown(&given["Default"]))))
    });
    assert_eq!(missing.map(|(name, _)| name).collect::<Vec<_>>(), Vec::<&String>::new());
    let given = read("infra/samconfig.toml");
    let given =
        given.lines().filter_map(|line| line.trim().trim_start_matches('"').split_once('=')).map(|(name, _)| name);
    let unknown: Vec<_> = given
        .filter(|name| name.starts_with(char::is_uppercase))
        .filter(|name| !parameters.contains_key(*name))
        .collect();
    assert!(unknown.is_empty(), "infra/samconfig.toml: {unknown:?}");
    for (name, of) in parameters {
        if of["Default"].is_null() {
            assert_eq!(
                read("infra/samconfig.toml").matches(&format!("\"{name}=")).count(),
                2,
                "{name}, for each stage"
            );
        }
    }
}

#[test]
fn no_function_is_built_by_sam() {
    let sheet = Sheet::shipped();
    let built = sheet.functions().into_keys().filter(|name| sheet.resource(name)["Metadata"]["SkipBuild"] != true);
    assert_eq!(built.collect::<Vec<_>>(), Vec::<String>::new(), "cargo has built it");
}

#[test]
fn the_line_that_the_alarm_for_webhooks_counts_is_the_one_that_is_logged() {
    let pattern = Sheet::shipped().resource("HooksGivenUp")["Properties"]["FilterPattern"].clone();
    assert_eq!(pattern, r#"{ $.message = "hook given up" }"#);
    assert!(read("functions/shell/src/telemetry.rs").contains(r#", "hook given up");"#));
}

#[test]
fn a_page_knows_whether_anybody_is_told_where_what_it_asks_does() {
    let functions = Template::load().functions;
    let knows = |package: &str| functions[package].env.contains_key("WEBHOOKS");
    for package in functions.keys() {
        let asked = functions::asked_by(package);
        assert!(asked.is_empty() || knows(package) == asked.iter().any(|asked| knows(asked)), "{package}");
    }
}

#[test]
fn every_queue_of_the_code_exists_and_every_role_uses_what_its_function_is_told_of() {
    let sheet = Sheet::shipped();
    let waiting = sheet.resources("AWS::SQS::Queue").into_keys().filter(|name| name.ends_with("Queue"));
    let known: BTreeSet<_> = Queue::ALL.iter().map(|queue| format!("{queue:?}Queue")).collect();
    assert_eq!(waiting.collect::<BTreeSet<_>>(), known);
    for (name, function) in sheet.functions() {
        let told: BTreeSet<_> = variables(&function).values().map(target).collect();
        for statement in sheet.grants(&name) {
            let Some(table) = table_of(&target(&statement["Resource"])) else { continue };
            let of_stream = ["Stream", "Shard", "Records"];
            let stream =
                texts(&statement["Action"]).iter().all(|action| of_stream.iter().any(|of| action.contains(of)));
            assert!(
                stream || told.contains(&format!("{table:?}Table")),
                "{name} may use {table:?} and is not told where it is"
            );
        }
    }
}

#[test]
fn inq_5_no_function_for_sellers_knows_or_may_read_the_words_of_customers() {
    let sheet = Sheet::shipped();
    let serving = sheet.routes().into_iter().filter(|(.., security)| texts(&security[0]["Jwt"]).contains("seller"));
    let facing_sellers: BTreeSet<_> =
        serving.map(|(_, function, _)| function).chain(["SellerPortal".to_owned()]).collect();
    let functions = sheet.functions();
    for name in &facing_sellers {
        for (variable, value) in variables(&functions[name]) {
            assert_ne!(target(&value), "ConversationsTable", "{name}: {variable}");
        }
        let grants = sheet.grants(name);
        let role = serde_yaml_ng::to_string(&grants).unwrap();
        assert!(!role.contains("ConversationsTable"), "{name}");
        // Files have no names that a role could list; of an address there is to know whether it is mailed no more.
        let wide = ["${AttachmentsBucket.Arn}/*", "ADDRESS#*"].iter().fold(role, |role, known| role.replace(known, ""));
        assert!(!wide.contains('*'), "{name}");
        for statement in grants {
            let reads = texts(&statement["Action"]).contains("dynamodb:GetItem");
            if reads && target(&statement["Resource"]) == "OutboxTable" {
                let keys = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
                assert_eq!(texts(keys), BTreeSet::from(["ADDRESS#*".to_owned()]), "{name} reads mails of anybody");
            }
        }
    }
    assert_eq!(
        facing_sellers.len(),
        10,
        "enrollment, Case Log, transfers, return policies, users, disputes, claims, statements, insights, and the pages: \
         a new one is counted here"
    );
}

#[test]
fn production_cannot_travel_in_time() {
    let lower = sheet::text().to_lowercase();
    assert!(!lower.contains("travel") && !lower.contains("debug_assertions"), "the template knows nothing of it");

    let code = read("functions/shell/src/clock.rs");
    let (debug, release) =
        ("#[cfg(debug_assertions)]\nfn travelled()", "#[cfg(not(debug_assertions))]\nfn travelled()");
    assert_eq!(code.matches("fn travelled()").count(), 2, "one for debug builds, one for the others");
    let of = |head: &str| {
        code.split(head).nth(1).unwrap_or_else(|| panic!("{head} is not there")).split("\n}").next().unwrap()
    };
    assert!(of(debug).contains("var_os(\"CSBA_TRAVEL_FILE\")"));
    assert!(!of(release).contains("env"), "{}", of(release));
    assert_eq!(code.matches("\"CSBA_TRAVEL_FILE\"").count(), 1, "read in one place only");

    assert!(!read("Cargo.toml").contains("debug-assertions"), "a release build has no debug assertions");
    for function in functions::ALL {
        let code = read(&format!("functions/{function}/src/lib.rs"));
        assert!(!code.contains("TRAVEL"), "{function}");
    }
}
