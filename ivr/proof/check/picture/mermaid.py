"""A flow's outline as Mermaid text, which many sites draw."""

from collections.abc import Mapping

from ivr.line.flow.model import Flow
from ivr.proof.check.picture.outline import Shape, outline

_AROUND: Mapping[Shape, tuple[str, str]] = {
    Shape.SAY: ("[", "]"),
    Shape.MENU: ("{{", "}}"),
    Shape.ENTRY: ("[/", "/]"),
    Shape.RING: ("([", "])"),
    Shape.DANGER: ("[[", "]]"),
    Shape.END: ("((", "))"),
}


def as_mermaid(flow: Flow) -> str:
    plan = outline(flow)
    lines = ["flowchart TD"]
    for box in plan.boxes:
        before, after = _AROUND[box.shape]
        text = "<br/>".join((box.id, *box.notes))
        lines.append(f'  {_name(box.id)}{before}"{text}"{after}')
    for line in plan.lines:
        arrow = "-.->" if line.failure else "-->"
        label = f'|"{line.label}"|' if line.label else ""
        lines.append(f"  {_name(line.start)} {arrow}{label} {_name(line.end)}")
    return "\n".join(lines) + "\n"


def _name(node: str) -> str:
    """`end` is a word of Mermaid's own."""
    return f"n_{node}"
