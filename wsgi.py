"""The application for a WSGI server and for ``flask --app wsgi``."""

from eom import create_app
from eom.web import warming

app = create_app()
if app.extensions["eom_settings"].is_warm:
    warming.start()
