//! Text whose paragraphs were broken into lines for transfer (RFC 3676), with its paragraphs whole again.

/// The text with its paragraphs whole. `joined` is whether the space before a break was added with it.
pub fn unfolded(text: &str, joined: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut flowing: Option<usize> = None;
    for (at, line) in text.lines().enumerate() {
        let depth = line.bytes().take_while(|&byte| byte == b'>').count();
        let content = line.get(depth..).unwrap_or_default();
        let content = content.strip_prefix(' ').unwrap_or(content);
        let is_signature = content == "-- ";
        if flowing != Some(depth) || is_signature {
            if at > 0 {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 && !content.is_empty() {
                out.push(' ');
            }
        }
        let flows = content.ends_with(' ') && !is_signature;
        out.push_str(content.strip_suffix(' ').filter(|_| flows && joined).unwrap_or(content));
        flowing = flows.then_some(depth);
    }
    out
}
