"""Cookies of one call: Twilio keeps them from one request to the next (T:overview). In memory, per origin and path."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit


class CookieJar:
    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], str] = {}  # origin, path, name -> value

    def __bool__(self) -> bool:
        return bool(self._kept)

    def store(self, origin: str, url: str, set_cookie: str) -> None:
        """Take one Set-Cookie header; one that cannot be read is passed over, as browsers do."""
        try:
            cookie = SimpleCookie(set_cookie)
        except CookieError:
            return
        for name, morsel in cookie.items():
            path = morsel["path"] or urlsplit(url).path.rpartition("/")[0] or "/"
            key = (origin, path, name)
            if morsel["max-age"] == "0" or morsel["expires"].endswith("1970 00:00:00 GMT"):
                self._kept.pop(key, None)
            else:
                self._kept[key] = morsel.coded_value

    def header(self, origin: str, url: str) -> str:
        """The Cookie header for a request, "" when there is none."""
        path = urlsplit(url).path or "/"
        return "; ".join(
            f"{name}={value}"
            for (of, below, name), value in self._kept.items()
            if of == origin and (path == below or path.startswith(below.rstrip("/") + "/"))
        )
