"""The tree of a conversation, also where a file of it makes no sense."""

import pytest

from desktop.domain.tree import Tree


def test_without_a_head_the_last_message_is_in_view() -> None:
    assert Tree({"a": "", "b": "a", "c": "a"}).path == ("a", "c")
    assert Tree({"a": "", "b": "a"}, head="lost").path == ("a", "b")
    assert Tree({}).path == ()


def test_a_lost_parent_counts_as_a_beginning() -> None:
    tree = Tree({"a": "", "b": "lost", "c": "b"}, head="c")
    assert tree.path == ("b", "c")
    assert tree.forks()["b"].siblings == ("a", "b")


@pytest.mark.parametrize(
    "parents", [{"a": "b", "b": "a"}, {"a": "a"}, {"a": "b", "b": "c", "c": "b"}]
)
def test_a_circle_has_an_end(parents: dict[str, str]) -> None:
    tree = Tree(parents, head="a")
    assert len(tree.path) == len(set(tree.path))
    assert set(tree.choosing("a").path) <= parents.keys()
    assert set(tree.below("a")) <= parents.keys()
    assert tree.without(frozenset(tree.below("a"))).parents.keys() < parents.keys()


def test_a_choice_that_is_gone_is_passed_over() -> None:
    tree = Tree({"a": "", "b": "a", "c": "a"}, head="c", choices={"a": "gone"})
    assert tree.choosing("a").head == "c"


def test_choices_name_only_what_is_not_the_newest() -> None:
    tree = Tree({"a": "", "b": "a", "c": "a"}, head="c")
    assert tree.choosing("b").choices == {"a": "b"}
    assert tree.choosing("b").choosing("c").choices == {}
