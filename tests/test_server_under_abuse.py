"""The server answers people while others are slow, send what cannot be framed, or hang up."""

import contextlib
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time

import pytest

from tellback.errors import SettingsError
from tellback.http.headers import always
from tellback.server import listen
from tellback.server.limits import THREADS

# An application that says which process answered and how much it was given; `tellback.server` around it.
SERVED = """
import os, socket, sys
from tellback import server

KEPT = 400_000

def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/broken":
        raise RuntimeError("the application failed")
    if path == "/unchanged":
        start_response("304 Not Modified", [("ETag", '"one"')])
        return []
    if path == "/kept":
        start_response("200 OK", [("Content-Length", str(KEPT))])
        return [bytes(KEPT)]
    if path == "/held":  # until the test says go on
        socket.create_connection(("127.0.0.1", int(environ["QUERY_STRING"]))).recv(1)
    taken = len(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    said = f"{os.getpid()} took {taken}".encode()
    start_response("200 OK", [("Content-Length", str(len(said))), ("Content-Type", "text/plain")])
    return [said]

# What needs no thread.
application.at_hand = lambda environ: environ["PATH_INFO"] == "/kept"

def make():
    if sys.argv[2] == "failing":
        raise RuntimeError("no application")
    return application

if sys.argv[2] == "hurried":
    server.limits.REQUEST_DEADLINE, server.limits.CLEAN_UP_EVERY = 0.5, 0.1
server.serve(make, port=0, workers=int(sys.argv[1]), ready=lambda address: print(address, flush=True))
"""
# Tellback as README's command installs it: what only its extras bring (PostgreSQL, Redis, single sign-on) is
# there for other tests, and libraries take it in when they find it.
PLAIN = """
import sys
sys.modules |= dict.fromkeys(["authlib", "psycopg", "redis", "requests"])
from tellback.cli import main
main()
"""
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
CLOSE = b"Connection: close"
PATIENCE = 60  # seconds in which anything must have happened, on a machine that does much else


class Served:
    """A server in a process of its own, and ways to talk to it."""

    def __init__(self, *command, **environment):
        self.process = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        said = self.process.stdout.readline()  # where it listens, or nothing when it did not come so far
        self.port = int((re.search(r"http://127\.0\.0\.1:(\d+)", said) or [0, 0])[1])

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def ask(self, request=GET):
        """Send a request and return all that comes back until the server, not we, hangs up."""
        with self.connect() as connection:
            with contextlib.suppress(ConnectionError):  # refused half-way: what came back still counts
                connection.sendall(request)
            return all_that_comes(connection)

    def end(self):
        """Stop it by force with its workers; return what it wrote to its log."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.communicate(timeout=PATIENCE)[1]


def all_that_comes(connection):
    received = b""
    with contextlib.suppress(ConnectionError):
        while some := connection.recv(65536):
            received += some
    return received


@pytest.fixture(scope="module")
def served():
    server = Served("-c", SERVED, "1", "as it is")
    yield server
    server.end()


@pytest.fixture(scope="module")
def tellback(tmp_path_factory):
    """Tellback itself, as an operator starts it, on a new SQLite file."""
    settings = {
        "TELLBACK_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "TELLBACK_OPERATOR": "The Tellback Trust",
    }
    upgrade = [sys.executable, "-m", "tellback", "db", "upgrade"]
    subprocess.run(upgrade, env={**os.environ, **settings}, check=True, capture_output=True)
    server = Served("-c", PLAIN, "serve", "--port", "0", **settings)
    yield server
    server.end()


@pytest.fixture
def started():
    """Start servers that the test may stop, each ended after it."""
    servers = []

    def start(workers=1, manner="as it is"):
        servers.append(Served("-c", SERVED, str(workers), manner))
        return servers[-1]

    yield start
    for server in servers:
        server.end()


def statuses(received):
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", received)]


def post(*lines, body=b""):
    return b"\r\n".join([b"POST /story HTTP/1.1", b"Host: localhost", *lines, b"", body])


def test_it_answers_a_request(served):
    answer = served.ask()
    assert statuses(answer) == [200]
    assert b"took 0" in answer
    assert b"Server:" not in answer


def test_who_has_an_answer_already_goes_on_over_the_same_connection(served):
    unchanged = b"GET /unchanged HTTP/1.1\r\nHost: localhost\r\n\r\n"
    received = served.ask(unchanged + unchanged + GET)
    assert statuses(received) == [304, 304, 200]
    assert received.count(CLOSE) == 1


def test_it_hangs_up_after_an_unchanged_answer_where_that_was_asked_for(served):
    received = served.ask(GET.replace(b"/ ", b"/unchanged ") + GET)
    assert (statuses(received), received.count(CLOSE)) == ([304], 1)


def test_it_takes_a_body_in_chunks(served):
    request = post(CLOSE, b"Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n")
    assert b"took 5" in served.ask(request)


def test_it_lets_the_application_refuse_200_kb_in_its_own_words(served):
    assert b"took 204800" in served.ask(post(CLOSE, b"Content-Length: 204800", body=b"a" * 204800))


UNFINISHED = {
    "head": b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "body": post(b"Content-Length: 5000", body=b"a"),
}


@pytest.mark.parametrize("unfinished", UNFINISHED.values(), ids=UNFINISHED)
def test_it_answers_while_150_clients_send_a_byte_at_a_time(served, unfinished):
    with contextlib.ExitStack() as slow:
        crowd = [slow.enter_context(served.connect()) for _ in range(150)]
        for connection in crowd:
            connection.sendall(unfinished)
        for _ in range(10):  # enough bytes to keep them all alive, not enough to end one
            for connection in crowd:
                connection.sendall(b"a")
            assert statuses(served.ask()) == [200]  # although none of them has come to its end


@pytest.mark.parametrize("unfinished", UNFINISHED.values(), ids=UNFINISHED)
def test_it_says_that_a_request_did_not_come_in_time_and_hangs_up(started, unfinished):
    answer = started(manner="hurried").ask(unfinished)
    assert statuses(answer) == [408]
    assert b"please send it again" in answer


def test_a_request_that_waits_behind_one_in_time_is_refused_after_its_answer(started):
    whole = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert statuses(started(manner="hurried").ask(whole + UNFINISHED["body"])) == [200, 408]


def test_what_it_refuses_itself_carries_the_headers_of_every_answer(served):
    for request_ in (*BAD_FRAMING.values(), TOO_MUCH["a length of 100 GB and no body"][1]):
        head = served.ask(request_).partition(b"\r\n\r\n")[0].decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:])
        assert always(secure=False).items() <= headers.items()
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Content-Type"] == "application/problem+json"
        assert headers["Cache-Control"] == "no-store"
        assert "Server" not in headers
        assert "Via" not in headers


def test_it_answers_after_clients_have_hung_up(served):
    for half in (b"", b"GET / HT", post(b"Content-Length: 100", body=b"half"), GET):
        for _ in range(25):
            with served.connect() as connection:
                # Linger 0: the close is a reset, as when a phone loses its network.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                connection.sendall(half)
    assert statuses(served.ask()) == [200]


def test_half_a_body_never_reaches_the_application(served):
    with served.connect() as connection:
        connection.sendall(post(b"Content-Length: 100", body=b"half a story"))
        connection.shutdown(socket.SHUT_WR)
        assert all_that_comes(connection) == b""


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked"
NO_MORE = b"0\r\n\r\n" + SMUGGLED
BAD_FRAMING = {
    "a chunk size that is no number": post(CHUNKED, body=b"ZZ\r\nabc\r\n" + NO_MORE),
    "a chunk size with 0x": post(CHUNKED, body=b"0x3\r\nabc\r\n" + NO_MORE),
    "a chunk size below 0": post(CHUNKED, body=b"-1\r\nabc\r\n" + NO_MORE),
    "a chunk longer than it says": post(CHUNKED, body=b"3\r\nabcX\r\n" + NO_MORE),
    "both lengths": post(b"Content-Length: 5", CHUNKED, body=NO_MORE),
    "both lengths, the other order": post(CHUNKED, b"Content-Length: 5", body=NO_MORE),
    "both lengths, one over the end": post(b"Content-Length: 40", CHUNKED, body=NO_MORE),
    "an unknown coding": post(b"Transfer-Encoding: xchunked", b"Content-Length: 5", body=NO_MORE),
    "a coding after chunked": post(b"Transfer-Encoding: chunked, identity", body=NO_MORE),
    "chunked twice": post(CHUNKED, CHUNKED, body=NO_MORE),
    "a blank before the colon": post(b"Transfer-Encoding : chunked", b"Content-Length: 5", body=NO_MORE),
    "a vertical tab before chunked": post(b"Transfer-Encoding: \x0bchunked", body=NO_MORE),
    "a coding on a folded line": post(b"Transfer-Encoding:\r\n chunked", b"Content-Length: 5", body=NO_MORE),
    "a coding in HTTP/1.0": post(CHUNKED, body=NO_MORE).replace(b"HTTP/1.1", b"HTTP/1.0", 1),
    "two lengths": post(b"Content-Length: 5", b"Content-Length: 6", body=b"hello" + SMUGGLED),
    "a length with a sign": post(b"Content-Length: +5", body=b"hello" + SMUGGLED),
    "a length with an underscore": post(b"Content-Length: 1_0", body=b"hello" + SMUGGLED),
    "a length below 0": post(b"Content-Length: -1", body=SMUGGLED),
    "NUL in a field": b"GET / HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n" + SMUGGLED,
    "a lone CR in a field": b"GET / HTTP/1.1\r\nHost: x\r\nX-A: a\rX-B: b\r\n\r\n" + SMUGGLED,
    "no host": b"GET / HTTP/1.1\r\n\r\n" + SMUGGLED,
    "two hosts": b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" + SMUGGLED,
    "a TLS greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n" + SMUGGLED,
}


@pytest.mark.parametrize("request_", BAD_FRAMING.values(), ids=BAD_FRAMING)
def test_it_refuses_what_could_be_read_in_two_ways_and_hears_nothing_after_it(served, request_):
    assert statuses(served.ask(request_)) == [400]
    assert statuses(served.ask()) == [200]


TOO_MUCH = {
    "a field of 1 MB": (431, b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 1_000_000 + b"\r\n\r\n"),
    "an address of 64 kB": (431, b"GET /?" + b"a" * 65536 + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a length of 100 GB and no body": (413, post(b"Content-Length: 99999999999")),
    "a chunk of 4 GB and no body": (413, post(CHUNKED, body=b"ffffffff\r\nabc")),
    "1 MB in chunks": (413, post(CHUNKED, body=b"10000\r\n" + (b"a" * 65536 + b"\r\n10000\r\n") * 16)),
}


@pytest.mark.parametrize(("status", "request_"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_it_refuses_too_much_without_hearing_it_out(served, status, request_):
    # A client that goes on sending may be cut off before it reads the answer: then nothing came back.
    assert statuses(served.ask(request_)) in ([status], [])
    assert statuses(served.ask()) == [200]


def test_it_writes_no_address_into_its_log_even_when_the_application_fails(started):
    server = started()
    assert statuses(server.ask(GET.replace(b"/ ", b"/broken ", 1))) == [500]
    server.ask(BAD_FRAMING["two lengths"])
    server.process.send_signal(signal.SIGTERM)
    log = server.process.communicate(timeout=PATIENCE)[1]
    assert "the application failed" in log
    assert "127.0.0.1" not in log


@pytest.mark.parametrize("workers", [1, 2])
def test_it_finishes_what_it_has_begun_when_told_to_stop(started, workers):
    server = started(workers=workers)
    with socket.create_server(("127.0.0.1", 0)) as gate, server.connect() as connection:
        gate.settimeout(PATIENCE)
        connection.sendall(b"GET /held?%d HTTP/1.1\r\nHost: x\r\n\r\n" % gate.getsockname()[1])
        held, _ = gate.accept()  # the application has the request
        with held:
            server.process.send_signal(signal.SIGTERM)
            until(lambda: refuses(server))
            held.sendall(b"!")
            assert statuses(all_that_comes(connection)) == [200]
    assert server.process.wait(PATIENCE) == 0


def hold_all_threads(server, stack):
    """Have every thread answer what is held until the connection to it, which is returned, is written to."""
    gate = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    gate.settimeout(PATIENCE)
    for _ in range(THREADS):
        asking = stack.enter_context(server.connect())
        asking.sendall(b"GET /held?%d HTTP/1.1\r\nHost: x\r\n\r\n" % gate.getsockname()[1])
    return [stack.enter_context(gate.accept()[0]) for _ in range(THREADS)]


def test_what_is_at_hand_is_read_while_every_thread_waits_for_something(started):
    server = started()
    with contextlib.ExitStack() as stack:
        hold_all_threads(server, stack)
        assert len(server.ask(GET.replace(b"/", b"/kept", 1))) > 400_000


def test_answers_come_in_the_order_of_the_requests_whoever_gives_them(started):
    server = started()
    with contextlib.ExitStack() as stack:
        connection = stack.enter_context(server.connect())
        held = hold_all_threads(server, stack)
        kept, asked = b"GET /kept HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /own HTTP/1.1\r\nHost: x\r\n\r\n"
        connection.sendall(kept + asked + kept + GET)
        for one in held:
            one.sendall(b"!")
        lengths = [int(found) for found in re.findall(rb"Content-Length: (\d+)", all_that_comes(connection))]
    assert [length == 400_000 for length in lengths] == [True, False, True, False]


def test_who_asks_for_much_and_reads_nothing_holds_up_nobody(served):
    with contextlib.ExitStack() as stack:
        for _ in range(THREADS):
            greedy = stack.enter_context(served.connect())
            greedy.sendall(100 * b"GET /kept HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in range(3):
            assert len(served.ask(GET.replace(b"/", b"/kept", 1))) > 400_000


def test_a_worker_that_dies_is_replaced(started):
    server = started(workers=2)
    first = answering(server)
    os.kill(first, signal.SIGKILL)
    # The other answers at once, and the one in the place of the dead soon after.
    seen = set()
    until(lambda: seen.add(answering(server)) or len(seen - {first}) == 2)
    assert first not in seen


def test_workers_that_cannot_make_the_application_end_the_service(started):
    server = started(workers=2, manner="failing")
    _, log = server.process.communicate(timeout=PATIENCE)
    assert server.process.returncode == 1
    assert "no application" in log


def test_tellback_itself_answers_while_150_clients_are_slow(tellback):
    with contextlib.ExitStack() as slow:
        for number in range(150):
            unfinished = list(UNFINISHED.values())[number % 2]
            slow.enter_context(tellback.connect()).sendall(unfinished)
        for page in (b"/", b"/healthz", b"/api/v1/services?q=brighton"):
            assert statuses(tellback.ask(GET.replace(b"/", page, 1))) == [200]


def test_tellback_itself_refuses_bad_framing_and_hears_nothing_after_it(tellback):
    refused = {name: statuses(tellback.ask(request)) for name, request in BAD_FRAMING.items()}
    assert refused == {name: [400] for name in BAD_FRAMING}


def test_a_story_of_200_kb_is_refused_in_words_that_any_page_may_read(tellback):
    page, form = b"Origin: https://elsewhere.example", b"Content-Type: application/x-www-form-urlencoded"
    story = post(CLOSE, page, form, b"Content-Length: 204800", body=b"body=" + b"a" * 204795)
    answer = tellback.ask(story.replace(b"/story", b"/api/v1/stories", 1))
    assert statuses(answer) == [413]
    assert b"application/problem+json" in answer
    assert b"Access-Control-Allow-Origin: https://elsewhere.example" in answer


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_plain_service_is_one_process_of_at_most_120_mb(tellback):
    process = pathlib.Path(f"/proc/{tellback.process.pid}")
    assert not any(task.joinpath("children").read_text() for task in process.glob("task/*"))
    resident = re.search(r"VmHWM:\s+(\d+) kB", process.joinpath("status").read_text())
    assert int(resident[1]) < 120_000


def test_an_address_that_is_taken_is_said_in_one_line(served, monkeypatch):
    monkeypatch.setattr("tellback.server.limits.TAKEN_FOR", 0)  # as if it had been waited for
    with pytest.raises(SettingsError, match=r"cannot listen on 127\.0\.0\.1, port \d+ .*: choose by --host"):
        listen("127.0.0.1", served.port)


def until(condition):
    """Ask again and again until it holds; each time something is waited for on a socket."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not come about"


def refuses(server):
    try:
        return not server.ask()
    except ConnectionError:
        return True


def answering(server):
    """Return the process that answers; 0 when the connection went to one that was just dying."""
    found = re.search(rb"(\d+) took", server.ask())
    return int(found[1]) if found else 0
