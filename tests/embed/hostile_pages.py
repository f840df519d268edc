"""Pages that are hard on what stands in them, as real ones are: by style sheets, old scripts, policies."""

import re
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

NODE_MODULES = Path(__file__).parents[2] / "widget" / "node_modules"
DEBIAN = Path("/usr/share/javascript")

# What real pages load, itself: from npm with the embed's tools, and from Debian what npm has not.
REAL_SHEETS = {
    "bootstrap-3": NODE_MODULES / "bootstrap/dist/css/bootstrap.css",
    "tailwind-preflight": NODE_MODULES / "tailwindcss/preflight.css",
    "nhsuk-frontend": NODE_MODULES / "nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.css",
    "govuk-frontend": NODE_MODULES / "govuk-frontend/dist/govuk/govuk-frontend.min.css",
}
REAL_SCRIPTS = {
    "jquery-1.12": NODE_MODULES / "jquery/dist/jquery.js",
    "prototype-1.7": DEBIAN / "prototype/prototype-1.7.3.js",
    "mootools-1.4": DEBIAN / "mootools/mootools-core-nc.js",
}


def _with_real_sheet(name: str) -> HostilePage:
    # Their fonts lie on other machines, and a page that asks for them would fail for that.
    css = re.sub(r"@font-face\s*\{.*?\}", "", REAL_SHEETS[name].read_text(), flags=re.DOTALL)
    return _styled(name, css)


def _with_real_script(name: str) -> HostilePage:
    script = REAL_SCRIPTS[name].read_text().replace("</script", "<\\/script")
    return HostilePage(name, head=f"<script>{script}</script>")


HOSTILE = [
    *(_with_real_sheet(name) for name, path in REAL_SHEETS.items() if path.exists()),
    *(_with_real_script(name) for name, path in REAL_SCRIPTS.items() if path.exists()),
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
