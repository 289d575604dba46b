//! An answer's rows as CSV (RFC 4180, UTF-8, with a header line). The cells are taken from the JSON answer, so that both
//! say the same; whoever opens the file in a spreadsheet must not run what somebody else wrote into an id.

use crate::{commit::Answer, failure::Failure, http::Request};
use serde_json::Value;

/// A column: its name, and where in a row its cell is (RFC 6901).
pub type Column = (&'static str, &'static str);

/// Rows that take the place of the JSON body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csv {
    /// The file.
    pub text: String,
    /// The query of the next page, for the `Link` header (RFC 8288).
    pub next: Option<String>,
}

/// What spreadsheets take for the beginning of a formula.
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

impl Answer {
    /// INS-4: for who asks for CSV the rows that stand under `name`, for everybody else the body as it is.
    pub fn negotiated(
        self,
        request: &Request,
        name: &str,
        columns: &[Column],
        next: Option<String>,
    ) -> Result<Self, Failure> {
        if request.wants_csv() { self.as_csv(name, columns, next) } else { Ok(self) }
    }

    /// The rows that stand under `name` in the body, as CSV. `next` is the query of the next page.
    pub fn as_csv(self, name: &str, columns: &[Column], next: Option<String>) -> Result<Self, Failure> {
        let rows = self.body.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let text = table(columns, rows).map_err(|error| Failure::Fault(format!("{name} as CSV: {error}")))?;
        Ok(Self { csv: Some(Csv { text, next }), ..self })
    }
}

fn table(columns: &[Column], rows: &[Value]) -> Result<String, Box<dyn std::error::Error>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(columns.iter().map(|(name, _)| *name))?;
    for row in rows {
        writer.write_record(columns.iter().map(|(_, at)| row.pointer(at).map_or_else(String::new, cell)))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// A number stays one; a text that would be a formula begins with an apostrophe, which spreadsheets read as "this is text".
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(FORMULA) => format!("'{text}"),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const COLUMNS: [Column; 3] = [("name", "/name"), ("n", "/n"), ("deep", "/why/deep")];

    fn read(text: &str) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn ins_4_a_row_is_written_by_its_columns_and_what_is_not_there_is_empty() {
        let rows = [json!({ "name": "a,b\"c", "n": -25, "why": { "deep": { "up_to": 500 } } }), json!({ "n": null })];
        let text = table(&COLUMNS, &rows).unwrap();
        assert_eq!(text, "name,n,deep\r\n\"a,b\"\"c\",-25,\"{\"\"up_to\"\":500}\"\r\n,,\r\n");
    }

    proptest! {
        #[test]
        fn ins_4_no_cell_is_a_formula_and_every_cell_says_what_the_json_says(
            rows in prop::collection::vec(("([=+@\t\r\n-]|\\PC){0,8}", any::<i64>(), prop::option::of("[-=+@a,\"]{0,4}")), 0..8)
        ) {
            let json: Vec<_> = rows.iter().map(|(name, n, deep)| json!({ "name": name, "n": n, "why": { "deep": deep } })).collect();
            let cells = read(&table(&COLUMNS, &json).unwrap());
            prop_assert_eq!(cells.len(), rows.len() + 1);
            for (cells, (name, n, deep)) in cells.iter().skip(1).zip(&rows) {
                for cell in cells {
                    prop_assert!(!cell.starts_with(FORMULA) || cell.parse::<i64>().is_ok_and(|n| n < 0), "{:?}", cell);
                }
                prop_assert_eq!(cells[1].parse::<i64>().unwrap(), *n);
                for (cell, said) in [(&cells[0], name.as_str()), (&cells[2], deep.as_deref().unwrap_or_default())] {
                    let apostrophe = if said.starts_with(FORMULA) { "'" } else { "" };
                    prop_assert_eq!(cell, &format!("{apostrophe}{said}"));
                }
            }
        }
    }
}
