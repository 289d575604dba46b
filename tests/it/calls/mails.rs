//! What mails cost that do not go out, and what is reported of those that did.

use super::{CHANGE, GET, Row};

/// The steps of mails; the tour's ways out make them.
pub const TABLE: &[Row] = &[
    ("mail sent again", "notice-sender", "BatchGetItem", "A message for a notice that has ended costs the read."),
    (
        "mail to a suppressed address",
        "notice-sender",
        "BatchGetItem TransactWriteItems PutItem",
        "To a suppressed address it is the write and no mail.",
    ),
    (
        "delivery reported",
        "mail-feedback",
        "GetItem PutItem",
        "one `GetItem` (how the notice stands) and one `PutItem`",
    ),
    ("delivery reported again", "mail-feedback", GET, "An event that says nothing new costs the read."),
    ("bounce reported", "mail-feedback", CHANGE, "one transaction in its place where the address is suppressed"),
];
