//! How bytes are read: so that a person can write an input, a small change of it is a small change of the event, and
//! what is already in the world can be named without knowing its id.

/// An input that begins like this is the trigger's event itself, as in `tests/events`.
pub fn is_event(bytes: &[u8]) -> bool {
    bytes.starts_with(b"{")
}

/// `0` is 0, `1` is 1, and whatever follows in ASCII goes on; whatever stands before begins from above.
pub fn choice(byte: Option<&u8>) -> usize {
    usize::from(byte.copied().unwrap_or_default().wrapping_sub(b'0'))
}

/// The bytes with every name replaced by its id.
pub fn named(bytes: &[u8], names: &[(&'static str, String)]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        let found = (first == b'$').then(|| names.iter().find(|(name, _)| rest.starts_with(name.as_bytes())));
        if let Some((name, id)) = found.flatten() {
            plain.extend_from_slice(id.as_bytes());
            rest = rest.get(name.len()..).unwrap_or_default();
        } else {
            plain.push(first);
            rest = after;
        }
    }
    plain
}

/// What stands before the first of these bytes, and what after it.
pub fn split(bytes: &[u8], at: u8) -> (&[u8], &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == at);
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

/// Text, as a trigger would bring it.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Which of these an answer holds although the input did not bring it along.
pub fn leaked<'a>(never: &[&'a str], answer: &str, bytes: &[u8]) -> Option<&'a str> {
    let sent = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    never.iter().copied().find(|text| answer.contains(text) && !sent(text))
}

/// How far the clock has gone on since everything was prepared, in milliseconds: not, past every deadline of a
/// request, past the end of a quarter and of a trial, for years.
pub fn delay(choice: usize) -> i64 {
    const HOUR: i64 = 3_600_000;
    match choice % 4 {
        0 => 0,
        1 => 25 * HOUR,
        2 => 100 * 24 * HOUR,
        _ => 1_500 * 24 * HOUR,
    }
}
