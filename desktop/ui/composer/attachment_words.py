"""What is said of an attachment, in the composer and in the transcript."""

from desktop.domain.attachments import Attachment
from desktop.ui.i18n import tr, trn


def name_of(attachment: Attachment) -> str:
    """Its name, or what it is."""
    return attachment.name or tr("Pasted text")


def facts_of(attachment: Attachment, tokens: int | None = None) -> str:
    """How much it is; its tokens where they are known."""
    lines = trn("{count} line", "{count} lines", attachment.lines)
    if tokens is None:
        return lines
    counted = trn("{count} token", "{count} tokens", tokens)
    return tr("{lines} · {tokens}", lines=lines, tokens=counted)
