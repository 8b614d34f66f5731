"""How a verb's attributes are read: kinds, defaults, and the warnings Twilio gives.

Twilio warns and goes on: a wrong value is replaced by the default, an unknown name is passed over (T:12200).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ivr.base.complaints import suggestion
from ivr.simulator.twiml.xml import Element

SCHEMA_WARNING = 12200
NOT_SIMULATED = 0  # Twilio has no number for what only the simulator cannot do


@dataclass(frozen=True, slots=True)
class Issue:
    """Something wrong that does not stop the call. `level`: "warning" or "error"."""

    code: int
    message: str
    line: int
    column: int
    level: str = "warning"


class Reading:
    """One element's attributes being read. Every look-up adds what is wrong to `issues`.

    `known`: the attributes Twilio has for this element. `ignored`: those of them that would change the call and are not
    simulated; each one that is used is said, by name.
    """

    def __init__(
        self, element: Element, issues: list[Issue], known: Collection[str], ignored: Collection[str] = ()
    ) -> None:
        self.element = element
        self._issues = issues
        for name in element.attributes:
            if name in ignored:
                self.warn(
                    NOT_SIMULATED, f"attribute {name} of <{element.name}> is not simulated; it has no effect here"
                )
            elif name not in known and not name.startswith(("xmlns", "xsi:")):
                hint = suggestion(name, known)
                self.warn(SCHEMA_WARNING, f"<{element.name}> has no attribute {name!r}{hint}; it is ignored")

    def warn(self, code: int, message: str) -> None:
        self._issues.append(Issue(code, message, self.element.line, self.element.column))

    def text(self, name: str) -> str | None:
        return self.element.attributes.get(name)

    def integer(  # noqa: PLR0913 - one argument for each thing that an attribute of this kind has
        self, name: str, default: int, code: int, *, low: int = 0, high: int | None = None, means: str = ""
    ) -> int:
        """A whole number. Not a number or below `low`: the default; above `high`: `high`.

        `means`: the default in words, where the number itself stands for something else ("no limit").
        """
        raw = self.text(name)
        if raw is None:
            return default
        number = int(raw[:12]) if raw.isascii() and raw.isdigit() else -1  # 12 digits are beyond every limit
        if number < low:
            self._wrong(name, raw, code, f"a whole number from {low}", means or repr(str(default)))
            return default
        if high is not None and number > high:
            self._wrong(name, raw, code, f"at most {high}", repr(str(high)))
            return high
        return number

    def flag(self, name: str, default: bool, code: int) -> bool:
        return self.choice(name, str(default).lower(), ("true", "false"), code) == "true"

    def choice(self, name: str, default: str, allowed: Collection[str], code: int) -> str:
        raw = self.text(name)
        if raw is None or raw in allowed:
            return default if raw is None else raw
        if raw.lower() in allowed:  # Twilio takes TRUE and post
            return raw.lower()
        self._wrong(name, raw, code, f"one of {', '.join(allowed)}", repr(default) if default else "the default")
        return default

    def method(self, name: str, code: int, default: str = "POST") -> str:
        raw = (self.text(name) or default).upper()
        if raw in ("GET", "POST"):
            return raw
        self._wrong(name, raw, code, "GET or POST", repr(default))
        return default

    def words(self, name: str, default: Iterable[str], allowed: Collection[str], code: int) -> tuple[str, ...]:
        """Words separated by blanks or commas, each of them allowed."""
        raw = self.text(name)
        if raw is None:
            return tuple(default)
        found = tuple(raw.replace(",", " ").split())
        wrong = [word for word in found if word not in allowed]
        if wrong or not found:
            self._wrong(name, raw, code, f"words out of {', '.join(allowed)}", repr(" ".join(default)))
        return tuple(word for word in found if word in allowed) or tuple(default)

    def _wrong(self, name: str, raw: str, code: int, wanted: str, instead: str) -> None:
        self.warn(code, f"{name}={raw!r} of <{self.element.name}> must be {wanted}; {instead} is used")
