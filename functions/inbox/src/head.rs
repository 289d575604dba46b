//! The head of a mail, as the parser reads it: who, when, and what the mail answers.

use crate::letter::Address;
use chrono::{DateTime, Utc};
use mail_parser::{Header, HeaderName, HeaderValue, MessageParser, parsers::MessageStream};

/// Of a longer head, the rest is not looked at: bytes.
const LONGEST: usize = 256 * 1024;

/// The most addresses that are looked at.
const MOST: usize = 200;

/// The longest id that can be one.
const LONGEST_ID: usize = 998;

/// The most ids that a mail answers to.
const MOST_ANSWERED: usize = 50;

/// The head of a mail.
pub struct Head<'a> {
    raw: &'a [u8],
    fields: Vec<Header<'a>>,
    /// Whether its end was not looked at.
    pub is_cut: bool,
}

impl<'a> Head<'a> {
    /// The head that these bytes begin with.
    pub fn read(mail: &'a [u8]) -> Self {
        let raw = mail.get(..LONGEST).unwrap_or(mail);
        let mut fields = Vec::new();
        let ends = MessageStream::new(raw).parse_headers(&MessageParser::default(), &mut fields);
        Self { raw, fields, is_cut: !ends && raw.len() < mail.len() }
    }

    /// What the parser has read in the fields of this name.
    pub fn values<'b>(&'b self, name: &'b HeaderName<'_>) -> impl Iterator<Item = &'b HeaderValue<'a>> {
        self.fields.iter().filter(move |field| field.name == *name).map(|field| &field.value)
    }

    /// The fields of this name as they stand.
    pub fn all<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'b str> {
        let fields = self.fields.iter().filter(|field| field.name().eq_ignore_ascii_case(name));
        let raw = fields.filter_map(|field| self.raw.get(field.offset_start as usize..field.offset_end as usize));
        raw.filter_map(|raw| std::str::from_utf8(raw).ok()).map(str::trim)
    }

    /// Whether a field of this name says anything.
    pub fn has(&self, name: &str) -> bool {
        self.all(name).any(|value| !value.is_empty())
    }

    /// The first field of this name as text on one line.
    pub fn text(&self, name: &str) -> String {
        let raw = self.all(name).find(|value| !value.is_empty()).map(|value| format!("{value}\n")).unwrap_or_default();
        one_line(MessageStream::new(raw.as_bytes()).parse_unstructured().as_text().unwrap_or_default())
    }

    /// The mailboxes in all fields of this name.
    pub fn addresses(&self, name: &HeaderName<'_>) -> Vec<Address> {
        let listed = self.values(name).filter_map(HeaderValue::as_address).flat_map(|all| all.iter());
        listed.filter_map(address).take(MOST).collect()
    }

    /// The first mailbox of the `From` fields, if they do not contradict each other.
    pub fn from(&self) -> Option<Address> {
        let fields = self.values(&HeaderName::From).filter_map(HeaderValue::as_address);
        let firsts: Vec<Address> = fields.filter_map(|all| all.iter().find_map(address)).collect();
        let (first, others) = firsts.split_first()?;
        others.iter().all(|other| other.address.eq_ignore_ascii_case(&first.address)).then(|| first.clone())
    }

    /// When the mail says that it was written.
    pub fn date(&self) -> Option<DateTime<Utc>> {
        let date = self.values(&HeaderName::Date).find_map(HeaderValue::as_datetime).filter(|date| date.is_valid())?;
        DateTime::from_timestamp(date.to_timestamp(), 0)
    }

    /// The id that the mail has itself.
    pub fn message_id(&self) -> Option<String> {
        let named = self.values(&HeaderName::MessageId).flat_map(|value| value.as_text_list().unwrap_or_default());
        named.map(|id| id.trim().to_owned()).find(|id| !id.is_empty() && id.len() <= LONGEST_ID)
    }

    /// The ids of the mails that this one answers: the one that it answers itself, then those before, the newest first.
    pub fn answers_to(&self) -> Vec<String> {
        let ids = |name| {
            let named = self.values(name).flat_map(|value| value.as_text_list().unwrap_or_default());
            let words = named.flat_map(|id| id.split_whitespace()).map(|id| id.trim_matches(','));
            words.filter(|id| id.contains('@') && id.len() <= LONGEST_ID).map(str::to_owned).collect::<Vec<_>>()
        };
        let mut found: Vec<String> = Vec::new();
        for id in ids(&HeaderName::InReplyTo).into_iter().chain(ids(&HeaderName::References).into_iter().rev()) {
            if found.len() < MOST_ANSWERED && !found.contains(&id) {
                found.push(id);
            }
        }
        found
    }

    /// The hosts that say that they wrote the mail.
    pub fn writers(&self) -> Vec<String> {
        let by_id = ["message-id", "x-original-message-id", "x-microsoft-original-message-id", "original-message-id"];
        let ids = by_id.iter().flat_map(|name| self.all(name)).flat_map(|ids| ids.split(['<', '>', ' ']));
        let hosts = ids.filter_map(|id| id.rsplit_once('@').map(|(_, host)| host));
        hosts.chain(self.all(crate::OUR_HEADER)).take(MOST).map(str::to_owned).collect()
    }
}

fn address(parsed: &mail_parser::Addr<'_>) -> Option<Address> {
    let seen = |c: &char| !c.is_whitespace() && !c.is_control();
    let written: String = parsed.address.as_deref()?.chars().filter(seen).collect();
    let written = written.trim_matches(['<', '>', '"', '\'', ',', ';']);
    let (local, domain) = written.rsplit_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty())?;
    let name = parsed.name.as_deref().unwrap_or_default().replace(crate::file::is_unseen, "");
    let name = one_line(&name);
    let name = name.trim_matches(['"', '\'']).trim().to_owned();
    Some(Address { name, address: format!("{local}@{}", domain.trim_end_matches('.').to_lowercase()) })
}

/// Without characters that are not written, and with one space for any run of white space.
fn one_line(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
