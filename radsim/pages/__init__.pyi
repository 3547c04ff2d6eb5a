from .folder import Failure, Figure, Run, Table, read_run
from .page import explorer_page, report_page

__all__ = [
    "Failure",
    "Figure",
    "Run",
    "Table",
    "explorer_page",
    "read_run",
    "report_page",
]
