"""``muster region``: build, check, show and convert the data of a county."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.terminal import fail, say

if TYPE_CHECKING:
    from geo.errors import InputError
    from geo.region.region import Region

app = typer.Typer(help="Build, check, show and convert regions. 区域数据。", no_args_is_help=True)

RegionPath = Annotated[Path, typer.Argument(metavar="REGION", help="Folder, .gpkg or .xlsx file.")]
OutPath = Annotated[Path, typer.Option("--out", help="Region to write: folder, .gpkg or .xlsx.")]


@app.command()
def build(
    out: OutPath,
    osm: Annotated[Path | None, typer.Option(help="OpenStreetMap extract: .pbf, .osm, .gz, .bz2.")] = None,
    roads: Annotated[Path | None, typer.Option(help="Roads from a Shapefile or GeoPackage instead.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="YAML file: which column of --roads is which.")] = None,
    place: Annotated[str | None, typer.Option(help="Name of a place, asked online through osmnx.")] = None,
    boundary: Annotated[Path | None, typer.Option(help="Outline; places outside are left out.")] = None,
    admin_level: Annotated[int | None, typer.Option(help="OpenStreetMap level of the townships.")] = None,
    people: Annotated[int | None, typer.Option(min=0, help="People to spread over the buildings.")] = None,
    spread: Annotated[
        Literal["equal", "area"], typer.Option(help="Spread them 'equal' or by floor 'area'.")
    ] = "equal",
    population: Annotated[Path | None, typer.Option(help="Population grid: .gpkg cells or a raster.")] = None,
    population_column: Annotated[str | None, typer.Option(help="Column of people in that grid.")] = None,
    datum: Annotated[str, typer.Option(help="Of the files: wgs84, cgcs2000, gcj02, bd09.")] = "wgs84",
    preset: Annotated[str, typer.Option(help="Speed table: china or generic.")] = "china",
) -> int:
    """Make a region, and its map tiles, from an OpenStreetMap extract, a road file or the name of a place."""
    from geo.region.build import BuildOptions, build_region
    from geo.region.files import write_region
    from geo.region.online import fetch_place
    from geo.region.road_tiles import make_tiles

    if place is not None and datum != "wgs84":
        raise _datum_of_a_place(datum)
    _refuse_input(out, osm, roads, mapping, boundary, population)
    if place is not None:
        fetched = fetch_place(place, out.parent)
        osm, boundary = fetched.osm, boundary or fetched.boundary
    options = BuildOptions(
        name=out.stem,
        osm=osm,
        roads=roads,
        roads_mapping=mapping,
        boundary=boundary,
        admin_level=admin_level,
        people=people,
        spread=spread,
        population=population,
        population_column=population_column,
        datum=datum,
        preset=preset,
    )
    built = build_region(options)
    write_region(built.region, out)
    make_tiles(built.region)
    for warning in built.warnings:
        fail(str(warning))
    _print_summary(built.region)
    say(f"written: {out}")
    return 0


@app.command()
def ledger(
    region: RegionPath,
    file: Annotated[Path, typer.Argument(metavar="LEDGER", help=".xlsx or .csv file.")],
    out: OutPath,
    mapping: Annotated[Path | None, typer.Option(help="YAML file: which header is which column.")] = None,
    layer: Annotated[str | None, typer.Option(help="Layer, where the headers are the standard ones.")] = None,
) -> int:
    """Put a county's own ledger in place of a layer of a region."""
    from geo.region.files import read_region, write_region
    from geo.region.ledger import read_ledger, with_ledger

    _refuse_input(out, file, mapping)
    read = read_ledger(file, mapping=mapping, layer=layer)
    write_region(with_ledger(read_region(region), read), out)
    for warning in read.warnings:
        fail(str(warning))
    say(f"{read.layer}: {len(read.table)} records")
    say(f"written: {out}")
    return 0


@app.command()
def check(region: RegionPath) -> int:
    """Report every fault of a region at once; exit code 2 when one of them is an error."""
    from geo.region.check import check_region
    from geo.region.files import read_region

    faults = check_region(read_region(region))
    for fault in faults:
        say(str(fault))
    errors = sum(fault.severity == "error" for fault in faults)
    say(f"{errors} errors, {len(faults) - errors} warnings")
    return 2 if errors else 0


@app.command()
def show(
    region: RegionPath,
    out: Annotated[Path | None, typer.Option("--map", help="Page to write; REGION.html by default.")] = None,
) -> int:
    """Print a summary of a region and write its map."""
    from geo.region.files import read_region
    from scenarios.report.region_page import region_page
    from scenarios.report.write import write_page

    loaded = read_region(region)
    _print_summary(loaded)
    page = out or Path(f"{loaded.name}.html")
    write_page(region_page(loaded), page)
    say(f"map: {page}")
    return 0


@app.command()
def convert(
    source: RegionPath,
    target: Annotated[Path, typer.Argument(help="Folder, .gpkg or .xlsx file to write.")],
) -> int:
    """Write a region in another form without losing anything."""
    from geo.region.files import read_region, write_region

    if source.resolve() == target.resolve():
        raise _same_place(target)
    region = read_region(source)
    write_region(region, target)
    say(f"written: {target} (digest {region.digest()[:12]})")
    return 0


@app.command()
def export(
    source: RegionPath,
    target: Annotated[Path, typer.Argument(help="Folder, .gpkg or .xlsx file to write.")],
    public: Annotated[
        bool, typer.Option("--public", help="Without stocks of hazard sites, phones, quantities of depots.")
    ] = False,
) -> int:
    """Write a region for others; with --public what everybody may see. 公开版导出."""
    from geo.region.files import read_region, write_region
    from geo.region.public import public_region

    if source.resolve() == target.resolve():
        raise _same_place(target)
    region = read_region(source)
    given = public_region(region) if public else region
    write_region(given, target)
    withheld = [layer for layer in given.tables if len(region.table(layer)) > len(given.table(layer))]
    say(f"written: {target} (layers left out: {', '.join(withheld) or 'none'})")
    return 0


def _same_place(target: Path) -> "InputError":
    from geo.errors import refuse

    return refuse(
        "F305",
        where=str(target),
        found="the region that is read",
        wanted="another place to write to",
        fix="Name another folder or file.",
    )


def _datum_of_a_place(datum: str) -> "InputError":
    from geo.errors import refuse

    return refuse(
        "F304",
        where="--datum",
        found=f"{datum} together with --place",
        wanted="wgs84: places fetched by name are in WGS84",
        fix="Leave --datum out, or build from files.",
    )


def _refuse_input(out: Path, *inputs: Path | None) -> None:
    """A result never takes the place of a file that it is made from."""
    from geo.errors import refuse

    for file in inputs:
        if file is not None and out.exists() and file.exists() and out.samefile(file):
            raise refuse(
                "F307",
                where=str(out),
                found="one of the input files",
                wanted="another place for the result",
                fix="Choose another name after --out; the file is left as it is.",
            )


def _print_summary(region: "Region") -> None:
    from geo.region.show import summary

    found = summary(region)
    say(f"{found.name}: {found.people:,} people, {found.road_km:,.0f} km of roads")
    say(f"{'layer':<14}{'records':>8}{'unplaced':>9}{'assumed':>9}  most frequent sources")
    for layer in found.layers:
        sources = ", ".join(f"{source} ({n})" for source, n in layer.sources[:2])
        counts = f"{layer.records:>8}{layer.unplaced or '':>9}{layer.assumed_share:>9.0%}"
        say(f"{layer.layer:<14}{counts}  {sources}")
