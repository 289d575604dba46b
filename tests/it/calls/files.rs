//! What files of replies cost.

use super::{GET, Row, tour::Tour};
use serde_json::{Value as Json, json};
use world::facts;

/// The steps of files.
pub const TABLE: &[Row] = &[
    ("upload link read", "case-log-api", GET, "a link to upload a file or to look at one is one `GetItem`"),
    (
        "reply with a file",
        "case-log-api",
        "GetItem GetItem DeleteObjectTagging TransactWriteItems",
        "before that one call to S3 for each file that it names",
    ),
    ("file read", "case-log-api", GET, "a link to upload a file or to look at one is one `GetItem`"),
    ("file read at the desk", "desk-api", GET, "A link to look at a file of a seller's reply is one `GetItem`"),
];

/// What a function signs is done in its name, by whoever has the link: no call of its own.
pub const SIGNED: [(&str, &str, &str); 7] = [
    ("case-log-api", "s3:PutObject", "AttachmentsBucket/*"),
    ("case-log-api", "s3:PutObjectTagging", "AttachmentsBucket/*"),
    ("case-log-api", "s3:GetObject", "AttachmentsBucket/*"),
    // So that a file that is not there is told from one that may not be touched.
    ("case-log-api", "s3:ListBucket", "AttachmentsBucket"),
    ("desk-api", "s3:GetObject", "AttachmentsBucket/*"),
    ("desk-api", "s3:GetObject", "MailsBucket/files/*"),
    ("mail-intake", "s3:ListBucket", "MailsBucket"),
];

/// A file that is uploaded, named in a reply, and looked at.
pub async fn files(tour: &mut Tour) {
    let told = &mut tour.told;
    told.world.fact(told.placed("o-file", "seller", told.just_now())).await;
    let inquiry = told.inquiry("k-file", "o-file", "quality").await;
    let request = told.asked(&inquiry).await;
    let file = facts::file("proof.pdf", b"%PDF-1.7");
    tour.forget();
    let link = tour.told.as_seller("GET", &facts::upload_link(&request, &file), Json::Null).await;
    tour.step("upload link read");
    assert_eq!(tour.told.world.cloud.upload(&link.body["upload"], b"%PDF-1.7"), 200);
    let reply = json!({ "text": "Here.", "attachments": [file] });
    let replied = tour.told.as_seller("POST", &format!("/case-log/{request}/reply"), reply).await;
    tour.step("reply with a file");
    let id = replied.body["reply"]["attachments"][0]["attachment_id"].as_str().unwrap().to_owned();
    tour.told.as_seller("GET", &format!("/case-log/{request}/attachments/{id}"), Json::Null).await;
    tour.step("file read");
    tour.told.as_associate("GET", &format!("/requests/s1/{request}/attachments/{id}"), Json::Null).await;
    tour.step("file read at the desk");
}
