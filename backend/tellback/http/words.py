"""Text that people write, as a marshmallow field: normalised, measured, and safe to store anywhere."""

import re
import unicodedata
from typing import Any

from marshmallow import ValidationError, fields

from tellback.translations.sentences import say

# What no keyboard means: NUL and other controls (line feed and tab stay), and surrogates (no UTF-8).
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# Marks that turn the reading direction of what follows (UAX #9): they could make a text read as another.
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")

# Translators: {name} is what a question is called, such as “Your story”.
_SAID: dict[str, str] = {
    "invalid": say("{name} must be text."),
    "unwritable": say("{name} holds a character that cannot be stored. Please type that part again."),
    "too_long": say("{name} may have up to {longest} characters. It has {length}. Please shorten it."),
    "missing_words": say("{name} is still empty. Please write something."),
}


class Words(fields.String):
    """A text of at most `longest` code points after NFC, with line ends as LF and no outer space.

    `name` is what the error calls it ("Your story"). Blank text loads as None unless the field is required.
    """

    default_error_messages = {**_SAID}

    def __init__(
        self,
        *,
        name: str,
        longest: int,
        lines: bool = False,
        metadata: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        options.setdefault("allow_none", not options.get("required"))
        # Counted by us, after normalisation, so the described limit is no validator of marshmallow's.
        super().__init__(**options, metadata={**(metadata or {}), "maxLength": longest})
        self.called = name
        self.longest = longest
        self.lines = lines
        if self.required:
            self.error_messages["required"] = self.error_messages["null"] = self._said("missing_words")

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """The text to keep, or None. Raises ValidationError with a sentence for people."""
        loaded = super().deserialize(value, attr, data, **kwargs)
        if loaded == "" and self.required:
            raise ValidationError(self._said("missing_words"))
        return loaded or None if isinstance(loaded, str) else loaded

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError(self._said("invalid"))
        text = tidy(value, lines=self.lines)
        if _UNWRITABLE.search(text):
            raise ValidationError(self._said("unwritable"))
        if len(text) > self.longest:
            raise ValidationError(self._said("too_long", length=len(text)))
        return text

    def _said(self, key: str, **facts: Any) -> str:
        return _SAID[key].format(name=self.called, longest=self.longest, **facts)


def tidy(text: str, *, lines: bool) -> str:
    """NFC, line ends as LF (or folded to spaces), no bidi controls, no space at the ends."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _BIDI_CONTROLS.sub("", text)
    if not lines:
        text = re.sub(r"\s+", " ", text)
    return text.strip()
