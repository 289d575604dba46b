//! Laws of queues, of the stream and of schedules.

use super::Law;
use crate::sheet::{Sheet, events, target, texts};
use serde_yaml_ng::Value;
use std::collections::BTreeMap;

/// 14 days: the longest that SQS keeps a message.
const LONGEST_RETENTION: u64 = 1_209_600;

pub const LAWS: [Law; 9] = [
    Law {
        id: "K01",
        judge: outlasts,
        breaks: &[("VisibilityTimeout: 180", "VisibilityTimeout: 179"), ("    Timeout: 30\n", "    Timeout: 31\n")],
    },
    Law {
        id: "K02",
        judge: gives_up,
        breaks: &[
            ("maxReceiveCount: 5", "maxReceiveCount: 4"),
            (
                "deadLetterTargetArn: !GetAtt EventsDeadLetters.Arn",
                "deadLetterTargetArn: !GetAtt ClocksDeadLetters.Arn",
            ),
        ],
    },
    Law {
        id: "K03",
        judge: dead_letters_stay,
        breaks: &[
            ("MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: 345600"),
            ("MessageRetentionPeriod: 345600", "MessageRetentionPeriod: 1209600"),
        ],
    },
    Law {
        id: "K04",
        judge: record_by_record,
        breaks: &[("            FunctionResponseTypes: [ReportBatchItemFailures]\n", "")],
    },
    Law {
        id: "K05",
        judge: bounded,
        breaks: &[
            ("            ScalingConfig: { MaximumConcurrency: 5 }\n", ""),
            (
                "      CodeUri: ../target/lambda/mail-intake/\n",
                "      CodeUri: ../target/lambda/mail-intake/\n      ReservedConcurrentExecutions: 4\n",
            ),
        ],
    },
    Law {
        id: "K06",
        judge: unfiltered,
        breaks: &[(
            "            ScalingConfig: {",
            "            FilterCriteria: { Filters: [] }\n            ScalingConfig: {",
        )],
    },
    Law {
        id: "K07",
        judge: stream_gives_up,
        breaks: &[
            ("BisectBatchOnFunctionError: true", "BisectBatchOnFunctionError: false"),
            ("            MaximumRetryAttempts: 5\n", ""),
            ("MaximumRecordAgeInSeconds: 3600", "MaximumRecordAgeInSeconds: -1"),
            ("OnFailure: { Type: SQS, Destination: !GetAtt OutboxDeadLetters.Arn }", "OnFailure: {}"),
            ("      StreamSpecification: { StreamViewType: NEW_IMAGE }\n", ""),
            ("StreamViewType: NEW_IMAGE", "StreamViewType: KEYS_ONLY"),
        ],
    },
    Law {
        id: "K08",
        judge: ticks,
        breaks: &[
            ("ScheduleExpressionTimezone: UTC", "ScheduleExpressionTimezone: Europe/Berlin"),
            ("            DeadLetterConfig: { Arn: !GetAtt SchedulesDeadLetters.Arn }\n", ""),
            ("            RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 300 }\n", ""),
            ("Type: ScheduleV2", "Type: Schedule"),
        ],
    },
    Law { id: "K09", judge: failed_ticks_stay, breaks: &[("          OnFailure:\n", "          OnSuccess:\n")] },
];

/// Queues with dead letters, and those that are dead letters.
fn queues(sheet: &Sheet) -> (BTreeMap<String, Value>, BTreeMap<String, Value>) {
    sheet.resources("AWS::SQS::Queue").into_iter().partition(|(_, queue)| !queue["RedrivePolicy"].is_null())
}

/// Each event of a function by a queue, with the function.
fn readings(sheet: &Sheet) -> Vec<(String, Value, Value)> {
    let of = |(name, function): (String, Value)| {
        let read: Vec<_> = events(&function, "SQS").into_iter().cloned().collect();
        read.into_iter().map(move |event| (name.clone(), function.clone(), event))
    };
    sheet.functions().into_iter().flat_map(of).collect()
}

/// A message is not seen again while its function may still be at it: six times its time.
fn outlasts(sheet: &Sheet) -> Vec<String> {
    let mut found = Vec::new();
    for (name, queue) in queues(sheet).0 {
        let readers: Vec<_> =
            readings(sheet).into_iter().filter(|(.., event)| target(&event["Queue"]) == name).collect();
        let [(_, reader, _)] = &readers[..] else {
            found.push(format!("{name} has {} readers", readers.len()));
            continue;
        };
        let visible = queue["VisibilityTimeout"].as_u64().unwrap_or_default();
        if visible < 6 * sheet.timeout(reader) {
            found.push(format!("{name} is seen again after {visible} s"));
        }
    }
    found
}

fn gives_up(sheet: &Sheet) -> Vec<String> {
    let (waiting, dead) = queues(sheet);
    let of = |(name, queue): (&String, &Value)| {
        let given_up = target(&queue["RedrivePolicy"]["deadLetterTargetArn"]);
        let often = queue["RedrivePolicy"]["maxReceiveCount"].as_u64().is_some_and(|times| times >= 5);
        let own = given_up == name.replace("Queue", "DeadLetters") && dead.contains_key(&given_up);
        (!often || !own).then(|| format!("{name} gives up into {given_up}"))
    };
    waiting.iter().filter_map(of).collect()
}

fn dead_letters_stay(sheet: &Sheet) -> Vec<String> {
    let (waiting, dead) = queues(sheet);
    let kept = |queue: &Value| queue["MessageRetentionPeriod"].as_u64();
    let short = dead.iter().filter(|(_, queue)| kept(queue) != Some(LONGEST_RETENTION)).map(|(name, _)| name);
    let long = waiting.iter().filter(|(_, queue)| kept(queue).is_none_or(|kept| kept >= LONGEST_RETENTION));
    short
        .chain(long.map(|(name, _)| name))
        .map(|name| format!("{name} keeps its messages too long or too short"))
        .collect()
}

/// The relay takes all of a batch or none; what it cannot move is halved.
fn record_by_record(sheet: &Sheet) -> Vec<String> {
    let whole = readings(sheet)
        .into_iter()
        .filter(|(.., event)| !texts(&event["FunctionResponseTypes"]).contains("ReportBatchItemFailures"));
    whole.map(|(name, ..)| format!("{name} fails its whole batch")).collect()
}

fn bounded(sheet: &Sheet) -> Vec<String> {
    let mut found = Vec::new();
    for (name, function, event) in readings(sheet) {
        let most = event["ScalingConfig"]["MaximumConcurrency"].as_u64();
        let reserved = function["ReservedConcurrentExecutions"].as_u64();
        if most.is_none_or(|most| reserved.is_some_and(|reserved| reserved < most)) {
            found.push(format!("{name} has no bound, or less than its queue may ask for"));
        }
    }
    found
}

fn unfiltered(sheet: &Sheet) -> Vec<String> {
    let filtered = readings(sheet).into_iter().filter(|(.., event)| !event["FilterCriteria"].is_null());
    filtered.map(|(name, ..)| format!("what does not match the filter of {name} is lost")).collect()
}

fn stream_gives_up(sheet: &Sheet) -> Vec<String> {
    let mut found = Vec::new();
    for (name, function) in sheet.functions() {
        for event in events(&function, "DynamoDB") {
            let bounded = event["MaximumRetryAttempts"].as_u64().is_some_and(|most| most <= 10)
                && event["MaximumRecordAgeInSeconds"].as_u64().is_some_and(|oldest| oldest <= 3_600);
            let told = target(&event["DestinationConfig"]["OnFailure"]["Destination"]);
            let written = sheet.resources("AWS::DynamoDB::Table").remove(&target(&event["Stream"])).unwrap_or_default();
            if written["StreamSpecification"]["StreamViewType"] != "NEW_IMAGE" {
                found.push(format!("{name} is told of a stream, and not what was written"));
            }
            if event["BisectBatchOnFunctionError"] != true || !bounded || told != "OutboxDeadLetters" {
                found.push(format!("{name} does not give up, or nobody hears of it"));
            }
        }
    }
    found
}

fn ticks(sheet: &Sheet) -> Vec<String> {
    let mut found = Vec::new();
    for (name, function) in sheet.functions() {
        for schedule in events(&function, "ScheduleV2") {
            let kept = target(&schedule["DeadLetterConfig"]["Arn"]) == "SchedulesDeadLetters";
            let again = schedule["RetryPolicy"]["MaximumRetryAttempts"].as_u64().is_some();
            if schedule["ScheduleExpressionTimezone"] != "UTC" || !kept || !again {
                found.push(format!("a tick of {name} may be lost, or come at another time"));
            }
        }
        let others = ["Schedule", "CloudWatchEvent", "EventBridgeRule"];
        if others.iter().any(|other| !events(&function, other).is_empty()) {
            found.push(format!("{name} has a schedule that is no ScheduleV2"));
        }
    }
    found
}

fn failed_ticks_stay(sheet: &Sheet) -> Vec<String> {
    let ticking = sheet.functions().into_iter().filter(|(_, function)| !events(function, "ScheduleV2").is_empty());
    let silent = ticking.filter(|(_, function)| {
        let told = &function["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Destination"];
        target(told) != "SchedulesDeadLetters"
    });
    silent.map(|(name, _)| format!("a tick on which {name} failed is lost")).collect()
}
