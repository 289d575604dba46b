//! Laws of what is seen of it while it runs, and while a new version takes over.

use super::Law;
use crate::sheet::{Sheet, events, plain, target};
use serde_yaml_ng::Value;
use std::{collections::BTreeSet, path::Path};

/// Types whose resources need an alarm.
const WATCHED: [&str; 4] =
    ["AWS::SES::ConfigurationSet", "AWS::SQS::Queue", "AWS::Serverless::Function", "AWS::Serverless::HttpApi"];
/// Types whose resources need none of their own: where a table, a bucket, a key or a permission fails, so does the function
/// that uses it; what a topic cannot deliver is a dead letter; and the rest watches.
const UNWATCHED: [&str; 18] = [
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::DynamoDB::Table",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::KMS::Key",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::Logs::MetricFilter",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    "AWS::SES::ConfigurationSetEventDestination",
    "AWS::SES::ReceiptRule",
    "AWS::SES::ReceiptRuleSet",
    "AWS::SNS::Subscription",
    "AWS::SNS::Topic",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
];
/// What is counted or measured in logs: the filter, and with `Alarm` behind it the alarm.
const LOGGED: [&str; 5] = ["HooksGivenUp", "MailsTwice", "MailsUnknown", "StatementsParked", "SweepLate"];

pub const LAWS: [Law; 3] = [
    Law {
        id: "K17",
        judge: logs_end,
        breaks: &[
            ("          RetentionInDays: !Ref LogRetentionDays\n", ""),
            ("        LogGroup: !Ref DeskLeadLogs\n", ""),
        ],
    },
    Law {
        id: "K18",
        judge: alarms,
        breaks: &[
            (
                "    - [Events, Contacts, Clocks, Notices, Feedback, Fees, Days, Mails, Hooks, Outbox, Schedules]\n",
                "    - [Events, Contacts, Clocks, Notices, Feedback, Fees, Days, Mails, Hooks, Outbox]\n",
            ),
            ("  SlaSweepMissedAlarm:\n", "  SlaSweepAlarm:\n"),
            ("      AlarmActions: [!If [OwnAlarmTopic, !Ref AlarmTopic, !Ref AlarmTopicArn]]\n", ""),
            ("          AlarmActions: [!If [OwnAlarmTopic, !Ref AlarmTopic, !Ref AlarmTopicArn]]\n", ""),
            ("          Threshold: 24000\n", "          Threshold: 30000\n"),
            (
                "      CodeUri: ../target/lambda/desk-lead/\n      Timeout: 10\n",
                "      CodeUri: ../target/lambda/desk-lead/\n",
            ),
            ("  ApiFaultsAlarm:\n", "  ApiAlarm:\n"),
            ("  MailComplaintsAlarm:\n", "  ComplaintsAlarm:\n"),
            ("  OutboxRelayLateAlarm:\n", "  RelayAlarm:\n"),
            ("  StatementsParkedAlarm:\n", "  MoneyAlarm:\n"),
            ("      MetricName: MailsTwice\n", "      MetricName: MailsOnce\n"),
            ("README: sweep late", "README: no such entry"),
            ("    Type: AWS::CloudWatch::Dashboard\n", "    Type: AWS::Kinesis::Stream\n"),
        ],
    },
    Law {
        id: "K19",
        judge: rolls_out_slowly,
        breaks: &[
            ("    AutoPublishAlias: live\n", ""),
            ("Type: Canary10Percent10Minutes", "Type: AllAtOnce"),
            ("      DeploymentPreference: { Alarms: [!Ref DeskLeadErrorsAlarm, !Ref DeskLeadThrottlesAlarm] }\n", ""),
            ("functions/${DeskLead.Arn}:live/invocations", "functions/${DeskLead.Arn}/invocations"),
            ("FunctionName: { Ref: !Sub \"${Function}.Alias\" }", "FunctionName: { Ref: !Ref Function }"),
        ],
    },
];

fn logs_end(sheet: &Sheet) -> Vec<String> {
    let mut found = Vec::new();
    let written = sheet.each("Logs");
    for (name, function) in sheet.functions() {
        if target(&function["LoggingConfig"]["LogGroup"]) != format!("{name}Logs") || !written.contains(&name) {
            found.push(format!("{name} has no log group of its own"));
        }
    }
    let groups = sheet.resources("AWS::Logs::LogGroup").into_iter().chain([("Logs".to_owned(), sheet.made_by("Logs"))]);
    let endless = groups.filter(|(_, group)| target(&group["RetentionInDays"]) != "LogRetentionDays");
    found.extend(endless.map(|(name, _)| format!("{name} grows for ever")));
    found
}

/// Every resource that needs alarms has them, each alarm tells somebody, and the README says what to do.
fn alarms(sheet: &Sheet) -> Vec<String> {
    let undecided = sheet
        .kinds()
        .into_iter()
        .filter(|kind| !WATCHED.contains(&kind.as_str()) && !UNWATCHED.contains(&kind.as_str()));
    let mut found: Vec<_> = undecided.map(|kind| format!("nobody has said whether {kind} needs an alarm")).collect();
    found.extend(missing_in_lists(sheet));
    found.extend(missing_by_name(sheet));
    let explained = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/README.md")).unwrap();
    for (name, alarm) in every_alarm(sheet) {
        if alarm["AlarmActions"][0].is_null() {
            found.push(format!("{name} tells nobody"));
        }
        let description = serde_yaml_ng::to_string(&alarm["AlarmDescription"]).unwrap();
        let entry = description.split("README: ").nth(1).map(|entry| entry.trim().trim_matches(['"', '\'']));
        if entry.is_none_or(|entry| !explained.contains(&format!("` ({entry}) |"))) {
            found.push(format!("the README does not explain {name}: {entry:?}"));
        }
    }
    found
}

/// Each alarm of its own, and one of each kind that a loop makes.
fn every_alarm(sheet: &Sheet) -> Vec<(String, Value)> {
    let looped = LISTS.iter().map(|list| ((*list).to_owned(), sheet.made_by(list)));
    sheet.resources("AWS::CloudWatch::Alarm").into_iter().chain(looped).collect()
}

/// The loops that make alarms.
pub const LISTS: [&str; 7] = [
    "BacklogAlarms",
    "DeadLetterAlarms",
    "ErrorAlarms",
    "SlowAnswerAlarms",
    "SlowQuarterAlarms",
    "SlowWorkAlarms",
    "ThrottleAlarms",
];

/// Queues, dead letters and functions, against the lists over which loops go.
fn missing_in_lists(sheet: &Sheet) -> Vec<String> {
    let queues: BTreeSet<_> = sheet.resources("AWS::SQS::Queue").into_keys().collect();
    let named = |ending: &str| queues.iter().filter_map(|name| name.strip_suffix(ending)).map(str::to_owned).collect();
    let functions = sheet.functions();
    let all: BTreeSet<_> = functions.keys().cloned().collect();
    let parking = functions.iter().filter(|(_, function)| !events(function, "SQS").is_empty());
    // At 80 % of its time.
    let slow = |list: &str| -> BTreeSet<String> {
        let threshold = sheet.made_by(list)["Threshold"].as_u64().unwrap_or_default();
        let slow = functions.iter().filter(|(_, function)| sheet.timeout(function) * 800 == threshold);
        slow.map(|(name, _)| name.clone()).collect()
    };
    let expected: [(&str, BTreeSet<String>); 8] = [
        ("DeadLetterAlarms", named("DeadLetters")),
        ("BacklogAlarms", named("Queue")),
        ("ErrorAlarms", all.clone()),
        ("ThrottleAlarms", all.clone()),
        ("SlowAnswerAlarms", slow("SlowAnswerAlarms")),
        ("SlowWorkAlarms", slow("SlowWorkAlarms")),
        ("SlowQuarterAlarms", slow("SlowQuarterAlarms")),
        ("Parked", parking.map(|(name, _)| name.clone()).collect()),
    ];
    let mut found = Vec::new();
    for (list, expected) in expected {
        let missing: Vec<_> = expected.symmetric_difference(&sheet.each(list)).cloned().collect();
        if !missing.is_empty() {
            found.push(format!("{list}: {missing:?}"));
        }
    }
    let lists = ["SlowAnswerAlarms", "SlowWorkAlarms", "SlowQuarterAlarms"];
    let timed: BTreeSet<_> = lists.iter().flat_map(|list| sheet.each(list)).collect();
    found.extend(all.difference(&timed).map(|name| format!("nobody notices that {name} becomes slow")));
    found
}

/// What there is one of: schedules, streams, the API, mail, and what is read in logs.
fn missing_by_name(sheet: &Sheet) -> Vec<String> {
    let mut expected: BTreeSet<String> = BTreeSet::from(["ParkedAlarm".to_owned()]);
    for (name, function) in sheet.functions() {
        expected.extend((!events(&function, "ScheduleV2").is_empty()).then(|| format!("{name}MissedAlarm")));
        expected.extend((!events(&function, "DynamoDB").is_empty()).then(|| format!("{name}LateAlarm")));
    }
    expected.extend(sheet.resources("AWS::Serverless::HttpApi").into_keys().map(|name| format!("{name}FaultsAlarm")));
    if !sheet.resources("AWS::SES::ConfigurationSet").is_empty() {
        expected.extend(["MailBouncesAlarm", "MailComplaintsAlarm"].map(str::to_owned));
    }
    expected.extend(LOGGED.map(|name| format!("{name}Alarm")));
    let alarms = sheet.resources("AWS::CloudWatch::Alarm");
    let there: BTreeSet<_> = alarms.keys().cloned().collect();
    let differ = expected.symmetric_difference(&there);
    let mut found: Vec<_> = differ.map(|name| format!("{name} is missing, or nobody expects it")).collect();
    for name in LOGGED {
        let made = &sheet.resource(name)["Properties"]["MetricTransformations"][0]["MetricName"];
        if alarms.get(&format!("{name}Alarm")).is_none_or(|alarm| alarm["MetricName"] != *made) {
            found.push(format!("nobody looks at what {name} makes"));
        }
    }
    found
}

#[test]
fn the_dashboard_shows_each_metric_that_an_alarm_looks_at() {
    let sheet = Sheet::shipped();
    let body = plain(&sheet.resource("Dashboard")["Properties"]["DashboardBody"]["Fn::Sub"]);
    let board: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    let mut places = BTreeSet::new();
    let mut shown = String::new();
    for widget in board["widgets"].as_array().unwrap() {
        assert!(places.insert((widget["x"].as_u64(), widget["y"].as_u64())), "{widget}");
        assert!(widget["properties"]["title"].is_string() && widget["properties"]["region"].is_string(), "{widget}");
        shown += &widget["properties"]["metrics"].to_string();
    }
    for (name, alarm) in every_alarm(&sheet) {
        let metric = alarm["MetricName"].as_str().unwrap();
        let quoted = [format!("\"{metric}\""), format!("\\\"{metric}\\\"")];
        assert!(
            quoted.iter().any(|quoted| shown.contains(quoted)),
            "{name} looks at {metric}, and the dashboard does not"
        );
    }
}

/// Whoever calls a function calls its alias, which moves to a new version by a tenth first, and back where an alarm goes off.
fn rolls_out_slowly(sheet: &Sheet) -> Vec<String> {
    let mut found = Vec::new();
    let globals = sheet.globals();
    let kind = globals["DeploymentPreference"]["Type"].as_str().unwrap_or_default();
    if globals["AutoPublishAlias"].is_null() || !kind.starts_with("Canary") {
        found.push("a new version gets all calls at once".to_owned());
    }
    for (name, function) in sheet.functions() {
        let watched: BTreeSet<_> =
            function["DeploymentPreference"]["Alarms"].as_sequence().into_iter().flatten().map(target).collect();
        if watched != ["ErrorsAlarm", "ThrottlesAlarm"].map(|alarm| format!("{name}{alarm}")).into() {
            found.push(format!("nobody watches a new version of {name}"));
        }
    }
    let api = &sheet.resource("Api")["Properties"]["DefinitionBody"]["components"]["x-amazon-apigateway-integrations"];
    let mut serving = BTreeSet::new();
    for (name, integration) in api.as_mapping().into_iter().flatten() {
        let name = name.as_str().unwrap();
        serving.insert(name.to_owned());
        if !plain(&integration["uri"]).ends_with(&format!("functions/${{{name}.Arn}}:live/invocations")) {
            found.push(format!("the API calls {name} itself"));
        }
    }
    let doors = &sheet.made_by("Doors")["FunctionName"]["Ref"];
    if plain(doors) != "${Function}.Alias" || sheet.each("Doors") != serving {
        found.push("the API may not call what it calls".to_owned());
    }
    found
}
