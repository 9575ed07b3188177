"""All HTTP routes of Leyden beside Streamlit's own, and the middleware around both."""

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

ROUTES: list[BaseRoute] = []
MIDDLEWARE: list[Middleware] = []
