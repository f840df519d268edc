"""The second reader: sentences that speak of suicide, self-harm or harm to somebody, in whatever words.

Rules know phrases and the wide net knows words, and most who are in danger say it otherwise ("I have the
date circled"). The second reader reads a sentence in its order: the layers of a small transformer
(all-MiniLM-L6-v2, Apache 2.0, of the sentence-transformers project), taught by our own sentences
(tests/screening/teaching.py makes second_reader.npz anew) and rounded to a byte a weight. It takes some fifty
times as long as the first reading, so it reads after a story is told and not while its teller waits. English
alone. It is local: the file holds numbers and pieces of words, and nothing is fetched, run, or sent anywhere.
It needs numpy, which the extra `reader` brings; an installation without it has the wide net.

The layers are those of BERT: J. Devlin and others, 2019, https://arxiv.org/abs/1810.04805.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tellback.screening.findings import Certainty, Finding
from tellback.screening.folding import Folded
from tellback.screening.wide_net import RULE, sentences

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[np.float32]]

MOST_PIECES = 62
"""Of a sentence so many pieces of words are read: the model was taught so."""

_HEADS = 12
_LONGEST_WORD = 40
# So many sentences are weighed together: more takes more memory and no less time.
_TOGETHER = 16
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")


def is_here() -> bool:
    """Whether this installation has what the second reader needs."""
    return find_spec("numpy") is not None


def read(folded: Folded) -> Iterator[Finding]:
    """Yield, in places of the folded text, the sentences that speak of harm."""
    said, places = folded.as_said.text, folded.as_said.places
    found = list(sentences(said))
    reader = the_reader()
    weights = reader.weigh([" ".join(words) for _, _, words in found])
    for (begin, until, _), weight in zip(found, weights, strict=True):
        if certainty := reader.certainty_of(weight):
            yield Finding("crisis", RULE, places[begin], places[until - 1] + 1, certainty)


class Cutter:
    """Cuts sentences into pieces of words, each a number that the model knows."""

    def __init__(self, pieces: Mapping[str, int]) -> None:
        self._pieces = pieces

    def cut(self, text: str) -> list[int]:
        """The numbers of a sentence's pieces: of a word the longest known beginning, and on (WordPiece)."""
        numbers = [number for word in _WORD.findall(text) for number in self._of_a_word(word)]
        return [self._pieces["[CLS]"], *numbers[:MOST_PIECES], self._pieces["[SEP]"]]

    def _of_a_word(self, word: str) -> list[int]:
        numbers: list[int] = []
        at = 0
        while at < len(word):
            ends = range(len(word), at, -1) if len(word) <= _LONGEST_WORD else ()
            end = next((end for end in ends if self._name(word, at, end) in self._pieces), None)
            if end is None:
                return [self._pieces["[UNK]"]]
            numbers.append(self._pieces[self._name(word, at, end)])
            at = end
        return numbers

    @staticmethod
    def _name(word: str, at: int, end: int) -> str:
        return f"##{word[at:end]}" if at else word[:end]


class Reader:
    """The model: its pieces of words, the weights of its layers, and what they must come to.

    `parts` are those of second_reader.npz; `teaching.parts_of` says which there are.
    """

    def __init__(self, parts: Mapping[str, Any]) -> None:
        # Here, and not above: what tells stories or shows pages never loads it.
        import numpy as np

        self._np, self._parts = np, parts
        pieces = bytes(parts["pieces"]).decode().split("\n")
        self._cutter = Cutter({piece: number for number, piece in enumerate(pieces)})
        self.possible, self.likely = map(float, parts["thresholds"])
        self._layers = sum(name.endswith(".ask.scale") for name in parts)

    def certainty_of(self, weight: float) -> Certainty | None:
        """How sure it is that a sentence of this weight speaks of harm; None when it does not seem to."""
        if weight >= self.likely:
            return "likely"
        return "possible" if weight >= self.possible else None

    def weigh(self, texts: Sequence[str]) -> list[float]:
        """How much each sentence speaks of harm: the logarithm of the odds, as the model was taught."""
        return [
            weight
            for first in range(0, len(texts), _TOGETHER)
            for weight in self._weigh([self._cutter.cut(text) for text in texts[first : first + _TOGETHER]])
        ]

    def _weigh(self, read: list[list[int]]) -> list[float]:
        np = self._np
        lengths = [len(numbers) for numbers in read]
        ends = np.cumsum(lengths)
        begins = ends - lengths
        numbers = np.concatenate([np.asarray(one) for one in read])
        places = np.concatenate([np.arange(length) for length in lengths])
        heard = self._normal("start", self._rows("pieces", numbers) + self._parts["places"][places])
        for layer in range(self._layers):
            heard = self._layer(f"{layer}", heard, list(zip(begins, ends, strict=True)))
        means = np.add.reduceat(heard, begins, axis=0) / np.asarray(lengths)[:, None]
        weights: list[float] = (means @ self._parts["out"] + self._parts["out.bias"]).tolist()
        return weights

    def _layer(self, name: str, heard: "Numbers", spans: list[tuple[int, int]]) -> "Numbers":
        np = self._np
        asked = self._linear(f"{name}.ask", heard)
        width = heard.shape[1] // _HEADS
        mixed = np.empty_like(heard)
        for begin, end in spans:
            parts = asked[begin:end].reshape(end - begin, 3, _HEADS, width).transpose(1, 2, 0, 3)
            likeness = parts[0] @ parts[1].transpose(0, 2, 1) / np.float32(width**0.5)
            likeness = np.exp(likeness - likeness.max(axis=2, keepdims=True))
            share = likeness / likeness.sum(axis=2, keepdims=True)
            mixed[begin:end] = (share @ parts[2]).transpose(1, 0, 2).reshape(end - begin, -1)
        heard = self._normal(f"{name}.mixed", heard + self._linear(f"{name}.mix", mixed))
        wide = self._linear(f"{name}.widen", heard)
        # Close to GELU, and as it was taught: D. Hendrycks and K. Gimpel, https://arxiv.org/abs/1606.08415.
        bent = wide / (1 + np.exp(np.float32(-1.702) * wide))
        return self._normal(f"{name}.thought", heard + self._linear(f"{name}.narrow", bent))

    def _linear(self, name: str, heard: "Numbers") -> "Numbers":
        # As numbers of four bytes the weights would take four times the memory for good.
        weights = self._parts[f"{name}.weights"].astype(self._np.float32)
        product: Numbers = heard @ weights * self._parts[f"{name}.scale"] + self._parts[f"{name}.bias"]
        return product

    def _rows(self, name: str, numbers: "np.ndarray[Any, Any]") -> "Numbers":
        rows: Numbers = (
            self._parts[f"{name}.weights"][numbers] * self._parts[f"{name}.scale"][numbers][:, None]
        )
        return rows

    def _normal(self, name: str, heard: "Numbers") -> "Numbers":
        """Layer normalization (J. Ba and others, https://arxiv.org/abs/1607.06450)."""
        centred = heard - heard.mean(axis=1, keepdims=True)
        spread = self._np.sqrt((centred * centred).mean(axis=1, keepdims=True) + 1e-12)
        normal: Numbers = centred / spread * self._parts[f"{name}.scale"] + self._parts[f"{name}.bias"]
        return normal


@lru_cache(maxsize=1)
def the_reader() -> Reader:
    """The reader, once its file was read."""
    # One thread reads; more would take the cores from those who ask for pages.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import numpy as np

    with resources.files(__package__).joinpath("second_reader.npz").open("rb") as file:
        return Reader(dict(np.load(file, allow_pickle=False)))
