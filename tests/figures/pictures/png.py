"""Small PNG files: a palette, where it takes few colours to come near to all of a picture's."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QImageWriter

MOST = 256  # colours of a palette
FLAT = 0.002  # of the pixels: colours of areas, which are kept as they are
STEPS = (0, 4, 8, 12, 16, 20)  # how far, in one channel, a colour may be from the palette's

Colours = NDArray[np.int64]


def write_png(image: QImage, path: Path) -> None:
    """Write a picture, with a palette if nobody will see it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    writer = QImageWriter(str(path), QByteArray(b"png"))
    writer.setCompression(100)
    if not writer.write(_with_palette(image) or image):
        raise OSError(writer.errorString())


def _with_palette(image: QImage) -> QImage | None:
    """The same in few colours; None when that would show."""
    width, height = image.width(), image.height()
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(height, -1)[:, :width]
    colours, places, counts = np.unique(pixels & 0xFFFFFF, return_inverse=True, return_counts=True)
    channels = np.stack([(colours >> shift) & 0xFF for shift in (16, 8, 0)], axis=1).astype(int)
    order = np.argsort(counts)[::-1]
    flat = int((counts > FLAT * pixels.size).sum())
    for step in STEPS:
        palette = _palette(channels, order, flat, step)
        if palette is not None:
            nearest = _nearest(channels, channels[palette])
            break
    else:
        return None
    stride = -(-width // 4) * 4
    data = np.zeros((height, stride), np.uint8)
    data[:, :width] = nearest[places].reshape(height, width)
    made = QImage(data.tobytes(), width, height, stride, QImage.Format.Format_Indexed8)
    made.setColorTable([int(colours[place]) | 0xFF000000 for place in palette])
    return made.copy()


def _palette(channels: Colours, order: Colours, flat: int, step: int) -> list[int] | None:
    """The commonest colours until every other one is near; None if that takes too many."""
    chosen: list[int] = []
    covered = np.zeros(len(channels), bool)
    for number, place in enumerate(order):
        if covered[place] and number >= flat:
            continue
        if len(chosen) == MOST:
            return None
        chosen.append(int(place))
        covered |= np.abs(channels - channels[place]).max(axis=1) <= step
    return chosen


def _nearest(channels: Colours, palette: Colours) -> NDArray[np.uint8]:
    """For each colour its place in the palette."""
    apart = np.abs(channels[:, None, :] - palette[None, :, :]).sum(axis=2)
    return apart.argmin(axis=1).astype(np.uint8)
