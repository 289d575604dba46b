use super::*;

/// Not the shipped one: a case names the text that it replaces, and that one gains entries.
pub(super) const US: &str = include_str!("tests/us.toml");

/// The line of the first place where this stands, from 1.
pub(super) fn line(text: &str, what: &str) -> usize {
    text.split(what).next().unwrap().matches('\n').count().saturating_add(1)
}

pub(super) fn refused(text: &str) -> String {
    Book::read(&[("stores/us.toml", text)], TOPICS, QUESTIONS, REASONS, MACROS).unwrap_err().to_string()
}

/// For each case the text of the US store with one thing replaced, the text that marks the line to be named, and
/// what is said of it.
pub(super) fn refused_each(cases: &[(&str, &str, &str, &str)]) {
    for (from, to, marked, problem) in cases {
        assert!(US.contains(from), "{from}");
        let text = US.replace(from, to);
        assert_eq!(refused(&text), format!("stores/us.toml:{}: {problem}", line(&text, marked)), "{from} -> {to}");
    }
}

/// For each case the text of the US store with one thing replaced, which breaks no rule.
pub(super) fn taken_each(cases: &[(&str, &str)]) {
    for (from, to) in cases {
        assert!(US.contains(from), "{from}");
        let text = US.replace(from, to);
        let read = Book::read(&[("stores/us.toml", &text)], TOPICS, QUESTIONS, REASONS, MACROS);
        assert_eq!(read.map(|book| book.stores.len()).map_err(|e| e.to_string()), Ok(1), "{from} -> {to}");
    }
}

fn refused_topics(text: &str) -> String {
    Book::read(&[], ("topics.toml", text), QUESTIONS, REASONS, MACROS).unwrap_err().to_string()
}

#[test]
fn every_file_of_a_store_is_compiled_in() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/stores");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut there: Vec<String> = names.map(|name| format!("stores/{name}")).collect();
    there.sort();
    assert_eq!(there, STORES.map(|(name, _)| name), "the files, and the rows of STORES in their order");
    let ids = Book::shipped().unwrap().stores.into_keys();
    assert_eq!(there, ids.map(|id| format!("stores/{}.toml", id.as_str().to_lowercase())).collect::<Vec<_>>());
}

#[test]
fn ins_1_the_book_defines_each_figure() {
    let book = Book::shipped().unwrap();
    let defined: Vec<_> = book.metrics().unwrap().keys().copied().collect();
    assert_eq!(defined, crate::insight::Metric::ALL);
}

#[test]
fn acc_2_a_pace_of_writing_is_in_force_from_the_first_instant_of_its_day() {
    let text =
        US.replace("[[write_paces]]\neffective_from = 2015-01-01", "[[write_paces]]\neffective_from = 2017-06-05");
    let book = Book::read(&[("stores/us.toml", &text)], TOPICS, QUESTIONS, REASONS, MACROS).unwrap();
    let store = book.stores.values().next().unwrap();
    let midnight = "2017-06-05T07:00:00Z".parse().unwrap();
    let pace = store.write_pace_at(midnight).unwrap();
    assert_eq!((pace.effective_from, pace.at_once, pace.each), (midnight, 60, chrono::TimeDelta::seconds(1)));
    assert_eq!(store.write_pace_at(midnight - crate::testing::MILLI), None, "as they like before");
}

#[test]
fn a_store_that_breaks_a_rule_is_refused_with_its_line() {
    let cases = [
        ("\"100.00\"", "\"100\"", "\"100\"", "\"100\" is no amount of USD: it has 2 decimals"),
        ("\"USD\"", "\"USX\"", "\"USX\"", "\"USX\" is no currency of ISO 4217"),
        (
            "\"America/Los_Angeles\"",
            "\"America/LA\"",
            "America/LA",
            "\"America/LA\" is not a time zone of those that .cargo/config.toml compiles in",
        ),
        ("\"US\"\nname", "\"U S\"\nname", "\"U S\"", "\"U S\" is not a store id"),
        ("delay_minutes = 15", "delay_minutes = 61", "minutes = 61", "ENR-3: the activation delay is 0 to 60 minutes"),
        ("delay_minutes = 15", "delay_minutes = -1", "minutes = -1", "ENR-3: the activation delay is 0 to 60 minutes"),
        ("[\"en\", \"es\"]", "[]", "languages = []", "a store has a language; the first is its default"),
        ("\"MO\"", "\"mo\"", "\"mo\"", "countries are named by two capital letters, at least one"),
        ("effective_from = 2026", "effective_from = 2014", "from = 2014", "terms stand in the order of their days"),
        (
            "effective_from = 2026",
            "effective_from = 2015",
            "from = 2015-01-01\n\n[[claim",
            "terms stand in the order of their days",
        ),
        ("country = \"US\"", "country = \"us\"", "\"us\"", "a store is in a country, named by two capital letters"),
        ("2026-02-16", "2014-02-16", "2014-02-16", "claim windows stand in the order of their days"),
        (
            "types = [\"application/pdf\", \"image/jpeg\"",
            "types = [\"application/pdf\", \"jpeg\"",
            "[attachments]",
            "REQ-6: a type of content is two words of a-z 0-9 + . - and a / between them",
        ),
        (
            "most = 5",
            "most = 21",
            "[attachments]",
            "REQ-6: 1 to 20 files of 1 byte to 5 GB, and links for 1 minute to 12 hours",
        ),
        (
            "upload_minutes = 15",
            "upload_minutes = 0",
            "[attachments]",
            "REQ-6: 1 to 20 files of 1 byte to 5 GB, and links for 1 minute to 12 hours",
        ),
        (
            "largest_bytes = 10_485_760",
            "largest_bytes = 5_368_709_121",
            "[attachments]",
            "REQ-6: 1 to 20 files of 1 byte to 5 GB, and links for 1 minute to 12 hours",
        ),
        (
            "delay_hours = 24",
            "delay_hours = 337",
            "[survey]",
            "INS-3: a survey is sent within 14 days, and valid for 1 to 90",
        ),
        (
            "valid_days = 14",
            "valid_days = 0",
            "[survey]",
            "INS-3: a survey is sent within 14 days, and valid for 1 to 90",
        ),
    ];
    refused_each(&cases);
}

#[test]
fn ins_3_a_survey_may_be_sent_14_days_later_and_be_valid_for_90() {
    taken_each(&[("delay_hours = 24", "delay_hours = 336"), ("valid_days = 14", "valid_days = 90")]);
}

#[test]
fn req_6_what_may_be_attached_goes_up_to_20_files_5_gb_and_12_hours() {
    taken_each(&[
        ("most = 5\n", "most = 20\n"),
        ("largest_bytes = 10_485_760", "largest_bytes = 5_368_709_120"),
        ("upload_minutes = 15", "upload_minutes = 720"),
    ]);
    let bounds = "REQ-6: 1 to 20 files of 1 byte to 5 GB, and links for 1 minute to 12 hours";
    refused_each(&[("upload_minutes = 15", "upload_minutes = 721", "[attachments]", bounds)]);
}

#[test]
fn an_unknown_key_is_refused_with_its_line_wherever_it_stands() {
    let cases = [
        ("name = ", "nmae = 1\nname = ", "nmae"),
        ("denominator", "currency = \"USD\"\ndenominator", "currency = \"USD\"\nden"),
        ("up_to_units = 30,", "up_to_units = 30, units = 1,", "default = {"),
        ("reason = \"free_cpu\",", "reason = \"free_cpu\", cpu = \"3%\",", "free = ["),
    ];
    for (from, to, marked) in cases {
        let text = US.replacen(from, to, 1);
        let said = refused(&text);
        let place = format!("stores/us.toml:{}: unknown field `", line(&text, marked));
        assert!(said.starts_with(&place), "{said} / {place}");
    }
}

#[test]
fn a_text_that_is_no_toml_is_refused_with_its_line() {
    let text = US.replace("currency = ", "currency ");
    let said = refused(&text);
    assert!(said.starts_with(&format!("stores/us.toml:{}: ", line(&text, "currency "))), "{said}");
    assert!(!said.contains('\n'), "{said}");
}

#[test]
fn two_files_about_one_store_are_refused() {
    let other_boxes = US.replace("name = \"csba-", "name = \"other-");
    let twice =
        Book::read(&[("stores/us.toml", US), ("stores/us2.toml", &other_boxes)], TOPICS, QUESTIONS, REASONS, MACROS)
            .unwrap_err();
    assert_eq!(twice.to_string(), format!("stores/us2.toml:{}: another file is about this store", line(US, "id = ")));
}

#[test]
fn rte_8_a_mailbox_of_another_store_is_refused() {
    let other = US.replace("id = \"US\"", "id = \"XX\"");
    let twice = Book::read(&[("us.toml", US), ("xx.toml", &other)], TOPICS, QUESTIONS, REASONS, MACROS).unwrap_err();
    let said = "RTE-8: a mail finds its store by its mailbox, and another has this one";
    assert_eq!(twice.to_string(), format!("xx.toml:{}: {said}", line(US, "id = ")));
}

#[test]
fn a_store_without_terms_is_refused() {
    let text = US.replace("[[terms]]", "[[rate_cards]]").replace("[[rate_cards]]\nversion", "[[x]]\nversion");
    assert!(refused(&text).contains("unknown field `x`"));
    let start = text.find("[[x]]").unwrap();
    let end = text.find("[[claim_windows]]").unwrap();
    let text = format!("terms = []\n{}{}", &text[..start], &text[end..]);
    let said = format!("stores/us.toml:{}: a store has terms and a rate card", line(&text, "id = \"US\""));
    assert_eq!(refused(&text), said);
}

const ROW: &str = r#"{ code = "a", family = "order", scope = "in_scope", liable = "open", counts = true, after_silence = "person", sure_from = 95 },"#;

#[test]
fn rte_11_a_topic_that_breaks_a_rule_is_refused_with_its_line() {
    let second = |row: &str| format!("topics = [\n{ROW}\n{row}\n]\nunclear = \"a\"");
    assert_eq!(refused_topics(&second(ROW)), "topics.toml:3: a is there twice");
    let row = ROW.replace("\"a\"", "\"a-b\"");
    assert_eq!(refused_topics(&second(&row)), "topics.toml:3: \"a-b\" is no code: a-z and _");
    let row = ROW.replace("\"a\"", "\"b\"").replace("in_scope", "invoice");
    assert_eq!(refused_topics(&second(&row)), "topics.toml:3: FEE-4: b is out of scope and cannot count");
    let row = ROW.replace("\"a\"", "\"b\"").replace("\"order\"", "\"weather\"");
    assert_eq!(
        refused_topics(&second(&row)),
        "topics.toml:3: unknown variant `weather`, expected one of `delivery`, `product`, `return`, `refund`, \
         `order`, `other`"
    );
    let row = ROW.replace("\"a\"", "\"b\"").replace("liable", "laible");
    assert!(refused_topics(&second(&row)).starts_with("topics.toml:3: unknown field `laible`"));
}

#[test]
fn rte_12_a_guess_that_would_send_a_customer_away_is_sure_from_98_percent_at_the_least() {
    let with = |row: &str| format!("topics = [\n{ROW}\n{row}\n]\nunclear = \"a\"");
    let none = ("macros.toml", "macros = []");
    let said =
        |row: &str| Book::read(&[], ("topics.toml", &with(row)), QUESTIONS, REASONS, none).err().map(|e| e.to_string());
    let outside = |from: u8| {
        let row = ROW.replace("\"a\"", "\"b\"").replace("in_scope", "invoice").replace("true", "false");
        said(&row.replace("sure_from = 95", &format!("sure_from = {from}")))
    };
    let refused = Some("topics.toml:3: RTE-12: a guess at b is sure from 98 to 100 percent".to_owned());
    assert_eq!([97, 98, 100, 101].map(outside), [refused.clone(), None, None, refused]);
    let ours = |from: u8| {
        let row = ROW.replace("\"a\"", "\"b\"");
        said(&row.replace("sure_from = 95", &format!("sure_from = {from}")))
    };
    let refused = Some("topics.toml:3: RTE-12: a guess at b is sure from 1 to 100 percent".to_owned());
    assert_eq!([0, 1, 100, 101].map(ours), [refused.clone(), None, None, refused]);
}

#[test]
fn rte_12_what_is_unclear_is_taken_in_as_a_topic_that_the_service_answers() {
    let other = ROW.replace("\"a\"", "\"b\"").replace("in_scope", "pre_order").replace("true", "false");
    let other = other.replace("sure_from = 95", "sure_from = 98");
    for code in ["b", "c"] {
        let text = format!("topics = [\n{ROW}\n{other}\n]\nunclear = \"{code}\"");
        let said = format!("topics.toml:5: RTE-12: \"{code}\" must be a topic that the service answers");
        assert_eq!(refused_topics(&text), said);
    }
}

#[test]
fn req_6_a_question_that_breaks_a_rule_is_refused_with_its_line() {
    let refused = |row: &str| {
        let text = format!("product_fact = [\n{row}\n]");
        Book::read(&[], TOPICS, ("questions.toml", &text), REASONS, MACROS).unwrap_err().to_string()
    };
    let slot = |takes: &str| format!("{{ name = \"a\", label = {{ en = \"A\", zh = \"甲\" }}, takes = {takes} }},");
    let day = slot("\"day\"");
    assert_eq!(refused(&format!("{day}\n{day}")), "questions.toml:3: a is there twice");
    assert_eq!(refused(&slot("{ number = [2, 1] }")), "questions.toml:2: no number fits a");
    let unknown = refused(&slot("\"mood\""));
    assert!(unknown.starts_with("questions.toml:2: unknown variant `mood`"), "{unknown}");
    let unknown = Book::read(&[], TOPICS, ("questions.toml", "weather = []"), REASONS, MACROS).unwrap_err().to_string();
    assert!(unknown.starts_with("questions.toml:1: unknown variant `weather`"), "{unknown}");
}
