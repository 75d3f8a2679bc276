"""From Cellar's sampling values to OpenVINO GenAI's generation settings."""

import openvino_genai

from desktop.domain.sampling import Values


def generation_config(
    model_defaults: openvino_genai.GenerationConfig, values: Values, room: int
) -> openvino_genai.GenerationConfig:
    """The settings of one answer of at most `room` tokens (what the context has left).

    The model's own settings say only where a turn ends; all choices come from `values`.
    Temperature 0 and top-p 0 both mean the most likely token each time (GenAI refuses them);
    several answers would then be the same one.
    """
    number = {name: value for name, value in values.items() if isinstance(value, (int, float))}
    config = openvino_genai.GenerationConfig()
    config.eos_token_id = model_defaults.eos_token_id
    config.stop_token_ids = model_defaults.stop_token_ids
    config.max_new_tokens = min(int(number["max_new_tokens"]), room)
    config.repetition_penalty = float(number["repetition_penalty"])
    config.do_sample = number["temperature"] > 0 and number["top_p"] > 0
    if config.do_sample:
        config.temperature = float(number["temperature"])
        config.top_p = float(number["top_p"])
        if number["top_k"]:
            config.top_k = int(number["top_k"])
        config.rng_seed = int(number["seed"])
        config.num_return_sequences = int(number["best_of"])
    return config
