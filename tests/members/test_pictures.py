"""Uploads: what is taken is written anew, what is not gets a sentence, and nothing dangerous is ever opened."""

import io
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from PIL import Image

from members import images
from members.models import Picture
from tests.factories.members import UniversityFactory, person_as

pytestmark = pytest.mark.django_db


def picture(form="JPEG", size=(400, 300), mode="RGB", **options):
    content = io.BytesIO()
    Image.new(mode, size, 128).save(content, form, **options)
    return content.getvalue()


def upload(content, name="picture.jpg"):
    return SimpleUploadedFile(name, content)


def with_place_of_the_camera():
    exif = Image.Exif()
    exif[0x010F] = "Camera maker"
    exif[0x0112] = 6  # the camera was held upright
    return picture(size=(400, 200), exif=exif)


def test_a_picture_is_upright_bounded_and_without_metadata():
    written = images.reencoded(upload(with_place_of_the_camera()), longest_edge=100)

    image = Image.open(written)
    assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (50, 100), {})


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("JPEG", "CMYK")])
def test_every_kind_that_is_taken(form, mode):
    written = images.reencoded(upload(picture(form, mode=mode)), longest_edge=100)

    assert Image.open(written).format == "WEBP"


BOMB = picture("PNG", size=(9000, 9000), mode="1")
WRONG = {
    "a drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG can carry programs"),
    "an XML file": (b"  <?xml version='1.0'?><svg/>", "SVG can carry programs"),
    "a program": (b"MZ\x90\x00" + b"\0" * 200, "not a picture we can read"),
    "a PDF": (b"%PDF-1.7 hello", "not a picture we can read"),
    "a GIF": (picture("GIF", mode="P"), "not a picture we can read"),
    "half a picture": (picture()[:600], "damaged or incomplete"),
    "a decompression bomb": (BOMB, "too many pixels; at most 40 million"),
    "a dot": (picture(size=(2, 2)), "2 by 2 pixels: too small"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_taken_says_why(name):
    content, sentence = WRONG[name]

    with pytest.raises(ValidationError, match=sentence):
        images.reencoded(upload(content), longest_edge=100)


@override_settings(UPLOAD_MAX_BYTES=1000)
def test_a_file_that_is_too_large_says_how_large_it_may_be():
    with pytest.raises(ValidationError, match=r"“holiday\.jpg” has 1\.5.*KB; a picture may have at most 1000.*bytes"):
        images.reencoded(upload(b"\0" * 1500, "holiday.jpg"), longest_edge=100)


@pytest.fixture
def university(client):
    university = UniversityFactory()
    client.force_login(person_as("official", university))
    return university


def add(client, university, content, **fields):
    url = reverse("members:university_picture_add", args=[university.slug])
    return client.post(url, {"new-image": upload(content), "new-alt": "The campus", **fields})


def content_of(response):
    """The file in the answer; read to its end, it is closed as a server would."""
    return b"".join(response.streaming_content)


def test_an_added_picture_stands_on_the_public_page(client, university):
    add(client, university, picture(), **{"new-credit": "Somebody"})
    stored = Picture.objects.get()
    client.logout()

    page = client.get(university.get_absolute_url()).content.decode()
    served = client.get(stored.url)

    assert stored.url in page
    assert 'alt="The campus"' in page
    assert (served["Content-Type"], served["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert Image.open(io.BytesIO(content_of(served))).size == (400, 300)


def test_a_refused_picture_keeps_the_words(client, university):
    response = add(client, university, b"not a picture", **{"new-credit": "Somebody"})

    html = response.content.decode()
    assert response.status_code == 422
    assert "not a picture we can read" in html
    assert 'value="The campus"' in html
    assert not Picture.objects.exists()


def test_a_picture_too_large_is_turned_away_before_it_is_read(client, university, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    logo = reverse("members:university_logo_change", args=[university.slug])

    for answer in (add(client, university, b"0" * 200_000), client.post(logo, {"logo-logo": upload(b"0" * 200_000)})):
        assert answer.url == reverse("members:university_pictures", args=[university.slug])
    messages = [str(message) for message in client.get(answer.url).context["messages"]]
    assert messages == ["A picture may have at most 1000\xa0bytes. Save it smaller and try again."] * 2


def test_there_is_an_end_to_pictures(client, university, monkeypatch):
    monkeypatch.setattr("members.actions.pictures.MOST_PICTURES", 1)
    add(client, university, picture())

    response = add(client, university, picture())

    assert response.status_code == 422
    assert response.context["upload_form"].errors["image"] == [
        "1 picture stands here, as many as there can be. Take one away first."
    ]
    assert Picture.objects.count() == 1


def test_a_new_picture_stands_behind_the_others(client, university):
    add(client, university, picture())
    Picture.objects.update(position=7)

    add(client, university, picture())

    assert [each.position for each in Picture.objects.all()] == [7, 8]


def test_a_logo_that_is_no_picture_says_so_and_the_old_one_stays(client, university):
    address = reverse("members:university_logo_change", args=[university.slug])
    client.post(address, {"logo-logo": upload(picture())})

    response = client.post(address, {"logo-logo": upload(b"not a picture")})

    (sentence,) = response.context["logo_form"].errors["logo"]
    assert sentence == "This is not a picture we can read. Take a JPEG, PNG or WebP file."
    university.refresh_from_db()
    assert university.logo.storage.exists(university.logo.name)


def test_two_people_at_the_pictures_get_both_versions(client, university):
    add(client, university, picture())
    page = client.get(reverse("members:university_pictures", args=[university.slug]))
    (row,) = page.context["formset"]
    typed = {"pictures-TOTAL_FORMS": 1, "pictures-INITIAL_FORMS": 1, "pictures-0-id": row.instance.pk,
             "pictures-0-alt": "Mine", "pictures-0-position": 0, "seen": page.context["seen"]}  # fmt: skip
    Picture.objects.update(alt="Theirs")

    response = client.post(reverse("members:university_pictures", args=[university.slug]), typed)

    assert response.status_code == 409
    assert "Mine" in response.content.decode()
    assert Picture.objects.get().alt == "Theirs"


def test_pictures_of_an_archived_university_are_absent(client, university):
    add(client, university, picture())
    university.archived_at = "2027-01-01T00:00Z"
    university.save()
    client.logout()

    assert client.get(Picture.objects.get().url).status_code == 404


@pytest.mark.parametrize("name", ["other.webp", "..%2f..%2fsettings.py", "nothing"])
def test_only_names_of_this_university_are_served(client, university, name):
    add(client, university, picture())
    other = UniversityFactory()

    assert client.get(f"/universities/{university.slug}/pictures/{name}").status_code == 404
    assert client.get(Picture.objects.get().url.replace(university.slug, other.slug)).status_code == 404


def test_removing_a_picture_removes_its_file(client, university, django_capture_on_commit_callbacks):
    add(client, university, picture())
    stored = Picture.objects.get()
    page = client.get(reverse("members:university_pictures", args=[university.slug]))
    data = {
        "pictures-TOTAL_FORMS": 1, "pictures-INITIAL_FORMS": 1, "pictures-0-id": stored.pk, "pictures-0-alt": "x",
        "pictures-0-position": 0, "pictures-0-DELETE": "on", "seen": page.context["seen"],
    }  # fmt: skip

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("members:university_pictures", args=[university.slug]), data)

    assert not Picture.objects.exists()
    assert not stored.image.storage.exists(stored.image.name)


def test_the_logo_is_changed_and_removed(client, university, django_capture_on_commit_callbacks):
    url = reverse("members:university_logo_change", args=[university.slug])

    client.post(url, {"logo-logo": upload(picture("PNG", mode="RGBA"))})
    university.refresh_from_db()
    assert content_of(client.get(university.logo_url))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"remove": "yes"})

    gone = university.logo.name
    university.refresh_from_db()
    assert university.logo.name == ""
    assert not university._meta.get_field("logo").storage.exists(gone)


def test_too_many_uploads_are_put_off(client, university, monkeypatch):
    for _ in range(60):
        add(client, university, b"x")

    assert add(client, university, picture()).status_code == 429


def test_a_picture_with_a_cameras_broken_notes_is_damaged_and_no_fault_of_ours():
    """As a chat program left it that cut the notes short."""
    notes, content = Image.Exif(), io.BytesIO()
    notes[0x0112] = 6
    Image.new("RGB", (40, 30)).save(content, "PNG", exif=notes.tobytes())
    spoiled = content.getvalue().replace(b"MM\x00*", b"MM\x00\xe0").replace(b"II*\x00", b"II\xe0\x00")
    start = spoiled.index(b"eXIf")
    length = int.from_bytes(spoiled[start - 4 : start], "big")
    checked = zlib.crc32(spoiled[start : start + 4 + length]).to_bytes(4, "big")
    spoiled = spoiled[: start + 4 + length] + checked + spoiled[start + 8 + length :]

    with pytest.raises(ValidationError, match="damaged or incomplete"):
        images.reencoded(upload(spoiled, "campus.png"), longest_edge=100)


@pytest.mark.parametrize("orientation", [6, 8])
def test_a_picture_taken_upright_stays_upright(orientation):
    notes, content = Image.Exif(), io.BytesIO()
    notes[0x0112] = orientation
    Image.new("RGB", (40, 30)).save(content, "JPEG", exif=notes.tobytes())

    taken = Image.open(images.reencoded(upload(content.getvalue()), longest_edge=100))

    assert (taken.size, dict(taken.getexif())) == ((30, 40), {})


def test_a_file_field_knows_the_limit_so_that_the_browser_refuses_before_it_sends(client, settings):
    settings.UPLOAD_MAX_BYTES = 3 * 1024 * 1024
    university = UniversityFactory()
    client.force_login(person_as("exchange", university))

    page = client.get(reverse("members:university_pictures", args=[university.slug])).content.decode()

    assert page.count('data-max-bytes="3145728"') == 2  # the picture and the logo
    assert "This file is larger than 3.0\xa0MB. Choose a smaller one." in page
