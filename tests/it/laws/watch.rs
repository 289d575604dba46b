//! Laws of what is seen of it while it runs, and while a new version takes over.

use super::Law;
use crate::sheet::{Sheet, events, plain, target};
use std::collections::BTreeSet;

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

/// Every queue, every dead letter, every function and every schedule has its alarms, and each alarm tells somebody.
fn alarms(sheet: &Sheet) -> Vec<String> {
    let mut found = Vec::new();
    let queues: BTreeSet<_> = sheet.resources("AWS::SQS::Queue").into_keys().collect();
    let named = |ending: &str| queues.iter().filter_map(|name| name.strip_suffix(ending)).map(str::to_owned).collect();
    let functions = sheet.functions();
    let all: BTreeSet<_> = functions.keys().cloned().collect();
    let parking = functions.iter().filter(|(_, function)| !events(function, "SQS").is_empty());
    let expected: [(&str, BTreeSet<String>); 5] = [
        ("DeadLetterAlarms", named("DeadLetters")),
        ("BacklogAlarms", named("Queue")),
        ("ErrorAlarms", all.clone()),
        ("ThrottleAlarms", all),
        ("Parked", parking.map(|(name, _)| name.clone()).collect()),
    ];
    for (list, expected) in expected {
        let missing: Vec<_> = expected.symmetric_difference(&sheet.each(list)).cloned().collect();
        if !missing.is_empty() {
            found.push(format!("{list}: {missing:?}"));
        }
        if list != "Parked" && sheet.made_by(list)["AlarmActions"][0].is_null() {
            found.push(format!("{list} tell nobody"));
        }
    }
    let silent =
        sheet.resources("AWS::CloudWatch::Alarm").into_iter().filter(|(_, alarm)| alarm["AlarmActions"][0].is_null());
    found.extend(silent.map(|(name, _)| format!("{name} tells nobody")));
    for (name, function) in &functions {
        let ticks = !events(function, "ScheduleV2").is_empty();
        if ticks == sheet.resource(&format!("{name}MissedAlarm")).is_null() {
            found.push(format!("nobody notices that {name} does not tick"));
        }
    }
    found
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
