//! Style, script and icon. Their names hold a digest of their content, so a browser keeps them for a year and never has an
//! old one.

use domain::outcome::Refusal;
use shell::{commit::digest, failure::Failure, http::Request, page::Page};
use std::sync::LazyLock;

/// A file that every browser gets.
struct Asset {
    name: String,
    kind: &'static str,
    text: &'static str,
}

static STYLE: LazyLock<Asset> =
    LazyLock::new(|| asset("style", "css", "text/css", include_str!("../static/style.css")));
static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| asset("script", "js", "text/javascript", include_str!("../static/script.js")));

static ICON: LazyLock<Asset> =
    LazyLock::new(|| asset("icon", "svg", "image/svg+xml", include_str!("../static/icon.svg")));

fn asset(name: &str, extension: &str, kind: &'static str, text: &'static str) -> Asset {
    let digest = digest(text.as_bytes());
    Asset { name: format!("{name}-{}.{extension}", digest.get(..12).unwrap_or_default()), kind, text }
}

/// Where the style is.
#[must_use]
pub fn style() -> String {
    format!("/static/{}", STYLE.name)
}

/// Where the script is.
#[must_use]
pub fn script() -> String {
    format!("/static/{}", SCRIPT.name)
}

/// Where the icon is.
#[must_use]
pub fn icon() -> String {
    format!("/static/{}", ICON.name)
}

/// `GET /static/{file}`. No call.
pub fn show(request: &Request) -> Result<Page, Failure> {
    let name: String = request.path("file")?;
    let found = [&*STYLE, &*SCRIPT, &*ICON].into_iter().find(|asset| asset.name == name);
    let asset = found.ok_or_else(|| Failure::from(Refusal::unseen("file")))?;
    let headers = vec![
        ("content-type", format!("{}; charset=utf-8", asset.kind)),
        ("cache-control", "public, max-age=31536000, immutable".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
    ];
    Ok(Page { status: 200, headers, cookies: Vec::new(), body: asset.text.to_owned() })
}
