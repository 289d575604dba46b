//! Who wrote a mail: a person, a person who is not to be answered by a machine, or a machine.

use crate::{head::Head, letter::Address};
use mail_parser::HeaderName;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Who wrote a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// A person, as far as the mail tells.
    Person,
    /// Perhaps a person, but nothing is to be answered by a machine.
    PersonNotToBeAnswered(Unanswered),
    /// A machine: nobody has written anything, and nothing is ever to be answered.
    Machine(Machine),
}

/// Why a person is not to be answered by a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unanswered {
    /// `Precedence` is `bulk`, `list` or `junk`.
    Precedence,
    /// It came over a list, or can be unsubscribed from.
    List,
    /// `X-Auto-Response-Suppress` asks for it.
    Suppressed,
    /// The sender's address says that nobody reads there.
    NoReply,
    /// No sender is named, or several are that contradict each other.
    NoSender,
}

/// Why a mail is a machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Machine {
    /// We wrote it ourselves, and it came back.
    Ours,
    /// It reports on the delivery or the reading of another mail.
    Report,
    /// `Auto-Submitted` says so.
    AutoSubmitted,
    /// A header of an automatic answer says so.
    AutoReply,
    /// `Precedence` is `auto_reply`.
    Precedence,
    /// It has no return path, as only reports and automatic answers have none.
    NullReturnPath,
    /// The sender is a mail server.
    Daemon,
    /// The subject begins as those of automatic answers do.
    Subject,
}

/// How automatic answers show that they are.
#[derive(Debug, Default, Deserialize)]
struct Automatic {
    fields: Vec<String>,
    subjects: Vec<String>,
}

static AUTOMATIC: LazyLock<Automatic> =
    LazyLock::new(|| toml::from_str(include_str!("../data/automatic.toml")).unwrap_or_default());

/// What a mail tells of its author besides its head.
pub(crate) struct Told<'a> {
    /// Who it is from.
    pub from: Option<&'a Address>,
    /// The subject, decoded.
    pub subject: &'a str,
    /// Whether a part of the mail itself, not of one that it forwards, is a report.
    pub has_report: bool,
    /// Whom the envelope names as the sender, if that is known.
    pub envelope_from: Option<&'a str>,
}

/// Who wrote a mail with this head.
pub(crate) fn author(head: &Head, told: &Told<'_>) -> Author {
    let local = told.from.map(|from| from.address.split('@').next().unwrap_or_default().to_ascii_lowercase());
    let local = local.as_deref().unwrap_or_default();
    match (machine(head, told, local), unanswered(head, told, local)) {
        (Some(reason), _) => Author::Machine(reason),
        (None, Some(reason)) => Author::PersonNotToBeAnswered(reason),
        (None, None) => Author::Person,
    }
}

fn machine(head: &Head, told: &Told<'_>, local: &str) -> Option<Machine> {
    let is_report =
        head.values(&HeaderName::ContentType).find_map(|value| value.as_content_type()).is_some_and(|kind| {
            let reports = ["report", "delivery-status", "disposition-notification"];
            kind.subtype().is_some_and(|sub| reports.contains(&sub))
        });
    let says_no = |value: &str| matches!(first_word(value).as_str(), "no" | "false" | "none" | "0" | "");
    let is_daemon = matches!(local, "mailer-daemon" | "mailerdaemon" | "mail-daemon" | "daemon" | "postmaster");
    [
        (told.has_report || is_report || head.has("x-failed-recipients"), Machine::Report),
        (
            head.all("auto-submitted").any(|value| !matches!(first_word(value).as_str(), "no" | "")),
            Machine::AutoSubmitted,
        ),
        (AUTOMATIC.fields.iter().any(|name| head.all(name).any(|value| !says_no(value))), Machine::AutoReply),
        (
            precedences(head).any(|value| matches!(value.as_str(), "auto_reply" | "auto-reply" | "autoreply")),
            Machine::Precedence,
        ),
        (is_daemon || is_exchange(local), Machine::Daemon),
        (has_no_return_path(head, told.envelope_from), Machine::NullReturnPath),
        (is_of_auto_replies(told.subject), Machine::Subject),
    ]
    .into_iter()
    .find_map(|(is_so, reason)| is_so.then_some(reason))
}

fn unanswered(head: &Head, told: &Told<'_>, local: &str) -> Option<Unanswered> {
    let lists = ["list-id", "list-unsubscribe", "list-post", "list-help", "list-unsubscribe-post"];
    let nobody =
        ["noreply", "no-reply", "no_reply", "no.reply", "donotreply", "do-not-reply", "do_not_reply", "bounce"];
    let suppressed = |value: &str| !matches!(first_word(value).as_str(), "none" | "");
    [
        (lists.iter().any(|name| head.has(name)), Unanswered::List),
        (precedences(head).any(|value| matches!(value.as_str(), "bulk" | "list" | "junk")), Unanswered::Precedence),
        (head.all("x-auto-response-suppress").any(suppressed), Unanswered::Suppressed),
        (nobody.iter().any(|begin| local.starts_with(begin)), Unanswered::NoReply),
        (told.from.is_none(), Unanswered::NoSender),
    ]
    .into_iter()
    .find_map(|(is_so, reason)| is_so.then_some(reason))
}

fn precedences(head: &Head) -> impl Iterator<Item = String> {
    ["precedence", "x-precedence"].into_iter().flat_map(|name| head.all(name).map(first_word).collect::<Vec<_>>())
}

fn first_word(value: &str) -> String {
    value.trim().split([';', ',', ' ', '(', '\r', '\n', '\t']).next().unwrap_or_default().to_ascii_lowercase()
}

/// The address that Exchange sends its reports from has a number for a name.
fn is_exchange(local: &str) -> bool {
    local
        .strip_prefix("microsoftexchange")
        .is_some_and(|rest| rest.len() >= 32 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn has_no_return_path(head: &Head, envelope_from: Option<&str>) -> bool {
    let is_null = |path: &str| matches!(path.trim(), "" | "<>");
    envelope_from.map_or_else(|| head.all("return-path").next().is_some_and(is_null), is_null)
}

/// Whether a subject begins as those of automatic answers do, and says nothing else in that sentence.
fn is_of_auto_replies(subject: &str) -> bool {
    let subject = subject.trim_start_matches(['[', '(', '【', '［', '"', '“', '«', ' ']).to_lowercase();
    let ends = |rest: &str| {
        let rest = rest.trim_start();
        rest.is_empty()
            || rest.starts_with([':', '：', '-', '–', '—', ']', ')', '】', '］', '"', '”', '»', '!', '！', '('])
    };
    AUTOMATIC.subjects.iter().any(|begin| subject.strip_prefix(begin.as_str()).is_some_and(ends))
}
