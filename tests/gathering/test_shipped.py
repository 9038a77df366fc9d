"""The dialect esuite declares how a contact is gathered, as the tests of gathering know it."""

from adapter.correspondence import gather_compiling
from adapter.correspondence.compiling import Compiler
from adapter.correspondence.reading import read_correspondences
from adapter.dialects import SHIPPED
from adapter.mapping.load import read_dialect
from adapter.mapping.settings import Settings
from adapter.shipped import register_documents, served_document

from tests.gathering.declared import declared


def test_the_dialect_esuite_gathers_as_the_tests_do():
    """But for names that a deployment decides."""
    settings = Settings(read_dialect(SHIPPED, "esuite").settings)
    compiler = Compiler(served_document(), register_documents("esuite"), settings)
    shipped = gather_compiling.compiled(compiler, read_correspondences(SHIPPED, "esuite")["contact"])
    ours = declared()
    for member in (
        "pieces",
        "single",
        "rules",
        "sign",
        "signed",
        "searches",
        "links",
        "texts",
        "pairs",
        "slots",
        "fill",
    ):
        assert getattr(shipped, member) == getattr(ours, member), member
    assert [each.name for each in shipped.kinds] == [each.name for each in ours.kinds]
