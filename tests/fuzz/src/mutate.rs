//! Changes that libFuzzer does not think of: JSON stays JSON, and one of its values, fields or entries is another one.
//! A flipped byte seldom gets past a parser; this is how what lies behind the parser is reached.

use serde_json::{Map, Value as Json, json};
use std::sync::LazyLock;

/// What the dictionary holds: names of fields, and words.
static WORDS: LazyLock<(Vec<&str>, Vec<&str>)> = LazyLock::new(|| {
    let plain = include_str!("../fields.dict").lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    let (fields, words): (Vec<_>, Vec<_>) = plain.partition(|word| word.ends_with("\\\":"));
    let fields = fields.into_iter().filter_map(|field| field.strip_prefix("\\\"")?.strip_suffix("\\\":")).collect();
    (fields, words.into_iter().filter(|word| !word.contains('\\')).collect())
});

/// More than any text may hold.
const LONG: usize = 10_001;

/// Dice that fall the same way for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % sides.max(1)
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        of.get(self.below(of.len())).copied()
    }
}

/// The input with something else in its JSON; nothing where it has none, or where a byte may rather be flipped.
#[must_use]
pub fn change(input: &[u8], seed: u32) -> Option<Vec<u8>> {
    let mut dice = Dice(u64::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    if dice.below(3) == 0 {
        return None;
    }
    let whole = object(input).map(|found| (0, found));
    let lines: Vec<_> = if whole.is_some() { vec![input] } else { input.split(|byte| *byte == b'\n').collect() };
    let objects = lines.iter().enumerate().filter_map(|(n, line)| Some((n, object(line)?)));
    let mut objects: Vec<_> = whole.map_or_else(|| objects.collect(), |whole| vec![whole]);
    if objects.is_empty() {
        return None;
    }
    let (n, (from, mut json)) = objects.swap_remove(dice.below(objects.len()));
    for _ in 0..=dice.below(3) {
        alter(&mut json, &mut dice);
    }
    let mut changed = Vec::with_capacity(input.len() + 64);
    for (i, line) in lines.iter().enumerate() {
        if i > 0 {
            changed.push(b'\n');
        }
        if i == n {
            changed.extend_from_slice(line.get(..from)?);
            changed.extend_from_slice(json.to_string().as_bytes());
        } else {
            changed.extend_from_slice(line);
        }
    }
    Some(changed)
}

/// The object that this text ends with, and where it begins: at once, or behind what the first bytes choose.
fn object(text: &[u8]) -> Option<(usize, Json)> {
    let from = text.iter().take(3).position(|byte| *byte == b'{')?;
    Some((from, serde_json::from_slice(text.get(from..)?).ok()?))
}

fn alter(json: &mut Json, dice: &mut Dice) {
    match json {
        Json::Object(fields) if !fields.is_empty() => alter_object(fields, dice),
        Json::Array(entries) if !entries.is_empty() => {
            let n = dice.below(entries.len());
            match dice.below(6) {
                0 => drop(entries.swap_remove(n)),
                1 => entries.extend(entries.get(n).cloned()),
                _ => entries.get_mut(n).into_iter().for_each(|entry| alter(entry, dice)),
            }
        }
        Json::String(text) => match serde_json::from_str(text) {
            // A message in its envelope.
            Ok(mut inner @ Json::Object(_)) => {
                alter(&mut inner, dice);
                *text = inner.to_string();
            }
            _ if dice.below(4) == 0 => *text = another_text(text, dice),
            _ => *json = anything(dice),
        },
        Json::Number(number) if dice.below(2) == 0 => {
            let number = number.as_i64().unwrap_or_default();
            let near = [number.wrapping_add(1), number.wrapping_sub(1), number.wrapping_mul(2), number.wrapping_neg()];
            *json = json!(dice.one(&near));
        }
        other => *other = anything(dice),
    }
}

fn alter_object(fields: &mut Map<String, Json>, dice: &mut Dice) {
    let names: Vec<_> = fields.keys().cloned().collect();
    let name = names.get(dice.below(names.len())).cloned().unwrap_or_default();
    match dice.below(12) {
        0 => drop(fields.remove(&name)),
        1 => {
            let field = dice.one(&WORDS.0).unwrap_or_default();
            fields.insert(field.to_owned(), anything(dice));
        }
        // Another field's value.
        2 => {
            let from = names.get(dice.below(names.len())).and_then(|from| fields.get(from)).cloned();
            fields.insert(name, from.unwrap_or_default());
        }
        _ => fields.get_mut(&name).into_iter().for_each(|field| alter(field, dice)),
    }
}

fn another_text(text: &str, dice: &mut Dice) -> String {
    let half = text.chars().count() / 2;
    match dice.below(6) {
        0 => text.chars().take(half).collect(),
        1 => format!("{text}{text}"),
        2 => format!("{text}\u{1F4A3}"),
        3 => format!("{text}\r\nBcc: x@y.example"),
        4 => text.to_uppercase(),
        _ => format!("{text}#"),
    }
}

fn anything(dice: &mut Dice) -> Json {
    let numbers = [0, 1, -1, 2, 3, 12, 64, 100, 999, 1_000, 65_536, 1_000_000_000_000, i64::MAX, i64::MIN];
    match dice.below(24) {
        0 => Json::Null,
        1 => json!(true),
        2 => json!(false),
        3 => json!([]),
        4 => json!({}),
        5 => json!(1.5),
        6 => json!(u64::MAX),
        7 => json!("x".repeat(LONG)),
        8 => json!(""),
        9..12 => json!(dice.one(&numbers)),
        _ => json!(dice.one(&WORDS.1)),
    }
}
