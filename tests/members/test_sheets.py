"""Files of spreadsheets: what is read of them, and which are refused."""

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from members.acts import Refused
from members.sheets.files import MOST_LOOKED_AT, MOST_ROWS, read_table


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("places.xlsx", content.getvalue())


def test_csv_is_read_with_any_usual_separator_and_encoding() -> None:
    for content in (b"a,b\n1,2\n", b"a;b\r\n1;2\r\n", b"a\tb\n1\t2\n", b"\xef\xbb\xbfa,b\n1,2\n"):
        assert read_table(SimpleUploadedFile("x.csv", content)) == [["a", "b"], ["1", "2"]]
    assert read_table(SimpleUploadedFile("x.csv", "Größe;b\n1;2".encode("cp1252")))[0] == ["Größe", "b"]


def test_xlsx_is_read_as_people_would_type_it() -> None:
    file = workbook(["title", "day", "places"], ["Robotics", date(2027, 8, 30), 4.0], [None, None, None])

    assert read_table(file) == [["title", "day", "places"], ["Robotics", "2027-08-30", "4"]]


def test_blank_rows_below_the_last_one_do_not_count() -> None:
    """A column that was formatted down to row 1000 is how offices send their lists."""
    blank = [None]

    assert read_table(workbook(["title"], ["Robotics"], *[blank] * MOST_ROWS)) == [["title"], ["Robotics"]]
    with pytest.raises(Refused, match="more than 500 rows"):
        read_table(workbook(["title"], *[blank] * MOST_ROWS, ["Robotics"]))
    with pytest.raises(Refused, match="more than 500 rows"):
        read_table(SimpleUploadedFile("x.csv", b"a\n" + b",\n" * MOST_LOOKED_AT))


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (41 * 1024 * 1024))
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b",,\n,,\n", "The file is empty."),
        (b"MZ\x00\x01\x02", "neither a CSV nor an XLSX"),
        (b"PK\x03\x04 broken", "cannot be read"),
        (b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
        (b"a\n" * (MOST_ROWS + 2), "more than 500 rows"),
    ],
)
def test_a_file_that_is_no_table_is_refused(content, sentence) -> None:
    with pytest.raises(Refused, match=sentence):
        read_table(SimpleUploadedFile("x.csv", content))


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(Refused, match="unpacks to more than 40 MB"):
        read_table(SimpleUploadedFile("x.xlsx", bomb()))


def spoiled(change) -> SimpleUploadedFile:
    """A workbook of which one part was changed after it was made."""
    made, content = zipfile.ZipFile(workbook(["title"], ["Robotics"])), io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in made.namelist():
            archive.writestr(name, change(name, made.read(name)))
    return SimpleUploadedFile("x.xlsx", content.getvalue())


SPOILED = {
    "no workbook inside": lambda name, part: b"<Types/>" if name == "[Content_Types].xml" else part,
    "an attribute nobody knows": lambda name, part: part.replace(b"minimized", b"minimizmd"),
    "no markup": lambda name, part: b"\x01\x02" if name.endswith("sheet1.xml") else part,
}


@pytest.mark.parametrize("change", SPOILED.values(), ids=SPOILED)
def test_a_workbook_whose_parts_do_not_fit_is_refused(change) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        read_table(spoiled(change))


def test_a_workbook_that_was_cut_in_its_middle_or_packed_by_no_known_way_is_refused() -> None:
    content = workbook(["title"], ["Robotics"]).read()
    packed = content.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    entry = content.index(b"PK\x01\x02")
    turned = content[:packed] + bytes(byte ^ 0xFF for byte in content[packed : packed + 40]) + content[packed + 40 :]
    newer = content[: entry + 6] + b"\xf9" + content[entry + 7 :]

    for spoilt in (turned, newer):
        with pytest.raises(Refused, match="cannot be read"):
            read_table(SimpleUploadedFile("x.xlsx", spoilt))


def test_a_workbook_locked_by_a_password_is_refused() -> None:
    content = bytearray(workbook(["title"]).read())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(mark, at + 4)

    with pytest.raises(Refused, match="cannot be read"):
        read_table(SimpleUploadedFile("x.xlsx", bytes(content)))
