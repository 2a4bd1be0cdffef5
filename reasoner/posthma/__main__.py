"""``python -m posthma`` is the command ``posthma``."""

from posthma.cli import main

main()
