"""A flow as a picture: SVG without any tool, or Mermaid text. Pure: Flow and Catalogue in, text out."""

from ivr.proof.check.picture.mermaid import as_mermaid
from ivr.proof.check.picture.outline import Box, Naming, OutlineEdge, Overlay, outline
from ivr.proof.check.picture.svg import as_svg

__all__ = ["Box", "Naming", "OutlineEdge", "Overlay", "as_mermaid", "as_svg", "outline"]
