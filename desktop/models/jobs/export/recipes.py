"""What optimum-intel knows to be best for the INT4 weights of some models."""

from desktop.domain.model import Recipe

GROUP = 128  # what optimum-intel takes where its table says nothing
RATIO = 1.0


def recipe_for(repository: str) -> Recipe | None:
    """For the model of that repository, None where nothing is known.

    Of its settings those that need no sample texts: these would have to be downloaded.
    """
    from optimum.intel.openvino.configuration import get_default_quantization_config

    known = get_default_quantization_config(repository, "int4") if repository else None
    if not known or known.get("bits") != 4:
        return None
    return Recipe(
        symmetric=bool(known.get("sym", False)),
        group=int(known.get("group_size", GROUP)),
        ratio=float(known.get("ratio", RATIO)),
    )
