"""Headers that every answer carries: what a browser may do with it."""

from flask import Flask, Response, request

# No inline anything, nobody else's host; frames of our own pages nowhere.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The one page that is made to stand in anybody's: as strict, but for that. (`frame-ancestors *` would keep it
# out of pages that are sandboxed, as some editors show what is being written: those are of no origin.)
FRAME_POLICY = PAGE_POLICY.replace("; frame-ancestors 'none'", "")
# A page that shows a sample page of ours in a frame, and the sample page, which stands in no other's.
PREVIEWING_POLICY = f"{PAGE_POLICY}; frame-src 'self'"
SAMPLE_POLICY = PAGE_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


def init_app(app: Flask) -> None:
    """Put the headers on every answer; a route that set one keeps its own."""

    @app.after_request
    def put(response: Response) -> Response:
        for name, value in _headers().items():
            response.headers.setdefault(name, value)
        return response


def _headers() -> dict[str, str]:
    headers = {
        "Content-Security-Policy": PAGE_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if request.path.startswith("/static/"):
        # In a sandboxed frame our own page is of no origin, and under COEP would be refused its own files.
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.path.startswith(("/my-story", "/admin")):
        headers["Cache-Control"] = "no-store"
        headers["Referrer-Policy"] = "no-referrer"
    return headers
