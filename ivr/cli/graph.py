"""`ivr graph`: the flow as a picture. Needs no network and no drawing tool. Must not judge the flow: see `ivr check`.

Exit codes: 0 drawn, 2 the command line is wrong or the flow cannot be read.
"""

from pathlib import Path

import click

from ivr.cli.options import FLOW, OUTPUT


@click.command()
@FLOW
@click.option("--format", "form", type=click.Choice(["svg", "mermaid"]), default="svg", help="Format of the picture.")
@OUTPUT
def graph(flow: Path, form: str, output: Path | None) -> None:
    """Draw FLOW (IVR_FLOW, else the bundled one).

    \b
    Examples:
      ivr graph -o flow.svg
      ivr graph my/flow.yaml --format mermaid

    \b
    Exit codes:
      0    drawn
      2    the command line is wrong, the flow cannot be read, or the file cannot be written
    """
    from ivr.cli.files import must_be_readable, write
    from ivr.line.flow.loader import load_flow
    from ivr.line.languages import languages_beside, load_prompts
    from ivr.proof.check.picture import as_mermaid, as_svg

    must_be_readable([flow])
    loaded = load_flow(flow, load_prompts(languages_beside(flow)))
    write(output, as_svg(loaded) if form == "svg" else as_mermaid(loaded))
