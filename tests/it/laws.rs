//! The laws of the template that a linter does not know (K01 to K24). Each holds, and each is shown to find what breaks it:
//! a law that finds nothing whatever is written is none.

mod data;
mod doors;
mod grants;
mod queues;
mod watch;

pub use watch::LISTS;

use crate::sheet::{self, Sheet};

/// A law.
struct Law {
    id: &'static str,
    /// What of a template is against it.
    judge: fn(&Sheet) -> Vec<String>,
    /// Ways to break it: what stands in the template, and what would stand there.
    breaks: &'static [(&'static str, &'static str)],
}

/// All of them.
fn laws() -> Vec<&'static Law> {
    let mut all: Vec<_> =
        [&queues::LAWS[..], &grants::LAWS, &doors::LAWS, &data::LAWS, &watch::LAWS].into_iter().flatten().collect();
    all.sort_by_key(|law| law.id);
    all
}

#[test]
fn every_law_of_the_template_holds() {
    let sheet = Sheet::shipped();
    let found: Vec<_> = laws().into_iter().map(|law| (law.id, (law.judge)(&sheet))).collect();
    let broken: Vec<_> = found.iter().filter(|(_, found)| !found.is_empty()).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    let ids: Vec<_> = found.iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(ids, (1..=24).map(|n| format!("K{n:02}")).collect::<Vec<_>>());
}

#[test]
fn every_law_of_the_template_finds_what_breaks_it() {
    let text = sheet::text();
    for law in laws() {
        assert!(!law.breaks.is_empty(), "{}: nothing breaks it", law.id);
        for (stands, instead) in law.breaks {
            assert!(text.contains(stands), "{}: {stands:?} stands nowhere", law.id);
            let found = (law.judge)(&Sheet::parse(&text.replacen(stands, instead, 1)));
            assert!(!found.is_empty(), "{} does not find {instead:?} in the place of {stands:?}", law.id);
            println!("{}: {}", law.id, found[0]);
        }
    }
}
