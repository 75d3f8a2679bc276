"""The messages of a conversation as a tree, of which one branch is in view."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

ROOT = ""  # what stands before the first messages


@dataclass(frozen=True, slots=True)
class Fork:
    """A place where a conversation has more than one branch: `‹ position + 1 / n ›`."""

    siblings: tuple[str, ...]  # in the order in which they were written
    position: int  # of the one in view


@dataclass(frozen=True)
class Tree:
    """Who follows whom. No circle and no lost parent keeps it from being read."""

    parents: Mapping[str, str]  # by message, in the order in which they were written
    head: str = ""  # the last message in view; none: the one written last
    choices: Mapping[str, str] = field(default_factory=dict)  # where not the newest is in view

    @cached_property
    def children(self) -> Mapping[str, list[str]]:
        """The messages after each, in the order in which they were written."""
        found: dict[str, list[str]] = {}
        for id_, parent in self.parents.items():
            found.setdefault(parent if parent in self.parents else ROOT, []).append(id_)
        return found

    @cached_property
    def siblings(self) -> Mapping[str, tuple[str, ...]]:
        """The messages after each that has more than one, in the order of writing."""
        counts = Counter(self.parents.values())
        if not counts.keys() - self.parents.keys() <= {ROOT}:  # a parent was lost
            return {each: tuple(ids) for each, ids in self.children.items() if len(ids) > 1}
        if len(counts) == len(self.parents):
            return {}
        found: dict[str, list[str]] = {id_: [] for id_, count in counts.items() if count > 1}
        for id_, parent in self.parents.items():
            if parent in found:
                found[parent].append(id_)
        return {parent: tuple(ids) for parent, ids in found.items()}

    @cached_property
    def path(self) -> tuple[str, ...]:
        """The branch in view, from the first message to the head."""
        head = self.head if self.head in self.parents else next(reversed(tuple(self.parents)), ROOT)
        return self.path_to(head)

    def parent(self, id: str) -> str:
        """The message before this one; ROOT when there is none."""
        parent = self.parents.get(id, ROOT)
        return parent if parent in self.parents else ROOT

    def path_to(self, id: str) -> tuple[str, ...]:
        """The messages from the first one to this."""
        way: list[str] = []
        for _ in self.parents:  # a circle would have no end
            if id not in self.parents:
                break
            way.append(id)
            id = self.parents[id]
        return tuple(reversed(dict.fromkeys(way)))

    def survivor(self, id: str, gone: frozenset[str]) -> str:
        """The nearest message before this one that is not gone; ROOT when there is none."""
        way = [each for each in self.path_to(id)[:-1] if each not in gone]
        return way[-1] if way else ROOT

    def forks(self) -> dict[str, Fork]:
        """Of the messages in view, those that have siblings."""
        found: dict[str, Fork] = {}
        if self.siblings:
            for id_ in self.path:
                if siblings := self.siblings.get(self.parent(id_)):
                    found[id_] = Fork(siblings, siblings.index(id_))
        return found

    def choosing(self, id: str) -> "Tree":
        """The tree with this message in view, and what was last in view after it."""
        choices = self._remembering(dict(self.choices), self.path)
        way = [*self.path_to(id)]
        choices = self._remembering(choices, way)
        passed = set(way)
        while following := self.children.get(way[-1], []):
            chosen = choices.get(way[-1], "")
            way.append(chosen if chosen in following else following[-1])
            if way[-1] in passed:
                way.pop()
                break
            passed.add(way[-1])
        return replace(self, head=way[-1], choices=choices)

    def below(self, id: str) -> tuple[str, ...]:
        """The message and all that follow it, in every branch."""
        found: dict[str, None] = {id: None}
        waiting = [id]
        while waiting:
            for child in self.children.get(waiting.pop(), []):
                if child not in found:
                    found[child] = None
                    waiting.append(child)
        return tuple(id_ for id_ in self.parents if id_ in found)

    def without(self, gone: frozenset[str]) -> "Tree":
        """The tree without a branch; when it was in view, the nearest sibling is instead."""
        rest = {id_: parent for id_, parent in self.parents.items() if id_ not in gone}
        choices = {
            parent: child
            for parent, child in self.choices.items()
            if child not in gone and parent not in gone
        }
        first = next((id_ for id_ in self.path if id_ in gone), None)
        if first is None:
            return Tree(rest, self.head, choices)
        siblings = self.children[self.parent(first)]
        place = siblings.index(first)
        near = [id_ for id_ in (*reversed(siblings[:place]), *siblings[place:]) if id_ not in gone]
        if not near:
            return Tree(rest, self.parent(first), choices)
        return Tree(rest, near[0], choices).choosing(near[0])

    def _remembering(self, choices: dict[str, str], way: Iterable[str]) -> dict[str, str]:
        """The choices, changed so that they lead along this way."""
        for id_ in way if choices or self.siblings else ():
            parent = self.parent(id_)
            siblings = self.siblings.get(parent, (id_,))
            if siblings[-1] == id_:
                choices.pop(parent, None)
            else:
                choices[parent] = id_
        return choices
