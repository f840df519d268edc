"""Names as people read and type them: registers write THE DENSHAM SURGERY, a page says The Densham Surgery.

`readable` is for eyes, `words` for the finder, `slug` for codes. All are pure.
"""

import re
import unicodedata

# Short forms that registers use to fit their lines; each is safe to write out wherever it stands.
_WRITTEN_OUT = {
    "AVE": "Avenue",
    "BLVD": "Boulevard",
    "CNTR": "Centre",
    "CTR": "Centre",
    "CTRE": "Centre",
    "CTRS": "Centres",
    "FAM": "Family",
    "GEN": "General",
    "GRP": "Group",
    "HLTH": "Health",
    "HTH": "Health",
    "MED": "Medical",
    "PARTN": "Partners",
    "PRAC": "Practice",
    "PRACT": "Practice",
    "PTNR": "Partner",
    "PTNRS": "Partners",
    "RD": "Road",
    "SRGIES": "Surgeries",
    "SURG": "Surgery",
    "TCE": "Terrace",
}
# Words that the rules below would take for initials.
_NO_INITIALS = {"GPS": "GPs", "NR": "nr"} | {
    word.upper(): word
    for word in (
        *("Dr", "Drs", "Mr", "Mrs", "St", "Ltd", "Gt", "Ng", "Cwm", "Cwrt", "Ffrdd"),
        *(
            "Al",
            "An",
            "As",
            "De",
            "Du",
            "El",
            "La",
            "Le",
            "My",
            "No",
            "Om",
            "Oz",
            "Ty",
            "Up",
            "Us",
            "We",
            "Yr",
        ),
    )
}
# Initials with a vowel in them, so that no rule finds them.
_INITIALS = {"AWC", "CIC", "HSE", "ICO", "NEL", "RAF", "SAS", "UCC", "UEA"}
# Put right even in a name of mixed case, for nobody is called that.
_ALWAYS_INITIALS = {"gp": "GP", "hrh": "HRH", "nhs": "NHS"}
# Small within a name, large at its head and after a break: Newcastle upon Tyne.
_SMALL = {"and", "at", "by", "for", "in", "le", "of", "on", "or", "super", "the", "to", "under", "upon", "yr"}
# Only in joined names, where they are nobody's initial: Pen-y-Cae.
_SMALL_WHEN_JOINED = _SMALL | {"la", "sub", "y"}

# What a service's public code may be made of: RXH01-ward-5.
CODE = re.compile("[A-Za-z0-9][A-Za-z0-9-]{0,63}")

_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

_APOSTROPHES = "'’‘`´ʼ"
_WORD = re.compile(rf"[^\W_]+(?:[{_APOSTROPHES}][^\W_]+)*")
_SHORTENED = re.compile(rf"\b({'|'.join([*_WRITTEN_OUT, 'ST', 'DR', 'DRS', 'NR'])})\.\s*")
_ROMAN = re.compile("II|III|IV|VI|VII|VIII|IX")
_ORDINAL = re.compile("[0-9]+(ST|ND|RD|TH)")
_VOWEL = re.compile("[AEIOUY]")


def one_line(text: str) -> str:
    """A text in one line, storable anywhere: NFC, single spaces, no controls, no lone surrogates."""
    return unicodedata.normalize("NFC", _UNWRITABLE.sub("", re.sub(r"\s+", " ", text))).strip()


def is_storable(text: str) -> bool:
    """Whether both engines take this text: no NUL, no lone surrogate."""
    return not re.search("[\x00\ud800-\udfff]", text)


def readable(name: str) -> str:
    """A register's name as a page shows it; a name that already has small letters keeps them.

    Initials, "Mc" and "O'" keep their capitals, joining words lose theirs, short forms are written out.
    """
    name = re.sub(r"[\s_]+", " ", name).strip(" ,.-")
    if name != name.upper():
        return re.sub(r"\b\w+\b", lambda word: _ALWAYS_INITIALS.get(word[0].lower(), word[0]), name)
    name = _SHORTENED.sub(r"\1 ", name)
    name = re.sub(r",(?=\S)", ", ", name)
    name = re.sub(r"(?<=\w)\(", " (", name)
    return re.sub(" +", " ", _WORD.sub(lambda found: _cased(found[0], name[: found.start()]), name)).strip()


def words(text: str) -> list[str]:
    """The words of a text without case, accents, apostrophes and punctuation; `&` is "and"."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ").replace("+", " and "))
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in _APOSTROPHES)
    return re.findall(r"[^\W_]+", plain.casefold())


def slug(name: str, longest: int) -> str:
    """A name as part of a code or an address: at most `longest` of a-z, 0-9 and hyphens; may be empty."""
    ascii_words = re.findall("[a-z0-9]+", " ".join(words(name)))
    return "-".join(ascii_words)[:longest].strip("-")


def tidy_code(code: str) -> str:
    """A code as we write it, whoever typed it: RXH01-ward-5, local-helpline."""
    head, hyphen, tail = code.strip().partition("-")
    head = head.lower() if head.lower() == "local" else head.upper()
    return head + hyphen + tail.lower()


def _cased(word: str, before: str) -> str:
    """One word of a name in capitals, given what stands before it."""
    joined = before.endswith("-") and not before.endswith(" -")
    small = _SMALL_WHEN_JOINED if joined else _SMALL
    if word.lower() in small and (joined or re.search(r"\w[’']? $", before)):
        return word.lower()
    for known in (_WRITTEN_OUT, _NO_INITIALS):
        if word in known:
            return known[word]
    if any(character.isdigit() for character in word):
        return _with_digits(word)
    if _are_initials(word):
        return word
    return _capitalised(word)


def _with_digits(word: str) -> str:
    """1st, Practice2; but E12, 3D and 292A as they are."""
    if _ORDINAL.fullmatch(word):
        return word.lower()
    return word.capitalize() if re.match("[A-Z]{4}", word) else word


def _are_initials(word: str) -> bool:
    letters = len(word)
    without_vowel = letters <= 5 and word.isalpha() and word.isascii() and not _VOWEL.search(word)
    return letters <= 2 or without_vowel or word in _INITIALS or bool(_ROMAN.fullmatch(word))


def _capitalised(word: str) -> str:
    """Mary's, O'Neill, McKenzie. "Mac" is left alone: Macclesfield is no clan."""
    parts = re.match(r"(MC(?=[A-Z]{3})|[DO]['’](?=[A-Z]{3}))(.+)", word)
    return parts[1].capitalize() + parts[2].capitalize() if parts else word.capitalize()
