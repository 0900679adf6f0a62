"""Link the names in code cells to the reference, on every page that is written."""

import sphinx_codeautolink
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


class Links(sphinx_codeautolink.SphinxCodeAutoLink):
    """Links for each page that was read in this run.

    The original leaves out what is written again for another reason than an edit of its own, such
    as an edit of the library: its links would be gone.
    """

    def apply_links(self, app: Sphinx, exception: Exception | None) -> None:
        if self.cache:
            self.outdated_docs = set(self.cache.transforms)
        super().apply_links(app, exception)


def setup(app: Sphinx) -> ExtensionMetadata:
    sphinx_codeautolink.SphinxCodeAutoLink = Links
    app.setup_extension("sphinx_codeautolink")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
