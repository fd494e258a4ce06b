"""Files over the wire: turned away when too large, handed out so that no browser runs what is inside."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from members.uploads import most_bytes_of_a_form, too_large

View = Callable[..., HttpResponse]
# How much of a body that is refused is read away: enough for any scan, too little to keep a worker busy.
DRAINED = 64 * 1024 * 1024


def refuse_large(back_to: str, files: int = 1, says: Callable[[], str] = too_large) -> Callable[[View], View]:
    """Turn away a body that is too large by its announced length, before it is read into files.

    `back_to` names the page to return to; it takes the first parameter of the view's address. `files` is how many files
    the form takes at most, `says` the sentence for the person.
    """

    def decorator(view: View) -> View:
        # The check of the token would read the body into files, so it has to stand inside of the question of length.
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            # Without a length, in chunks, Django reads no body at all: there is nothing to measure.
            announced = int(request.headers.get("Content-Length") or 0)
            if announced <= most_bytes_of_a_form(files):
                return protected(request, *args, **kwargs)
            read = 0
            # What is on its way is read and dropped, so that the browser hears an answer instead of a broken line.
            while read < DRAINED and (chunk := request.read(1024 * 1024)):
                read += len(chunk)
            messages.error(request, says())
            return redirect(back_to, [*args, *kwargs.values()][0])

        return wrapped

    return decorator


def as_download(row: Any) -> FileResponse:
    """The stored file of `row` (file, name, content_type): always a download, never shown in a page of ours.

    Raises Http404 for one that is gone from the store, by a restore of the database alone for example.
    """
    try:
        content = row.file.open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(content, as_attachment=True, filename=row.name, content_type=row.content_type)
    # It stays what it was checked to be, and runs nothing if a browser opens it after all.
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
