"""The preset that a question is asked with, as the command line names it."""

from desktop.domain.conversation import ConversationSettings
from desktop.domain.errors import UsageProblem
from desktop.domain.presets import Preset, system_text_of
from desktop.services.presets.store import PresetStore


def chosen(store: PresetStore, preset_id: str) -> Preset | None:
    """The preset with this id; none where none is asked for. Raises UsageProblem."""
    if not preset_id:
        return None
    known = store.by_id()
    if preset_id not in known:
        raise UsageProblem(
            f"There is no preset “{preset_id:.60}”.", f"Use one of: {', '.join(known)}."
        )
    return known[preset_id]


def system_text(preset: Preset | None, given: list[str], system_prompt: str) -> str:
    """What stands before the dialogue. A system prompt takes the place of the preset's.

    `given` are the lines of the form, each "name=value". Raises UsageProblem.
    """
    form = _form(preset, given)
    if preset is None:
        return system_prompt
    prompt = system_prompt or preset.system_prompt
    return system_text_of(ConversationSettings(system_prompt=prompt, form=form), preset)


def _form(preset: Preset | None, given: list[str]) -> dict[str, str]:
    names = [field.name for field in preset.fields] if preset else []
    form = {}
    for line in given:
        name, equals, value = line.partition("=")
        if name not in names or not equals:
            asked = ", ".join(f"{name}=…" for name in names)
            raise UsageProblem(
                f"The preset does not ask for “{line:.60}”."
                if preset
                else "A field is filled in, but no preset is chosen.",
                f"Give: --field {asked}." if names else "Leave out --field, or choose a preset.",
            )
        form[name] = value
    return form
