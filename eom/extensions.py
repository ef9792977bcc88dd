"""The extensions, bare; ``create_app`` binds them."""

from __future__ import annotations

from typing import cast

from flask import current_app
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_security import Security
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from werkzeug.local import LocalProxy

from eom.core import audit
from eom.core.db import Base
from eom.core.storage import Store

db = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate()
babel = Babel()
csrf = CSRFProtect()
security = Security()
limiter = Limiter(key_func=get_remote_address)
# The files of the application that runs: jobs and services reach them without knowing Flask.
store = cast(Store, LocalProxy(lambda: current_app.extensions["eom_store"]))

audit.listen(db.session)
