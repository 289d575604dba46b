//! A crash at every call (X4): each path is run once without a fault and its calls are noted; then once for each call
//! and each thing that can go wrong there, delivered again until it is quiet. Every table must hold what it holds
//! without the fault, and a request must be answered alike. Then the same with every second fault at every later call,
//! those of the redelivery included: of the worst kinds in every run of the tests, of all kinds by `cargo xtask pairs`.
//!
//! What may differ is a mail whose fate nobody knows (N3): its notice may end `unknown`, with its message parked for a
//! person to see, and one that must arrive may be sent twice. [`mails`] says after which faults.
//!
//! Time stands still between deliveries, so that stores can be compared to the last byte, but for mails, where only time
//! tells whether an attempt is over; the SDK's own timeouts and
//! pauses fire at once, on tokio's paused clock. Not here: two workers at one moment, a lagging index, the deadline of
//! an invocation, which is the machine's own time.

pub mod answers;
pub mod claims;
pub mod data;
pub mod desk;
pub mod hooks;
pub mod mails;
pub mod mails_in;
pub mod moves;
pub mod paths;
pub mod quarters;
pub mod run;
pub mod users;
pub mod wishes;

use hooks::HOOKS;
use mails::{MAILS, Verdict};
use paths::PATHS;
use run::{Left, Stage};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        LazyLock, Mutex, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};
use world::{
    cloud::locked,
    faults::{Fault, Kind},
    functions,
};

/// What came out of many cases.
#[derive(Debug, Default)]
struct Found {
    singles: usize,
    pairs: usize,
    functions: BTreeSet<String>,
    ended: BTreeMap<Verdict, usize>,
    wrong: Vec<String>,
}

/// One fault at one call of a path, and what came of it.
#[derive(Debug)]
pub struct Case {
    /// The fault.
    pub fault: Fault,
    /// The operation that it hit.
    pub operation: String,
    /// How it ended, or what was wrong then.
    pub ended: Result<Verdict, String>,
}

/// Every single fault of a path.
#[derive(Debug)]
pub struct Singles {
    /// Whose path it is.
    pub package: String,
    /// Each fault.
    pub cases: Vec<Case>,
}

impl Found {
    fn take(&mut self, path: &str, singles: &Singles) {
        self.functions.insert(singles.package.clone());
        for Case { fault, operation, ended } in &singles.cases {
            self.singles += 1;
            match ended {
                Ok(verdict) => *self.ended.entry(*verdict).or_default() += 1,
                Err(why) => self.wrong.push(format!("{path}: {operation} {fault:?}: {why}")),
            }
        }
    }

    fn note(&mut self, path: &str, faults: &[Fault], calls: &[String], left: &Left, clean: &Left) {
        match judge(path, faults, calls, left, clean) {
            Ok(verdict) => *self.ended.entry(verdict).or_default() += 1,
            Err(why) => {
                let at: Vec<_> = faults.iter().map(|fault| format!("{} {fault:?}", calls[fault.call])).collect();
                self.wrong.push(format!("{path}: {}: {why}", at.join(" and ")));
            }
        }
    }
}

/// Everything that can go wrong at this call.
fn all_at(call: usize, operation: &str) -> Vec<Fault> {
    let kinds = Kind::of(operation).iter();
    kinds
        .flat_map(|kind| kind.attempts(operation).iter().map(|every| Fault { call, kind: *kind, every: *every }))
        .collect()
}

/// The worst of it, where every pair is tried: what changes what is there, or leaves a doubt about it.
fn worst_at(call: usize, operation: &str) -> Vec<Fault> {
    let worst = |fault: &Fault| {
        fault.every && matches!(fault.kind, Kind::Refuse | Kind::Lose | Kind::LandLast | Kind::KillAfter)
    };
    all_at(call, operation).into_iter().filter(worst).collect()
}

/// Holds what a path left against what it leaves without a fault.
pub fn judge(path: &str, faults: &[Fault], calls: &[String], left: &Left, clean: &Left) -> Result<Verdict, String> {
    let judge = if path.starts_with(HOOKS) { hooks::judge } else { mails::judge };
    judge(path, faults, calls, left, clean)
}

/// Whether pairs leave a call out: a query between two others, of a shard like its neighbours.
fn is_one_of_many(call: usize, calls: &[String]) -> bool {
    let is_query = |n: usize| calls.get(n).is_some_and(|operation| operation == "Query");
    calls.len() > 10 && call > 0 && (call - 1..=call + 1).all(is_query)
}

/// Whether, at one attempt, it ends with the SDK's next one.
const fn is_mended_by_the_sdk(kind: Kind) -> bool {
    matches!(kind, Kind::Refuse | Kind::Throttle | Kind::Exhaust | Kind::Hang)
}

/// Every single fault of this path. Each path is asked once, whoever wants to know: the tests below ask for all of them,
/// the fault matrix for the paths of a function and the kinds of a row.
pub fn singles_of(path: &'static str) -> &'static Singles {
    static ALL: LazyLock<BTreeMap<&str, OnceLock<Singles>>> =
        LazyLock::new(|| PATHS.iter().map(|path| (*path, OnceLock::new())).collect());
    let of_it = ALL.get(path).unwrap_or_else(|| panic!("no path {path}"));
    of_it.get_or_init(|| paused(async { singles_on(Stage::set(path).await, path).await }))
}

/// Runs this on a clock of its own that goes on whenever everybody waits.
pub fn paused<T>(what: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(what)
}

fn singles(path: &'static str, found: &mut Found) {
    found.take(path, singles_of(path));
}

async fn singles_on(mut stage: Stage, path: &'static str) -> Singles {
    let (clean, calls) = stage.run(&[]).await;
    assert!(clean.answer.as_ref().is_none_or(|(status, _)| *status < 300), "{path}: {:?}", clean.answer);
    assert!(stage.differs(&clean), "{path} does something");
    assert_eq!(stage.verified(&clean), [], "{path}: the verifier finds nothing");
    let mut cases = Vec::new();
    for fault in (0..).zip(&calls).flat_map(|(n, operation)| all_at(n, operation)) {
        let (left, made) = stage.run(&[fault]).await;
        let mut ended = judge(path, &[fault], &made, &left, &clean);
        if !fault.every && is_mended_by_the_sdk(fault.kind) && made != calls {
            ended = Err(format!("the handler heard of it, and made the calls {made:?}"));
        }
        cases.push(Case { fault, operation: made[fault.call].clone(), ended });
    }
    Singles { package: stage.package(), cases }
}

async fn pairs(path: &'static str, faults_at: impl Fn(usize, &str) -> Vec<Fault>, found: &mut Found) {
    let mut stage = Stage::set(path).await;
    let (clean, calls) = stage.run(&[]).await;
    let firsts = (0..calls.len()).filter(|n| !is_one_of_many(*n, &calls));
    for first in firsts.flat_map(|n| faults_at(n, &calls[n])) {
        let (_, calls) = stage.run(&[first]).await;
        let later = (first.call + 1..calls.len()).filter(|n| !is_one_of_many(*n, &calls));
        for second in later.flat_map(|n| faults_at(n, &calls[n])) {
            let faults = [first, second];
            let (left, made) = stage.run(&faults).await;
            found.note(path, &faults, &made, &left, &clean);
            found.pairs += 1;
        }
    }
}

/// Asks about each path, on as many threads as there are processors, each with its own paused clock.
fn each(paths: &[&'static str], kinds: &str, ask: impl Fn(&'static str, &mut Found) + Sync) -> Found {
    let (next, all) = (AtomicUsize::new(0), Mutex::new(Found::default()));
    let begun = Instant::now();
    let work = || {
        while let Some(path) = paths.get(next.fetch_add(1, Ordering::SeqCst)) {
            let mut found = Found::default();
            ask(path, &mut found);
            let mut all = locked(&all);
            all.singles += found.singles;
            all.pairs += found.pairs;
            all.functions.extend(found.functions);
            all.wrong.extend(found.wrong);
            for (verdict, count) in found.ended {
                *all.ended.entry(verdict).or_default() += count;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, Into::into) {
            scope.spawn(work);
        }
    });
    let found = all.into_inner().unwrap();
    println!(
        "crash: {} singles, {} pairs, 100 % of calls × {kinds}, {:.1} s; {:?}",
        found.singles,
        found.pairs,
        begun.elapsed().as_secs_f64(),
        found.ended
    );
    found
}

fn assert_right(found: &Found) {
    assert!(found.singles + found.pairs > 0);
    assert!(
        found.wrong.is_empty(),
        "{} are wrong, the first: {:#?}",
        found.wrong.len(),
        &found.wrong[..found.wrong.len().min(12)]
    );
}

#[test]
fn x4_after_any_fault_at_any_call_redelivery_reaches_the_crash_free_store() {
    let sends = |path: &str| path.starts_with(MAILS) || path.starts_with(HOOKS);
    let paths: Vec<_> = PATHS.iter().copied().filter(|path| !sends(path)).collect();
    let found = each(&paths, "kinds", singles);
    assert_right(&found);
    assert_eq!(found.ended.len(), 1, "all the same: {:?}", found.ended);
    let others = functions::ALL.into_iter().filter(|function| !found.functions.contains(*function));
    assert_eq!(
        others.collect::<Vec<_>>(),
        [
            "desk-portal",
            "hook-sender",
            "insight-api",
            "notice-sender",
            "seller-portal",
            "statement-api",
            "survey-page",
            "unsubscribe-page"
        ],
        "two have tests of their own, two only read, and four show what others do"
    );
}

#[test]
fn n2_n3_n5_after_any_fault_a_mail_is_sent_once_or_a_person_is_told_that_nobody_knows() {
    let paths: Vec<_> = PATHS.iter().copied().filter(|path| path.starts_with(MAILS)).collect();
    let found = each(&paths, "kinds", singles);
    assert_right(&found);
    assert_eq!(found.ended.len(), 3, "each end is reached: {:?}", found.ended);
}

#[test]
fn w1_w2_after_any_fault_a_webhook_is_delivered_with_the_same_bytes_or_tried_again_or_given_up() {
    let paths: Vec<_> = PATHS.iter().copied().filter(|path| path.starts_with(HOOKS)).collect();
    let found = each(&paths, "kinds", singles);
    assert_right(&found);
    let ends: Vec<_> = found.ended.keys().copied().collect();
    assert_eq!(ends, [Verdict::Same, Verdict::Twice, Verdict::Later], "each end is reached");
}

/// Of the faults those that change what is there or leave a doubt about it: refused, done and the answer lost, done
/// after everything else, killed after it, each at every attempt of the call. Of a sweep's queries those between two others
/// are left out: of one shard as of the next.
#[test]
fn x4_after_any_two_of_the_worst_faults_redelivery_reaches_the_crash_free_store() {
    assert_right(&each(&PATHS, "the four worst kinds", |path, found| paused(pairs(path, worst_at, found))));
}

/// What SES said is known to who sent the mail alone: it is written down though somebody else writes there, and nothing can
/// be read.
#[test]
fn n3_after_a_conflict_and_a_fault_of_what_is_read_then_a_mail_is_sent_once() {
    let mails: Vec<_> = PATHS.iter().copied().filter(|path| path.starts_with(MAILS)).collect();
    let faults_at = |call: usize, operation: &str| {
        let conflicts_or_is_read = |fault: &Fault| fault.kind == Kind::Conflict || operation == "BatchGetItem";
        all_at(call, operation).into_iter().filter(conflicts_or_is_read).collect()
    };
    assert_right(&each(&mails, "conflicts and kinds of what is read", |path, found| {
        paused(pairs(path, faults_at, found));
    }));
}

/// Of the same queries as above.
#[test]
#[ignore = "60,000 runs of a path: `cargo xtask pairs` runs them optimised"]
fn x4_after_any_two_faults_redelivery_reaches_the_crash_free_store() {
    assert_right(&each(&PATHS, "kinds", |path, found| paused(pairs(path, all_at, found))));
}

/// What finds nothing must be able to find something.
#[test]
fn x4_a_store_that_asks_no_conditions_is_found_out() {
    let found = each(&["answer", "contact routed", "contact late"], "kinds, bug planted", |path, found| {
        let singles = paused(async {
            let stage = Stage::set(path).await;
            stage.plant_a_bug();
            singles_on(stage, path).await
        });
        found.take(path, &singles);
    });
    for path in ["answer", "contact routed", "contact late"] {
        assert!(found.wrong.iter().any(|wrong| wrong.starts_with(path)), "{path}: {:?}", found.ended);
    }
}
