"""Presets: a system prompt, sampling values and more under one name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop.domain.conversation import ContextPolicy, ConversationSettings
from desktop.domain.layout import Layout
from desktop.domain.sampling import Values


@dataclass(frozen=True, slots=True)
class Field:
    """A line of the form that a preset asks to be filled in."""

    name: str
    label: str
    help: str = ""
    multiline: bool = False
    heading: str = ""  # stands before the value in the prompt, such as "Summary: "


@dataclass(frozen=True, slots=True)
class Preset:
    """One preset. Without a layout, prompts are written as the model's own template has it."""

    id: str
    name: str
    description: str = ""
    system_prompt: str = ""
    sampling: Values = field(default_factory=dict)  # only what differs; stop texts among it
    context_policy: ContextPolicy = ContextPolicy.DROP_OLDEST
    pin_first: bool = False
    layout: Layout | None = None
    fields: tuple[Field, ...] = ()
    shipped: bool = False  # comes with the program, and cannot be changed

    def system_text(self, values: Mapping[str, str]) -> str:
        """What stands before the dialogue: the system prompt, and the form as it is filled in."""
        return with_form(self.system_prompt, self.fields, values)

    def applied_to(self, settings: ConversationSettings) -> ConversationSettings:
        """The settings of a conversation that is held with this preset from now on.

        Model, device and adapters stay as they are, and what was filled in where the form asks
        for it.
        """
        names = {each.name for each in self.fields}
        return ConversationSettings(
            model=settings.model,
            device=settings.device,
            system_prompt=self.system_prompt,
            sampling=dict(self.sampling),
            context_policy=self.context_policy,
            pin_first=self.pin_first,
            preset=self.id,
            form={name: text for name, text in settings.form.items() if name in names},
            adapters=settings.adapters,
        )


def with_form(system_prompt: str, fields: tuple[Field, ...], values: Mapping[str, str]) -> str:
    """A system prompt with the values of a form below it. Empty values leave no trace."""
    given = [(each.heading, values.get(each.name, "").strip()) for each in fields]
    parts = [system_prompt.strip(), *(heading + text for heading, text in given if text)]
    return "\n\n".join(part for part in parts if part)


def system_text_of(settings: ConversationSettings, preset: Preset | None) -> str:
    """What stands before the dialogue of a conversation, its form included.

    The conversation's own system prompt counts, which may have been changed since the preset was
    chosen.
    """
    return with_form(settings.system_prompt, fields_of(settings, preset), settings.form)


def fields_of(settings: ConversationSettings, preset: Preset | None) -> tuple[Field, ...]:
    """What the form of a conversation asks for.

    A preset that is gone leaves the values of its form, without their headings.
    """
    if preset:
        return preset.fields
    return tuple(
        Field(name, name.replace("_", " ").capitalize(), multiline=True) for name in settings.form
    )
