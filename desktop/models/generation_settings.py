"""The sampling values that a model brings along, in Hugging Face's `generation_config.json`."""

import json
from pathlib import Path

from desktop.domain.errors import UsageProblem
from desktop.domain.sampling import BY_NAME, Values, checked

NAMES = ("temperature", "top_p", "top_k", "repetition_penalty")


def own_settings(folder: Path) -> Values:
    """The values that can be used; a model that does not sample has temperature 0."""
    try:
        body = json.loads((folder / "generation_config.json").read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(body, dict):
        return {}
    values: Values = {}
    for name in NAMES:
        try:
            if body.get(name) is not None:
                values[name] = checked(BY_NAME[name], body[name])
        except UsageProblem:
            continue
    if body.get("do_sample") is False:
        values["temperature"] = 0.0
    return values
