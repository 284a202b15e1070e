"""The built web app: the files that `make setup` puts into `dist`, which `api` serves.

Owns the folder `dist`, which is made from `web/` at the top of the checkout, is not committed, and goes into the wheel. Without it
everything else works: whoever opens the page is told how the app is built.
"""

from relance.web.files import BuiltFile, read_built_files

__all__ = ["BuiltFile", "read_built_files"]
