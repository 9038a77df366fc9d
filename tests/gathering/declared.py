"""The declaration of the dialect esuite, compiled, with a directory and links of its own."""

from functools import cache

from adapter.correspondence import gather_compiling
from adapter.correspondence.compiling import Compiler
from adapter.correspondence.reading import read_correspondences
from adapter.dialects import SHIPPED
from adapter.gathering.composing import DeclaredComposer
from adapter.gathering.sign import Sign
from adapter.mapping.load import read_dialect
from adapter.mapping.paths import get
from adapter.mapping.settings import Settings
from adapter.shipped import register_documents, served_document

# Names that exist in the embedded e-Suite.
DECIDED = {
    "contactverzoek_type": "Terugbelverzoek",
    "terugval_groep": "Terugbellijst",
    "zaak_codeObjecttype": "zgw-Zaak",
}
JAN, BALIE, PAAR = (f"{n}0000000-0000-4000-8000-000000000000" for n in "123")


def actor(naam, soort, uuid, code):
    return {
        "naam": naam,
        "soortActor": soort,
        "actoridentificator": {"objectId": uuid, "codeObjecttype": code},
    }


ACTORS = {
    JAN: actor("Jan", "medewerker", "jan", "mdw"),
    PAAR: actor("Piet", "medewerker", "piet", "mdw"),
    BALIE: actor("Balie", "organisatorische_eenheid", "7", "grp"),
}


class Directory:
    """The actoren of the tests."""

    actors = ACTORS

    def get(self, resource, uuid):
        return self.actors.get(uuid)

    def find(self, resource, values):
        return next(
            (
                uuid
                for uuid, each in self.actors.items()
                if all(get(each, path) == value for path, value in values)
            ),
            None,
        )


class Links:
    """References as URLs of one host."""

    def url(self, collection, uuid):
        return f"https://register/{collection}/{uuid}"

    def uuid(self, collection, url):
        return url.rpartition("/")[2]


@cache
def declared():
    settings = Settings({**read_dialect(SHIPPED, "esuite").settings, **DECIDED})
    compiler = Compiler(served_document(), register_documents("esuite"), settings)
    return gather_compiling.compiled(compiler, read_correspondences(SHIPPED, "esuite")["contact"])


def composer():
    found = declared()
    return DeclaredComposer(found, Sign(found.sign, b"secret"), Directory(), Links())
