"""The viewer of the interface's own description, from files of this machine."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, PlainTextResponse

__all__ = ["documentation_router"]

#: Made by the build; see ``tools/hatch_build.py``.
_FOLDER = Path(__file__).resolve().parents[1] / "_built" / "swagger"
_FILES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}
_ABSENT = (
    "The viewer of this interface was not built: `make` fetches it. The description itself is at"
    " {path}.\n"
)


def documentation_router(folder: Path = _FOLDER) -> APIRouter:
    """Return the routes under ``/docs``.

    Parameters
    ----------
    folder : Path
        Where Swagger UI lies.

    Returns
    -------
    APIRouter
        Routes.
    """
    router = APIRouter(prefix="/docs", include_in_schema=False)

    @router.get("")
    async def viewer(request: Request) -> Response:
        """Show the interface."""
        root = request.scope["root_path"]
        described = f"{root}/v1/openapi.json"
        if not all((folder / name).is_file() for name in _FILES):
            return PlainTextResponse(_ABSENT.format(path=described))
        files = f"{root}/v1/docs/files"
        return get_swagger_ui_html(
            openapi_url=described,
            title="Convoi",
            swagger_js_url=f"{files}/swagger-ui-bundle.js",
            swagger_css_url=f"{files}/swagger-ui.css",
            swagger_favicon_url=f"{files}/favicon-32x32.png",
            # By default the viewer asks a server of its makers whether the description is valid.
            swagger_ui_parameters={"validatorUrl": None},
        )

    @router.get("/files/{name}")
    async def file(name: str) -> Response:
        """Return a file of the viewer."""
        path = folder / name
        if name not in _FILES or not path.is_file():
            return PlainTextResponse("There is no such file.\n", 404)
        return FileResponse(path, media_type=_FILES[name])

    return router
