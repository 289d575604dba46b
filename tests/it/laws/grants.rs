//! Laws of what functions may do.

use super::Law;
use crate::sheet::{Sheet, all, plain, target, texts};
use serde_yaml_ng::Value;
use std::collections::BTreeSet;

/// The only resources with a wildcard: objects have no names that a role could list, nor has a stream.
const WILDCARDS: [&str; 4] =
    ["${AttachmentsBucket.Arn}/*", "${MailsBucket.Arn}/*", "${MailsBucket.Arn}/files/*", "${OutboxTable.Arn}/stream/*"];

/// What X-Ray takes from anybody who may send it at all: it knows no resource of this.
const TRACES: [&str; 2] = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"];

/// Who may come near the words of customers (INQ-5): none of them is made for sellers.
const READERS_OF_WORDS: [&str; 9] = [
    "ContactApi",
    "DataDesk",
    "DeskApi",
    "DeskPortal",
    "MailIntake",
    "NoticeSender",
    "SlaClock",
    "SurveyApi",
    "SurveyPage",
];

pub const LAWS: [Law; 5] = [
    Law {
        id: "K10",
        judge: named_actions,
        breaks: &[
            (
                "Action: [dynamodb:GetItem, dynamodb:PutItem], Resource: !GetAtt OnceTable.Arn",
                "Action: dynamodb:*, Resource: !GetAtt OnceTable.Arn",
            ),
            ("Action: [logs:CreateLogStream, logs:PutLogEvents]", "Action: [logs:Create*, logs:PutLogEvents]"),
        ],
    },
    Law {
        id: "K11",
        judge: named_resources,
        breaks: &[
            ("Resource: !GetAtt OnceTable.Arn", "Resource: \"*\""),
            ("Action: [xray:PutTraceSegments, ", "Action: [sqs:SendMessage, xray:PutTraceSegments, "),
            (
                "Resource: !Sub \"${InquiriesTable.Arn}/index/queue\"",
                "Resource: !Sub \"${InquiriesTable.Arn}/index/*\"",
            ),
        ],
    },
    Law {
        id: "K12",
        judge: own_roles,
        breaks: &[
            ("Role: !GetAtt DeskLeadRole.Arn", "Role: !GetAtt DeskApiRole.Arn"),
            ("  DeskLeadRole:\n", "  LeadRole:\n"),
            ("        - !Ref DeskLeadRole\n", ""),
            ("    Condition: Traced\n", ""),
        ],
    },
    Law {
        id: "K23",
        judge: readers_of_words,
        breaks: &[("Resource: !GetAtt SellersTable.Arn", "Resource: !GetAtt ConversationsTable.Arn")],
    },
    Law {
        id: "K24",
        judge: mails,
        breaks: &[
            ("                    ses:FromAddress: !Ref MailFrom\n", "                    ses:FromDisplayName: csba\n"),
            ("SuppressedReasons: [BOUNCE, COMPLAINT]", "SuppressedReasons: [BOUNCE]"),
            (
                "configuration-set/${MailConfiguration}\n                Condition",
                "configuration-set/*\n                Condition",
            ),
        ],
    },
];

/// Every statement, with the function of its role, or the policy that several roles have.
fn statements(sheet: &Sheet) -> Vec<(String, Value)> {
    let of = |name: String| sheet.grants(&name).into_iter().map(move |statement| (name.clone(), statement));
    let shared = sheet.resources("AWS::IAM::Policy").into_iter().flat_map(|(name, policy)| {
        let statements = policy["PolicyDocument"]["Statement"].as_sequence().cloned().unwrap();
        statements.into_iter().map(move |statement| (name.clone(), statement))
    });
    sheet.functions().into_keys().flat_map(of).chain(shared).collect()
}

fn named_actions(sheet: &Sheet) -> Vec<String> {
    let open = statements(sheet).into_iter().filter(|(_, statement)| {
        statement["Effect"] != "Allow" || texts(&statement["Action"]).iter().any(|action| action.contains('*'))
    });
    open.map(|(name, statement)| format!("{name} may do {:?}", texts(&statement["Action"]))).collect()
}

fn named_resources(sheet: &Sheet) -> Vec<String> {
    let is_open = |resource: &Value| {
        let resource = plain(resource);
        resource.contains('*') && !WILDCARDS.contains(&resource.as_str())
    };
    let open = statements(sheet).into_iter().filter(|(_, statement)| {
        texts(&statement["Action"]) != TRACES.map(str::to_owned).into()
            && all(&statement["Resource"]).into_iter().any(is_open)
    });
    open.map(|(name, statement)| format!("{name} may do {:?} to anything", texts(&statement["Action"]))).collect()
}

fn own_roles(sheet: &Sheet) -> Vec<String> {
    let roles: BTreeSet<_> = sheet.resources("AWS::IAM::Role").into_keys().collect();
    let functions = sheet.functions();
    let shared = functions.iter().filter(|(name, function)| {
        let role = target(&function["Role"]);
        role != format!("{name}Role") || !roles.contains(&role)
    });
    let mut found: Vec<_> = shared.map(|(name, _)| format!("{name} has no role of its own")).collect();
    if roles.len() != functions.len() {
        found.push(format!("{} roles of {} functions", roles.len(), functions.len()));
    }
    for (name, policy) in sheet.resources("AWS::IAM::Policy") {
        let whose: BTreeSet<_> = policy["Roles"].as_sequence().into_iter().flatten().map(target).collect();
        if name != "TracingPolicy" || sheet.resource(&name)["Condition"] != "Traced" {
            found.push(format!("{name} is not what every function may do while it is traced, and then alone"));
        }
        if whose != roles {
            let other: Vec<_> = whose.symmetric_difference(&roles).collect();
            found.push(format!("{name}: each role is among its Roles, and nothing else: {other:?}"));
        }
    }
    found
}

fn readers_of_words(sheet: &Sheet) -> Vec<String> {
    let near = |name: &str| {
        let told = serde_yaml_ng::to_string(&sheet.grants(name)).unwrap();
        told.contains("ConversationsTable")
    };
    let strangers =
        sheet.functions().into_keys().filter(|name| near(name) && !READERS_OF_WORDS.contains(&name.as_str()));
    strangers.map(|name| format!("{name} may use the words of customers")).collect()
}

/// One function mails, from one address, by the one configuration set that suppresses whoever bounced or complained.
fn mails(sheet: &Sheet) -> Vec<String> {
    let mut found = Vec::new();
    for (name, statement) in statements(sheet) {
        if !texts(&statement["Action"]).iter().any(|action| action.starts_with("ses:")) {
            continue;
        }
        let from = &statement["Condition"]["StringEquals"]["ses:FromAddress"];
        let by = all(&statement["Resource"]).into_iter().map(plain).collect::<Vec<_>>();
        let one_set = by.iter().any(|resource| resource.ends_with(":configuration-set/${MailConfiguration}"));
        if name != "NoticeSender" || target(from) != "MailFrom" || !one_set {
            found.push(format!("{name} may mail as anybody, or by any configuration set"));
        }
    }
    let suppressed = &sheet.resource("MailConfiguration")["Properties"]["SuppressionOptions"]["SuppressedReasons"];
    if texts(suppressed) != BTreeSet::from(["BOUNCE".to_owned(), "COMPLAINT".to_owned()]) {
        found.push("who bounced or complained is mailed again".to_owned());
    }
    found
}
