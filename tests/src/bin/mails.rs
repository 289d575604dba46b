//! `cargo xtask mails`: every mail that there is, in both languages, as files to look at, and a page that links them.

use domain::{book::Book, seller::SellerLanguage};
use notice_sender::{mime, samples};
use std::{env, error::Error, fmt::Write, fs, path::PathBuf};

const LANGUAGES: [(&str, SellerLanguage); 2] = [("en", SellerLanguage::En), ("zh", SellerLanguage::Zh)];
const FRAME: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Every mail</title>\n\
    <style>body { font: 15px/1.6 sans-serif; margin: 24px; } td { padding-right: 24px; }</style>\n\
    <h1>Every mail</h1>\n<table>\n";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args_os().nth(1).ok_or("mails <folder>")?);
    fs::create_dir_all(&folder)?;
    let (book, date) = (Book::shipped()?, "2026-06-16T21:00:37Z".parse()?);
    let mut index = FRAME.to_owned();
    for sample in samples::every() {
        let notice = &sample.notice;
        let store = book.store(&notice.store).ok_or("a sample of no store")?;
        write!(index, "<tr><td>{}<td>{}", notice.kind.name(), sample.shape)?;
        for (code, language) in LANGUAGES {
            let letter = sample.letter(store, language)?;
            let mail = mime::build(&notice.id, &letter, sample.envelope(store), date)?;
            let name = format!("{}.{}.{code}", notice.kind.name(), sample.shape);
            let text = format!("{}\n\n{}", letter.subject, letter.text);
            for (end, content) in [("eml", &mail), ("txt", &text), ("html", &letter.html)] {
                fs::write(folder.join(format!("{name}.{end}")), content)?;
                write!(index, "<td><a href=\"{name}.{end}\">{code}.{end}</a>")?;
            }
        }
        index.push('\n');
    }
    index.push_str("</table>\n");
    fs::write(folder.join("index.html"), index)?;
    Ok(())
}
