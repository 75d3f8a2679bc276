"""A tiny random model of the one known kind that the paged-attention back-end gets wrong.

Made in a process of its own, because torch's memory would stay with the tests.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.support import ROOT

CONTEXT = 512


def tiny_mpt_ir(folder: Path) -> Path:
    """Fill a folder with IR, as optimum-intel exports it; 10 s."""
    command = [sys.executable, "-P", __file__, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    made = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert made.returncode == 0, made.stderr.decode("utf-8", "replace")[-3000:]
    return folder / "ir"


def _main(folder: Path) -> None:
    import torch
    from optimum.exporters.openvino import main_export
    from transformers import AutoTokenizer, MptConfig, MptForCausalLM

    from tests.models.starter_fp16 import write_tokenizer

    checkpoint = folder / "checkpoint"
    checkpoint.mkdir(parents=True)
    write_tokenizer(checkpoint)
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    config = MptConfig(
        vocab_size=len(tokenizer),
        d_model=64,
        n_heads=4,
        n_layers=3,
        max_seq_len=CONTEXT,
        initializer_range=0.2,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
    )
    torch.manual_seed(1)
    MptForCausalLM(config).eval().save_pretrained(checkpoint)
    tokenizer.save_pretrained(checkpoint)
    main_export(
        str(checkpoint),
        folder / "ir",
        task="text-generation-with-past",
        library_name="transformers",
        convert_tokenizer=True,
        local_files_only=True,
    )


if __name__ == "__main__":
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    _main(Path(sys.argv[1]))
