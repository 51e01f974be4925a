"""Files that grow block by block; equal rows give equal bytes."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from limner.portfolios.bank import Extract


class GrowingFiles:
    """Appends tables to the files of one folder, so that a bank never is in memory at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parquet: dict[str, Any] = {}

    def append(self, extract: Extract, part: str, rows: Any) -> None:
        """Add rows to an extract's file; ``part`` stands for the star of its location."""
        location = extract.location.replace("*", part)
        if extract.format == "parquet":
            self.append_parquet(location, rows)
        else:
            self._append_csv(extract, location, rows)

    def append_parquet(self, location: str, rows: Any) -> None:
        """Add rows as a row group."""
        if location not in self._parquet:
            path = self._path(location)
            coded = [f.name for f in rows.schema if pa.types.is_dictionary(f.type)]
            self._parquet[location] = pq.ParquetWriter(
                path, rows.schema, compression="zstd", compression_level=1, use_dictionary=coded
            )
        self._parquet[location].write_table(rows, row_group_size=len(rows) or None)

    def _append_csv(self, extract: Extract, location: str, rows: Any) -> None:
        path = self._path(location)
        options = pyarrow.csv.WriteOptions(
            include_header=not path.exists(),
            delimiter=extract.separator,
            quoting_style="needed",
            quoting_header="none",
        )
        buffer = pa.BufferOutputStream()
        pyarrow.csv.write_csv(rows, buffer, options)
        content = buffer.getvalue().to_pybytes()
        if extract.encoding != "utf-8":
            content = content.decode("utf-8").encode(extract.encoding)
        with path.open("ab") as stream:
            stream.write(content)

    def _path(self, location: str) -> Path:
        path = self._folder / location
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        for writer in self._parquet.values():
            writer.close()
