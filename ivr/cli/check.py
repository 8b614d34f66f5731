"""`ivr check`: prove of a flow what can be proved before a call is answered. Must not dial, serve or change a file.

Exit codes: 0 nothing but warnings, 1 an error was found, 2 the command line is wrong or a file cannot be read.
"""

from pathlib import Path

import click

from ivr.cli.options import DIRECTORY, FILE, FLOW


@click.command()
@FLOW
@DIRECTORY
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif", "figures"]),
    default="text",
    help="Format of the output. figures: what was measured (situations, seconds to 113 and to a centre), no findings.",
)
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option(
    "--suppress",
    "suppressions",
    type=FILE,
    show_default="suppressions.yaml beside the flow",
    help="YAML file: findings to leave out, each with its reason.",
)
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
def check(flow: Path, folder: Path, form: str, strict: bool, suppressions: Path | None) -> None:
    """Check FLOW (IVR_FLOW, else the bundled one) with its prompts and the directory.

    \b
    Examples:
      ivr check
      ivr check my/flow.yaml --directory my/directory --strict

    \b
    Exit codes:
      0    no errors; there may be warnings
      1    an error was found, or with --strict a warning
      2    the command line is wrong or a file cannot be read; nothing was proved
    """
    from ivr.base.clock import SystemClock
    from ivr.base.errors import DefinitionError
    from ivr.cli.files import inside, must_be_readable
    from ivr.line.languages.files import files_read
    from ivr.proof.check import Severity
    from ivr.proof.check.figures import figures_of
    from ivr.proof.check.report import FORMATS, as_text
    from ivr.proof.check.run import Proof, end_without_garbage, lay_ground, loading, prove
    from ivr.proof.check.suppress import file_beside, suppress

    must_be_readable([flow, *files_read(flow), *inside(folder, "*.csv")])
    end_without_garbage()
    try:
        ground = lay_ground(folder, SystemClock().now())
    except DefinitionError as error:
        proof = Proof(loading("L02", error))
    else:
        if form == "figures":
            click.echo(figures_of(flow, ground))
            return
        proof = prove(flow, ground)
    findings = suppress(proof.findings, suppressions or file_beside(flow))
    said = FORMATS[form](findings) if form in FORMATS else as_text(findings, proof.moments, proof.changes, proof.unread)
    if said:
        click.echo(said)
    if any(strict or finding.severity is Severity.ERROR for finding in findings):
        raise SystemExit(1)
