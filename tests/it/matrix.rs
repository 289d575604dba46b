//! The fault matrix: what may go wrong, against each part of the system, one named test for each cell. Which cells there
//! are, and what each row asserts, is the table of [`table`], written out as `tests/MATRIX.md`; a cell without a test, and
//! a test without a cell, fail the build.
//!
//! A cell's test is called `m<row>_<column>_<sentence>`, the row in two digits. A row that asks the same of several
//! columns has one check and a test for each; `cells!` writes them down.
//!
//! Not here: what one rule says (the domain's own tests), and the same faults in pairs ([`crate::crash`]).

mod again;
mod before;
mod bench;
mod calendar;
mod clocks;
mod denied;
mod edges;
mod faults;
mod feedback;
mod forms;
mod index;
mod late;
mod limits;
mod mails;
mod mails_in;
mod panics;
mod poison;
mod restore;
mod rows;
mod schedules;
mod table;
mod threads;
mod tokens;
mod versions;
mod workers;

/// The tests of a row that ask the same of each column.
macro_rules! cells {
    ($($name:ident => $check:expr;)+) => {
        $(
            #[test]
            fn $name() {
                $check;
            }
        )+
    };
}
use cells;

/// How many marks there are of what was done.
fn marks(world: &world::World) -> usize {
    world.items("OnceTable").into_iter().filter(|item| item["sk"]["S"] == "ONCE").count()
}
