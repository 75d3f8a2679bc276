"""Names for the layers of a model that was made from a GGUF file, as adapters know them.

OpenVINO GenAI writes such a model with numbers in the place of names. Which layer is which follows
from how they are connected: what attention reads, what it is read by, and which half of the
feed-forward part has the activation.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from desktop.files import write_atomically
from desktop.models.description import NAME, Description, read_description

_PASSING = {"Convert", "Reshape", "Multiply", "Subtract", "Transpose"}  # of packed weights
_LAYER = re.compile(rb'<layer id="(\d+)" name="([^"]*)"')


def name_layers(folder: Path) -> int:
    """Write the names into the IR of a folder; how many layers got one.

    None get one when the model is not built as it was thought to be. Raises OSError, Problem.
    """
    names = _Graph(read_description(folder)).names()
    if names:
        path = folder / NAME
        text = _LAYER.sub(lambda found: _renamed(found, names), path.read_bytes())
        write_atomically(path, text)
    return len(names)


def _renamed(found: re.Match[bytes], names: dict[str, str]) -> bytes:
    number = found[1].decode()
    if number not in names:
        return found[0]
    return f'<layer id="{number}" name="{names[number]}"'.encode()


class _Graph:
    """The operations of an IR, by their numbers, in the order in which they are computed."""

    def __init__(self, description: Description) -> None:
        self._types = {each.number: each.kind for each in description.operations}
        self._inputs: dict[str, dict[int, str]] = {number: {} for number in self._types}
        self._readers: dict[str, list[str]] = {number: [] for number in self._types}
        for source, target, port in description.edges:
            self._inputs[target][port] = source
            self._readers[source].append(target)
        self._linear = [n for n, kind in self._types.items() if self._is_linear(n, kind)]

    def names(self) -> dict[str, str]:
        """The number of each linear layer, and its name; empty when one of them is not known."""
        attentions = [n for n, t in self._types.items() if t == "ScaledDotProductAttention"]
        feeds = {n: self._feeding(self._inputs[n][0]) for n in self._linear}
        gated = [n for n in self._linear if len(feeds[n]) == 2 and self._activated(feeds[n])]
        found: dict[str, str] = {}
        for layer, (attention, down) in enumerate(zip(attentions, gated, strict=False)):
            parts = [self._feeding(self._inputs[attention][port]) for port in range(3)]
            outs = [n for n in self._linear if feeds[n] == set().union(*parts)]
            gates = self._activated(feeds[down])
            if any(len(each) != 1 for each in (*parts, outs, gates)):
                return {}
            (query,), (key,), (value,) = parts
            (out,), (gate,) = outs, gates
            (up,) = feeds[down] - gates
            numbers = (query, key, value, out, gate, up, down)
            for number, name in zip(numbers, _NAMES, strict=True):
                found[number] = f"model.layers.{layer}.{name}"
        rest = [n for n in self._linear if n not in found]
        if len(rest) != 1 or len(found) != len(_NAMES) * len(attentions):
            return {}
        return {**found, rest[0]: "lm_head"}

    def _is_linear(self, number: str, kind: str) -> bool:
        return kind == "MatMul" and all(
            self._types[each] == "Const" or self._types[each] in _PASSING
            for each in self._above(self._inputs[number][1], frozenset())
        )

    def _feeding(self, number: str) -> set[str]:
        """The linear layers that a number's value is made of, without those above them."""
        linear = frozenset(self._linear)
        return set(linear) & set(self._above(number, linear))

    def _above(self, number: str, ends: frozenset[str]) -> Iterator[str]:
        """The layer and all that its value is made of, as far as some ends."""
        seen: set[str] = set()
        ahead = [number]
        while ahead:
            here = ahead.pop()
            if here not in seen:
                seen.add(here)
                yield here
                if here not in ends:
                    ahead += self._inputs[here].values()

    def _activated(self, numbers: set[str]) -> set[str]:
        """Those whose value goes through an activation."""
        return {n for n in numbers if any(self._types[r] == "Swish" for r in self._readers[n])}


_NAMES = (
    "self_attn.q_proj",
    "self_attn.k_proj",
    "self_attn.v_proj",
    "self_attn.o_proj",
    "mlp.gate_proj",
    "mlp.up_proj",
    "mlp.down_proj",
)
