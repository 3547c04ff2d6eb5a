"""Sphinx: `sphinx-build -W --keep-going -n docs docs/_build` (extra `docs`)."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import api  # noqa: E402 - found by the path above
import blueprint  # noqa: E402 - found by the path above
import choices  # noqa: E402 - found by the path above
import gallery  # noqa: E402 - found by the path above
import living  # noqa: E402 - found by the path above
import pages  # noqa: E402 - found by the path above

import radsim  # noqa: E402 - this checkout's, by the path above

project, author, release = "radsim", "The radsim developers", radsim.__version__
copyright = author
extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "myst_nb"]
html_theme = "furo"
html_title = f"radsim {release}"
html_static_path = ["static"]
templates_path = ["templates"]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "explorer.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
        "sidebar/variant-selector.html",
    ]
}
html_css_files = ["site.css", "theorem.css"]
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
autodoc_typehints = "signature"  # the docstrings say shapes and ranges
python_maximum_signature_line_length = 72  # else a parameter a line
napoleon_google_docstring = False
napoleon_use_param = napoleon_use_rtype = False
napoleon_use_ivar = True

api.write_api(HERE / "generated/api")
pages.write_tables(HERE / "generated/tables")
blueprint.write_blueprint(HERE / "generated/blueprint", HERE.parent)
choices.write_choices(HERE / "generated/choices")
gallery.write_gallery(HERE / "generated/gallery")
living.write_theorems(HERE / "generated/theorems", HERE.parent)
pages.write_explorer(HERE / "generated/explorer")
pages.copy_notebooks(HERE.parent / "notebooks", HERE / "generated/notebooks")


def setup(app):
    app.add_html_math_renderer("mathml", (pages.inline_math, None), (pages.display_math, None))
    api.attributes_as_words()
    app.connect("autodoc-process-docstring", api.whole_properties, priority=400)
    app.connect("autodoc-process-docstring", api.shared_attributes, priority=900)
    app.connect("autodoc-process-signature", api.source_signature)
    app.connect("missing-reference", api.public_reference)
    app.connect("build-finished", pages.report_broken_links)
