"""Workbooks and GeoPackages without the clock in them: the same content is the same bytes on every day.

An XLSX states when it was made in ``docProps/core.xml`` and in the directory of its archive, a GeoPackage in
``gpkg_contents.last_change`` (OGC 12-128r19, section 1.1.3). All of them say ``STAMP`` here.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

STAMP = "1980-01-01T00:00:00.000Z"
"""The earliest instant that an archive can state."""
_DATE = "OGR_CURRENT_DATE"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_STATED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def workbook_bytes(book: Any) -> bytes:
    """A workbook of openpyxl as the bytes of its file."""
    packed, steady = io.BytesIO(), io.BytesIO()
    book.save(packed)
    with zipfile.ZipFile(packed) as found, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as made:
        for name in found.namelist():
            content = found.read(name)
            if name == "docProps/core.xml":
                content = _STATED.sub(rb"\g<1>" + STAMP.encode()[:19] + rb"Z\2", content)
            made.writestr(zipfile.ZipInfo(name, _FIRST_DAY), content, zipfile.ZIP_DEFLATED)
    return steady.getvalue()


@contextmanager
def steady_geopackages() -> Iterator[None]:
    """GeoPackages that pyogrio writes inside the block state ``STAMP`` as their last change."""
    import pyogrio

    before = pyogrio.get_gdal_config_option(_DATE)
    pyogrio.set_gdal_config_options({_DATE: STAMP})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({_DATE: before})
