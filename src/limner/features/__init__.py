"""What each feature is, in one catalogue a portfolio, and how facts become its values."""

from limner.features.catalogue import Catalogue
from limner.plug_ins import find_module, module_names


def find_catalogue(portfolio: str) -> Catalogue:
    """Return the features of a portfolio, from ``features/<portfolio>.py``.

    Raises:
        UnknownName: there is no such module.
    """
    known = module_names(__path__, besides=("catalogue", "encoding", "relational", "values"))
    found: Catalogue = find_module(__name__, "feature catalogue", portfolio, known).CATALOGUE
    return found
