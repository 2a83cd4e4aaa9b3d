"""Each package says what others may rely on, and keeps its word."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

PACKAGES = ("geo", "geo.region", "optimizer", "scenarios")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_can_be_loaded_and_is_documented(package: str) -> None:
    """``__all__`` is sorted, complete against the lazy table, and each class and function has a docstring."""
    module = import_module(package)
    assert module.__all__ == sorted(module.__all__)
    assert set(module._HOME) <= set(module.__all__)
    assert not any((Path(str(module.__file__)).parent / f"{name}.py").exists() for name in module.__all__)
    for name in module.__all__:
        found = getattr(module, name)
        if callable(found):
            assert found.__doc__, name


@pytest.mark.parametrize("package", PACKAGES)
def test_names_for_type_checkers_come_from_the_same_modules(package: str) -> None:
    """What mypy sees under ``TYPE_CHECKING`` is what a program gets."""
    module = import_module(package)
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    seen = {
        alias.asname or alias.name: node.module
        for branch in tree.body
        if isinstance(branch, ast.If)
        for node in branch.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == module._HOME


@pytest.mark.parametrize("package", PACKAGES)
def test_unknown_names_are_refused(package: str) -> None:
    """A typing error is an ``AttributeError``, as in any module."""
    with pytest.raises(AttributeError, match="no_such_name"):
        import_module(package).no_such_name  # noqa: B018 - the access is what is tested
