"""ChatGPT's `conversations.json`: a list of trees of nodes, each with at most one message.

Nodes without anything to read are left out, and what follows them moves up. What is no text
becomes a note in its place. The ids are made of theirs, so the same file twice gives the same ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from desktop.domain.chats import TitleOrigin, Whole
from desktop.domain.conversation import (
    Conversation,
    ConversationSettings,
    Message,
    Role,
    State,
    Statistics,
    clean_text,
)
from desktop.domain.words import tr
from desktop.importers import values
from desktop.importers.content import text_of_content
from desktop.importers.order import parents_first
from desktop.importers.values import Amiss

_NAMESPACE = uuid5(NAMESPACE_URL, "cellar:chatgpt")
_STATES = {"max_tokens": State.LENGTH, "interrupted": State.STOPPED}
_CONTEXT = "user_editable_context"  # "custom instructions"


def chat_of(body: object) -> Whole:
    """One conversation of the file. Raises Amiss."""
    facts = values.table(body, "It")
    mapping = values.table(facts.get("mapping"), "“mapping”")
    source = facts.get("conversation_id") or facts.get("id")
    tree = _Tree(source if isinstance(source, str) else uuid4().hex, mapping)
    messages = parents_first(tree.messages.values())
    if len(messages) < len(tree.messages):
        raise Amiss(tr("Its messages follow each other in a circle."))
    head = facts.get("current_node")
    head = tree.kept(head) if isinstance(head, str) else ""
    title = facts.get("title")
    created_at = values.moment_of_seconds(facts.get("create_time"))
    return Whole(
        Conversation(
            tree.new_id(""),
            clean_text(title)[: values.LONGEST_TITLE] if isinstance(title, str) else "",
            ConversationSettings(system_prompt=tree.system_prompt),
            messages,
        ),
        head,
        created_at=created_at,
        updated_at=values.moment_of_seconds(facts.get("update_time")) or created_at,
        archived=facts.get("is_archived") is True,
        title_origin=TitleOrigin.MODEL,
    )


@dataclass
class _Tree:
    """The nodes of a conversation, and the messages that are made of them."""

    source: str
    mapping: Mapping[str, Any]
    messages: dict[str, Message] = field(default_factory=dict)  # by the node's id
    system_prompt: str = ""
    _parents: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for id_, node in self.mapping.items():
            for child in _listed(
                values.table(node, tr("Node “{id}”", id=id_[:40])).get("children")
            ):
                if isinstance(child, str) and child in self.mapping:
                    self._parents.setdefault(child, id_)
        for id_, node in self.mapping.items():
            parent = node.get("parent")
            if isinstance(parent, str) and parent in self.mapping:
                self._parents[id_] = parent
        found = {id_: _message(node) for id_, node in self.mapping.items()}
        self.messages = {id_: each for id_, each in found.items() if each}
        self._take_system_prompt()
        for id_, message in list(self.messages.items()):
            self.messages[id_] = Message(
                message.role,
                message.text,
                self.new_id(id_),
                self.kept(self._parents.get(id_, "")),
                message.created_at,
                message.state,
                statistics=message.statistics,
            )

    def new_id(self, id_: str) -> str:
        """Our id for one of theirs; an empty one is the conversation's own."""
        name = f"{self.source}\n{id_}".encode("utf-8", "replace").decode()
        return uuid5(_NAMESPACE, name).hex

    def kept(self, id_: str) -> str:
        """Our id of the nearest message from this node up; empty when there is none."""
        passed: set[str] = set()
        while id_ and id_ not in self.messages:
            if id_ in passed:
                raise Amiss(tr("Its messages follow each other in a circle."))
            passed.add(id_)
            id_ = self._parents.get(id_, "")
        return self.new_id(id_) if id_ else ""

    def _take_system_prompt(self) -> None:
        """What stands before everything else is how the conversation is held, not a part of it."""
        for id_, message in list(self.messages.items()):
            if message.role is not Role.SYSTEM:
                continue
            is_first = not self.kept(self._parents.get(id_, ""))
            if is_first and self.system_prompt in ("", message.text):
                self.system_prompt = message.text
                del self.messages[id_]


def _message(node: Mapping[str, Any]) -> Message | None:
    """The message of a node, when there is anything in it to read. Its ids are still to come."""
    body = node.get("message")
    if body is None:
        return None
    body = values.table(body, tr("A message"))
    author = values.table(body.get("author", {}), tr("An author"))
    content = values.table(body.get("content", {}), tr("The content of a message"))
    text = clean_text(text_of_content(content))
    if not text.strip():
        return None
    role, metadata = author.get("role"), body.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    if role == "tool":
        name = clean_text(str(author.get("name") or ""))
        text = f"{tr('[From the tool “{name}”]', name=name)}\n\n{text}"
    return Message(
        _role(role, content),
        text,
        created_at=values.moment_of_seconds(body.get("create_time")),
        state=_state(body, metadata),
        statistics=_statistics(metadata) if role == "assistant" else None,
    )


def _role(role: object, content: Mapping[str, Any]) -> Role:
    if role == "system" or content.get("content_type") == _CONTEXT:
        return Role.SYSTEM
    if role in ("assistant", "tool"):
        return Role.ASSISTANT
    if role == "user":
        return Role.USER
    raise Amiss(tr("A message is of “{role}”, who is not known.", role=str(role)[:40]))


def _state(body: Mapping[str, Any], metadata: Mapping[str, Any]) -> State:
    details = metadata.get("finish_details")
    kind = details.get("type") if isinstance(details, dict) else None
    if body.get("status") == "in_progress":
        return State.INTERRUPTED
    return _STATES.get(kind, State.STOP) if isinstance(kind, str) else State.STOP


def _statistics(metadata: Mapping[str, Any]) -> Statistics | None:
    model = metadata.get("model_slug")
    return Statistics(model=clean_text(model)) if isinstance(model, str) and model else None


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
