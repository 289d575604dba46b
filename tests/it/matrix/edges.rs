//! The HTTP edge where it reads: every route that reads, with a world in which each has something to show; what it
//! answers while its calls fail, and beside a second reader.

use super::{
    cells,
    versions::{golden, lay_down},
};
use crate::{crash::paused, stories::told::Told};
use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use serde_json::{Value as Json, json};
use shell::{
    Shell,
    link::{Link, Purpose},
};
use std::collections::BTreeMap;
use world::{
    World, facts,
    faults::{Fault, Kind},
    functions,
    receipts::{Incoming, PASSED, with_files},
    template::PUBLIC,
};

/// A route that reads: its path, and who asks.
pub type Read = (String, Json);

/// The whole of an answer.
pub type Answer = (i64, BTreeMap<String, String>, String);

/// A world with something to read, and every route that reads it.
pub async fn readable() -> (Told, Vec<Read>) {
    let (mut told, mut reads) = readable_before_files().await;
    let inquiry = reads.iter().find_map(|(path, _)| path.split("/desk/inquiries/").nth(1)?.strip_suffix("/macros"));
    let file = file_of_customer(&mut told, inquiry.unwrap()).await;
    reads.push((file, json!({ "sub": "mei", "stores": "US" })));
    let routes = told.world.template.functions.values().flat_map(|function| &function.routes);
    let told_to_a_token = |route: &&String| route.starts_with("GET ") && !PUBLIC.contains(&route.as_str());
    let routes: Vec<_> = routes.filter(told_to_a_token).collect();
    let unread: Vec<_> = routes.iter().filter(|route| !reads.iter().any(|(path, _)| is_of(path, route))).collect();
    assert!(unread.is_empty(), "`reads` has no path of {unread:?}");
    assert_eq!(reads.len(), routes.len(), "each route that reads, once");
    (told, reads)
}

/// Whether a path is one of a route, `GET /v1/stores/{store}/…`.
fn is_of(path: &str, route: &str) -> bool {
    let plain = path.split('?').next().unwrap_or_default();
    let (parts, named) = (plain.split('/'), route.trim_start_matches("GET ").split('/'));
    parts.clone().count() == named.clone().count()
        && parts.zip(named).all(|(part, name)| name.starts_with('{') || part == name)
}

/// The same but for the files of mails, which came later than what is kept of earlier code.
pub async fn readable_before_files() -> (Told, Vec<Read>) {
    let mut told = Told::ordered().await;
    told.world.fact(told.shipped("o1")).await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    told.policy(45).await;
    lay_down(&told.world, &golden().join("requests-decision-listed.json"));
    lay_down(&told.world, &golden().join("requests-request-attached.json"));
    let keys = told.count_keys_from(1_000);
    told.world.fact(told.placed("o-store-1", "store", told.just_now())).await;
    let transfer = told.transferred("It is about o-store-1.").await;
    told.count_keys_from(keys);
    let kept = golden().join("ledger-claims-claim.json");
    lay_down(&told.world, &kept);
    let kept: Json = serde_json::from_str(&std::fs::read_to_string(kept).unwrap()).unwrap();
    let claim = kept["items"][0]["state"]["M"]["id"]["S"].as_str().unwrap();
    let mut reads = reads(&inquiry, &request, &transfer, claim);
    let (link, invited) = (invitation(&told.world).await, json!({ "sub": "u" }));
    // The first look of a process reads the keys of links.
    ask(&told.world, "GET", &link, &invited, ("", "")).await;
    reads.push((link, invited));
    for kept in [
        "conversations-customer-erasure.json",
        "conversations-export-export.json",
        "conversations-inquiry-answer-macro.json",
    ] {
        lay_down(&told.world, &golden().join(kept));
    }
    let lead = json!({ "sub": "lea", "stores": "US", "role": "lead" });
    for path in ["/desk/customers/c-nobody/erasure", "/desk/exports/x-open", "/desk/retention?on=2029-01-01"] {
        reads.push((format!("/v1/stores/US{path}"), lead.clone()));
    }
    reads.push(("/v1/stores/US/export".to_owned(), json!({ "sub": "ann", "seller_id": "s7" })));
    (told, reads)
}

/// A file that a customer's mail has brought.
async fn file_of_customer(told: &mut Told, inquiry: &str) -> String {
    let to = told.reply_address(&format!("i-{inquiry}")).await;
    let raw = with_files("edge", "c1@customers.example", "See here.", &[("a.png", "image/png", b"\x89PNG\r\n\x1a\n")]);
    let incoming = Incoming { raw: &raw, to: &[&to], source: "c1@customers.example", found: PASSED };
    told.world.mail_in(&incoming).await;
    let contact = told.seen(inquiry).await["customer"][1]["contact_id"].as_str().unwrap().to_owned();
    format!("/v1/stores/US/desk/inquiries/{inquiry}/contacts/{contact}/files/1")
}

/// The link of an invitation of a seller that is kept.
async fn invitation(world: &World) -> String {
    lay_down(world, &golden().join("sellers-invited.json"));
    let shell = world.shell("notice-sender");
    let (until, ids) = ("2026-08-17T15:00:00Z".parse().unwrap(), ["US", "s7", "i-open"].map(str::to_owned).to_vec());
    let link = Link { purpose: Purpose::Invitation, until, ids };
    format!("/v1/invitations/{}", shell.links.sign(&shell.store, &link).await.unwrap())
}

fn reads(inquiry: &str, request: &str, transfer: &str, claim: &str) -> Vec<Read> {
    let (seller, desk) = (json!({ "sub": "u", "seller_id": "s1" }), json!({ "sub": "mei", "stores": "US" }));
    [
        ("/enrollment".to_owned(), &seller),
        ("/enrollment/preview".to_owned(), &seller),
        ("/orders/o1".to_owned(), &seller),
        ("/case-log".to_owned(), &seller),
        (format!("/case-log/{request}"), &seller),
        (facts::upload_link(request, &facts::file("proof.pdf", b"abc")), &seller),
        ("/case-log/r-attached/attachments/a-attached".to_owned(), &seller),
        ("/desk/requests/s1/r-attached/attachments/a-attached".to_owned(), &desk),
        ("/decisions".to_owned(), &seller),
        ("/decisions/d-listed".to_owned(), &seller),
        ("/return-policy".to_owned(), &seller),
        ("/users".to_owned(), &seller),
        ("/audit".to_owned(), &seller),
        ("/desk/return-policies/s1".to_owned(), &desk),
        ("/statements/2026Q3".to_owned(), &seller),
        ("/statements/2026Q3/units".to_owned(), &seller),
        ("/statements/2026Q3/contacts".to_owned(), &seller),
        ("/forecast".to_owned(), &seller),
        ("/insights?quarter=2026Q3".to_owned(), &seller),
        ("/insights/reasons/late_delivery".to_owned(), &seller),
        ("/insights/reasons/late_delivery/contacts".to_owned(), &seller),
        ("/insights/gaps".to_owned(), &seller),
        ("/insights/metrics".to_owned(), &seller),
        ("/disputes".to_owned(), &seller),
        ("/desk/disputes".to_owned(), &desk),
        (format!("/transfers/{transfer}"), &seller),
        ("/statements/2026Q3/reimbursements".to_owned(), &seller),
        ("/orders/o1/claim-eligibility".to_owned(), &seller),
        ("/claims".to_owned(), &seller),
        (format!("/claims/{claim}"), &seller),
        (format!("/desk/claims/s1/{claim}"), &desk),
        ("/desk/claims".to_owned(), &desk),
        ("/contacts/k1".to_owned(), &json!({ "sub": "marketplace" })),
        ("/desk/queue".to_owned(), &desk),
        (format!("/desk/inquiries/{inquiry}/macros"), &desk),
        ("/desk/escalations".to_owned(), &json!({ "sub": "lin", "stores": "US", "role": "lead" })),
        ("/desk/associates".to_owned(), &json!({ "sub": "lin", "stores": "US", "role": "lead" })),
        ("/desk/parked".to_owned(), &json!({ "sub": "lin", "stores": "US", "role": "lead" })),
        ("/desk/hooks".to_owned(), &json!({ "sub": "lin", "stores": "US", "role": "lead" })),
        ("/desk/mails".to_owned(), &json!({ "sub": "lin", "stores": "US", "role": "lead" })),
        ("/mail".to_owned(), &seller),
        ("/hand-overs".to_owned(), &seller),
        (format!("/desk/inquiries/{inquiry}"), &desk),
    ]
    .map(|(path, claims)| (format!("/v1/stores/US{path}"), claims.clone()))
    .to_vec()
}

/// An answer as it goes over the wire.
pub fn whole(response: &ApiGatewayV2httpResponse) -> Answer {
    let json = serde_json::to_value(response).unwrap();
    let headers = json["headers"].as_object().into_iter().flatten();
    let headers = headers.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect();
    (response.status_code, headers, json["body"].as_str().unwrap_or_default().to_owned())
}

/// Asks with the function's own process, or with another one.
pub async fn ask(world: &World, method: &str, path: &str, claims: &Json, (key, body): (&str, &str)) -> Answer {
    let package = world.event(method, path, claims, key, body).0;
    ask_of(world, world.shell(&package), method, path, claims, (key, body)).await
}

/// The same, of this process.
pub async fn ask_of(
    world: &World,
    shell: &Shell,
    method: &str,
    path: &str,
    claims: &Json,
    (key, body): (&str, &str),
) -> Answer {
    let (package, event) = world.event(method, path, claims, key, body);
    let event = serde_json::from_value(event).unwrap();
    whole(&functions::http(&package, shell, event).await)
}

/// Not now, when to come back, and nothing of the inside.
pub fn is_not_now((status, headers, body): &Answer) -> bool {
    let generic = "Please send the request again in a moment, with the same Idempotency-Key.";
    *status == 503
        && headers.get("retry-after").is_some_and(|seconds| seconds == "2")
        && serde_json::from_str::<Json>(body).is_ok_and(|body| {
            (body["type"].as_str(), body["detail"].as_str()) == (Some("/problems/try_again"), Some(generic))
        })
        && !["DynamoDB", "Exception", "GetItem", "Table", "arn:", "planned"].iter().any(|inside| body.contains(inside))
}

/// Every call of every read meets this.
async fn while_it_fails(kind: Kind, every: bool) {
    let (told, reads) = readable().await;
    let before = told.world.left_behind();
    for (path, claims) in reads {
        let faults = &told.world.cloud.faults;
        faults.begin(&[]);
        let clean = ask(&told.world, "GET", &path, &claims, ("", "")).await;
        assert_eq!(clean.0, 200, "{path}: {}", clean.2);
        for call in 0..faults.end().len() {
            faults.begin(&[Fault { call, kind, every }]);
            let answer = tokio::select! {
                biased;
                () = faults.killed() => None,
                answer = ask(&told.world, "GET", &path, &claims, ("", "")) => Some(answer),
            };
            faults.end();
            match answer {
                None => assert_eq!(kind, Kind::KillBefore),
                Some(answer) if every => assert!(is_not_now(&answer), "{path}: {answer:?}"),
                Some(answer) => assert_eq!(answer, clean, "{path}: the SDK asks again"),
            }
            assert_eq!(ask(&told.world, "GET", &path, &claims, ("", "")).await, clean, "{path}: and then as ever");
        }
    }
    assert_eq!(told.world.left_behind(), before, "who reads writes nothing");
}

/// One reader is stopped before each of its calls, another one reads, the first goes on.
pub fn two_read_the_same() {
    paused(async {
        let (told, reads) = readable().await;
        for (path, claims) in reads {
            let faults = &told.world.cloud.faults;
            faults.begin(&[]);
            let clean = ask(&told.world, "GET", &path, &claims, ("", "")).await;
            for call in 0..faults.end().len() {
                faults.begin(&[Fault { call, kind: Kind::HoldBefore, every: true }]);
                let other = async {
                    faults.held().await;
                    let answer = ask(&told.world, "GET", &path, &claims, ("", "")).await;
                    faults.let_go();
                    answer
                };
                let both = tokio::join!(ask(&told.world, "GET", &path, &claims, ("", "")), other);
                assert_eq!(both, (clean.clone(), clean.clone()), "{path}");
                faults.end();
            }
        }
    });
}

cells! {
    m01_dsh_a_reader_killed_before_any_call_has_changed_nothing => paused(while_it_fails(Kind::KillBefore, true));
    m04_dsh_a_reader_throttled_at_any_call_is_answered_503_and_when_to_come_back => {
        for kind in [Kind::Throttle, Kind::Exhaust] {
            paused(while_it_fails(kind, false));
            paused(while_it_fails(kind, true));
        }
    };
    m06_dsh_a_reader_whose_call_hangs_is_answered_503 => {
        paused(while_it_fails(Kind::Hang, false));
        paused(while_it_fails(Kind::Hang, true));
    };
}
