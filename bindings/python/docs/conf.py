"""The user guide: `sphinx-build -W docs out`, with what docs/requirements.txt names."""

import copkit

project = "copkit"
author = "the authors of cop"
version = release = copkit.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc"]
exclude_patterns = ["requirements.txt"]
html_theme = "furo"
html_title = f"copkit {version}"

# The notebooks are executed by the tests, and kept with what they showed.
nb_execution_mode = "off"
myst_enable_extensions = ["colon_fence"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_class_signature = "separated"
autodoc_default_options = {"members": True, "show-inheritance": True}
python_use_unqualified_type_names = True
