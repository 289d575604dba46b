//! Mails of when more could be done without (NTF-1).

use super::told;
use crate::stories::{
    told::subjects,
    users::{BO, joined},
};
use domain::{
    digest::{Digest, Line},
    id::{InquiryId, OrderId, SellerId, StoreId, UserId},
    inquiry::HandOver,
    notice::{Notice, NoticeKind},
};
use serde_json::json;
use shell::{commit::Expect, key::Key};

const SELLER: &str = "s1@sellers.example";

/// What was owed of a hand-over while users chose how it is mailed: a copy to a secondary user ends, and what waited for the
/// end of a day is told to the default address, which has it nowhere else.
#[tokio::test]
async fn ntf_1_a_hand_over_that_was_owed_when_it_could_be_chosen_is_told_to_the_default_address_alone() {
    let mut told = told().await;
    let bo: UserId = joined(&mut told, json!({ "case_log": "view" })).await.parse().unwrap();
    let (store, seller): (StoreId, SellerId) = ("US".parse().unwrap(), "s1".parse().unwrap());
    let (inquiry, order): (InquiryId, OrderId) = ("q1".parse().unwrap(), "o1".parse().unwrap());
    let kind = NoticeKind::HandedOver { inquiry, order, reason: HandOver::SellerRequested };
    let whole = Notice::to_seller(&store, &seller, kind, &["before"]);
    let copy = whole.to_user(&seller, &bo);
    told.world.cloud.send("NoticesQueue", serde_json::to_string(&copy).unwrap());
    told.world.settle().await;
    assert_eq!(told.notice(copy.id.as_str())["status"]["S"], "suppressed");

    for notice in [whole, copy] {
        let digest = Digest::of(&notice, told.world.now().date_naive()).unwrap();
        let line = Line { digest: digest.clone(), at: told.just_now(), notice };
        let shell = told.world.shell("notice-sender");
        shell.store.put(&Key::digest_line(&digest, &line.notice.id), Expect::Seen(None), &line).await.unwrap();
        told.world.cloud.send("NoticesQueue", serde_json::to_string(&digest.notice()).unwrap());
    }
    told.world.settle().await;
    let about =
        |address: &str, what: &str| subjects(&told, address).iter().filter(|subject| subject.contains(what)).count();
    assert_eq!((about(SELLER, "summary of"), about(BO, "summary of"), about(BO, "yours to answer")), (1, 0, 0));
    let digest = told.world.mails_to(SELLER).into_iter().find(|mail| mail.subject().contains("summary of")).unwrap();
    assert!(digest.raw.replace("=\r\n", "").contains("is yours to answer in Buyer-Seller Messaging"), "{}", digest.raw);
    assert_eq!(told.world.parked(), Vec::<String>::new());
}
