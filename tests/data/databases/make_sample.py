"""Makes `schema-N.db` with the program as it is, when a step to schema N was added.

Run once, before the step is released: `python tests/data/databases/make_sample.py`.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2]))

from desktop.domain.attachments import attachment_of, composed  # noqa: E402
from desktop.domain.conversation import (  # noqa: E402
    Conversation,
    ConversationSettings,
    Message,
    Role,
    State,
    Statistics,
)
from desktop.storage.conversations import ConversationStore  # noqa: E402
from desktop.storage.database import open_database  # noqa: E402
from desktop.storage.migrations import STEPS  # noqa: E402


def main() -> None:
    """Write one conversation with two answers."""
    path = HERE / f"schema-{len(STEPS)}.db"
    if path.exists():
        raise SystemExit(f"{path.name} is there already, and is never changed.")
    database, _ = open_database(path, HERE)
    store = ConversationStore(database)
    settings = ConversationSettings(
        model="smollm2-135m-instruct",
        device="CPU",
        system_prompt="Be brief.",
        sampling={"temperature": 0.5, "stop": ("END",)},
    )
    conversation = Conversation(title="Füchse 🦊", settings=settings)
    store.save_conversation(conversation)
    question = Message(Role.USER, "Tell me a story about a fox.")
    notes = attachment_of("notes.txt", "A fox is red.\n")
    text, quotations = composed([notes], "Now about this one.")
    other = Message(Role.USER, text, attachments=quotations)
    first = Message(Role.ASSISTANT, "There was a fox.", parent_id=question.id)
    statistics = Statistics(prompt_tokens=12, generated_tokens=4, sampling={"seed": 7})
    second = Message(
        Role.ASSISTANT,
        "Once upon a time …",
        parent_id=question.id,
        state=State.LENGTH,
        statistics=statistics,
    )
    store.save_messages(conversation.id, [question, first, other, second], second.id)
    store.save_draft_attachments(conversation.id, [notes])
    store.close()


if __name__ == "__main__":
    main()
