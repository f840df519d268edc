"""Flask-Security without its passkeys: import it from here.

Where the library `webauthn` is installed it takes that in for views we leave out (`sign_in.py` says why).
With all the certificates that belong to it that was a twelfth of each start; `authenticators.py` loads it
when somebody uses a passkey.
"""

import sys
from typing import Any

_loaded: dict[str, Any] = sys.modules
_kept = _loaded.get("webauthn")
# What stands there as None cannot be imported (https://docs.python.org/3/reference/import.html#the-module-cache).
_loaded["webauthn"] = None
try:
    from flask_security import LoginForm as LoginForm
    from flask_security import RoleMixin as RoleMixin
    from flask_security import Security as Security
    from flask_security import UserDatastore as UserDatastore
    from flask_security import UserMixin as UserMixin
    from flask_security import current_user as current_user
    from flask_security import login_user as login_user
    from flask_security import user_authenticated as user_authenticated
    from flask_security.datastore import Datastore as Datastore
    from flask_security.tf_plugin import TfPlugin as TfPlugin
finally:
    del _loaded["webauthn"]
    if _kept is not None:
        _loaded["webauthn"] = _kept
