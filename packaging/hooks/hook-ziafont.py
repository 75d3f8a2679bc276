"""The font that it falls back to."""

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("ziafont")
