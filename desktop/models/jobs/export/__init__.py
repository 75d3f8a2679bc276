"""Making OpenVINO IR of PyTorch checkpoints; the only place that imports torch and its like."""
