"""The extensions, bare; ``create_app`` binds them."""

from __future__ import annotations

from typing import cast

from flask import current_app
from flask_babel import Babel
from flask_limiter import Limiter
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from werkzeug.local import LocalProxy

from eom.core import audit, audit_chain, vault
from eom.core.db import Base
from eom.core.storage import Store
from eom.settings import Settings
from eom.web import limits

db = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate()
babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(
    key_func=limits.person_or_address,
    application_limits=[limits.allowance],
    application_limits_exempt_when=limits.is_free,
    application_limits_per_method=True,
    headers_enabled=True,
)
# The files of the application that runs: jobs and services reach them without knowing Flask.
settings = cast(Settings, LocalProxy(lambda: current_app.extensions["eom_settings"]))
store = cast(Store, LocalProxy(lambda: current_app.extensions["eom_store"]))

# The keys of sealed columns come from the settings of the application that runs.
audit_chain.reached_by(lambda: str(current_app.extensions["eom_settings"].audit_key))
vault.reached_by(lambda: cast(vault.Keyring, current_app.extensions["eom_keyring"]))

audit.listen(db.session)
