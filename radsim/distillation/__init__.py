r"""Active distillation on real data: fallible teachers, students, and query strategies."""

from __future__ import annotations

from radsim.distillation.data import DATA, gaussian_mixture, load_data
from radsim.distillation.files import read_table
from radsim.distillation.loop import compare
from radsim.distillation.noise import NOISES, Noise
from radsim.distillation.sets import DataSet, MissingData
from radsim.distillation.setting import Outcome, Setting
from radsim.distillation.strategies import STRATEGIES, Strategy
from radsim.distillation.students import STUDENTS, Student, scikit
from radsim.distillation.teachers import LABELS, TRAINED
from radsim.distillation.view import View

__all__ = [
    "DATA",
    "LABELS",
    "NOISES",
    "STRATEGIES",
    "STUDENTS",
    "TRAINED",
    "DataSet",
    "MissingData",
    "Noise",
    "Outcome",
    "Setting",
    "Strategy",
    "Student",
    "View",
    "compare",
    "gaussian_mixture",
    "load_data",
    "read_table",
    "scikit",
]
