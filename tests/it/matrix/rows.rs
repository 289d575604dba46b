//! The rows of the fault matrix, written down once: the fault, the columns that it concerns, and what the tests of the row
//! hold, so that a reader need not take a tick on trust.

/// A fault, the columns it concerns, and what the tests of the row hold.
pub struct Row {
    /// Its number.
    pub number: u8,
    /// What goes wrong.
    pub fault: &'static str,
    /// Where it can.
    pub columns: &'static str,
    /// What is held then.
    pub asserted: &'static str,
}

const fn row(number: u8, fault: &'static str, columns: &'static str, asserted: &'static str) -> Row {
    Row { number, fault, columns, asserted }
}

/// Every row.
pub const ROWS: [Row; 28] = [
    row(
        1,
        "process killed before a call",
        "enr rte swp ntf inb fee dsh rly",
        "every path of the column is killed before each of its calls and delivered again: the store ends byte for byte as without, a request is answered as it would have been; a mail is sent or a person is told (N3); a webhook is delivered, or is tried again or given up (W1). Reads: nothing is written, and asked again they answer the same.",
    ),
    row(
        2,
        "killed after a call was done",
        "enr rte swp ntf inb fee rly",
        "the same, killed after each call; the replay finds its mark, and nothing happens twice.",
    ),
    row(
        3,
        "the answer to a call is lost",
        "enr rte swp ntf inb fee rly",
        "the same, with each call done and its answer lost, at one attempt of the SDK and at every one; a mail that must arrive is sent twice at most, any other once at most.",
    ),
    row(
        4,
        "throttled",
        "enr rte swp ntf inb fee dsh rly",
        "the same, with each call throttled, for the account and for the table; of two records the other one is done; a read is answered 503 with Retry-After and says nothing of the inside.",
    ),
    row(
        5,
        "transaction conflict",
        "enr rte swp ntf inb fee rly",
        "the same, with each transaction in conflict once and three times; the relay has none, its batch that is done in part is swept.",
    ),
    row(
        6,
        "a call hangs",
        "enr rte swp ntf inb fee dsh rly",
        "the same, with each call never answered; of two records the other one is done; a read is answered 503.",
    ),
    row(
        7,
        "a write lands after its sender died",
        "enr rte swp ntf inb fee",
        "the same, with each write landing before the next delivery, and after everything else.",
    ),
    row(
        8,
        "delivered twice at one moment, to two workers",
        "enr rte swp ntf inb fee dsh rly",
        "two deliveries of one event: the first stops before each of its calls, and after its last, the second runs to its end, the first goes on. The store is that of one delivery, both are answered alike, one mail leaves. Sixteen real threads besides: one statement, one period.",
    ),
    row(
        9,
        "delivered again after 4 days, and after 399",
        "enr rte ntf inb fee rly",
        "every path of the column again but the ticks, which are no deliveries, long after the token's ten minutes: the store is unchanged, a request is answered as the first time; a second opt-in under a new key changes nothing.",
    ),
    row(
        10,
        "delivered in another order",
        "enr rte swp ntf inb fee rly",
        "what is decided on a version that has moved is decided again; a contact or fact before its order waits and is then done, or is parked with its reason at the fourth delivery and leaves nothing else; reply and expiry in both orders (S4, S8); every order of the facts of an order gives one ledger (F6); mails and entries reversed end the same.",
    ),
    row(
        11,
        "poison: no JSON, empty, deep, of another shape, of another version, 256 KB",
        "enr rte ntf inb fee dsh rly",
        "one of ten: nine are done, it is parked with its body and the reason, and nothing comes again; over HTTP 400 or 422, and nothing is stored; an image of the stream that is no entry does not hold up the others.",
    ),
    row(
        12,
        "panic",
        "enr rte swp ntf inb fee dsh rly",
        "the real handler, made to panic at one record of ten: nine are done, one is parked; over HTTP 500, nothing of the inside, and the same key succeeds afterwards; the stream's batch, halved as Lambda halves it, loses only that record, which the sweep then sends.",
    ),
    row(
        13,
        "malformed answer to a batch",
        "rte swp ntf inb fee rly",
        "the JSON of a batch in which one record failed, and of one in which none did, to the letter; the stream is promised no such answer by the template.",
    ),
    row(
        14,
        "backlog",
        "rte swp ntf inb fee rly",
        "the template's alarm on the age of each queue (10 minutes), on a sweep that does not tick (5 minutes), on a stream that falls behind (5 minutes), each with somebody to tell. One queue of mails: what must arrive has no queue of its own.",
    ),
    row(
        15,
        "the schedule ticks twice, late, never",
        "swp fee rly",
        "two ticks at once and one three days late give what one in time gives; the template has the alarm.",
    ),
    row(
        16,
        "daylight saving, leap day, quarter edge, year end",
        "enr rte swp ntf fee dsh",
        "24 hours are 24 hours over both changes; a trial is whole days of the store's calendar; the last and the first millisecond of a quarter and of a year are billed apart, in the store's zone; a mail names the local time with its zone; a leap day is a day.",
    ),
    row(
        17,
        "a machine's clock is off by 5 s, and by 10 min",
        "enr rte swp inb fee",
        "nothing expires before its deadline on a machine that is fast, and one that is slow leaves it to another; a reply counts by the gateway's time, coverage by the order's; a quarter is measured by the tick's time.",
    ),
    row(
        18,
        "an index 10 minutes behind",
        "enr rte swp fee dsh rly",
        "what it does not show yet is found by a later tick; what it still shows is refused or done once; whoever decides does not ask it; lists may lag, and the thing itself does not.",
    ),
    row(
        19,
        "pages of one item, and an empty last one",
        "swp fee dsh",
        "the sweep, the rollup, the statement and every list give the same as with whole pages.",
    ),
    row(
        20,
        "too large, too many",
        "enr rte ntf inb fee",
        "413 over 64 KB; a contact, a notice and a fact of 256 KB are parked whole, one that is too large to be parked goes to the dead letters; an order of 200 units is confirmed in parts, more than 90 in one part are refused by name; an order too large for an item is parked and leaves nothing.",
    ),
    row(
        21,
        "SES refuses",
        "ntf",
        "rejected: the notice ends refused, and a person is told; throttled or over quota: it waits, takes no attempt, and is sent later, what must arrive as well.",
    ),
    row(
        22,
        "bounce or complaint, repeated, or before the mail is known to be sent",
        "inb",
        "every order of what can be reported of a mail, each twice, comes to the same: what says most counts, and its address is suppressed and gets no other mail; a report that comes while the sender waits for SES, or before it has written the answer, or after it lost it, ends the notice as sent: nobody need be told, and what must arrive is not sent again.",
    ),
    row(
        23,
        "spoofed or looping mail",
        "inb",
        "each verdict that is no pass, at each kind of address: kept with its cause, nothing else changes, nobody is mailed; what a machine wrote is kept with its inquiry and does nothing; an echo is answered three times a day.",
    ),
    row(
        24,
        "IAM or KMS denies",
        "enr rte swp ntf inb fee dsh rly",
        "at each call: 503 and nothing of the inside; a queue's record is never taken for done and never parked, it goes to the dead letters whole, and succeeds when it is sent again from there; a tick and a stream fail aloud.",
    ),
    row(
        25,
        "a restore that holds part of a transaction",
        "enr rte swp ntf inb fee dsh rly",
        "each item that a path wrote put back by itself to what it was before, and the event again (a mail's own notice left out: where it is gone, nobody can know that the mail was sent): nothing is billed, sent or answered twice, and what does not add up is parked, not guessed; a mail that was being sent ends unknown or is sent once more where it must arrive; entries that came back are sent again and change nothing. That the whole adds up is the verifier's to say.",
    ),
    row(
        26,
        "two versions of the code at once",
        "enr rte swp ntf inb fee dsh rly",
        "every path with a field more in each item and message leaves the same; items of a later layout are refused, not guessed; the items that a small story leaves as of today, a file for each kind in `it/matrix/golden`, are read and worked on through the handlers.",
    ),
    row(
        27,
        "a token of somebody else, or of another kind",
        "enr dsh",
        "every route: no claims 401 or 403, another seller's 404 as if absent, another store's desk 403; no answer says more; every route of the template has its authorizer and one scope.",
    ),
    row(
        28,
        "a form of another site, or one that is replayed",
        "enr",
        "a form without its token, or that a browser says another site sent, is 403 and changes nothing; one that is sent twice is done once.",
    ),
];
