"""Property tests run the same examples every time, so that a change is blamed for what it broke and nothing else.

``POSTHMA_DIFFERENTIAL=N`` (see `make differential`) asks for new ones.
"""

import os

from hypothesis import settings

settings.register_profile("same-each-time", derandomize=True)
settings.register_profile("new-each-time", derandomize=False)
settings.load_profile("new-each-time" if os.environ.get("POSTHMA_DIFFERENTIAL") else "same-each-time")
