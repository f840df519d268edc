"""Text that people write, as a marshmallow field: normalised, measured, and safe to store anywhere."""

from typing import Any

from marshmallow import ValidationError, fields

from tellback.http.text import tidy
from tellback.translations.sentences import say

# As OpenAPI tells it (ECMA-262), where something must be written: a character that `tidy` leaves.
_SOME = (
    r"[^\s\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)

# Translators: {name} is what a question is called, such as “Your story”.
_SAID: dict[str, str] = {
    "invalid": say("{name} must be text."),
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
        # Counted by us, after normalisation, so what is described here is no validator of marshmallow's.
        described = {"maxLength": longest} | ({"pattern": _SOME} if options.get("required") else {})
        super().__init__(**options, metadata={**(metadata or {}), **described})
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
        if len(text) > self.longest:
            raise ValidationError(self._said("too_long", length=len(text)))
        return text

    def _said(self, key: str, **facts: Any) -> str:
        return _SAID[key].format(name=self.called, longest=self.longest, **facts)
