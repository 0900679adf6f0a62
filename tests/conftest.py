"""Settings for every test that draws random cases: what fails can be drawn again."""

from hypothesis import settings

# No deadline: a busy machine is not a fault. The blob repeats the very case that failed.
settings.register_profile("book", max_examples=50, deadline=None, print_blob=True)
settings.load_profile("book")
