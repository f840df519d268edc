"""The rules that the feeds are held to find what breaks them."""

import pytest

from tests.feeds.atom import faults

FEED = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">
<id>x:1</id><title>A</title><updated>2026-11-23T09:30:00Z</updated><link rel="self" href="x:1"/>
<at:deleted-entry ref="x:2" when="2026-11-23T09:30:00.5+01:00"><at:comment>E</at:comment></at:deleted-entry>
<entry xml:lang="pl"><title type="html">B</title><id>x:3</id><updated>2026-11-23T09:30:00Z</updated>
<author><name>C</name></author><link href="x:3" type="text/html"/><category term="D"/></entry></feed>"""


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("2005/Atom", "2005/atom", "2: {http://www.w3.org/2005/atom}feed is no feed"),
        ('"pl"', '"pl_PL"', "4.1.2: entry has xml:lang='pl_PL'"),
        (' type="html"', ' type="markdown"', "3.1: title has type='markdown'"),
        ("<title>A</title>", "<title>A<b>!</b></title>", "3.1: title has 1 b"),
        ("<name>C</name>", "<name> </name>", "3.2.1: name says ' '"),
        ("09:30:00Z", "09:30:00z", "3.3: updated says '2026-11-23T09:30:00z'"),
        ("<updated>2026-11-23", "<updated>2026-11-31", "3.3: updated says '2026-11-31T09:30:00Z'"),
        ("<title>A</title>", "", "4.1.1: feed has 0 title"),
        ("<title>A</title>", "<title>A</title>" * 2, "4.1.1: feed has 2 title"),
        ("<title>A</title>", "<title>A</title>!", "4.1.1: feed says '\\n!\\n\\n'"),
        ("<author><name>C</name></author>", "", "4.1.1: entry has no author, nor has the feed"),
        ("</feed>", "<generator>E</generator></feed>", "4.1.1: feed has an entry before what is its own"),
        ("<entry ", '<id xmlns="">x:5</id><entry ', "4.1.1: feed has 1 }id"),
        (' rel="self"', "", "4.1.1: feed does not say where it is"),
        ("<entry ", "<entry><at:deleted-entry/></entry><entry ", "4.1.2: entry has 1 at:deleted-entry"),
        ("<category", '<link href="x:4" type="text/html"/><category', "4.1.2: entry has alternates alike"),
        ('<link href="x:3" type="text/html"/>', "", "4.1.2: entry has neither content nor alternate"),
        ("<category", "<content src='x:4'/><category", "4.1.3: content has 1 src"),
        (' term="D"', "", "4.2.2: category has 0 term"),
        ("<id>x:3", "<id>/3", "4.2.6: id says '/3'"),
        ('"text/html"', '"html"', "4.2.7: link has type='html'"),
        (' when="', ' at="', "RFC 6721 3: at:deleted-entry has 0 when"),
    ],
)  # fmt: skip
def test_a_fault_is_found_and_its_section_named(right: str, wrong: str, fault: str) -> None:
    assert right in FEED
    assert faults(FEED.encode()) == []
    assert fault in faults(FEED.replace(right, wrong).encode())
