"""A JSON schema of each kind of block, so that editors complete and check what is written.

Names of facts, conclusions, values, rules, norms and sources come from the loaded rulebook, keys
from the readers themselves.  The schema refuses what can be told from one block alone; the loader
alone judges types, scopes, circles and periods.
"""

from __future__ import annotations

from typing import Final

from coopdec_rules.rulebook.articles import SIGN
from coopdec_rules.rulebook.declarations import IMPOSSIBLE_KEYS, PROPERTY_KEYS
from coopdec_rules.rulebook.display import ACTOR_WORDS
from coopdec_rules.rulebook.families import PREFIX
from coopdec_rules.rulebook.meaning import HASH_LENGTH
from coopdec_rules.rulebook.model import CONFIDENCES, EFFECT_KINDS, REACHES, WHEN, WHO_ACTS
from coopdec_rules.rulebook.review_files import REVIEW_KEYS
from coopdec_rules.rulebook.reviews import VERDICTS
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.rules import CONNECTORS, IDENT, RULE_KEYS
from coopdec_rules.rulebook.schema_parts import (
    Schema,
    any_of,
    closed,
    filled,
    of_keys,
    one_or_more,
    ref,
    sentence,
    text,
)
from coopdec_rules.rulebook.sources import PINPOINT_SIGN, SOURCE_KEYS
from coopdec_rules.rulebook.tables import TABLE_KEYS

#: The dialect that editors know best.
DIALECT: Final = "http://json-schema.org/draft-07/schema#"
#: Blocks of the texts, then whole files.
BLOCKS: Final = ("regle", "table", "impossible", "propriete")
KINDS: Final = (*BLOCKS, "sources", "normes", "relectures")
_SAYS: Final = ("conclut", "ecarte", "plafond", *EFFECT_KINDS)


def block_schema(book: Rulebook, kind: str | None = None) -> Schema:
    """Schema of one of ``KINDS``; without ``kind``, of any block of a text.

    Dates are texts (``AAAA-MM-JJ``), as editors read them.
    """
    defs = _definitions(book)
    if kind is not None:
        return {"$schema": DIALECT, "title": f"Recueil : {kind}", "definitions": defs, **defs[kind]}
    choice: Schema = {"required": list(BLOCKS[:1])}
    for name in reversed(BLOCKS):
        choice = {"if": {"required": [name]}, "then": ref(name), "else": choice}
    return {
        "$schema": DIALECT,
        "title": "Recueil : un bloc",
        "type": "object",
        "definitions": defs,
        **choice,
    }


def _definitions(book: Rulebook) -> dict[str, Schema]:
    names = [*book.facts, *book.conclusions]
    rules = list(dict.fromkeys(rule.id for rule in book.rules))
    families = sorted({rule.family for rule in book.rules if rule.family})
    return {
        "date": text("Un jour : AAAA-MM-JJ.", pattern=r"^\d{4}-\d{2}-\d{2}$"),
        "identifiant": text(
            "Nom unique, en minuscules, chiffres et tirets.", pattern=f"^(?:{IDENT.pattern})$"
        ),
        "texte": text(
            "Une phrase ; {nom} y est remplacé par un fait ou une conclusion.",
            pattern=rf"^(?:[^{{]|\{{(?:{any_of([*names, *ACTOR_WORDS])})\}}|\{{(?![^{{}}]*\}}))+$",
            said="Ce qui est entre accolades doit être un fait ou une conclusion du vocabulaire.",
        ),
        "phrase": text(
            "Une condition : « acteur.nature = commune », « au moins un volet : … ».",
            pattern=sentence(book),
            said="Un mot n'est ni un fait, ni une conclusion, ni une valeur, ni un mot de liaison.",
        ),
        "condition": {
            "anyOf": [
                ref("phrase"),
                closed(
                    {key: one_or_more(ref("condition")) for key in CONNECTORS},
                    minProperties=1,
                ),
            ]
        },
        "conditions": {
            "description": "Toutes doivent être vraies ; « toujours » : aucune.",
            **one_or_more(ref("condition"), "toujours"),
        },
        "norme": one_or_more({"enum": list(book.norms)}),
        "source": one_or_more(
            text(
                "« identifiant » ou « identifiant § repérage » ; « @article § alinéa ».",
                pattern=rf"^(?:{any_of(book.sources)}|{SIGN}[^{PINPOINT_SIGN}]+)"
                rf"(?:{PINPOINT_SIGN}.+)?$",
                said="La source doit être dans sources.yaml, ou l'article dans articles.yaml.",
                examples=list(book.sources),
            )
        ),
        "rang": {"enum": list(book.ranks), "description": "Celui de l'une de ses sources."},
        "confiance": {"enum": list(CONFIDENCES), "description": "Comment le texte a été lu."},
        "periode": {
            "description": "Premier et dernier jour, compris ; « toujours » : sans limite.",
            "anyOf": [
                {"const": "toujours"},
                closed({"du": ref("date"), "au": ref("date")}, minProperties=1),
            ],
        },
        "regles": {
            "description": "Les règles qu'elle écarte quand elle s'applique.",
            **one_or_more({"enum": [*rules, *(f"{PREFIX}{name}" for name in families)]}),
        },
        "conclusions": closed(
            {
                ident: {
                    "description": conclusion.label,
                    "enum": ["oui", True]
                    if conclusion.type == "drapeau"
                    else list(conclusion.values),
                }
                for ident, conclusion in book.conclusions.items()
            },
            minProperties=1,
        ),
        "effet": one_or_more(
            {
                "anyOf": [
                    ref("texte"),
                    closed(
                        {
                            "texte": ref("texte"),
                            "qui": {"enum": list(WHO_ACTS)},
                            "quand": {"enum": list(WHEN)},
                            "portee": {"enum": list(REACHES)},
                            "faite_si": ref("phrase"),
                            **_element(book),
                        },
                        required=["texte"],
                    ),
                ]
            }
        ),
        "plafond": closed(
            {
                "limite": text("Un montant : « 1 % contribution.ressources_service »."),
                "montant": {"enum": [f.id for f in book.facts.values() if f.type == "montant"]},
                "budget": {"enum": [f.id for f in book.facts.values() if f.type == "choix"]},
            },
            required=["limite", "montant", "budget"],
        ),
        **_blocks(book),
        **_files(book),
    }


def _element(book: Rulebook) -> dict[str, Schema]:
    """The key of an effect that names an element of validity, where there are some."""
    return {"element": {"enum": [c.id for c in book.elements]}} if book.elements else {}


def _blocks(book: Rulebook) -> dict[str, Schema]:
    common = {
        "norme": ref("norme"),
        "source": ref("source"),
        "rang": ref("rang"),
        "confiance": ref("confiance"),
        "en_vigueur": ref("periode"),
        "si": ref("conditions"),
        "explication": ref("texte"),
    }
    rule = {
        **common,
        "regle": ref("identifiant"),
        "conclut": ref("conclusions"),
        "ecarte": ref("regles"),
        "plafond": ref("plafond"),
        "doute": text("Ce qui n'a pas pu être vérifié."),
        "famille": text("Le nom commun de règles qu’une exception écarte ensemble."),
        **dict.fromkeys(EFFECT_KINDS, ref("effet")),
    }
    table = {
        **common,
        "table": ref("identifiant"),
        "fichier": text("Le fichier, depuis le dossier du recueil.", pattern=r"^tables/.+\.csv$"),
        "colonnes": {"type": "object", "minProperties": 1, "additionalProperties": filled()},
        "conclut": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"enum": list(book.conclusions)},
        },
        "a_defaut": ref("conclusions"),
        "facultatives": one_or_more(filled()),
        # {objet} is the row's own; the loader knows where it may stand.
        "explication": filled(),
        "explication_a_defaut": ref("texte"),
    }
    declared = {
        **common,
        "impossible": ref("identifiant"),
        "propriete": ref("identifiant"),
        "alors": ref("conditions"),
        "change": closed(
            {"fait": {"enum": list(book.facts)}, "de": {}, "vers": {}},
            required=["fait", "de", "vers"],
        ),
        "n_empire_jamais": {"enum": list(book.conclusions)},
    }
    always = ["source", "explication"]
    return {
        "regle": of_keys(
            RULE_KEYS,
            rule,
            [*always, "regle", "norme", "rang", "en_vigueur"],
            anyOf=[{"required": [key]} for key in _SAYS],
        ),
        "table": of_keys(
            TABLE_KEYS, table, [*always, "table", "fichier", "norme", "rang", "colonnes", "conclut"]
        ),
        "impossible": of_keys(IMPOSSIBLE_KEYS, declared, [*always, "impossible", "si"]),
        "propriete": of_keys(PROPERTY_KEYS, declared, [*always, "propriete"]),
    }


def _files(book: Rulebook) -> dict[str, Schema]:
    """The registries and the reviews, which editors check as they are."""
    source = {
        "titre": filled(),
        "rang": ref("rang"),
        "confiance": ref("confiance"),
        "date": {"type": ["string", "integer"], "description": "AAAA-MM-JJ, AAAA-MM ou AAAA."},
        "adresse": text("La page du texte officiel, si on la connaît.", pattern="^https://"),
    }
    review = {
        "date": ref("date"),
        "role": text("La fonction de qui a relu, pas son nom."),
        "avis": {"enum": list(VERDICTS)},
        "note": filled(),
        "version": {"anyOf": [{"const": "origine"}, ref("date")]},
        "empreinte": text(
            "Écrite par « coopdec recueil relire ».", pattern=rf"^[0-9a-f]{{{HASH_LENGTH}}}$"
        ),
    }
    reasoned = {
        "if": {"properties": {"avis": {"const": "conforme"}}},
        "else": {"required": ["note"]},
    }
    listed = of_keys(REVIEW_KEYS, review, [key for key in REVIEW_KEYS if key != "note"], **reasoned)
    rules = list(dict.fromkeys(rule.id for rule in book.rules))
    return {
        "sources": {
            "type": "object",
            "additionalProperties": of_keys(SOURCE_KEYS, source, ["titre", "rang", "confiance"]),
        },
        "normes": {"type": "object", "additionalProperties": filled()},
        "relectures": closed(
            {
                "regle": {"enum": rules},
                "relectures": {"type": "array", "minItems": 1, "items": listed},
            },
            required=["regle", "relectures"],
        ),
    }
