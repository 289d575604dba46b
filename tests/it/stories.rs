//! Whole journeys, each told three times: as it comes, with everything delivered twice, and in reversed order.

mod told;

use crate::stories::told::{Told, run};
use world::Delivery;

/// Tells a story in every way of delivery.
macro_rules! told_three_ways {
    ($($(#[$doc:meta])* $name:ident => $story:path;)+) => {$(
        mod $name {
            use super::*;

            $(#[$doc])*
            #[test]
            fn as_it_comes() {
                run(Delivery::Once, async |told: &mut Told| $story(told).await);
            }

            $(#[$doc])*
            #[test]
            fn with_everything_delivered_twice() {
                run(Delivery::Twice, async |told: &mut Told| $story(told).await);
            }

            $(#[$doc])*
            #[test]
            fn in_reversed_order() {
                run(Delivery::Reversed, async |told: &mut Told| $story(told).await);
            }
        }
    )+};
}

told_three_ways! {
    /// ENR-2, COV-1, RTE-1, REQ-1 to REQ-4, JDG-2, FEE-5, FEE-10: the main path.
    silence_ends_in_a_decision_and_a_quarter_in_a_statement => told::main_path;
}
