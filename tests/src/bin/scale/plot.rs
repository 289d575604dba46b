//! The picture: calls and memory over size, both axes by powers of ten, so that what grows in proportion is a line at 45
//! degrees and what does not grow is a level one.

#![expect(clippy::cast_precision_loss, reason = "a picture is drawn to a tenth of a point")]

use std::fmt::Write;

/// One growth: size, calls, and megabytes.
pub struct Series {
    pub name: &'static str,
    pub points: Vec<(u64, u64, f64)>,
}

const COLOURS: [&str; 8] = ["#0b6e99", "#c4554d", "#448361", "#9065b0", "#cb912f", "#787774", "#d9730d", "#b35488"];
/// Pixels of one power of ten, and the powers that are shown.
const DECADE: f64 = 70.0;
const RIGHT: i32 = 7;
const UP: i32 = 7;
const LEFT: f64 = 60.0;
const TOP: f64 = 40.0;
const MARGIN: f64 = 20.0;

pub fn svg(series: &[Series]) -> String {
    let width = f64::from(RIGHT).mul_add(DECADE, LEFT + MARGIN) * 2.0;
    let height = f64::from(UP).mul_add(DECADE, TOP) + 60.0 + 18.0 * series.len() as f64;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" \
         font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    panel(&mut out, 0.0, "calls of one invocation", 0, series, |point| point.1 as f64);
    panel(&mut out, width / 2.0, "MB of one invocation", -2, series, |point| point.2);
    for (n, one) in series.iter().enumerate() {
        let (y, colour) = (f64::from(UP).mul_add(DECADE, TOP) + 50.0 + 18.0 * n as f64, COLOURS[n % COLOURS.len()]);
        let _ = writeln!(out, "<rect x=\"{LEFT}\" y=\"{}\" width=\"12\" height=\"4\" fill=\"{colour}\"/>", y - 5.0);
        let _ = writeln!(out, "<text x=\"{}\" y=\"{y}\">{}</text>", LEFT + 18.0, one.name);
    }
    out + "</svg>\n"
}

/// One pair of axes; the lowest power of ten that the upright one shows is given.
fn panel(out: &mut String, x: f64, title: &str, lowest: i32, series: &[Series], of: impl Fn(&(u64, u64, f64)) -> f64) {
    let bottom = f64::from(UP).mul_add(DECADE, TOP);
    let across = |value: f64| x + value.max(1.0).log10().mul_add(DECADE, LEFT);
    let up = |value: f64| bottom - (value.max(10_f64.powi(lowest)).log10() - f64::from(lowest)) * DECADE;
    let _ = writeln!(out, "<text x=\"{}\" y=\"24\" font-size=\"14\">{title}</text>", x + LEFT);
    for power in 0..=RIGHT {
        let at = across(10_f64.powi(power));
        let _ = writeln!(out, "<path d=\"M{at} {TOP}V{bottom}\" stroke=\"#ddd\"/>");
        let _ = writeln!(out, "<text x=\"{at}\" y=\"{}\" text-anchor=\"middle\">10^{power}</text>", bottom + 16.0);
    }
    for power in lowest..=lowest + UP {
        let at = up(10_f64.powi(power));
        let _ = writeln!(out, "<path d=\"M{} {at}H{}\" stroke=\"#ddd\"/>", across(1.0), across(10_f64.powi(RIGHT)));
        let _ =
            writeln!(out, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">10^{power}</text>", x + LEFT - 6.0, at + 4.0);
    }
    for (n, one) in series.iter().enumerate() {
        let colour = COLOURS[n % COLOURS.len()];
        let points: Vec<_> =
            one.points.iter().map(|point| format!("{:.1},{:.1}", across(point.0 as f64), up(of(point)))).collect();
        let _ = writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            points.join(" ")
        );
        for point in points {
            let (x, y) = point.split_once(',').unwrap_or_default();
            let _ = writeln!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"3\" fill=\"{colour}\"/>");
        }
    }
}
