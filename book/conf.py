"""Sphinx settings of the HTML book; course_tools/publish/book.py lays its pages out."""

project = "The AutoModel course"
html_title = project
author = "the course's authors"
copyright = f"{author}; text under CC BY 4.0, code under Apache-2.0"
language = "en"

extensions = ["myst_nb"]
nb_execution_mode = "off"  # the pages are executed copies already
nb_merge_streams = True
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type"]

html_theme = "sphinx_book_theme"
html_theme_options = {
    "use_download_button": True,
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    "navbar_persistent": [],  # the side bar has the search box already
}
# Nothing from outside: the book is read where there is no network.
nb_ipywidgets_js = {}
# A page has no kernel: of a widget it shows the HTML that comes in the same output.
nb_mime_priority_overrides = [("*", "application/vnd.jupyter.widget-view+json", None)]
html_show_sphinx = False
html_static_path = ["_static"]
html_css_files = ["wrap.css"]
