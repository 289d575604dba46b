//! Reading where mail comes in, and how much of one sender is taken (RTE-8, N6).

use super::{DataError, File, by_day};
use crate::received::{Allowance, Mailbox};
use chrono_tz::Tz;
use serde::Deserialize;
use toml::{Spanned, value::Datetime};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMailbox {
    name: Spanned<String>,
    countries: Vec<String>,
}

pub(super) fn mailboxes(
    file: &File<'_>,
    raw: Vec<RawMailbox>,
    countries: &[String],
) -> Result<Vec<Mailbox>, DataError> {
    let mut served: Vec<&String> = raw.iter().flat_map(|mailbox| &mailbox.countries).collect();
    served.sort();
    let mut all: Vec<&String> = countries.iter().collect();
    all.sort();
    if served != all {
        let start = raw.first().map_or(0, |mailbox| mailbox.name.span().start);
        return Err(file.error(start, "RTE-8: each country of sellers has one mailbox"));
    }
    let read = raw.into_iter().map(|mailbox| {
        let start = mailbox.name.span().start;
        let name = mailbox.name.into_inner();
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
        if name.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
            return Err(file.error(start, "RTE-8: a mailbox is named by 1 to 64 of a-z 0-9 - and ."));
        }
        Ok(Mailbox { name, countries: mailbox.countries })
    });
    read.collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAllowance {
    effective_from: Spanned<Datetime>,
    mails: u32,
    answers: u32,
    about_one: u32,
}

pub(super) fn allowances(file: &File<'_>, raw: &[RawAllowance], zone: Tz) -> Result<Vec<Allowance>, DataError> {
    let days = by_day(file, zone, "allowances of mail", raw.iter().map(|allowance| &allowance.effective_from))?;
    let read = raw.iter().zip(days);
    Ok(read
        .map(|(RawAllowance { mails, answers, about_one, .. }, effective_from)| Allowance {
            effective_from,
            mails: *mails,
            answers: *answers,
            about_one: *about_one,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use crate::book::tests::{refused_each, taken_each};

    #[test]
    fn rte_8_a_mailbox_is_named_as_mail_programs_take_it() {
        let problem = "RTE-8: a mailbox is named by 1 to 64 of a-z 0-9 - and .";
        let [longest, too_long] = [64, 65].map(|length| format!("name = \"{}\"", "a".repeat(length)));
        let mailbox = "name = \"csba-cn2us\"";
        for name in ["name = \"\"", "name = \"CN\"", "name = \"cn us\"", "name = \"cn@us\"", &too_long] {
            refused_each(&[(mailbox, name, name, problem)]);
        }
        taken_each(&[(mailbox, "name = \"c\""), (mailbox, "name = \"2.c-n\""), (mailbox, &longest)]);
    }

    #[test]
    fn rte_8_each_country_of_sellers_has_one_mailbox() {
        let problem = "RTE-8: each country of sellers has one mailbox";
        let first = "name = \"csba-ustous\"";
        refused_each(&[
            ("countries = [\"US\"]", "countries = []", first, problem),
            ("countries = [\"US\"]", "countries = [\"US\", \"CN\"]", first, problem),
        ]);
    }
}
