"""Several that do the same at the same moment, as two processes or two presses of a button do."""

import threading
from collections.abc import Callable


def at_once(act: Callable[[], object], times: int = 2) -> None:
    """Have several threads do it, and wait for all of them; each is to close the database that it opens."""
    threads = [threading.Thread(target=act) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
