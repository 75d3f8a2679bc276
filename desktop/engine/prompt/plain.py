"""The layout for models that come without a template, and of which nobody knows a better one."""

from desktop.domain.layout import Layout, stop_texts

PLAIN = Layout(stop=("\nUser:", "\nAssistant:"))
STOP_TEXTS = stop_texts(PLAIN)  # where an answer in this layout should end
