//! `mails`: every mail that there is, in both languages, as files under `target/mails`, with a picture of each where there
//! is a browser.

use std::{
    collections::VecDeque,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
    thread,
};

use crate::{
    browse, bundle,
    house::House,
    process, progress,
    trouble::{OrSay, Outcome},
};

/// As wide as a letter and what is around it, and as high as the longest.
const WINDOW: &str = "--window-size=680,900";

pub fn write(house: &House) -> Outcome<()> {
    let folder = house.root().join("target/mails");
    // What was written before may be called otherwise now.
    drop(fs::remove_dir_all(&folder));
    process::run(bundle::program(house, "mails")?.arg(&folder), "target/debug/mails")?;
    match browse::browser() {
        Ok(browser) => progress::step("took a picture of each mail", |_| take_pictures(&browser, &folder))?,
        Err(why) => println!("no pictures: {why}"),
    }
    println!("{}", folder.join("index.html").display());
    Ok(())
}

/// A picture of each page, as many at a time as there are processors.
fn take_pictures(browser: &Path, folder: &Path) -> Outcome<()> {
    let files = fs::read_dir(folder).or_say(format_args!("cannot read {}", folder.display()))?;
    let files = files.filter_map(Result::ok).map(|entry| entry.path());
    let waiting: VecDeque<_> = files.filter(|path| path.extension().is_some_and(|end| end == "html")).collect();
    let waiting = Mutex::new(waiting);
    let take = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let work = || {
        while let Some(page) = take().filter(|_| !process::interrupted()) {
            take_picture(browser, &page)?;
        }
        Ok(())
    };
    let at_once = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..at_once).map(|_| scope.spawn(work)).collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).collect()
    })
}

fn take_picture(browser: &Path, page: &PathBuf) -> Outcome<()> {
    let mut shot = Command::new(browser);
    shot.args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", WINDOW]);
    shot.arg(format!("--screenshot={}", page.with_extension("png").display())).arg(page);
    process::run_quietly(&mut shot, "the browser", |_| ())
}
