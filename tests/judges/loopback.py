"""A server of a judge's own: on a free port of this machine, and ended by whoever began it."""

import http.server
import json
import threading

from child import DEADLINE_SECONDS


class Served:
    """A server on a thread of its own, for as long as it is used as a context manager."""

    def __init__(self, handler, kind=http.server.ThreadingHTTPServer):
        self._server = kind(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=DEADLINE_SECONDS)


class Always(Served):
    """Answers whatever it is asked with `body`, as JSON."""

    def __init__(self, body=None):
        self.body = body
        always = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                told = json.dumps(always.body).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        super().__init__(Handler)
