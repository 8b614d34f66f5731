"""A cookie that only the console can make: sealed with its key, sent to it alone, and hidden from scripts."""

import hashlib
from collections.abc import Sequence
from typing import Any

from flask import Request, Response
from itsdangerous import BadData, URLSafeSerializer


class SealedCookie:
    """`salt`: keeps it apart from other cookies of the same key. `path`: where it is sent to and nowhere else.
    `fields`: how many values it holds. `secure`: over https alone."""

    def __init__(self, name: str, key: str, salt: str, path: str, *, fields: int, secure: bool) -> None:  # noqa: PLR0913 - what a cookie has
        self._name = name
        self._seal = URLSafeSerializer(
            key, salt=salt, signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
        )
        self._fields = fields
        self._path = path
        self._secure = secure

    def read(self, request: Request) -> Sequence[Any] | None:
        """The values; None without the cookie, or for one that is not ours."""
        try:
            values = self._seal.loads(request.cookies.get(self._name, ""))
        except (BadData, ValueError):
            return None
        return values if isinstance(values, list) and len(values) == self._fields else None

    def set(self, response: Response, values: Sequence[Any], seconds: int) -> None:
        sealed = self._seal.dumps(list(values))
        self._set(response, sealed if isinstance(sealed, str) else sealed.decode(), seconds)

    def delete(self, response: Response) -> None:
        self._set(response, "", 0)

    def _set(self, response: Response, text: str, seconds: int) -> None:
        response.set_cookie(
            self._name, text, max_age=seconds, path=self._path, secure=self._secure, httponly=True, samesite="Strict"
        )
