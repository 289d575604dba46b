//! Laws of what the API lets in.

use super::Law;
use crate::sheet::{Sheet, texts};
use std::collections::BTreeSet;
use world::template::{API, PUBLIC};

/// API Gateway waits so long for an answer, in seconds.
const GATEWAY: u64 = 30;

/// What of a request may stand in the access log.
const LOGGED: [&str; 8] = [
    "requestTimeEpoch",
    "requestId",
    "routeKey",
    "status",
    "responseLatency",
    "integrationLatency",
    "authorizer.error",
    "integrationErrorMessage",
];

pub const LAWS: [Law; 3] = [
    Law {
        id: "K13",
        judge: asks_for_tokens,
        breaks: &[
            ("security: [{ Jwt: [seller] }]", "security: [{ NONE: [] }]"),
            ("security: [{ Jwt: [desk] }]", "security: [{ Jwt: [] }]"),
            ("security: [{ Jwt: [desk] }]", "security: [{ Jwt: [seller] }]"),
            ("            JwtConfiguration:\n", "            AuthorizerConfiguration:\n"),
        ],
    },
    Law {
        id: "K14",
        judge: bounded_and_logged,
        breaks: &[
            ("        ThrottlingRateLimit: !Ref RequestsPerSecond\n", ""),
            ("\"route\":\"$context.routeKey\"", "\"path\":\"$context.path\""),
            ("        DestinationArn: !GetAtt ApiLogs.Arn\n", ""),
        ],
    },
    Law {
        id: "K20",
        judge: answers_in_time,
        breaks: &[(
            "      CodeUri: ../target/lambda/desk-lead/\n      Timeout: 10\n",
            "      CodeUri: ../target/lambda/desk-lead/\n      Timeout: 30\n",
        )],
    },
];

/// A route of the API names one scope, the same for all routes of a function; only signed links and pages ask for no token.
fn asks_for_tokens(sheet: &Sheet) -> Vec<String> {
    let mut found = Vec::new();
    let mut scopes = BTreeSet::new();
    for (route, function, security) in sheet.routes() {
        let path = route.split_once(' ').unwrap().1;
        let public = !path.starts_with(API) || PUBLIC.contains(&route.as_str());
        let asked = texts(&security[0]["Jwt"]);
        if public == security[0]["NONE"].is_null() || public == (asked.len() == 1) {
            found.push(format!("{route} asks for {asked:?}"));
        }
        if !public {
            scopes.insert((function, asked));
        }
    }
    let serving: BTreeSet<_> = scopes.iter().map(|(function, _)| function).collect();
    if serving.len() != scopes.len() {
        found.push("a function serves callers of two kinds".to_owned());
    }
    let token = &sheet.resource("Api")["Properties"]["Auth"]["Authorizers"]["Jwt"]["JwtConfiguration"];
    if token["issuer"].is_null() || token["audience"].is_null() {
        found.push("tokens of anybody, or for anybody, are taken".to_owned());
    }
    found
}

/// Callers are bounded, and of a request nothing is logged that names somebody or what was searched for.
fn bounded_and_logged(sheet: &Sheet) -> Vec<String> {
    let api = &sheet.resource("Api")["Properties"];
    let mut found = Vec::new();
    for bound in ["ThrottlingRateLimit", "ThrottlingBurstLimit"] {
        if api["DefaultRouteSettings"][bound].is_null() {
            found.push(format!("there is no {bound}"));
        }
    }
    let log = &api["AccessLogSettings"];
    if log["DestinationArn"].is_null() {
        found.push("nothing is logged".to_owned());
    }
    let format = log["Format"].as_str().unwrap_or_default();
    let named = format.split("$context.").skip(1).map(|rest| rest.split('"').next().unwrap());
    found.extend(named.filter(|name| !LOGGED.contains(name)).map(|name| format!("{name} is logged")));
    found
}

fn answers_in_time(sheet: &Sheet) -> Vec<String> {
    let functions = sheet.functions();
    let serving: BTreeSet<_> = sheet.routes().into_iter().map(|(_, function, _)| function).collect();
    let slow = serving.into_iter().filter(|name| sheet.timeout(&functions[name]) >= GATEWAY);
    slow.map(|name| format!("the gateway does not wait for {name}")).collect()
}
