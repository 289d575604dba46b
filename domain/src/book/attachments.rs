//! Reading what sellers may attach to a reply.

use super::{DataError, File};
use crate::attachment::Attachable;
use chrono::TimeDelta;
use serde::Deserialize;
use toml::Spanned;

/// S3 takes no more in one upload.
const LARGEST_BYTES: u64 = 5 * 1024 * 1024 * 1024;
/// An item holds no more declarations than that with the rest of a request.
const MOST: usize = 20;
/// No link is good for longer than half a day.
const LONGEST_MINUTES: u32 = 12 * 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAttachments {
    types: Vec<String>,
    largest_bytes: u64,
    most: usize,
    upload_minutes: u32,
    download_minutes: u32,
}

pub(super) fn attachments(file: &File<'_>, raw: Spanned<RawAttachments>) -> Result<Attachable, DataError> {
    let start = raw.span().start;
    let RawAttachments { types, largest_bytes, most, upload_minutes, download_minutes } = raw.into_inner();
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"/+.-".contains(&byte);
    let named = |name: &String| name.split('/').count() == 2 && name.bytes().all(plain);
    if types.is_empty() || !types.iter().all(named) {
        return Err(file.error(start, "REQ-6: a type of content is two words of a-z 0-9 + . - and a / between them"));
    }
    let minutes = 1..=LONGEST_MINUTES;
    let links = minutes.contains(&upload_minutes) && minutes.contains(&download_minutes);
    if !links || !(1..=LARGEST_BYTES).contains(&largest_bytes) || !(1..=MOST).contains(&most) {
        return Err(file.error(start, "REQ-6: 1 to 20 files of 1 byte to 5 GB, and links for 1 minute to 12 hours"));
    }
    let minutes = |minutes: u32| TimeDelta::minutes(minutes.into());
    let (upload, download) = (minutes(upload_minutes), minutes(download_minutes));
    Ok(Attachable { types, largest: largest_bytes, most, upload, download })
}
