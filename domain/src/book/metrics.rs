//! Reading the registry of figures: each has its definition, in every language, and nothing else has one.

use super::{DataError, File};
use crate::insight::{Definition, Metric, Metrics, Text};
use std::collections::BTreeMap;
use toml::Spanned;

pub(super) fn metrics(file: &File<'_>) -> Result<Metrics, DataError> {
    let raw: BTreeMap<Metric, Spanned<Definition>> = file.parse()?;
    if let Some(missing) = Metric::ALL.into_iter().find(|metric| !raw.contains_key(metric)) {
        return Err(file.error(0, format!("{missing} has no definition")));
    }
    let read = raw.into_iter().map(|(metric, row)| {
        let (start, definition) = (row.span().start, row.into_inner());
        let Definition { name, meaning, formula, .. } = &definition;
        let texts = [name, meaning].into_iter().flat_map(|Text { en, zh }| [en, zh]).chain([formula]);
        if texts.into_iter().any(|text| text.trim().is_empty()) {
            return Err(file.error(start, format!("{metric} is not said in every language")));
        }
        Ok((metric, definition))
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::METRICS;

    fn refused(text: &str) -> String {
        metrics(&File { name: "metrics.toml", text }).unwrap_err().to_string()
    }

    #[test]
    fn ins_1_each_figure_is_defined_and_nothing_else_is() {
        let text = METRICS.1;
        assert_eq!(metrics(&File { name: "metrics.toml", text }).unwrap().len(), Metric::ALL.len());
        assert_eq!(refused(&text[text.find("[cpu]").unwrap()..]), "metrics.toml:1: fee_rate has no definition");
        assert!(refused(&text.replace("[cpu]", "[cpux]")).contains("unknown variant `cpux`"));
    }

    #[test]
    fn ins_1_a_definition_says_something_in_every_language() {
        let text = METRICS.1.replacen("zh = \"单件费率\"", "zh = \" \"", 1);
        assert!(refused(&text).ends_with("fee_rate is not said in every language"), "{}", refused(&text));
    }
}
