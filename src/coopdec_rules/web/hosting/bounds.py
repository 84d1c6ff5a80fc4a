"""The limits of ``web.serving`` as settings: each under a French name, with what it bounds.

Their defaults are those of ``Limits``, which nothing repeats; sizes are written in mebibytes.
"""

from __future__ import annotations

from typing import Any

from coopdec_rules.web.hosting.declaring import Number, Section, Whole, setting
from coopdec_rules.web.serving import Limits

_DEFAULTS = Limits()
_MIB = 1024 * 1024
_IN_BYTES = "_bytes"


def _count(field: str, name: str, meaning: str, unit: str) -> Any:
    return setting(getattr(_DEFAULTS, field), name, meaning, unit=unit, ge=1, le=1_000_000)


def _seconds(field: str, name: str, meaning: str) -> Any:
    return setting(
        getattr(_DEFAULTS, field),
        name,
        meaning,
        unit="secondes",
        gt=0,
        le=3600,
        allow_inf_nan=False,
    )


def _size(field: str, name: str, meaning: str) -> Any:
    return setting(
        getattr(_DEFAULTS, field + _IN_BYTES) // _MIB, name, meaning, unit="Mio", ge=1, le=1_000_000
    )


class Bounds(Section):
    """What each worker accepts, how long it waits, how much it keeps."""

    connections: Whole = _count(
        "connections", "connexions", "Les connexions ouvertes à la fois.", "connexions"
    )
    head_seconds: Number = _seconds(
        "head_seconds", "attente_entete", "Le temps laissé pour envoyer l'en-tête d'une demande."
    )
    body_seconds: Number = _seconds(
        "body_seconds", "attente_corps", "Le temps laissé pour envoyer le corps d'une demande."
    )
    taking_seconds: Number = _seconds(
        "taking_seconds",
        "attente_lecture",
        "Le temps pendant lequel un client peut ne rien prendre de la réponse.",
    )
    idle_seconds: Number = _seconds(
        "idle_seconds",
        "attente_suivante",
        "Le temps pendant lequel une connexion reste ouverte entre deux demandes.",
    )
    stop_seconds: Number = _seconds(
        "stop_seconds", "arret", "Le temps laissé, à l'arrêt, pour finir ce qui est commencé."
    )
    avis_at_once: Whole = _count(
        "avis_at_once", "avis_a_la_fois", "Les avis travaillés à la fois.", "avis"
    )
    avis_waiting: Whole = _count(
        "avis_waiting",
        "avis_en_attente",
        "Les avis qui peuvent attendre leur tour ; au-delà, la réponse est 503.",
        "avis",
    )
    long_at_once: Whole = _count(
        "long_at_once",
        "longs_a_la_fois",
        "Les avis de longs scénarios travaillés à la fois, à part des autres.",
        "avis",
    )
    long_waiting: Whole = _count(
        "long_waiting",
        "longs_en_attente",
        "Les avis de longs scénarios qui peuvent attendre leur tour.",
        "avis",
    )
    pages_at_once: Whole = _count(
        "pages_at_once",
        "pages_a_la_fois",
        "Les pages sans avis (recueil, panorama) écrites à la fois.",
        "pages",
    )
    pages_waiting: Whole = _count(
        "pages_waiting", "pages_en_attente", "Les pages qui peuvent attendre leur tour.", "pages"
    )
    past_waiting: Whole = _count(
        "past_waiting",
        "anciens_en_attente",
        "Les questions posées à un recueil d'avant qui peuvent attendre leur tour ; un processus "
        "y répond, qui n'en garde qu'un.",
        "questions",
    )
    past_seconds: Number = _seconds(
        "past_seconds",
        "attente_ancien",
        "Le temps laissé à une question posée à un recueil d'avant, d'abord pour attendre son "
        "tour, puis pour être répondue.",
    )
    past_idle_seconds: Number = _seconds(
        "past_idle_seconds",
        "repos_ancien",
        "Le temps sans question après lequel ce processus est arrêté.",
    )
    waiting_seconds: Number = _seconds(
        "waiting_seconds",
        "attente_tour",
        "Le temps qu'une demande attend son tour avant la réponse 503.",
    )
    lots_at_once: Whole = _count(
        "lots_at_once",
        "lots_a_la_fois",
        "Les tables de scénarios (/lots, /api/v1/lots) répondues à la fois ; au-delà, 503.",
        "tables",
    )
    lot_rows: Whole = _count("lot_rows", "lignes_lot", "Les lignes d'une telle table.", "lignes")
    lot: Whole = _size("lot", "taille_lot", "La taille d'une telle table.")
    lot_seconds: Number = _seconds(
        "lot_seconds", "duree_lot", "Le temps laissé pour répondre à une telle table."
    )
    pdf_waiting: Whole = _count(
        "pdf_waiting",
        "pdf_en_attente",
        "Les PDF qui peuvent attendre leur tour : autant d'avis, autant de livrets du recueil.",
        "PDF",
    )
    pdf_waiting_seconds: Number = _seconds(
        "pdf_waiting_seconds",
        "attente_tour_pdf",
        "Le temps qu'un PDF attend son tour avant la réponse 503.",
    )
    pdf_seconds: Number = _seconds(
        "pdf_seconds", "attente_pdf", "Le temps laissé pour composer un PDF."
    )
    pdf_process: Whole = _size(
        "pdf_process",
        "processus_pdf",
        "La mémoire au-delà de laquelle le processus qui compose les PDF est remplacé.",
    )
    answers: Whole = _size(
        "answers", "reponses", "La place des réponses gardées pour être redonnées."
    )
    packed: Whole = _size(
        "packed", "comprimees", "La place de ce qui ne change pas, gardé comprimé."
    )
    interest: Whole = _size(
        "interest", "brouillons", "La place de ce que le formulaire garde entre deux étapes."
    )
    booklets: Whole = _size("booklets", "livrets", "La place des PDF du recueil gardés.")
    states: Whole = _count(
        "states", "etats_du_droit", "Les états du droit gardés compilés.", "états"
    )
    moments: Whole = _count(
        "moments", "moments", "Les moments du droit gardés par le raisonneur.", "moments"
    )
    programs: Whole = _count(
        "programs", "programmes", "Les programmes du raisonneur gardés.", "programmes"
    )

    def limits(self) -> Limits:
        """These settings as the service takes them."""
        given = self.model_dump()
        sizes = [name for name in given if hasattr(_DEFAULTS, name + _IN_BYTES)]
        for name in sizes:
            given[name + _IN_BYTES] = given.pop(name) * _MIB
        return Limits(**given)
