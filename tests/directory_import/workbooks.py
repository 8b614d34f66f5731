"""Workbooks as Excel and LibreOffice write them, from the cells of their sheets."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

Rows = Sequence[Sequence[str]]  # of cells, as the functions below write them

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
# Styles 0 to 5: General, 0000, yyyy-mm-dd, d. mmm, mmm.yy, hh:mm
_FORMATS = ("0000", "yyyy\\-mm\\-dd", 'd.\\ "a day" mmm', "mmm\\.yy", "hh:mm")
FOUR_DIGITS, DAY, DAY_OF_A_YEAR, MONTH, HOUR = 1, 2, 3, 4, 5


def text(value: str) -> str:
    return f'<c r="@" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def number(value: float | str, style: int = 0) -> str:
    return f'<c r="@" s="{style}"><v>{value}</v></c>'


def error(value: str) -> str:
    return f'<c r="@" t="e"><f>1/0</f><v>{escape(value)}</v></c>'


EMPTY = '<c r="@"/>'
UNRESOLVED = '<c r="@"><f>A1</f></c>'
TRUE = '<c r="@" t="b"><v>1</v></c>'


def _placed(cells: Sequence[str], line: int) -> str:
    return "".join(cell.replace('"@"', f'"{chr(65 + index)}{line}"') for index, cell in enumerate(cells))


def xlsx(sheets: Mapping[str, Rows], hidden: Sequence[str] = (), more: Mapping[str, bytes] | None = None) -> bytes:
    """`more`: further parts of the archive."""
    listed, relations = "", ""
    parts: dict[str, bytes] = dict(more or {})
    for index, (name, rows) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name in hidden else ""
        listed += f'<sheet name={quoteattr(name)} sheetId="{index}" r:id="r{index}"{state}/>'
        target = f'Target="worksheets/sheet{index}.xml"'
        relations += f'<Relationship Id="r{index}" Type="{_RELATIONS}/worksheet" {target}/>'
        lines = "".join(f'<row r="{line}">{_placed(cells, line)}</row>' for line, cells in enumerate(rows, 1))
        parts[f"xl/worksheets/sheet{index}.xml"] = (
            f"<worksheet {_MAIN}><sheetData>{lines}</sheetData></worksheet>".encode()
        )
    formats = "".join(
        f"<numFmt numFmtId='{164 + index}' formatCode={quoteattr(code)}/>" for index, code in enumerate(_FORMATS)
    )
    styles = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{164 + index}"/>' for index in range(len(_FORMATS)))
    parts |= {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships {_PACKAGE}><Relationship Id="r1" Type="{_RELATIONS}/officeDocument" '
        f'Target="xl/workbook.xml"/></Relationships>'.encode(),
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": f"<Relationships {_PACKAGE}>{relations}</Relationships>".encode(),
        "xl/styles.xml": f"<styleSheet {_MAIN}><numFmts>{formats}</numFmts>"
        f"<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs>{styles}</cellXfs></styleSheet>".encode(),
    }
    return _archive(parts)


_OPEN = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = (
    " ".join(f'xmlns:{name}="{_OPEN}:{name}:1.0"' for name in ("office", "table", "text"))
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def ods_text(value: str) -> str:
    return ods_cell(value, 'office:value-type="string" calcext:value-type="string"')


def ods_cell(shown: str, attributes: str) -> str:
    return f"<table:table-cell {attributes}><text:p>{escape(shown)}</text:p></table:table-cell>"


def ods_number(value: float, shown: str) -> str:
    return ods_cell(shown, f'office:value-type="float" office:value="{value}"')


def ods_day(value: str, shown: str) -> str:
    return ods_cell(shown, f'office:value-type="date" office:date-value="{value}"')


def ods_error(shown: str) -> str:
    """As LibreOffice writes #N/A and its own Err:502."""
    kind = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
    return ods_cell(shown, f'table:formula="of:=NA()" {kind}')


ODS_EMPTY = "<table:table-cell/>"
ODS_REST = (
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
    "</table:table-row>"
)


def ods(sheets: Mapping[str, Rows], rest: str = ODS_REST) -> bytes:
    """`rest`: rows below those of each sheet."""
    tables = ""
    for name, rows in sheets.items():
        lines = "".join(f"<table:table-row>{''.join(cells)}</table:table-row>" for cells in rows)
        tables += f"<table:table table:name={quoteattr(name)}>{lines}{rest}</table:table>"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} office:version="1.3"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return _archive(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )


def _archive(parts: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return packed.getvalue()
