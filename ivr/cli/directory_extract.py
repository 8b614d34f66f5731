"""`ivr directory extract`: the part of a directory that is about a region, as a folder that loads by itself."""

from pathlib import Path

import click

from ivr.cli.options import DIRECTORY


@click.command()
@click.argument("regions", metavar="REGION...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    "folder_of_part",
    required=True,
    type=click.Path(path_type=Path),
    help="The new folder. It must not exist, or must be empty.",
)
@DIRECTORY
def extract(regions: tuple[str, ...], folder_of_part: Path, folder: Path) -> None:
    """Write the part of the directory that is about a REGION: a directory of its own.

    REGION is a county or a municipality (number or name), or a centre (id or spoken name), whose municipalities are
    meant. Several make one part. A backup outside the part is left out, and the nearest inside it stand in.

    \b
    Examples:
      ivr directory extract Vestland -o my-line/vestland
      ivr directory extract bergen 4631 -o part

    \b
    Exit codes:
      0    written
      2    no such region, the folder is not empty, or the directory is wrong
    """
    from ivr.base.clock import SystemClock
    from ivr.cli.files import must_be_new
    from ivr.line.directory.load import assemble, read_tables
    from ivr.operations.directory_import import create, places_of
    from ivr.operations.directory_import import extract as part_of

    must_be_new(folder_of_part)
    today = SystemClock().now().date()
    tables = read_tables(folder)
    whole = assemble(tables, "whole", today=today)
    part = part_of(tables, whole, frozenset().union(*(places_of(whole, region) for region in regions)))
    made = create(folder_of_part, part.tables, today)
    click.echo(
        f"{folder_of_part}: {len(made.municipalities)} municipalities, {len(made.centres)} centres, "
        f"{len(made.tables.postcodes)} postcodes (version {made.version})"
    )
    click.echo(f"default centre: {made.default_centre.spoken} [{made.default_centre.id}]")
    if part.backups:
        click.echo(f"left out: {part.backups} backups outside this part")
    click.echo(f"Next: ivr directory todo --directory {folder_of_part}")
