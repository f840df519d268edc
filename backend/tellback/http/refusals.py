"""What the server refuses before the application hears of it: in words, with the headers of every answer.

Any page may read them: they hold nothing but the sentence.
"""

import json

from waitress.task import ErrorTask
from waitress.utilities import Error

from tellback import logs, metrics
from tellback.http import noting
from tellback.http.headers import always

# English alone: of a request that could not be read nobody knows in which language it was asked.
_SENTENCES = {
    400: "The request could not be read as HTTP. Check how it is made.",
    408: "The request took too long to arrive. What you typed is still on your page; please send it again.",
    413: "That is more than we can take in one go. Please shorten it, or send it in two parts.",
    431: "The request's head is too large. Send a shorter address, and fewer or shorter headers.",
    500: "Something broke on our side. What you typed is still on your page; please try again in a minute.",
}


class RequestTimeout(Error):
    """A request that did not come to its end in time."""

    code = 408
    reason = "Request Timeout"


class Refusal(ErrorTask):
    """The answer to a request that is refused; the connection ends with it."""

    def execute(self) -> None:
        """Write it, as a problem of RFC 9457."""
        code, reason = self.request.error.code, self.request.error.reason
        detail = _SENTENCES.get(code, f"{reason}.")
        request_id = logs.new_id()
        problem = {"type": "about:blank", "title": reason, "status": code, "detail": detail}
        body = json.dumps({**problem, "request_id": request_id}).encode()
        # Whoever passed it on says whether it came over TLS; who makes that up makes it up for themselves.
        secure = self.request.headers.get("X_FORWARDED_PROTO") == "https"
        metrics.answered("other", "unread", code, 0.0, kept=False)
        self.status = f"{code} {reason}"
        self.response_headers += [
            ("Content-Type", "application/problem+json"),
            (noting.HEADER, request_id),
            ("Cache-Control", "no-store"),
            ("Access-Control-Allow-Origin", "*"),
            ("X-Frame-Options", "DENY"),
            *always(secure=secure).items(),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)
