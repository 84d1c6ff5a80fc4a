"""Five calls with the generated Python client, each shown with what it answers.

``python appels.py ADDRESS``, from a folder where ``coopdec_client`` was generated.
"""

from __future__ import annotations

import datetime as dt
import sys
from typing import TypeVar

from coopdec_client import Client
from coopdec_client.api.avis import chercher_pistes, chercher_questions, rendre_avis
from coopdec_client.api.recueil import lire_regle
from coopdec_client.api.territoires import chercher_territoires
from coopdec_client.models import (
    Avis,
    Interrogation,
    Pistes,
    Probleme,
    Regle,
    Scenario,
    ScenarioActe,
    ScenarioActeForme,
    ScenarioActeur,
    ScenarioActeurNature,
    ScenarioAction,
    ScenarioActionLieu,
    ScenarioActionObjet,
    ScenarioActionOperation,
    ScenarioContribution,
    ScenarioContributionBeneficiaire,
    ScenarioContributionBudget,
    ScenarioContributionNature,
    ScenarioPartenaire,
    ScenarioPartenaireNature,
    ScenarioVolet,
    ScenarioVoletDomaine,
    ScenarioVoletTransfert,
    Territoires,
)

Answer = TypeVar("Answer")


def answered(found: object, kind: type[Answer]) -> Answer:
    if isinstance(found, Probleme):
        raise SystemExit(found.detail)
    if not isinstance(found, kind):
        raise TypeError(f"a {type(found).__name__} is answered")
    return found


def tsunami() -> Scenario:
    """A community that would pay its communes' help after the tsunami of 2004."""
    return Scenario(
        date=dt.date(2005, 2, 15),
        acteur=ScenarioActeur(nature=ScenarioActeurNature.COMMUNAUTE_AGGLOMERATION),
        action=ScenarioAction(
            operation=ScenarioActionOperation.PROJET,
            objet=ScenarioActionObjet.HUMANITAIRE,
            urgence=True,
            lieu=ScenarioActionLieu.ETRANGER,
            volets=[
                ScenarioVolet(
                    domaine=ScenarioVoletDomaine.AIDE_HUMANITAIRE,
                    transfert=ScenarioVoletTransfert.AUCUNE,
                )
            ],
            contributions=[
                ScenarioContribution(
                    nature=ScenarioContributionNature.ARGENT,
                    beneficiaire=ScenarioContributionBeneficiaire.COMMUNE_MEMBRE,
                    budget=ScenarioContributionBudget.GENERAL,
                )
            ],
        ),
        acte=ScenarioActe(forme=ScenarioActeForme.DELIBERATION),
        partenaire=[ScenarioPartenaire(nature=ScenarioPartenaireNature.AUCUN)],
    )


def told(call: str, *lines: str) -> None:
    print(f"\n>>> {call}")
    for line in lines:
        print(line)


def main(address: str) -> None:
    with Client(base_url=address) as client:
        found = answered(chercher_territoires.sync(client=client, q="38544", limite=1), Territoires)
        place = found.territoires[0]
        told(
            'chercher_territoires.sync(q="38544", limite=1)', f"{place.libelle}", f"{found.mention}"
        )
        scenario = tsunami()
        avis = answered(rendre_avis.sync(client=client, body=scenario), Avis)
        told(
            "rendre_avis.sync(body=tsunami())",
            f"{avis.habilitation.value} : {avis.resume.habilitation}",
            f"{len(avis.presumes)} faits présumés ; recueil {avis.recueil.version}, "
            f"droit au {avis.droit_au}",
        )
        asked = answered(chercher_questions.sync(client=client, body=scenario), Interrogation)
        told(
            "chercher_questions.sync(body=tsunami())",
            *(f"{q.pointeur} : {q.question}" for q in asked.questions[:3]),
            f"({len(asked.questions)} questions)",
        )
        ways = answered(chercher_pistes.sync(client=client, body=scenario), Pistes)
        told(
            "chercher_pistes.sync(body=tsunami())",
            *(
                f"{lever.habilitation.value} : "
                + " ; ".join(change.faire for change in lever.changements)
                for lever in ways.leviers
            ),
            f"({len(ways.leviers)} voies)",
        )
        rule = answered(lire_regle.sync(ways.leviers[0].leve[0].regle, client=client), Regle)
        version = rule.versions[-1]
        told(
            f'lire_regle.sync("{rule.regle}")',
            version.explication,
            f"{version.source} ({version.rang.value})",
        )


if __name__ == "__main__":
    main(sys.argv[1])
