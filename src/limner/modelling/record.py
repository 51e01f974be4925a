"""What a fitted model and its rivals are written as."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A block of plain numbers and text: frozen, with no key that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
