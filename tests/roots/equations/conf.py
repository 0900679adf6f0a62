"""A book of two pages that has the checker and nothing else."""

project, copyright, version = "Two pages", "their authors", "1"
extensions = ["myst_parser", "equation_checker.sphinxext"]
myst_enable_extensions = ["dollarmath"]
exclude_patterns = ["_build"]
