"""How every page that a person reads is rendered: strictly, escaped, all in one file."""

from jinja2 import Environment, PackageLoader, StrictUndefined


def page_environment(package: str) -> Environment:
    """Open the templates of a package, in its folder ``templates``.

    A name that a template uses and nobody gives is an error; what is shown is escaped.
    """
    return Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
