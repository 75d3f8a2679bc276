"""GenAI's C++ imports the tokenizers' package, which no analysis of Python sees."""

from PyInstaller.utils.hooks import collect_dynamic_libs

hiddenimports = ["openvino", "openvino_tokenizers"]
binaries = collect_dynamic_libs("openvino_genai")
bindepend_symlink_suppression = ["**/openvino_genai/*"]
