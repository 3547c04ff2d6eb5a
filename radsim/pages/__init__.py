"""Self-contained HTML pages: a run's folder as a report, and the explorer."""

from radsim.pages.folder import Failure, Figure, Run, Table, read_run
from radsim.pages.page import explorer_page, report_page

__all__ = [
    "Failure",
    "Figure",
    "Run",
    "Table",
    "explorer_page",
    "read_run",
    "report_page",
]
