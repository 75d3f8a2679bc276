"""What pyproject.toml cannot say: resources/ is installed as desktop/resources."""

from pathlib import Path

from setuptools import find_packages, setup

LEFT_OUT = "starter"  # the model: a bundle has it, a wheel would be twenty times as large

setup(
    packages=[*find_packages(include=["desktop", "desktop.*"]), "desktop.resources"],
    package_dir={"desktop.resources": "resources"},
    package_data={
        "desktop.resources": [
            f"{folder.name}/**"
            for folder in sorted(Path("resources").iterdir())
            if folder.name != LEFT_OUT
        ]
    },
)
