"""Redaction in any text: spans never cross, the words as told are always there, undoing gives all back."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tellback.accounts.models import Account
from tellback.errors import InvalidInput
from tellback.moderation import decisions, redaction
from tellback.moderation.models import Redaction
from tellback.moderation.redaction import Span
from tellback.stories.models import Story
from tellback.stories.submission import current_version
from tests.fuzzing.texts import fewer, told_text
from tests.people import tell

FIELDS = ("title", "body", "what_was_good")
places = st.tuples(st.sampled_from(FIELDS), st.integers(-2, 60), st.integers(-2, 60))
cuts = st.lists(places, max_size=6)
replacements = st.sampled_from(["", "[name]", "👩🏽‍⚕️", "e\u0301", "</script>", "=1+1"])


@fewer
@given(told_text, told_text, cuts, replacements)
def test_spans_never_cross_and_undoing_them_gives_the_words_as_told(
    moira: Account, body: str, good: str, wanted: list[tuple[str, int, int]], instead: str
) -> None:
    story = tell(title="A night", body=body, what_was_good=good).story
    decisions.open_for_review(story, moira)
    told = _told(story)
    for field, start, end in wanted:
        _try(story, Span(field, start, end), instead, moira)
    made = redaction.of_version(current_version(story))
    _assert_apart(made)
    _assert_shown(story, told, made)
    assert _told(story) == told
    for one in made:
        redaction.undo(story, story.revision, one.id, by=moira)
    assert redaction.published_fields(current_version(story)) == told


@fewer
@given(told_text, told_text, st.integers(0, 40), st.integers(1, 8), replacements)
def test_words_are_taken_out_wherever_they_stand(
    moira: Account, body: str, good: str, at: int, length: int, instead: str
) -> None:
    story = tell(title="A night", body=body, what_was_good=good).story
    decisions.open_for_review(story, moira)
    told = _told(story)
    words = (told["body"] or "")[at : at + length].strip()
    if not words:
        return
    redaction.redact_words(
        story, story.revision, words, reason="a_persons_name", replacement=instead, by=moira
    )
    made = redaction.of_version(current_version(story))
    _assert_apart(made)
    _assert_shown(story, told, made)
    for field, pieces in redaction.edited_fields(current_version(story)).items():
        assert not any(words in piece.told for piece in pieces if piece.redaction is None), field


@given(told_text, st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), max_size=8))
def test_any_text_is_cut_into_pieces_that_are_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    made, end = [], 0
    for gap, length in spans:
        start = end + gap
        end = start + length
        if end <= len(text):
            made.append(Redaction(field="body", start=start, end=end, replacement="[name]"))
    pieces = redaction.pieces(text, made[::-1])
    assert "".join(piece.told for piece in pieces) == text
    # As a program reads offsets that counts in UTF-16: each piece is whole, none cuts a pair in two.
    assert json.loads(json.dumps([piece.told for piece in pieces])) == [piece.told for piece in pieces]
    assert len(text) == sum(len(piece.told) for piece in pieces)


def _told(story: Story) -> dict[str, str | None]:
    version = current_version(story)
    return {field: getattr(version, field) for field in (*FIELDS, "what_could_be_better")}


def _try(story: Story, span: Span, instead: str, by: Account) -> None:
    before = redaction.of_version(current_version(story))
    text = getattr(current_version(story), span.field) or ""
    whole = 0 <= span.start < span.end <= len(text)
    free = all(r.field != span.field or r.end <= span.start or span.end <= r.start for r in before)
    try:
        redaction.redact(story, story.revision, span, reason="a_persons_name", replacement=instead, by=by)
    except InvalidInput:
        assert not (whole and free)
    else:
        assert whole
        assert free


def _assert_apart(made: list[Redaction]) -> None:
    for field in FIELDS:
        ends = [place for one in made if one.field == field for place in (one.start, one.end)]
        assert ends == sorted(ends)


def _assert_shown(story: Story, told: dict[str, str | None], made: list[Redaction]) -> None:
    """What the public reads has each replacement in the place of its words, and all else as it was told."""
    for field, shown in redaction.published_fields(current_version(story)).items():
        expected, at = "", 0
        text = told[field] or ""
        for one in (r for r in made if r.field == field):
            expected += text[at : one.start] + one.replacement
            at = one.end
        assert (shown or "") == expected + text[at:]
