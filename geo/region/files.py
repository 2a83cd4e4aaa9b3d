"""Reading and writing regions, whatever their form: folder, GeoPackage, or workbook."""

from pathlib import Path

from geo.errors import InputError, refuse
from geo.region.folder import Frames, read_folder, write_folder
from geo.region.region import Region
from geo.region.tables import make_region

FORMS = "a folder of layers, a .gpkg file or an .xlsx file"


def read_region(path: Path | str) -> Region:
    """Read a region from a folder, a GeoPackage or a workbook.

    Raises
    ------
    InputError
        F101 nothing there, F102 no region, F103 to F111 unreadable files, L101 to L122 wrong tables.
    """
    path = Path(path)
    if not path.exists():
        raise refuse(
            "F101", where=str(path), found="nothing", wanted=FORMS, fix="Check the path for a typing error."
        )
    frames, origins = _read(path)
    full = path.resolve()
    return make_region(full.name if path.is_dir() else full.stem, frames, origins=origins, path=path)


def _read(path: Path) -> Frames:
    if path.is_dir():
        return read_folder(path)
    match path.suffix.lower():
        case ".gpkg":
            from geo.region.geopackage import read_geopackage

            return read_geopackage(path)
        case ".xlsx":
            from geo.region.workbook import read_workbook

            return read_workbook(path)
    raise _unknown_form(path)


def write_region(region: Region, path: Path | str) -> None:
    """Write a region in the form that the path's ending names; no ending is a folder.

    All forms hold the same: ``read_region`` gives the same ``digest()``. Files appear whole or not at all.

    Raises
    ------
    InputError
        F102 an ending that is no form of a region, F110 the place cannot be written.
    """
    path = Path(path)
    try:
        _write(region, path)
    except OSError as error:
        raise refuse(
            "F110",
            where=str(path),
            found=error.strerror or str(error),
            wanted="a place that can be written",
            fix="Close programs that hold the file, or choose another place.",
        ) from error


def _write(region: Region, path: Path) -> None:
    match "" if path.is_dir() else path.suffix.lower():
        case ".gpkg":
            from geo.region.geopackage import write_geopackage

            write_geopackage(region.tables, path)
        case ".xlsx":
            from geo.region.workbook import write_workbook

            write_workbook(region.tables, path)
        case "":
            write_folder(region.tables, path)
        case _:
            raise _unknown_form(path)


def _unknown_form(path: Path) -> InputError:
    return refuse(
        "F102",
        where=str(path),
        found=f"a {path.suffix or 'file without ending'}",
        wanted=FORMS,
        fix="Convert it first, or choose one of these endings.",
    )
