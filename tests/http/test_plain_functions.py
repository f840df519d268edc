"""What answers a request is a plain function: the app looks at none of them before it calls it (`app.py`)."""

import inspect
from itertools import chain

from flask import Flask


def test_no_route_and_no_hook_is_a_coroutine(app: Flask) -> None:
    hooks = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    called = {*app.view_functions.values(), *chain(*(chain(*kind.values()) for kind in hooks))}
    assert len(called) > 300
    assert [one for one in called if inspect.iscoroutinefunction(one)] == []
