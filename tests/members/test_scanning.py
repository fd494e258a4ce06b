"""The virus scanner is heard before a file is kept: one that speaks clamd's protocol stands in for it here."""

import socketserver
import struct
import threading

import pytest

from members import uploads
from members.acts import Refused
from tests.applications.files import pdf, upload


class Scanner(socketserver.ThreadingUnixStreamServer):
    """Hears a whole stream, keeps it in `heard`, and gives `answer`; with `most` it hangs up on a longer one."""

    daemon_threads = True
    answer, most = b"stream: OK\0", None

    def __init__(self, path):
        self.heard = b""
        super().__init__(path, Conversation)


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            self.server.heard += self.rfile.read(length)
            if self.server.most and len(self.server.heard) > self.server.most:
                break
        self.wfile.write(self.server.answer)


@pytest.fixture
def scanner(settings, tmp_path):
    settings.CLAMD = str(tmp_path / "clamd.sock")
    with Scanner(settings.CLAMD) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_clean_file_is_heard_whole_and_taken(scanner):
    content = pdf()

    checked = uploads.check(upload(content))

    assert (scanner.heard, checked.content_type) == (content, "application/pdf")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (b"stream: Eicar-Test-Signature FOUND\0", "found “Eicar-Test-Signature” in this file. Send a clean one."),
        (b"INSTREAM size limit exceeded. ERROR\0", "could not read this file. Save it again, as PDF"),
        (b"", "cannot be checked for viruses just now, so none is taken. Try again later."),
    ],
)
def test_anything_but_a_clean_answer_is_a_refusal(scanner, answer, sentence):
    scanner.answer = answer

    with pytest.raises(Refused, match=sentence):
        uploads.check(upload(pdf()))


def test_a_scanner_that_hangs_up_early_lets_no_file_slip_by(scanner):
    scanner.answer, scanner.most = b"INSTREAM size limit exceeded. ERROR\0", 10

    with pytest.raises(Refused, match=r"could not read this file|cannot be checked"):
        uploads.check(upload(pdf(30)))


def test_while_the_scanner_is_away_no_file_is_taken(settings, tmp_path):
    settings.CLAMD = str(tmp_path / "nobody.sock")

    with pytest.raises(Refused, match="cannot be checked for viruses just now"):
        uploads.check(upload(pdf()))
