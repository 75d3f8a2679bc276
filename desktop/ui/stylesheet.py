"""The one style sheet of the program, over Qt's Fusion style.

A widget picks its manner with the dynamic property `kind`:
QPushButton "primary", "danger" or "quiet"; QToolButton "quiet"; QLabel "muted", "danger",
"title" or "heading"; QFrame and QWidget "surface", "card" or "line"; any field "mono".

Everything sits on a 4-pixel grid: `g8` is room of 8 pixels, `p8` the same beside the ring of the
focus (`q8`: a double one), `s8` grows with the text.
"""

from collections.abc import Mapping
from string import Template


def stylesheet(tokens: Mapping[str, str]) -> str:
    """The style sheet with its tokens filled in. Raises KeyError for a missing one."""
    return "\n".join(Template(part).substitute(tokens) for part in PARTS)


_BUTTONS = """
QPushButton {
    background: $raised; color: $text; border: 1px solid $border; border-radius: 8px;
    padding: ${g6}px ${g14}px; min-height: ${s20}px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:focus { border: ${ring}px solid $accent; padding: ${p6}px ${p14}px; }
QPushButton:disabled { color: $faint; background: $surface; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[kind="primary"]:hover { background: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_pressed; }
QPushButton[kind="primary"]:focus {
    border: ${twice}px double $on_accent; padding: ${q6}px ${q14}px;
}
QPushButton[kind="primary"]:disabled {
    background: $pressed; color: $faint; border-color: $pressed;
}
QPushButton[kind="danger"] { color: $danger; }
QPushButton[kind="danger"]:focus { border-color: $danger; }
QPushButton[kind="quiet"] { background: transparent; border: 1px solid transparent; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:pressed { background: $pressed; }
QPushButton[kind="quiet"]:checked { background: $pressed; }
QPushButton[kind="quiet"]:focus { border: ${ring}px solid $accent; }
QToolButton {
    background: transparent; color: $text; border: 2px solid transparent; border-radius: 8px;
    padding: ${g4}px;
}
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $pressed; }
QToolButton:checked { background: $pressed; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $faint; }
QToolButton::menu-indicator { image: none; width: 0; }
QToolButton[kind="fact"] { color: $muted; font-size: $small; padding: 0 4px; }
QToolButton#jumpToLatest {
    background: $raised; border: 1px solid $edge; border-radius: ${s18}px; padding: 0;
}
QToolButton#jumpToLatest:hover { border-color: $accent; }
QToolButton#jumpToLatest:focus { border: ${ring}px solid $accent; }
"""

_FIELDS = """
QAbstractScrollArea { border: none; }
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox {
    background: $raised; color: $text; border: 1px solid $edge; border-radius: 8px;
    padding: ${g4}px ${g8}px; min-height: ${s22}px; placeholder-text-color: $muted;
    selection-background-color: $selection; selection-color: $text;
}
QPlainTextEdit, QTextEdit {
    background: $raised; color: $text; border: 1px solid $edge; border-radius: 8px;
    padding: ${g4}px; selection-background-color: $selection; selection-color: $text;
    placeholder-text-color: $muted;
}
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus {
    border: ${ring}px solid $accent; padding: ${p4}px ${p8}px;
}
QScrollArea[kind="reader"] { border: ${ring}px solid transparent; border-radius: 6px; }
QScrollArea[kind="reader"]:focus { border-color: $accent; }
QPlainTextEdit:focus, QTextEdit:focus { border: ${ring}px solid $accent; padding: ${p4}px; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled,
QPlainTextEdit:disabled {
    background: $surface; color: $faint; border-color: $border;
}
QAbstractSpinBox QLineEdit, QComboBox QLineEdit, QAbstractSpinBox QLineEdit:focus,
QComboBox QLineEdit:focus { background: transparent; border: none; padding: 0; min-height: 0; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button,
QDoubleSpinBox::down-button { width: ${s20}px; border: none; background: transparent; }
QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-position: top right; }
QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-position: bottom right; }
QSpinBox::up-button:hover, QDoubleSpinBox::up-button:hover, QSpinBox::down-button:hover,
QDoubleSpinBox::down-button:hover { background: $hover; border-radius: 4px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {
    image: url("$icons/arrow-up.svg"); width: ${s10}px; height: ${s10}px;
}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow, QComboBox::down-arrow {
    image: url("$icons/arrow-down.svg"); width: ${s10}px; height: ${s10}px;
}
QComboBox { combobox-popup: 0; }
QComboBox:hover, QComboBox:on { background: $hover; }
QComboBox::drop-down { width: ${s24}px; border: none; }
QComboBox[kind="quiet"] { background: transparent; border-color: transparent; }
QComboBox[kind="quiet"]:hover, QComboBox[kind="quiet"]:on { background: $hover; }
QComboBox[kind="quiet"]:focus { border-color: $accent; }
QComboBox QAbstractItemView {
    background: $raised; color: $text; border: 1px solid $edge; padding: ${g4}px; outline: none;
    selection-background-color: $hover; selection-color: $text;
}
QComboBox QAbstractItemView::item, QComboBox QAbstractItemView::item:focus {
    min-height: ${s28}px; padding: 0 ${g8}px; border: none; border-radius: 4px;
}
QComboBox QAbstractItemView::item:selected, QComboBox QAbstractItemView::item:hover {
    background: $pressed;
}
QCheckBox, QRadioButton { spacing: ${g8}px; padding: ${g2}px; border: 1px solid transparent; }
QCheckBox:focus, QRadioButton:focus { border: ${hair}px solid $accent; border-radius: 4px; }
QCheckBox::indicator {
    width: ${s16}px; height: ${s16}px; border: 1px solid $muted; border-radius: 4px;
    background: $raised;
}
QCheckBox::indicator:checked {
    background: $accent; border-color: $accent; image: url("$icons/tick-$shade.svg");
}
QRadioButton::indicator {
    width: ${s16}px; height: ${s16}px; border: 1px solid $muted; border-radius: ${s9}px;
    background: $raised;
}
QRadioButton::indicator:checked {
    width: ${s8}px; height: ${s8}px; border: ${dot}px solid $accent; background: $raised;
}
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator:checked:disabled { background: $faint; }
QCheckBox::indicator:disabled { border-color: $border; background: $surface; }
"""

_SLIDERS = """
QSlider { min-height: ${s24}px; }
QSlider::groove:horizontal { height: ${s4}px; border-radius: 2px; background: $track; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::sub-page:horizontal:disabled { background: $faint; }
QSlider[mirrored="true"]::sub-page:horizontal { background: $track; }
QSlider[mirrored="true"]::add-page:horizontal { background: $accent; border-radius: 2px; }
QSlider[mirrored="true"]::add-page:horizontal:disabled { background: $faint; }
QSlider::handle:horizontal {
    width: ${s12}px; height: ${s12}px; margin: -${knob}px 0; border-radius: ${knob_radius}px;
    background: $raised; border: ${ring}px solid $accent;
}
QSlider::handle:horizontal:hover { background: $hover; }
QSlider::handle:horizontal:focus { background: $accent; border-color: $text; }
QSlider::handle:horizontal:disabled { border-color: $faint; }
QProgressBar {
    background: $track; border: none; border-radius: ${s3}px;
    min-height: ${s6}px; max-height: ${s6}px;
}
QProgressBar::chunk { background: $accent; border-radius: ${s3}px; }
QProgressBar[kind="warning"]::chunk { background: $warning; }
QProgressBar[kind="danger"]::chunk { background: $danger; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: $handle; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 40px; }
QScrollBar::handle:horizontal { min-width: 40px; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $handle_hover; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""

_VIEWS = """
QListView, QTreeView, QTableView {
    background: transparent; border: none; outline: none; color: $text;
    selection-background-color: $pressed; selection-color: $text;
}
QListView::item { padding: ${g6}px ${g8}px; border-radius: 8px; border: 1px solid transparent; }
QListView::item:hover { background: $hover; }
QListView::item:selected { background: $pressed; color: $text; }
QListView::item:focus { border: ${hair}px solid $accent; }
QTableView { gridline-color: $border; }
QTableView::item { padding: ${g4}px ${g8}px; border-bottom: 1px solid $border; }
QHeaderView::section {
    background: transparent; color: $muted; border: none; border-bottom: 1px solid $border;
    padding: ${g6}px ${g8}px;
}
QToolTip { background: $raised; color: $text; border: 1px solid $edge; padding: ${g4}px ${g8}px; }
QMenu { background: $raised; color: $text; border: 1px solid $edge; padding: ${g4}px; }
QMenu::item {
    padding: ${g6}px ${g24}px ${g6}px ${g12}px; border-radius: 4px; background: transparent;
}
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QSplitter::handle { background: $border; }
QStatusBar::item { border: none; }
"""

_PLACES = """
QLabel { background: transparent; }
QLabel[kind="muted"] { color: $muted; font-size: $small; }
*[kind="link"] { font-size: $small; }
*[kind="mono"] { font-family: "$mono_family"; font-size: $mono_size; }
QLabel[kind="danger"] { color: $danger; }
QLabel[kind="title"] { font-weight: 600; }
QLabel[kind="heading"] { font-weight: 600; font-size: $large; }
QWidget[kind="surface"] { background: $surface; }
QFrame[kind="card"] { background: $raised; border: 1px solid $border; border-radius: 8px; }
QFrame[kind="line"] { background: $border; border: none; max-height: 1px; }
"""

PARTS = (_BUTTONS, _FIELDS, _SLIDERS, _VIEWS, _PLACES)
