//! Whole journeys, each told three times: as it comes, with everything delivered twice, and in reversed order.

mod answers;
mod audit;
mod case_log;
mod claims;
pub mod data;
mod decisions;
mod desk;
mod disputes;
mod enrollment;
mod fees;
mod hooks;
mod inquiries;
mod insights;
mod mails;
pub mod mails_in;
mod returns;
pub mod surveys;
pub mod told;
mod transfers;
pub mod users;
pub mod wishes;

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
    /// W1, W2: the marketplace's systems are told of the five things of the main path, once each, signed.
    the_main_path_is_told_outside_as_it_happens => hooks::of_the_main_path;
    /// Where no address is given, nobody is told, and nothing is written for it.
    nobody_is_told_where_nobody_listens => hooks::of_nobody;
    /// W1: what a receiver does not take is tried for three days, and anew where a lead says so.
    a_webhook_that_is_refused_is_tried_for_three_days_and_anew => hooks::refused_for_three_days;
    /// Both secrets sign while they are changed.
    either_secret_is_good_while_they_are_changed => hooks::while_secrets_are_changed;
    /// REQ-2, REQ-3, NTF-3: a reply in time stops the clocks and hands the inquiry back to whoever asked.
    a_seller_that_replies_in_time_hears_no_more_of_its_clock => case_log::replies_in_time;
    /// REQ-6: a file is uploaded as it was declared, named in a reply, and found by both sides.
    a_file_is_declared_uploaded_and_named_in_a_reply => case_log::attaches;
    /// REQ-4, REQ-5: a reply after 24 hours counts as long as nobody has decided.
    a_late_reply_is_taken_until_somebody_decides => case_log::late_reply;
    /// REQ-4, JDG-4: above the value limit a person decides, before anything else in the queue.
    a_product_question_about_a_dear_thing_waits_for_a_person_at_the_head_of_the_queue => case_log::person_decides;
    /// REQ-4, JDG-2: a customer who comes back, and a seller who is silent again.
    a_second_silence_refunds_nothing_twice => case_log::silent_twice;
    /// S6: what is due is found over any number of keys of its index.
    a_question_runs_out_over_any_number_of_keys => case_log::spread_over_more_keys;
    /// S6: what waits is found over any number of keys of its index.
    a_queue_is_whole_over_any_number_of_keys => desk::queued_over_more_keys;
    /// JDG-1 to JDG-3, RET-2, RET-3, RET-5: one order, two inquiries, and no unit given back twice.
    a_second_decision_on_a_unit_names_the_first_and_money_given_before_counts => decisions::once_for_each_unit;
    /// RET-3, RET-5: what came back and is not refunded in time comes to a person.
    a_return_that_is_not_refunded_in_time_comes_to_the_head_of_the_queue => decisions::refund_overdue;
    /// RET-4: the ways of a seller abroad, and what comes of none.
    a_return_to_a_seller_abroad_has_a_way_in_five_days_or_is_refunded_without => decisions::from_abroad;
    /// RTE-6: what the seller has taken over stays with it.
    an_issue_that_the_seller_took_over_never_comes_back => inquiries::taken_over;
    /// INQ-4, INQ-1: half an hour of nothing, given back, given to another.
    a_claim_of_which_nothing_comes_is_released_and_whoever_acts_then_claims_again => desk::idle;
    /// INQ-3: 36 and 48 hours of counted time.
    a_lead_is_warned_before_an_inquiry_is_overdue_and_its_customers_time_is_not_counted => desk::overdue;
    /// RTE-7, INQ-4: language, skill, capacity, and what is let go.
    the_next_inquiry_that_fits_is_handed_out_and_what_waits_too_long_goes_to_anybody => desk::handed_out;
    /// INQ-2, INQ-5: by topic and language, with what the service knows and what the associate fills in.
    a_canned_answer_says_what_was_filled_in_and_is_kept_with_its_macro => desk::canned;
    /// INQ-1, RTE-9, FEE-4: contacts, words and issue go on, and the request is withdrawn.
    two_inquiries_that_are_one_matter_go_on_as_one => desk::merged;
    /// INQ-1, RTE-6, REQ-3, REQ-4: no reminder, no expiry, and a reply is refused.
    a_request_is_withdrawn_when_its_matter_is_handed_over_or_taken_over => desk::handed_over;
    /// RTE-8, FEE-4: what came to the seller by mistake becomes a case, joins one, or stays the seller's, and never counts.
    what_came_to_the_seller_by_mistake_is_handed_over => transfers::handed_over;
    /// RTE-8, RTE-10: what the seller forwards by mail becomes a case, once, or it is told what is missing.
    what_a_seller_forwards_becomes_a_case_or_is_answered_with_what_is_missing => mails_in::forwarded;
    /// RTE-9, INQ-5: a customer answers by mail; a machine's answer does nothing.
    a_customer_answers_by_mail_and_joins_its_inquiry => mails_in::customer_answers;
    inq_5_what_a_customers_mail_brings_is_opened_at_the_desk_and_nowhere_else => mails_in::customer_sends_files;
    /// REQ-5: a seller answers a question by mail.
    a_seller_answers_a_question_by_mail => mails_in::seller_answers;
    /// N6: an exchange with a machine ends by itself.
    two_machines_do_not_talk_for_long => mails_in::echo;
    /// INQ-5, NTF-2, N6: who came by e-mail is answered there, in the associate's words, and by phone is not.
    an_answer_reaches_the_customer_by_mail_and_what_it_writes_back_finds_its_matter => answers::mailed;
    /// INQ-1, JDG-1: one mail for one word.
    an_answer_that_ends_the_matter_is_the_only_mail_that_says_so => answers::resolved;
    /// INQ-1, INQ-3, N4: back at the head of the queue, with why, once.
    an_answer_that_bounces_brings_its_inquiry_back_into_the_queue => answers::bounced;
    an_answer_that_bounces_brings_nothing_back_that_its_seller_took_over => answers::taken_over;
    /// RTE-9, INQ-1: the next contact joins, reopens, or opens anew.
    a_contact_joins_an_open_inquiry_reopens_a_resolved_one_and_opens_another_after_14_days => inquiries::reopened;
    /// RTE-12: a free text finds its topic where that is sure, and a person where it is not.
    a_text_without_a_topic_finds_one_or_a_person_who_chooses => inquiries::without_a_topic;
    /// RTE-12, RTE-4, RTE-6, RTE-9, FEE-4: what follows from the topic that an associate chooses.
    a_chosen_topic_files_joins_or_hands_over_the_inquiry_and_counts_its_contact_anew => inquiries::topic_chosen;
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
    /// INS-3, D1: one answer, one score, and no word of it where a seller reads.
    a_customer_answers_a_survey_once_and_the_seller_gets_the_score_alone => surveys::answered;
    /// INS-3: what is taken up again is not over.
    a_survey_ends_when_its_matter_is_taken_up_again => surveys::reopened;
    /// INS-3: absent, forged and late.
    a_link_that_nobody_signed_opens_nothing_and_one_that_is_late_says_so => surveys::forged_and_late;
    /// CLM-1, CLM-3: filed, asked, answered, granted, appealed, and on the statement.
    a_refund_that_the_seller_should_not_bear_is_claimed_back_and_stands_on_its_statement => claims::granted;
    /// CLM-2, CLM-3: silence denies nothing, and a contest does.
    a_silent_claim_is_decided_on_what_is_there_and_a_contested_one_is_denied => claims::silent_and_contested;
    /// CLM-4: goodwill and protected labels, and nothing else.
    what_is_paid_back_without_a_claim_is_paid_back_once => claims::without_a_claim;
    /// FEE-2, FEE-9: one unit, one line, whatever is confirmed again, split or replaced.
    a_unit_is_metered_once_however_its_shipment_is_told => fees::metered_once;
    /// INS-1, INS-2, INS-4: every figure, down to the contact, and the quarter before beside it.
    a_quarter_is_shown_with_the_one_before_and_unfolds_to_its_contacts => insights::quarter;
    /// INS-2: days that are over are added up once, and again where a fact comes late; no figure moves by it.
    a_day_is_added_up_and_again_after_a_late_fact => insights::added_up;
    /// INS-2, FEE-10: what comes late counts where it is measured.
    a_late_shipment_counts_in_the_figures_of_the_quarter_that_measures_it => insights::late;
    /// RET-1, RET-2, NTF-1: refused, rejected, approved, and pinned to the orders placed from then on.
    a_return_policy_that_is_approved_holds_for_the_orders_placed_from_then_on => returns::own_policy;
    /// ACC-4: a row for each change that a person made, and for nothing else.
    what_people_do_in_a_sellers_name_stands_in_its_audit_once => audit::of_a_seller;
    /// ACC-1, ACC-2, ACC-4: invited, granted, made primary, and the one before removed; each at once.
    who_is_invited_holds_what_it_is_granted_until_that_is_taken_away => users::from_invited_to_gone;
    /// INQ-5: words and addresses are gone, and no figure, no statement and no decision has moved.
    a_customer_is_erased_when_nothing_of_it_is_live_and_no_figure_moves => data::erased;
    /// INQ-5: class by class, when its days are over; nothing of what is live or was taken up again.
    what_people_said_is_erased_by_itself_when_its_days_are_over => data::forgotten;
    /// NTF-3, N4: an address that bounced or complained is not mailed again, and the seller's next one is.
    an_address_that_bounced_is_not_mailed_again_and_the_next_one_is => mails::bounced;
    /// NTF-1, NTF-3, ACC-2, ACC-4: each, daily, never; by choice, by link, and as far as the grant goes.
    what_may_be_done_without_is_mailed_as_each_user_wants_it => wishes::wanted;
    /// NTF-1: an account and a mail of when a hand-over could be done without.
    what_was_chosen_of_hand_overs_before_has_no_effect_and_their_links_end_nothing => wishes::chosen_before;
}
