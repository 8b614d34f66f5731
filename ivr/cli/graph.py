"""`ivr graph`: the flow as a picture. Needs no network and no drawing tool. Must not judge the flow: see `ivr check`.

Exit codes: 0 drawn, 2 the command line is wrong or the flow cannot be read.
"""

from pathlib import Path

import click


@click.command()
@click.argument("flow", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--format", "form", type=click.Choice(["svg", "mermaid"]), default="svg")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; the screen if left out.")
def graph(flow: Path | None, form: str, output: Path | None) -> None:
    """Draw FLOW (the bundled one if left out)."""
    from ivr.bundled import bundled
    from ivr.check.picture import as_mermaid, as_svg
    from ivr.flow.loader import load_flow
    from ivr.prompts import load_prompts

    path = flow or bundled("call_flows") / "legevakt.yaml"
    loaded = load_flow(path, load_prompts(path.parent / "prompts"))
    picture = as_svg(loaded) if form == "svg" else as_mermaid(loaded)
    if output is None:
        click.echo(picture, nl=False)
    else:
        output.write_text(picture, "utf-8")
