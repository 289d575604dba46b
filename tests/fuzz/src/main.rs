//! The program that libFuzzer drives: `FUZZ_TARGET` names the target, everything else is libFuzzer's own.
#![no_main]

use fuzz::{Target, Worth};
use libfuzzer_sys::Corpus;
use std::cell::RefCell;

thread_local! {
    static TARGET: RefCell<Target> =
        RefCell::new(Target::new(&std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target")));
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| -> Corpus {
    match TARGET.with_borrow_mut(|target| target.take(bytes)) {
        Worth::Keep => Corpus::Keep,
        Worth::Reject => Corpus::Reject,
    }
});

libfuzzer_sys::fuzz_mutator!(|bytes: &mut [u8], size: usize, most: usize, seed: u32| {
    let changed = bytes.get(..size).and_then(|input| fuzz::change(input, seed)).filter(|input| input.len() <= most);
    match changed.as_ref().and_then(|input| Some((input, bytes.get_mut(..input.len())?))) {
        Some((input, place)) => {
            place.copy_from_slice(input);
            input.len()
        }
        None => libfuzzer_sys::fuzzer_mutate(bytes, size, most),
    }
});
