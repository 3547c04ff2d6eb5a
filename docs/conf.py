"""Sphinx: `sphinx-build -W --keep-going -n docs docs/_build` (extra `docs`)."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import blueprint  # noqa: E402 - found by the path above
import living  # noqa: E402 - found by the path above
import pages  # noqa: E402 - found by the path above

import radsim  # noqa: E402 - this checkout's, by the path above

project, author, release = "radsim", "The radsim developers", radsim.__version__
copyright = author
extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "myst_nb"]
html_theme = "furo"
html_title = f"radsim {release}"
html_static_path = ["static"]
html_css_files = ["math.css", "theorem.css"]
html_extra_path = ["generated/explorer"]
html_math_renderer = "mathml"  # no script, no network
html_show_sphinx = False
exclude_patterns = ["_build"]
nitpicky = True
# No inventory of Python's own documentation is at hand.
nitpick_ignore_regex = [("py:class", r"(?!radsim).*")]

myst_enable_extensions = ["dollarmath", "substitution", "deflist"]
myst_heading_anchors = 3
myst_substitutions = pages.statuses((HERE.parent / "proofs_checks/THEOREMS.md").read_text())
nb_execution_mode = "off"  # notebooks are committed executed

default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say types, shapes and ranges
napoleon_google_docstring = False
napoleon_use_param = napoleon_use_rtype = False
napoleon_use_ivar = True

pages.write_api(HERE / "generated/api")
pages.write_tables(HERE / "generated/tables")
blueprint.write_blueprint(HERE / "generated/blueprint", HERE.parent)
living.write_theorems(HERE / "generated/theorems", HERE.parent)
pages.write_explorer(HERE / "generated/explorer")
pages.copy_notebooks(HERE.parent / "notebooks", HERE / "generated/notebooks")


def setup(app):
    app.add_html_math_renderer("mathml", (pages.inline_math, None), (pages.display_math, None))
    pages.attributes_as_words()
    app.connect("autodoc-process-docstring", pages.shared_attributes, priority=900)
    app.connect("build-finished", pages.report_broken_links)
