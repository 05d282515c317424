"""The command ``convoi terrain show``."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["show"]


@click.command()
@click.argument("theatre", type=click.Path(path_type=Path), metavar="THEATRE/")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="F.png",
    help="Picture to write, by default the theatre's name with .png.",
)
@click.option("--lang", type=click.Choice(["en", "fr"]), default="en", show_default=True)
@click.option("--title", metavar="TEXT", help="By default the theatre's own.")
@click.option("--width", type=int, default=2000, show_default=True, metavar="PX")
def show(*, theatre: Path, output: Path | None, lang: str, title: str | None, width: int) -> None:
    """Draw a theatre as a map: relief, water, roads, bridges, names, scale and north."""
    from optimizer.progress import progress
    from optimizer.terrain.show.draw import draw_map
    from optimizer.terrain.show.save import check_name, save_png
    from optimizer.terrain.theatre import Theatre

    ground = Theatre.open(theatre)
    target = output or Path(f"{ground.manifest.name}.png")
    check_name(target)
    with progress(f"Drawing {ground.manifest.name}", 2) as advance:
        figure = draw_map(ground, title=title, lang=lang, width_px=width)
        advance(1)
        save_png(figure, target)
        advance(1)
    click.echo(str(target))
