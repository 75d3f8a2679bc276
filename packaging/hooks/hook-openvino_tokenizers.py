"""The extension is looked for in `lib`, beside the package."""

from PyInstaller.utils.hooks import collect_dynamic_libs

binaries = collect_dynamic_libs("openvino_tokenizers")
bindepend_symlink_suppression = ["**/openvino_tokenizers/lib/*"]
