"""Pages that are hard on what stands in them, as real ones are: by style sheets, old scripts, policies."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.embedded import hospital_page, tag

# Every kind of element whose look a page cares about.
CONTENT = """
<nav><a href="#visit">Visit us</a> <a href="#ward">Wards</a></nav>
<h2 id="visit">Visiting</h2>
<p>Come between <strong>two</strong> and <em>eight</em>. <small>Ring first.</small></p>
<ul><li>Ward 5</li></ul><ol><li>Main door</li></ol><dl><dt>Beds</dt><dd>28</dd></dl>
<blockquote>Quiet, please.</blockquote><pre>Mon-Sun</pre><hr>
<table><caption>Hours</caption><tr><th>Day</th><td>All</td></tr></table>
<form><fieldset><legend>Ask us</legend><label for="name">Name</label><input id="name"><input type="checkbox">
<select><option>One</option></select><textarea></textarea><button type="button">Ask</button></fieldset></form>
"""
FOLDER = Path(__file__).parent / "hostile"


@dataclass(frozen=True)
class HostilePage:
    """A page by its name: what stands in its head, its headers, how it begins."""

    name: str
    head: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    doctype: str = "<!doctype html>"

    def html(self, url: str) -> str:
        """The page with the embed of the service at `url`."""
        return hospital_page(tag(url) + CONTENT, self.head, self.doctype)

    def headers_for(self, url: str) -> dict[str, str]:
        """Its headers, with the service's address where a policy must allow it."""
        return {name: value.replace("SERVICE", url) for name, value in self.headers.items()}


def _styled(name: str, css: str = "") -> HostilePage:
    css = css or (FOLDER / f"{name}.css").read_text()
    return HostilePage(name, head=f"<style>{css}</style>")


BARE = HostilePage("bare")

# Bootstrap 3.4 itself, as npm brings it with the embed's tools.
BOOTSTRAP = (
    Path(__file__).parents[2] / "widget" / "node_modules" / "bootstrap" / "dist" / "css" / "bootstrap.css"
)

HOSTILE = [
    *([_styled("bootstrap-3", BOOTSTRAP.read_text())] if BOOTSTRAP.exists() else []),
    _styled("everything-important"),
    _styled("all-initial"),
    _styled(
        "root-of-62-percent", "html { font-size: 62.5% } body { font-size: 1.6rem } p { font-size: 3rem }"
    ),
    _styled("root-of-40-pixels", "html { font-size: 40px; line-height: 3 } * { line-height: inherit }"),
    _styled("right-to-left", "html { direction: rtl; unicode-bidi: bidi-override }"),
    HostilePage("quirks", doctype=""),
    HostilePage("old-scripts", head=f"<script>{(FOLDER / 'old-scripts.js').read_text()}</script>"),
    HostilePage(
        "strict-policy",
        headers={
            "Content-Security-Policy": "default-src 'none'; script-src SERVICE; connect-src SERVICE; "
            "require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'none'"
        },
    ),
    HostilePage(
        "isolated",
        headers={
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Referrer-Policy": "no-referrer",
        },
    ),
]
