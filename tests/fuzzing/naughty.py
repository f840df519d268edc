"""Texts that break careless programs, by what they would break. All written for this project.

Each markup that could run sets off one of the alarms that the browser tests listen for: `alarm(…)`, a request
to `/alarm/…`, or a dialog.
"""

from itertools import product

_TAGS = (
    "script",
    "img",
    "svg",
    "iframe",
    "object",
    "embed",
    "body",
    "video",
    "audio",
    "details",
    "math",
    "style",
)
_HANDLERS = (
    "onerror",
    "onload",
    "ontoggle",
    "onfocus",
    "onmouseover",
    "onanimationstart",
    "onpointerrawupdate",
)
_ENDS = (
    "</textarea>",
    "</title>",
    "</script>",
    "</style>",
    "</template>",
    "-->",
    "]]>",
    "</noscript>",
    "</p></li>",
)
_OPENERS = ('"', "'", "`", '">', "'>", "`>", "&quot;>", '\\">')

MARKUP = (
    *(f"{end}<script>alarm(1)</script>" for end in _ENDS),
    *(f"<{tag} src=/alarm/{tag} {on}=alarm(2)>" for tag, on in zip(_TAGS, _HANDLERS * 2, strict=False)),
    *(f"{end} {on}=alarm(3) autofocus tabindex=1 x=" for end, on in product(_OPENERS, _HANDLERS[:4])),
    "<ScRiPt >alarm(4)</sCrIpT>", "<script\n>alarm(4)</script\n>", "<script/x>alarm(4)</script>",
    "<<script>alarm(4)//<</script>", "<svg><script>alarm(5)</script></svg>",
    "<svg><animate onbegin=alarm(5) attributeName=x dur=1s>",
    "<math><mtext><img src=/alarm/m onerror=alarm(5)>", "<img src=`x`onerror=alarm(6)>",
    "<img/src=/alarm/i/onerror=alarm(6)>", "<a href=\"javas\tcript:alarm(6)\">press</a>",
    "<form action=/alarm/form><button>press</button></form>", "<base href=/alarm/>",
    "<meta http-equiv=refresh content=\"0;url=/alarm/meta\">", "<link rel=stylesheet href=/alarm/css>",
    "<style>*{background:url(/alarm/style)}</style>", "<div style=\"background:url(/alarm/div)\">x</div>",
    "<template shadowrootmode=open><script>alarm(7)</script></template>",
    "<patient-stories service=RXH01></patient-stories>",
    "<noscript><p title=\"</noscript><img src=/alarm/n onerror=alarm(8)>\">",
    "<!--<img src=\"--><img src=/alarm/c onerror=alarm(8)>\">", "&lt;script&gt;alarm(9)&lt;/script&gt;",
    "&#60;script&#62;alarm(9)&#60;/script&#62;", "\\u003cscript\\u003ealarm(9)\\u003c/script\\u003e",
    "<plaintext>", "<xmp>", "<textarea>", "<select><option>", "<!--", "<![CDATA[",
    "<?xml version=\"1.0\"?>", "<b><i></b></i>", "<a name=body>", "<img name=forms>",
)  # fmt: skip
SCRIPT_ADDRESSES = (
    "javascript:alarm(10)", "JaVaScRiPt:alarm(10)", "java\nscript:alarm(10)", "javascript://%0aalarm(10)",
    " javascript:alarm(10)", "vbscript:alarm(10)", "view-source:javascript:alarm(10)",
    "data:text/html,<script>alarm(10)</script>", "data:image/svg+xml,<svg onload=alarm(10)>",
    "blob:https://x/1", "//alarm.example/x", "https://user@alarm.example:1/", "file:///etc/passwd",
    "mailto:a@b?bcc=c@d", "tel:+1;ext=<b>", "[press](javascript:alarm(10))", "![x](/alarm/markdown)",
    "<javascript:alarm(10)>",
)  # fmt: skip
TEMPLATES = (
    "{{7*7}}", "{{ config }}", "{{''.__class__.__mro__}}", "{% for x in range(9) %}x{% endfor %}",
    "{# gone #}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{constructor.constructor('alarm(11)')()}}", "[[7*7]]",
    "{{=<% %>=}}", "@{7*7}", "{php}alarm{/php}", "{{{x}}}", "%{7*7}", "~{x}", "$(id)", "`id`", "; id",
    "| id", "&& id",
)  # fmt: skip
QUERIES = (
    "' OR '1'='1", "'; DROP TABLE story;--", "\" OR 1=1 --", "1) UNION SELECT password FROM account--",
    "Robert'); --", "admin'/*", "%' AND '%'='", "_%_", "\\'", "'' ''''", "NEAR(a b)", "a AND", "\"open",
    "title:x", "story*", "^start", "a:*&b", "!!", "<->", "{a b}:c", "NOT", "OR OR", "rank", "-nurse",
    "(((((", "*",
)  # fmt: skip
FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", "=HYPERLINK(\"https://alarm.example\",\"x\")",
    "\t=1", " =1", "＝1+1", "'=1", "=IMPORTXML(\"https://alarm.example\",\"/\")", "=1\n=2", "\";=1", ",=1",
    "=@=+-",
)  # fmt: skip
HEADERS = (
    "A\r\nBcc: eve@alarm.example", "A\nSet-Cookie: a=b", "A%0d%0aBcc: eve@alarm.example",
    "=?utf-8?q?=0d=0aBcc:eve@alarm.example?=", "=?utf-8?b?DQpCY2M6IGV2ZQ==?=", "A\r\n\r\n<html>",
    "A\u2028Bcc: eve", "A\u0085Bcc: eve", "From nobody", "\n.\n", "\r\n.\r\nQUIT", "QUIT",
    "HTTP/1.1 200 OK", "X: y", "Content-Length: 0", "boundary=--",
)  # fmt: skip
PATHS = (
    "../../../etc/passwd", "..\\..\\windows", "/etc/passwd%00.html", "%2e%2e%2f", "....//", "C:\\con",
    "con", "nul", "a/b/c", "~root", "file.txt:stream", "\\\\alarm.example\\share", ".", "..",
)  # fmt: skip
DATA = (
    "\",\"state\":\"published", "\\", "\\\"", "\\u0000", "\\ud800", "null", "true", "undefined", "NaN",
    "Infinity", "-0", "1e999", "[]", "{}", "[[[[[[", "0x10", "0", "__proto__", "constructor", "toString",
    "hasOwnProperty", "length", "then", "<!ENTITY x SYSTEM \"file:///etc/passwd\">",
    "<!DOCTYPE a [<!ENTITY b \"c\">]>&b;", "&b;", "&nbsp;", "&#0;", "&#xD800;", "&unknown", "&",
    "&&amp;amp;", "a\u2028b", "a\u2029b", "2026-02-30", "1969-12-31T23:59:60Z", "12:60", "'0001-01-01'",
    "99999999999999999999", "1,000.00", "１２３", "½", "Ⅷ",
)  # fmt: skip
FORMATS = (
    "%s%s%s%n", "%d", "%(body)s", "{0}", "{!r}", "{title}", "{0.__class__}", "%%", "$1", "\\1", "\\g<0>",
    "$&", "%1$s", "%08x", "{:>999999999}", "%999999999d", "\\x41", "\\N{BELL}", "\\e[31m", "%u0041",
)  # fmt: skip
MARKDOWN = (
    "# heading", "* one\n* two", "1. one", "> said", "    code", "```\ncode\n```", "**bold**", "_under_",
    "~~gone~~", "[text](https://alarm.example)", "<https://alarm.example>", "| a | b |\n|---|---|", "---",
    "![alt](x)", "[^1]", "- [ ] do", "@everyone", "#1", ":smile:", "https://alarm.example/?a=1&b=<2>",
    "www.alarm.example",
)  # fmt: skip
DIRECTIONS = (
    "\u202egnippilf\u202c", "a\u202eb\u202dc", "\u2066iso\u2069", "\u2067\u202e\u2068", "\u200fmark\u200e",
    "مرحبا", "שלום", "Dr مرحبا 07700", "אב (cd) 12", "user\u202etxt.exe", "\u061cmark", "ا" * 300,
    "مرحبا <b>hello</b> שלום", "1\u200f2\u200e3", "«مرحبا»", "(שלום]", "ܫܠܡܐ", "𞤀𞤣𞤤𞤢𞤥",
)  # fmt: skip
WRITING = (
    "नमस्ते", "ਸਤਿ ਸ੍ਰੀ ਅਕਾਲ", "ગુજરાતી", "বাংলা", "اردو", "中文，句子。", "日本語テスト", "한국어", "ไทยไม่มีช่องว่าง",
    "Zażółć", "İstanbul ıI", "ẞß", "Ǆǆǅ", "ﬁﬂﬃ", "Å Å Å", "e\u0301 é", "ｆｕｌｌ　ｗｉｄｔｈ",
    "ᚠᚢᚦ", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "Ⓒⓘⓡⓒⓛⓔ", "ǝpᴉsdn", "раураl", "ΑΒΕ vs ABE", "l1Il|", "０１２", "٠١٢", "①②③", "\u0130\u0131", "ŉ", "ΐ",
    "\ufb1d", "\u0958", "\U0001d15e", "\u0344", "ſt", "K", "Ω", "Ò\u0300", "가", "ᄀᆞ", "กำ", "ြ", "ཨོཾ", "𒐫",
    "﷽",
)  # fmt: skip
EMOJI = (
    "👩🏽‍⚕️", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🇬🇧", "🇬", "👍🏿", "❤️", "❤︎", "☺", "1️⃣", "👩‍", "‍⚕", "🏽",
    "😀" * 60, "👁️‍🗨️", "🧑🏻‍❤️‍💋‍🧑🏿", "⛹🏿‍♀️", "😶‍🌫️", "🫱🏻‍🫲🏿", "©️®️™️", "〰️", "🀄", "⌚", "𓀀", "🈲",
    "\U0001f1e6\U0001f1e6\U0001f1e6",
)  # fmt: skip
MARKS = (
    "Z" + "\u0310\u0311\u0312\u0313" * 40, "a" + "\u0301" * 500, "n\u0303o\u0302", "\u0301alone",
    "q\u20dd\u20e3", "x\u0489" * 50, "\u0fd0", "e" + "\u0323\u0302" * 30, "\u034f\u034f", "\u0300" * 99,
    "กิิิิิ", "ཧཱུྃ", "à̖́̀̏",
)  # fmt: skip
UNSEEN = (
    "a\u200bb", "a\u200cb", "a\u200db", "a\u2060b", "a\u00adb", "a\ufeffb", "\u3164name", "\u115f\u1160",
    "a\u180eb", "\u2800\u2800x", "a\u00a0b", "a\u3000b", "a\u2003b", "\U000e0041\U000e0042x", "a\ufe0fb",
    "\uffa0x", "a\ufff9b\ufffac\ufffb", "\ufffd", "\uffff", "\U0010ffff", "\ue000", "\U000f0000",
    "a\u206ab",
)  # fmt: skip
LONG = (
    "a" * 1000, "W" * 500, "漢" * 800, "a-" * 400, "a/" * 400, "supercalifragilistic" * 40, "1" * 600,
    "." * 500, "!" * 400, "a " * 900, "\n" * 60 + "x", "x\n" * 120, "\t" * 60 + "x", "_" * 500,
    "a\u00ad" * 300, "https://alarm.example/" + "a" * 700, "(" * 300 + ")" * 300, "<" * 400, "&" * 400,
    "\"" * 400, "'" * 400, "{{" * 200, "%" * 400, "Iñtërnâtiônàlizætiøn " * 40,
)  # fmt: skip
TAKEN_OUT = (
    "a\x00b", "\x00", "a\x08b", "a\x1bb", "\x1b[31mred\x1b[0m", "a\x07b", "a\x7fb", "a\x9bb", "a\x80b",
    "a\x01b", "a\x02b", "a\x0eb", "\ud800", "a\udfffb", "\udc00\ud800", "a\ud83d",
)  # fmt: skip
"""What holds characters that nobody types and nobody sees: they are taken out, and their author is told."""

TAKEN: dict[str, tuple[str, ...]] = {
    "markup": MARKUP,
    "script addresses": SCRIPT_ADDRESSES,
    "templates": TEMPLATES,
    "queries": QUERIES,
    "formulas": FORMULAS,
    "headers": HEADERS,
    "paths": PATHS,
    "data": DATA,
    "formats": FORMATS,
    "markdown": MARKDOWN,
    "directions": DIRECTIONS,
    "writing": WRITING,
    "emoji": EMOJI,
    "marks": MARKS,
    "unseen": UNSEEN,
    "long": LONG,
}
"""What people may write, and what is taken as they wrote it."""

EVERY = tuple(text for texts in TAKEN.values() for text in texts)
