//! What the template says and what the code knows are held to be the same, and the laws of the template that a linter
//! does not know. Read from the file as it is written, before any expansion.

use serde_yaml_ng::Value;
use shell::{key::Table, sqs::Queue};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};
use world::{
    functions,
    template::{API, PUBLIC, Template},
};

/// What the template gives a function besides tables and queues.
const OTHER_VARIABLES: [&str; 7] = [
    "BUCKET_ATTACHMENTS",
    "JWT_ISSUER",
    "MAIL_CONFIGURATION_SET",
    "MAIL_FROM",
    "MAIL_HOST",
    "PORTAL_URL",
    "SIGN_IN_CLIENT",
];
/// 14 days: the longest that SQS keeps a message.
const LONGEST_RETENTION: u64 = 1_209_600;

fn text() -> String {
    std::fs::read_to_string(world::template::path()).unwrap()
}

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn root() -> Value {
    serde_yaml_ng::from_str(&text()).unwrap()
}

/// Resources of a type, by logical name.
fn resources(kind: &str) -> BTreeMap<String, Value> {
    let root = root();
    let all = root["Resources"].as_mapping().unwrap().iter();
    all.filter(|(_, resource)| resource["Type"] == kind)
        .map(|(name, resource)| (name.as_str().unwrap().to_owned(), resource["Properties"].clone()))
        .collect()
}

/// The logical name behind a tag such as `!Ref X`, `!GetAtt X.Arn` or `!Sub "${X.Arn}/index/i"`.
fn target(value: &Value) -> String {
    let text = match value {
        Value::Tagged(tagged) => tagged.value.as_str().unwrap_or_default(),
        other => other.as_str().unwrap_or_default(),
    };
    text.trim_start_matches("${").split(['.', '}']).next().unwrap_or_default().to_owned()
}

fn texts(list: &Value) -> BTreeSet<String> {
    list.as_sequence().into_iter().flatten().map(|name| name.as_str().unwrap().to_owned()).collect()
}

/// The names over which a `Fn::ForEach` goes.
fn collection(name: &str) -> BTreeSet<String> {
    let each = &root()["Resources"][format!("Fn::ForEach::{name}").as_str()];
    assert!(!each.is_null(), "there is no Fn::ForEach::{name}");
    texts(&each[1])
}

fn package(function: &Value) -> String {
    function["CodeUri"].as_str().unwrap().trim_end_matches('/').rsplit('/').next().unwrap().to_owned()
}

/// Events of a function, of one type.
fn events<'a>(function: &'a Value, kind: &str) -> Vec<&'a Value> {
    let events = function["Events"].as_mapping().into_iter().flatten();
    events.filter(|(_, event)| event["Type"] == kind).map(|(_, event)| &event["Properties"]).collect()
}

fn variables(function: &Value) -> BTreeMap<String, Value> {
    let variables = function["Environment"]["Variables"].as_mapping().into_iter().flatten();
    variables.map(|(name, value)| (name.as_str().unwrap().to_owned(), value.clone())).collect()
}

fn statements(role: &Value) -> Vec<Value> {
    let policies = role["Policies"].as_sequence().into_iter().flatten();
    policies.flat_map(|policy| policy["PolicyDocument"]["Statement"].as_sequence().cloned().unwrap()).collect()
}

/// `Sellers` of `SellersTable`: the names of the code, which are those of the template.
fn table_of(resource: &str) -> Option<Table> {
    Table::ALL.into_iter().find(|table| format!("{table:?}Table") == resource)
}

fn serverless() -> BTreeMap<String, Value> {
    resources("AWS::Serverless::Function")
}

fn seconds(function: &Value) -> u64 {
    function["Timeout"].as_u64().or_else(|| root()["Globals"]["Function"]["Timeout"].as_u64()).unwrap()
}

#[test]
fn the_template_and_the_code_have_the_same_functions() {
    let packages: BTreeSet<_> = serverless().values().map(package).collect();
    assert_eq!(packages, functions::ALL.into_iter().map(str::to_owned).collect());
    for (name, function) in serverless() {
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
fn every_route_but_those_of_pages_and_of_signed_links_asks_for_a_token_with_the_scope_of_whom_it_serves() {
    for (name, function) in serverless() {
        let scopes: BTreeSet<_> = events(&function, "HttpApi")
            .into_iter()
            .filter(|route| {
                let path = route["Path"].as_str().unwrap();
                let named = format!("{} {path}", route["Method"].as_str().unwrap());
                let public = !path.starts_with(API) || PUBLIC.contains(&named.as_str());
                assert_eq!(route["Auth"]["Authorizer"] == "NONE", public, "{name}: {named} asks for no token");
                !public
            })
            .map(|route| {
                assert_eq!(route["Auth"]["Authorizer"], "Jwt", "{name}: {:?}", route["Path"]);
                texts(&route["Auth"]["AuthorizationScopes"])
            })
            .collect();
        assert!(scopes.len() <= 1, "{name} serves one kind of caller: {scopes:?}");
        assert!(scopes.iter().all(|scopes| scopes.len() == 1), "{name}: {scopes:?}");
    }
}

#[test]
fn every_variable_is_one_that_the_code_reads_and_names_the_thing_it_says() {
    for (name, function) in serverless() {
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
        let mut code =
            ["lib.rs", "mail.rs", "upload.rs"].map(|file| read(&format!("functions/shell/src/{file}"))).into_iter();
        assert!(code.any(|code| code.contains(&quoted)), "nobody reads {variable}");
    }
}

#[test]
fn every_table_of_the_code_exists_and_has_the_keys_that_the_code_builds() {
    let tables = resources("AWS::DynamoDB::Table");
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
        ("RequestsTable", "deadline", [("seller_key", "HASH", "S"), ("due_at", "RANGE", "N")]),
        ("RequestsTable", "decisions", [("decision_key", "HASH", "S"), ("decided_at", "RANGE", "N")]),
        ("RequestsTable", "view", [("view_key", "HASH", "S"), ("due_at", "RANGE", "N")]),
        ("RequestsTable", "case", [("case_key", "HASH", "S"), ("due_at", "RANGE", "N")]),
        ("RequestsTable", "order", [("order_key", "HASH", "S"), ("due_at", "RANGE", "N")]),
    ];
    let mut found = Vec::new();
    for (name, table) in resources("AWS::DynamoDB::Table") {
        for index in table["GlobalSecondaryIndexes"].as_sequence().into_iter().flatten() {
            let keys = keys(&table, &index["KeySchema"]);
            found.push((name.clone(), index["IndexName"].as_str().unwrap().to_owned(), keys));
        }
    }
    let expected = expected.map(|(table, index, keys)| (table.to_owned(), index.to_owned(), keys.map(owned).to_vec()));
    assert_eq!(found, expected);
}

#[test]
fn k01_k02_k03_every_queue_outlasts_its_function_six_times_and_gives_up_into_dead_letters_of_14_days() {
    let queues = resources("AWS::SQS::Queue");
    let (waiting, dead): (BTreeMap<_, _>, BTreeMap<_, _>) =
        queues.iter().partition(|(_, queue)| !queue["RedrivePolicy"].is_null());
    let known: BTreeSet<_> = Queue::ALL.iter().map(|queue| format!("{queue:?}Queue")).collect();
    assert_eq!(waiting.keys().map(|name| (*name).clone()).collect::<BTreeSet<_>>(), known);
    for (name, queue) in &waiting {
        let given_up = target(&queue["RedrivePolicy"]["deadLetterTargetArn"]);
        assert_eq!(given_up, name.replace("Queue", "DeadLetters"), "each queue has dead letters of its own");
        assert!(dead.contains_key(&given_up), "{name}: {given_up} is no queue");
        assert!(queue["RedrivePolicy"]["maxReceiveCount"].as_u64().unwrap() >= 5, "{name}");
        assert!(queue["MessageRetentionPeriod"].as_u64().unwrap() < LONGEST_RETENTION, "{name}");
        let consumers: Vec<_> = serverless()
            .into_values()
            .filter(|function| events(function, "SQS").iter().any(|event| target(&event["Queue"]) == **name))
            .collect();
        assert_eq!(consumers.len(), 1, "{name} has one consumer");
        assert!(queue["VisibilityTimeout"].as_u64().unwrap() >= 6 * seconds(&consumers[0]), "{name}");
    }
    for (name, queue) in dead {
        assert_eq!(queue["MessageRetentionPeriod"].as_u64(), Some(LONGEST_RETENTION), "{name}");
    }
}

#[test]
fn k04_k07_every_queue_answers_record_by_record_and_the_stream_gives_up_in_the_end() {
    for (name, function) in serverless() {
        for event in events(&function, "SQS") {
            assert_eq!(
                texts(&event["FunctionResponseTypes"]),
                BTreeSet::from(["ReportBatchItemFailures".into()]),
                "{name}"
            );
            assert!(event["ScalingConfig"]["MaximumConcurrency"].as_u64().is_some(), "{name}");
            assert!(event["FilterCriteria"].is_null(), "K06: what does not match a filter is lost: {name}");
        }
        for event in events(&function, "DynamoDB") {
            assert_eq!(event["BisectBatchOnFunctionError"], true, "{name}");
            assert!(event["MaximumRetryAttempts"].as_u64().is_some_and(|most| most <= 10), "{name}");
            assert!(event["MaximumRecordAgeInSeconds"].as_u64().is_some_and(|oldest| oldest <= 3_600), "{name}");
            let given_up = target(&event["DestinationConfig"]["OnFailure"]["Destination"]);
            assert_eq!(given_up, "OutboxDeadLetters", "{name}");
        }
    }
}

#[test]
fn k18_every_queue_every_dead_letter_and_every_function_has_its_alarms() {
    let queues: BTreeSet<_> = resources("AWS::SQS::Queue").into_keys().collect();
    let named = |ending: &str| queues.iter().filter_map(|name| name.strip_suffix(ending)).map(str::to_owned).collect();
    let (dead, waiting): (BTreeSet<String>, BTreeSet<String>) = (named("DeadLetters"), named("Queue"));
    assert_eq!(dead.len() + waiting.len(), queues.len(), "a queue is called …Queue or …DeadLetters");
    assert_eq!(collection("DeadLetterAlarms"), dead);
    assert_eq!(collection("BacklogAlarms"), waiting);
    let functions = serverless();
    let all: BTreeSet<_> = functions.keys().cloned().collect();
    for list in ["Logs", "ErrorAlarms", "ThrottleAlarms"] {
        assert_eq!(collection(list), all, "{list}");
    }
    let parking = functions.iter().filter(|(_, function)| !events(function, "SQS").is_empty());
    assert_eq!(collection("Parked"), parking.map(|(name, _)| name.clone()).collect(), "whoever parks is counted");
    for (name, function) in functions {
        let ticks = events(&function, "ScheduleV2").len();
        let missed = !root()["Resources"][format!("{name}MissedAlarm").as_str()].is_null();
        assert_eq!(ticks > 0, missed, "{name}: a schedule that is missed is noticed");
    }
}

#[test]
fn the_line_that_the_alarm_for_parked_records_counts_is_the_one_that_is_logged() {
    let pattern = &root()["Resources"]["Fn::ForEach::Parked"][2]["${Function}Parked"]["Properties"]["FilterPattern"];
    assert_eq!(pattern, r#"{ $.message = "parked" }"#);
    assert!(read("functions/shell/src/telemetry.rs").contains(r#", "parked");"#));
}

#[test]
fn k10_k12_every_function_has_a_role_of_its_own_that_names_each_action_and_each_thing() {
    let roles = resources("AWS::IAM::Role");
    let functions = serverless();
    assert_eq!(roles.len(), functions.len());
    for (name, function) in &functions {
        assert_eq!(target(&function["Role"]), format!("{name}Role"));
        let allowed: BTreeSet<_> = variables(function).values().map(target).collect();
        for statement in statements(&roles[&format!("{name}Role")]) {
            let actions = match &statement["Action"] {
                Value::Sequence(_) => texts(&statement["Action"]),
                one => BTreeSet::from([one.as_str().unwrap().to_owned()]),
            };
            assert!(actions.iter().all(|action| !action.contains('*')), "{name}: {actions:?}");
            assert_ne!(statement["Resource"], "*", "{name}: {actions:?}");
            if let Some(table) = table_of(&target(&statement["Resource"])) {
                let stream = actions
                    .iter()
                    .all(|action| action.contains("Stream") || action.contains("Shard") || action.contains("Records"));
                assert!(
                    stream || allowed.contains(&format!("{table:?}Table")),
                    "{name} may use {table:?} and is not told where it is"
                );
            }
        }
    }
}

#[test]
fn inq_5_no_function_for_sellers_knows_or_may_read_the_words_of_customers() {
    let roles = resources("AWS::IAM::Role");
    let mut facing_sellers = 0;
    for (name, function) in serverless() {
        let routes = events(&function, "HttpApi");
        let asks = routes.iter().any(|route| texts(&route["Auth"]["AuthorizationScopes"]).contains("seller"));
        if !asks && name != "SellerPortal" {
            continue;
        }
        facing_sellers += 1;
        for (variable, value) in variables(&function) {
            assert_ne!(target(&value), "ConversationsTable", "{name}: {variable}");
        }
        let role = serde_yaml_ng::to_string(&roles[&format!("{name}Role")]).unwrap();
        assert!(!role.contains("ConversationsTable"), "{name}");
        // Files have no names that a role could list; of an address there is to know whether it is mailed no more.
        let wide = ["${AttachmentsBucket.Arn}/*", "ADDRESS#*"].iter().fold(role, |role, known| role.replace(known, ""));
        assert!(!wide.contains('*'), "{name}");
        for statement in statements(&roles[&format!("{name}Role")]) {
            let reads = texts(&statement["Action"]).contains("dynamodb:GetItem");
            if reads && target(&statement["Resource"]) == "OutboxTable" {
                let keys = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
                assert_eq!(texts(keys), BTreeSet::from(["ADDRESS#*".to_owned()]), "{name} reads mails of anybody");
            }
        }
    }
    assert_eq!(
        facing_sellers, 10,
        "enrollment, Case Log, transfers, return policies, users, disputes, claims, statements, insights, and the pages"
    );
}

#[test]
fn k08_every_schedule_ticks_in_utc_and_keeps_what_it_could_not_deliver() {
    let mut ticks = 0;
    for (name, function) in serverless() {
        for schedule in events(&function, "ScheduleV2") {
            ticks += 1;
            assert_eq!(schedule["ScheduleExpressionTimezone"], "UTC", "{name}");
            assert_eq!(target(&schedule["DeadLetterConfig"]["Arn"]), "SchedulesDeadLetters", "{name}");
            assert!(schedule["RetryPolicy"]["MaximumRetryAttempts"].as_u64().is_some(), "{name}");
            assert!(!function["EventInvokeConfig"]["DestinationConfig"]["OnFailure"].is_null(), "K09: {name}");
        }
        for other in ["Schedule", "CloudWatchEvent", "EventBridgeRule"] {
            assert!(events(&function, other).is_empty(), "{name}: a schedule is a ScheduleV2");
        }
    }
    assert_eq!(ticks, 2);
}

#[test]
fn k15_k21_every_table_can_be_restored_and_only_what_was_done_and_who_has_signed_in_is_forgotten() {
    let root = root();
    for (name, table) in resources("AWS::DynamoDB::Table") {
        let resource = &root["Resources"][name.as_str()];
        assert_eq!(resource["DeletionPolicy"], "Retain", "{name}");
        assert_eq!(resource["UpdateReplacePolicy"], "Retain", "{name}");
        assert_eq!(table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], true, "{name}");
        assert_eq!(table["DeletionProtectionEnabled"], true, "{name}");
        let forgets = table["TimeToLiveSpecification"]["AttributeName"].as_str();
        let is_over = ["OnceTable", "SessionsTable"].contains(&name.as_str());
        assert_eq!(forgets, is_over.then_some("expires_at"), "{name}");
    }
}

#[test]
fn production_cannot_travel_in_time() {
    let lower = text().to_lowercase();
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
