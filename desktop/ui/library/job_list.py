"""The installations that are not over: how far each is, and what can be done about it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop.services.shelf.commands import Cancel, Pause, Resume
from desktop.services.shelf.notices import Job, JobState
from desktop.ui.i18n import tr
from desktop.ui.library.parts import button, text_label
from desktop.ui.library.words import job_share, job_text
from desktop.ui.spacing import inset, space
from desktop.ui.widgets.announce import announce
from desktop.ui.widgets.elided_label import ElidedLabel

FULL = 1000  # a bar counts in 32 bits, bytes do not fit


class JobRow(QFrame):
    """Keeps its shape while the numbers change; grows only when there is a problem to tell."""

    asked = Signal(object)  # a ShelfCommand

    def __init__(self, job: Job, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.job = job
        self.setProperty("kind", "card")
        self._name = ElidedLabel()
        self._name.setProperty("kind", "title")
        self._state = ElidedLabel()
        self._state.setProperty("kind", "muted")
        self._problem = text_label(kind="danger")
        self._problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar(textVisible=False)
        self.switch = button("", "quiet")
        self.cancel = button(tr("Cancel"), "quiet")
        self.switch.setMinimumWidth(self._widest_switch())
        self.switch.clicked.connect(self._switch)
        self.cancel.clicked.connect(lambda: self.asked.emit(Cancel(self.job.id)))
        self._lay_out()
        self._show(job)

    def update_job(self, job: Job) -> None:
        """Show how far the job is now."""
        if job == self.job:
            return
        failed_now = job.state is JobState.FAILED and self.job.state is not JobState.FAILED
        self.job = job
        self._show(job)
        if failed_now:
            announce(self, f"{job.name}. {job_text(job)}", urgent=True)

    def state_text(self) -> str:
        """What is said of the job."""
        return self._problem.text() if self.job.state is JobState.FAILED else self._state.text()

    def name_controls(self, suffix: str) -> None:
        """The first row's names are known outside; those of the others end differently."""
        self.bar.setObjectName(f"downloadProgress{suffix}")
        self.cancel.setObjectName(f"cancelJobButton{suffix}")
        self.switch.setObjectName(f"switchJobButton{suffix}")

    def _show(self, job: Job) -> None:
        failed = job.state is JobState.FAILED
        text = job_text(job)
        self.setAccessibleName(job.name)
        self.setAccessibleDescription(text)
        if self._name.text() != job.name:
            self._name.setText(job.name)
            self.cancel.setAccessibleName(tr("Cancel {name}", name=job.name))
        label = self._problem if failed else self._state
        if label.text() != text:
            label.setText(text)
        self._state.setVisible(not failed)
        self.bar.setVisible(not failed)
        self._problem.setVisible(failed)
        self._show_switch()
        self._show_share(job_share(job), f"{job.name}: {text}")

    def _show_switch(self) -> None:
        words = {JobState.PAUSED: tr("Resume"), JobState.FAILED: tr("Try again")}
        word = words.get(self.job.state, tr("Pause"))
        if self.switch.text() != word:
            self.switch.setText(word)
            self.switch.setAccessibleName(f"{word}: {self.job.name}")

    def _show_share(self, share: float | None, spoken: str) -> None:
        largest = 0 if share is None else FULL
        if self.bar.maximum() != largest:
            self.bar.setRange(0, largest)
        if share is not None:
            self.bar.setValue(round(share * FULL))
        self.bar.setAccessibleName(spoken)

    def _switch(self) -> None:
        resumes = self.job.state in (JobState.PAUSED, JobState.FAILED)
        self.asked.emit(Resume(self.job.id) if resumes else Pause(self.job.id))

    def _widest_switch(self) -> int:
        words = (tr("Pause"), tr("Resume"), tr("Try again"))
        return max(QPushButton(word).sizeHint().width() for word in words)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        space(head, 4)
        head.addWidget(self._name, 1)
        head.addWidget(self.switch)
        head.addWidget(self.cancel)
        progress = QVBoxLayout()
        inset(progress, 0, 0, 6, 0)
        space(progress, 6)
        progress.addWidget(self.bar)
        progress.addWidget(self._state)
        progress.addWidget(self._problem)
        rows = QVBoxLayout(self)
        inset(rows, 16, 8, 10, 12)
        space(rows, 4)
        rows.addLayout(head)
        rows.addLayout(progress)


class JobList(QWidget):
    """The queue, in its order. Takes no room while it is empty."""

    asked = Signal(object)  # a ShelfCommand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("jobList")
        self.setAccessibleName(tr("On the way"))
        self._rows: dict[str, JobRow] = {}
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        space(self._stack, 8)
        self._stack.addWidget(text_label(tr("On the way"), "title"))
        self.hide()

    def rows(self) -> list[JobRow]:
        """The rows, from the top."""
        return list(self._rows.values())

    def row(self, job_id: str) -> JobRow | None:
        """The row of a job that is on show."""
        return self._rows.get(job_id)

    def controls(self) -> list[QWidget]:
        """What can have the focus, from the top."""
        return [control for row in self.rows() for control in (row.switch, row.cancel)]

    def set_jobs(self, jobs: Sequence[Job]) -> None:
        """Show these jobs; the rows of those that were there stay where they are."""
        for job_id in self._rows.keys() - {job.id for job in jobs}:
            row = self._rows.pop(job_id)
            self._stack.removeWidget(row)
            row.hide()
            row.deleteLater()
        for job in jobs:
            if row_before := self._rows.get(job.id):
                row_before.update_job(job)
            else:
                self._add(job)
        self._name_rows()
        self.setVisible(bool(self._rows))

    def _add(self, job: Job) -> None:
        row = JobRow(job)
        row.asked.connect(self.asked)
        self._rows[job.id] = row
        self._stack.addWidget(row)

    def _name_rows(self) -> None:
        rows = self.rows()
        running = (row for row in rows if row.job.state is JobState.RUNNING)
        first = next(running, rows[0] if rows else None)
        for row in rows:
            row.name_controls("" if row is first else f"_{row.job.id}")
