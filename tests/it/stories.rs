//! Whole journeys, each told three times: as it comes, with everything delivered twice, and in reversed order.

mod case_log;
mod disputes;
mod enrollment;
mod fees;
mod inquiries;
mod insights;
mod mails;
mod returns;
pub mod told;

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
    /// REQ-2, REQ-3, NTF-3: a reply in time stops the clocks and hands the inquiry back to whoever asked.
    a_seller_that_replies_in_time_hears_no_more_of_its_clock => case_log::replies_in_time;
    /// REQ-4, REQ-5: a reply after 24 hours counts as long as nobody has decided.
    a_late_reply_is_taken_until_somebody_decides => case_log::late_reply;
    /// REQ-4, JDG-4: above the value limit a person decides, before anything else in the queue.
    a_product_question_about_a_dear_thing_waits_for_a_person_at_the_head_of_the_queue => case_log::person_decides;
    /// REQ-4, JDG-2: a customer who comes back, and a seller who is silent again.
    a_second_silence_refunds_nothing_twice => case_log::silent_twice;
    /// RTE-6: what the seller has taken over stays with it.
    an_issue_that_the_seller_took_over_never_comes_back => inquiries::taken_over;
    /// RTE-9, INQ-1: the next contact joins, reopens, or opens anew.
    a_contact_joins_an_open_inquiry_reopens_a_resolved_one_and_opens_another_after_14_days => inquiries::reopened;
    /// ENR-4 to ENR-6, ENR-8, COV-2, RTE-5: out and in again, with orders on both sides of each instant.
    a_seller_leaves_and_comes_back_and_the_gap_stays_a_gap => enrollment::out_and_in;
    /// ENR-9: open inquiries stay, and what was previewed is what happens.
    what_was_previewed_is_what_happens => enrollment::previewed;
    /// COV-2, F6: an order that comes late, after its shipment even, is judged by when it was placed.
    an_order_that_arrives_late_is_judged_by_when_it_was_placed => enrollment::late_order;
    /// FEE-10: a published rate and a final statement never move; what comes late finds the next open place.
    a_shipment_that_is_told_late_reopens_no_rate_and_no_statement => fees::late_shipment;
    /// FEE-12: what is forecast on the last day is what is published on the next.
    a_forecast_of_the_last_day_is_the_rate_of_the_next_quarter => fees::forecast;
    /// FEE-11: what is accepted is taken back on the next statement, and nothing else moves.
    an_accepted_dispute_is_taken_back_on_the_next_statement_and_a_denied_one_is_not => disputes::accepted_and_denied;
    /// FEE-2, FEE-9: one unit, one line, whatever is confirmed again, split or replaced.
    a_unit_is_metered_once_however_its_shipment_is_told => fees::metered_once;
    /// INS-1, INS-2, INS-4: every figure, down to the contact, and the quarter before beside it.
    a_quarter_is_shown_with_the_one_before_and_unfolds_to_its_contacts => insights::quarter;
    /// INS-2, FEE-10: what comes late counts where it is measured.
    a_late_shipment_counts_in_the_figures_of_the_quarter_that_measures_it => insights::late;
    /// RET-1, RET-2, NTF-1: refused, rejected, approved, and pinned to the orders placed from then on.
    a_return_policy_that_is_approved_holds_for_the_orders_placed_from_then_on => returns::own_policy;
    /// NTF-3, N4: an address that bounced or complained is not mailed again, and the seller's next one is.
    an_address_that_bounced_is_not_mailed_again_and_the_next_one_is => mails::bounced;
}
