"""Settings: where they come from, what is said of a mistake, and that all are told."""

from __future__ import annotations

import os
import stat
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import pytest

from coopdec_rules.web.hosting.bounds import Bounds
from coopdec_rules.web.hosting.reading import SettingsError, configuration_file, read_settings
from coopdec_rules.web.hosting.settings import Settings, declared
from coopdec_rules.web.hosting.signing_key import with_signing_key
from coopdec_rules.web.hosting.told import as_toml
from coopdec_rules.web.serving import Limits

KEY = "0123456789abcdef0123456789abcdef"


def _written(folder: Path, text: str) -> Path:
    file = folder / "coopdec.toml"
    file.write_text(text, encoding="utf-8")
    return file


def _mistakes(file: Path | None, **environ: str) -> list[str]:
    with pytest.raises(SettingsError) as found:
        read_settings({}, environ, file)
    folder = f"{file.parent}/" if file else ""
    return [mistake.replace(folder, "") for mistake in found.value.mistakes]


def test_option_goes_before_environment_before_file_before_default(tmp_path: Path) -> None:
    file = _written(tmp_path, 'port = 1\nworkers = 2\nhsts = 3\n[journal]\nformat = "json"\n')
    settings = read_settings(
        {"port": "11", "prefixe": None}, {"COOPDEC_PORT": "21", "COOPDEC_WORKERS": "22"}, file
    )
    assert (settings.port, settings.workers, settings.hsts) == (11, 22, 3)
    assert (settings.address, settings.journal.format) == ("127.0.0.1", "json")
    assert read_settings({}, {}, None) == Settings()


def test_every_limit_is_a_setting_with_its_own_default() -> None:
    assert Settings().limits == Limits()
    given = read_settings(
        {}, {"COOPDEC_LIMITES_REPONSES": "3", "COOPDEC_LIMITES_ARRET": "1.5"}, None
    ).limits
    assert given == replace(Limits(), answers_bytes=3 * 1024 * 1024, stop_seconds=1.5)
    assert len(Bounds.model_fields) == len(fields(Limits))


def test_lists_and_sections_are_read_from_the_environment() -> None:
    settings = read_settings(
        {}, {"COOPDEC_MANDATAIRES": "10.0.0.0/8, ::1", "COOPDEC_JOURNAL_NIVEAU": "debug"}, None
    )
    assert settings.proxies == ["10.0.0.0/8", "::1"]
    assert settings.journal.level == "debug"


def test_what_is_empty_gives_nothing(tmp_path: Path) -> None:
    file = _written(tmp_path, 'cle = ""\nrecueil = ""\n')
    assert read_settings({}, {"COOPDEC_PORT": ""}, file) == Settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('\nport = "abc"', "ligne 2, « port » : « abc » n'est pas possible ; attendu : un nombre "
         "entier entre 0 et 65535."),
        ("port = true", "ligne 1, « port » : « True » n'est pas possible ; attendu : un nombre."),
        ("[limites]\narret = inf", "ligne 2, « limites.arret » : « inf » n'est pas possible ; "
         "attendu : un nombre plus grand que 0, d'au plus 3600 (secondes)."),
        ("workers = 0", "ligne 1, « workers » : « 0 » n'est pas possible ; attendu : un nombre "
         "entier entre 1 et 64 (processus)."),
        ("adresse = 3", "ligne 1, « adresse » : « 3 » n'est pas possible ; attendu : un texte."),
        ('prefixe = "coop"', "ligne 1, « prefixe » : « coop » n'est pas possible ; attendu : un "
         "chemin comme « /cooperation », de lettres et de chiffres."),
        ('mandataires = ["ici"]', "ligne 1, « mandataires » : « ['ici'] » n'est pas possible ; "
         "attendu : des adresses IP ou des réseaux, comme 10.0.0.0/8 (« ici » n'en est pas)."),
        ('cle = "courte"', "ligne 1, « cle » : (caché) n'est pas possible ; attendu : 32 "
         "caractères au moins."),
        ("workres = 2", "ligne 1, « workres » : ce réglage n'existe pas. Vouliez-vous dire "
         "« workers » ?"),
        ('port = 1\n[journal]\nniveau = "fort"', "ligne 3, « journal.niveau » : « fort » n'est pas "
         "possible ; attendu : « debug », « info », « warning » ou « error »."),
        ("[journal]\nnivau = 1", "ligne 2, « journal.nivau » : ce réglage n'existe pas. "
         "Vouliez-vous dire « niveau » ?"),
        ("[journaux]\na = 1", "ligne 1, « journaux » : cette section n'existe pas. Vouliez-vous "
         "dire « journal » ?"),
        ("journal = 1", "ligne 1, « journal » : « journal » est une section, qui s'écrit "
         "[journal]."),
        ("port = \n", "ligne 1, colonne 8 : ce n'est pas du TOML (Invalid value). Un réglage "
         "s'écrit nom = valeur, un texte entre guillemets droits."),
    ],
)  # fmt: skip
def test_a_mistake_of_the_file_is_placed(tmp_path: Path, text: str, said: str) -> None:
    assert _mistakes(_written(tmp_path, text)) == [f"coopdec.toml, {said}"]


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    file = _written(
        tmp_path, f'cle = "{KEY}"\nfichier_cle = "x"\n[accessibilite]\netat = "totale"\n'
    )
    assert _mistakes(file, COOPDEC_PROT="1", COOPDEC_HSTS="-1") == [
        "COOPDEC_PROT : cette variable n'est pas un réglage. Vouliez-vous dire « COOPDEC_PORT » ?",
        "COOPDEC_HSTS : « -1 » n'est pas possible ; attendu : un nombre entier entre 0 et "
        "63072000 (secondes).",
        "[accessibilite] : une conformité ne se déclare qu'avec « audit_le » et « audit » (etat : "
        "« totale »).",
    ]
    assert _mistakes(_written(tmp_path, f'cle = "{KEY}"\nfichier_cle = "x"\n')) == [
        "coopdec.toml : « cle » et « fichier_cle » ne se donnent pas ensemble."
    ]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert _mistakes(tmp_path / "rien.toml") == ["rien.toml : ce fichier n'existe pas."]
    assert _mistakes(tmp_path)[0].startswith(f"{tmp_path.name} : ne peut pas être lu (")
    latin = tmp_path / "latin.toml"
    latin.write_bytes("port = 1\n# réglage".encode("latin-1"))
    assert _mistakes(latin)[0].startswith("latin.toml, ligne 2 : ce n'est pas de l'UTF-8.")


def test_the_file_is_the_one_named_else_the_one_here(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert configuration_file(None, {}) is None
    _written(tmp_path, "")
    assert configuration_file(None, {}) == Path("coopdec.toml")
    assert configuration_file(None, {"COOPDEC_CONFIGURATION": "b"}) == Path("b")
    assert configuration_file(Path("a"), {"COOPDEC_CONFIGURATION": "b"}) == Path("a")


def test_the_key_is_made_once_beside_the_configuration(tmp_path: Path) -> None:
    file = _written(tmp_path, "")
    made = with_signing_key(Settings(), file)
    kept = tmp_path / "coopdec.cle"
    assert made.key == kept.read_bytes().strip()
    assert len(made.key) == 64
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert with_signing_key(Settings(), file).key == made.key
    assert Settings().key is None


def test_a_given_key_is_used(tmp_path: Path) -> None:
    given = read_settings({}, {"COOPDEC_CLE": KEY}, None)
    assert with_signing_key(given, tmp_path / "coopdec.toml").key == KEY.encode()
    assert not (tmp_path / "coopdec.cle").exists()
    place = tmp_path / "autre"
    named = read_settings({}, {"COOPDEC_FICHIER_CLE": str(place)}, None)
    assert with_signing_key(named, None).key == place.read_bytes().strip()


def test_without_configuration_the_key_is_in_the_state_folder(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    made = with_signing_key(Settings(), None)
    assert made.key == (tmp_path / "coopdec" / "cle").read_bytes().strip()


def test_a_key_that_cannot_be_kept_is_said_to_last_until_the_end(
    tmp_path: Path, monkeypatch, caplog
) -> None:
    (tmp_path / "fichier").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "fichier"))
    first, second = (with_signing_key(Settings(), None).key for _ in range(2))
    assert first != second
    assert "ne vaudra que jusqu'à l'arrêt du service" in caplog.text


def test_a_file_of_key_that_holds_none_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "coopdec.cle"
    place.write_text("court\n")
    with pytest.raises(SettingsError, match="ne contient pas une clé"):
        with_signing_key(Settings(), tmp_path / "coopdec.toml")
    place.write_bytes(b"\xff" * 64)
    with pytest.raises(SettingsError, match="ne contient pas une clé"):
        with_signing_key(Settings(), tmp_path / "coopdec.toml")


def test_a_key_that_others_can_read_is_told(tmp_path: Path, caplog) -> None:
    place = tmp_path / "coopdec.cle"
    place.write_text(KEY)
    os.chmod(place, 0o644)
    assert with_signing_key(Settings(), tmp_path / "coopdec.toml").key == KEY.encode()
    assert f"chmod 600 {place}" in caplog.text


def test_the_whole_configuration_is_told_and_changes_nothing(tmp_path: Path) -> None:
    told = as_toml()
    assert read_settings({}, {}, _written(tmp_path, told)) == Settings()
    unveiled = "\n".join(
        line.removeprefix("#") if line.startswith("#") and not line.startswith("# ") else line
        for line in told.splitlines()
    )
    flat = {
        f"{name}.{key}" if isinstance(value, dict) else name
        for name, value in tomllib.loads(unveiled).items()
        for key in (value if isinstance(value, dict) else [""])
    }
    assert flat == {setting.dotted for setting in declared()}
    assert read_settings({}, {}, _written(tmp_path, unveiled)) == Settings()
    for setting in declared():
        assert setting.meaning.endswith("."), setting.dotted
        assert setting.variable in told
