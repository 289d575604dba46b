//! What a unit and a matter use of each service, counted while the real functions do it, at the prices that stand in
//! `infra/COSTS.md`. The same file holds the result; `COSTS_UPDATE=1` writes it anew.
//!
//! Not here: how long functions run. That is an assumption, and stands there as one.

mod units;

use crate::{
    laws::LISTS,
    sheet::Sheet,
    stories::told::{Told, link_to},
};
use chrono::TimeDelta;
use domain::mail::Fate;
use serde_json::{Value as Json, json};
use std::{collections::BTreeMap, fmt::Write, path::Path};
use units::Shelf;
use world::{World, cloud::locked, facts};

/// How long a function runs, in milliseconds: for each call, and besides. Assumed.
const PER_CALL: u64 = 15;
const BESIDES: u64 = 5;
/// What the platform writes into the log for each invocation, in bytes: its beginning and its end. Assumed.
const PLATFORM_LINES: u64 = 700;
/// Megabytes of a function.
const MEMORY: u64 = 256;

const CUSTOMER: &str = "c1@customers.example";

/// What was used.
#[derive(Debug, Clone, Copy, Default)]
struct Used {
    requests: u64,
    invocations: u64,
    calls: u64,
    written: u64,
    read_halves: u64,
    queued: u64,
    mails: u64,
    log_bytes: u64,
    stored: u64,
}

/// Counts from one look to the next.
struct Meter {
    shelf: Shelf,
    stored: u64,
    lines: BTreeMap<String, (u64, u64)>,
}

impl Meter {
    fn on(world: &World) -> Self {
        *locked(&world.cloud.answers) = Some(Vec::new());
        Self { shelf: Shelf::new(), stored: 0, lines: BTreeMap::new() }
    }

    /// What was used since the last time. Looking for what is due costs the same whatever there is; what it finds counts.
    fn read(&mut self, world: &World) -> Used {
        let answers = locked(&world.cloud.answers).replace(Vec::new()).unwrap_or_default();
        let calls = world.calls();
        assert_eq!(calls.len(), answers.len());
        let lines = world.cloud.secrecy.written();
        let since = |message: &str| {
            let of = |lines: &BTreeMap<String, (u64, u64)>| lines.get(message).copied().unwrap_or_default();
            (of(&lines).0 - of(&self.lines).0, of(&lines).1 - of(&self.lines).1)
        };
        let (answered, handled) = (since("answered"), since("handled"));
        let mut used = Used { requests: answered.0, log_bytes: answered.1 + handled.1, ..Used::default() };
        // A message of the marketplace or of SES is sent by them; each message is received and deleted.
        used.queued = 3 * handled.0;
        for (call, answer) in calls.iter().zip(&answers) {
            let looking = ["sla-sweep", "ledger-rollup"].contains(&call.function.as_str()) && call.operation == "Query";
            let units = self.shelf.count(call, answer);
            if looking {
                continue;
            }
            used.calls += 1;
            used.written += units.written;
            used.read_halves += units.read_halves;
            used.invocations += u64::from(call.function == "outbox-relay" && call.operation == "SendMessageBatch");
            used.mails += u64::from(call.operation == "SendRawEmail");
        }
        used.invocations += answered.0 + handled.0;
        used.log_bytes += used.invocations * PLATFORM_LINES;
        self.lines = lines;
        let stored = self.shelf.stored();
        used.stored = stored - std::mem::replace(&mut self.stored, stored);
        used
    }
}

/// A seller whose service runs, and how its orders come.
async fn begun() -> (Told, Meter) {
    let mut told = Told::begun();
    let mut meter = Meter::on(&told.world);
    told.enrolled().await;
    for mail in told.world.mails_to("s1@sellers.example") {
        told.reported(&mail, Fate::Delivered).await;
    }
    meter.read(&told.world);
    (told, meter)
}

/// One order of one unit: placed, shipped, scanned twice, and its day added up.
async fn a_unit() -> Used {
    let (mut told, mut meter) = begun().await;
    let at = told.just_now();
    let mut delivered = facts::scanned("p1", "o1", at);
    delivered["delivered"] = json!(true);
    delivered["scanned_at"] = json!(at + TimeDelta::seconds(30));
    let told_of = [
        facts::placed("o1", "s1", 1, "seller", at),
        facts::shipped("p1", "o1", "s1", [1], at),
        facts::scanned("p1", "o1", at),
        delivered,
    ];
    for fact in told_of {
        told.world.facts([fact]).await;
    }
    told.world.pass(TimeDelta::days(1)).await;
    assert_eq!(told.world.parked(), Vec::<String>::new());
    meter.read(&told.world)
}

/// One matter from the customer's question to the score: the seller is asked and answers, an associate refunds, whoever is
/// mailed gets it, every clock rings that is set within a week.
async fn a_matter() -> Used {
    let (mut told, mut meter) = begun().await;
    let at = told.just_now();
    told.world.facts([facts::placed("o1", "s1", 1, "seller", at), facts::shipped("p1", "o1", "s1", [1], at)]).await;
    told.world.pass(TimeDelta::days(1)).await;
    let known = told.world.cloud.mails.lock().unwrap().len();
    meter.read(&told.world);

    told.as_associate("GET", "/queue", Json::Null).await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    told.seen(&inquiry).await;
    let request = told.asked(&inquiry).await;
    told.as_seller("GET", "/case-log?view=needs_attention", Json::Null).await;
    told.request(&request).await;
    assert_eq!(told.reply(&request, "It left on Monday, with the usual carrier.").await.status, 200);
    told.seen(&inquiry).await;
    let refund = json!({ "kind": "refund_full", "reason": "delivered_not_received", "liable": "seller" });
    let decided = told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), refund).await;
    assert_eq!(decided.status, 200, "{}", decided.body);
    let minor = decided.body["amount"]["minor"].as_i64().unwrap();
    let issued = facts::refunded("o1", "s1", decided.body["id"].as_str().unwrap(), minor, told.just_now());
    told.world.facts([issued]).await;
    for hours in [1, 11, 8, 3, 2, 12, 24, 24 * 5] {
        told.world.pass(TimeDelta::hours(hours)).await;
    }
    let survey = link_to(&told, CUSTOMER, "surveys");
    for (method, body) in [("GET", Json::Null), ("POST", json!({ "score": 5 }))] {
        let said = told.world.request(method, &survey, Json::Null, "", &body.to_string()).await;
        assert_eq!(said.status, 200, "{}", said.body);
    }
    let mails = told.world.cloud.mails.lock().unwrap()[known..].to_vec();
    for mail in &mails {
        told.reported(mail, Fate::Delivered).await;
    }
    assert_eq!(told.world.parked(), Vec::<String>::new());
    meter.read(&told.world)
}

/// Prices of one of each, in millionths of a millionth of a dollar, read from the table of `COSTS.md`.
struct Prices(BTreeMap<String, u64>);

impl Prices {
    fn read(text: &str) -> Self {
        let row = |line: &str| {
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            let [_, name, dollars, per, ..] = cells[..] else { return None };
            let (whole, part) = dollars.strip_prefix('$')?.split_once('.')?;
            let price: u64 = format!("{whole}{part:0<12}").parse().ok()?;
            let per: u64 = per.replace(',', "").parse().ok()?;
            Some((name.to_owned(), price / per))
        };
        Self(text.lines().filter_map(row).collect())
    }

    fn of(&self, name: &str, count: u64) -> u64 {
        count * self.0.get(name).unwrap_or_else(|| panic!("COSTS.md has no price of {name}"))
    }
}

/// Each line of the bill: what, how many, and for how much.
fn bill(used: &Used, prices: &Prices) -> Vec<(&'static str, String, u64)> {
    let milliseconds = used.calls * PER_CALL + used.invocations * BESIDES;
    let shown = |count: u64| count.to_string();
    let halves = format!("{}.{}", used.read_halves / 2, used.read_halves % 2 * 5);
    vec![
        ("requests to the API", shown(used.requests), prices.of("API request", used.requests)),
        ("invocations", shown(used.invocations), prices.of("Lambda request", used.invocations)),
        (
            "milliseconds of 256 MB (assumed)",
            shown(milliseconds),
            prices.of("Lambda GB-second", milliseconds * MEMORY) / 1_024 / 1_000,
        ),
        ("units of writing", shown(used.written), prices.of("DynamoDB write unit", used.written)),
        ("units of reading", halves, prices.of("DynamoDB read unit", used.read_halves) / 2),
        ("requests to SQS", shown(used.queued), prices.of("SQS request", used.queued)),
        ("mails", shown(used.mails), prices.of("SES mail", used.mails)),
        ("reports of mails by SNS", shown(used.mails), prices.of("SNS request", used.mails)),
        ("bytes of logs", shown(used.log_bytes), prices.of("log byte", used.log_bytes)),
        ("bytes kept, for a month", shown(used.stored), prices.of("stored byte and month", used.stored)),
    ]
}

fn dollars(price: u64, digits: usize) -> String {
    let unit = 10_u64.pow(12 - u32::try_from(digits).unwrap());
    let rounded = (price + unit / 2) / unit;
    let scale = 10_u64.pow(u32::try_from(digits).unwrap());
    format!("{}.{:0digits$}", rounded / scale, rounded % scale)
}

fn written(unit: &Used, matter: &Used, prices: &Prices) -> String {
    let mut text = "| | one unit | a million: $ | one matter | a thousand: $ |\n|---|---:|---:|---:|---:|\n".to_owned();
    let (units, matters) = (bill(unit, prices), bill(matter, prices));
    for ((what, count, price), (_, often, cost)) in units.iter().zip(&matters) {
        let (million, thousand) = (dollars(price * 1_000_000, 2), dollars(cost * 1_000, 4));
        writeln!(text, "| {what} | {count} | {million} | {often} | {thousand} |").unwrap();
    }
    let sum = |bill: &[(&str, String, u64)]| bill.iter().map(|(.., price)| price).sum::<u64>();
    let (million, thousand) = (dollars(sum(&units) * 1_000_000, 2), dollars(sum(&matters) * 1_000, 4));
    writeln!(text, "| **together** | | **{million}** | | **{thousand}** |").unwrap();
    text
}

#[tokio::test]
async fn what_a_unit_and_a_matter_cost_stands_in_the_file_of_costs() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/COSTS.md");
    let text = std::fs::read_to_string(&file).unwrap();
    let (head, rest) = text.split_once("<!-- counted -->\n").expect("where the table begins");
    let (kept, tail) = rest.split_once("<!-- until here -->").expect("where the table ends");
    let (unit, matter) = (a_unit().await, a_matter().await);
    println!("{unit:#?} {matter:#?}");
    let table = written(&unit, &matter, &Prices::read(&text));
    if std::env::var_os("COSTS_UPDATE").is_some() {
        std::fs::write(&file, format!("{head}<!-- counted -->\n{table}<!-- until here -->{tail}")).unwrap();
        return;
    }
    assert!(kept == table, "infra/COSTS.md is not up to date: COSTS_UPDATE=1 writes it anew\n{table}");
}

#[test]
fn what_is_counted_by_hand_is_the_template_s() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/COSTS.md")).unwrap();
    let sheet = Sheet::shipped();
    let looped: usize = LISTS.iter().map(|list| sheet.each(list).len()).sum();
    let alarms = sheet.resources("AWS::CloudWatch::Alarm").len() + looped;
    assert!(
        text.contains(&format!("| alarms | {alarms} × 0.10 |")),
        "{alarms} alarms: mend the table of the idle month"
    );
    let routes = sheet.routes().len();
    assert!(text.contains(&format!("| {routes} are there |")), "{routes} routes: mend the table of quotas");
}

#[test]
fn prices_are_read_and_rounded_as_they_stand() {
    let prices =
        Prices::read("| SQS request | $0.40 | 1,000,000 | page |\n| Lambda GB-second | $0.0000133334 | 1 | page |");
    assert_eq!(prices.of("SQS request", 3), 1_200_000);
    assert_eq!(dollars(prices.of("SQS request", 1_000_000), 2), "0.40");
    assert_eq!(dollars(prices.of("Lambda GB-second", 1_000_000), 2), "13.33");
}
