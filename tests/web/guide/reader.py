"""Reads the pages of the guided form as a browser without JavaScript would."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from httpx import Response
from starlette.testclient import TestClient

from coopdec_rules.web.avis.permalink import decode

HTML = {"accept": "text/html"}


class Page(HTMLParser):
    """A page: the fields that would be sent, and where they stand."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        #: Fields as sent: every hidden and text input, the radio checked, the option selected.
        self.fields: dict[str, str] = {}
        #: Names of the questions, those folded away apart.
        self.asked: list[str] = []
        self.aside: list[str] = []
        self.ids: list[str] = []
        self._select: str | None = None
        self._folds = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "details":
            self._folds += 1
        name = values.get("name", "")
        if tag in ("input", "select") and name.startswith("/"):
            listed = self.aside if self._folds else self.asked
            if name not in listed:
                listed.append(name)
        if tag == "input":
            if values["type"] != "radio" or "checked" in values:
                self.fields[name] = values["value"]
        elif tag == "select":
            self._select = name
        elif (
            tag == "option"
            and self._select
            and ("selected" in values or self._select not in self.fields)
        ):
            self.fields[self._select] = values["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self._folds -= 1

    @property
    def words(self) -> str:
        """The text on one line, with plain spaces."""
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", self.text)).split())

    @property
    def title(self) -> str:
        found = re.search(r"<h1>(.*?)</h1>", self.text)
        assert found is not None
        return " ".join(unescape(found.group(1)).split())


class Visitor:
    """Someone going through the form with a browser that knows no JavaScript."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.url = ""
        self.page = Page("")
        self.response: Response

    def open(self, url: str) -> Visitor:
        self._landed(self.client.get(url, headers=HTML))
        return self

    def answer(self, button: dict[str, str] | None = None, **answers: str) -> Visitor:
        """Fill in fields (« acteur.nature » written ``acteur__nature``), press a button."""
        named = {"/" + name.replace("__", "/"): value for name, value in answers.items()}
        for name in named:
            assert name in (*self.page.asked, *self.page.aside), f"{name} is not asked"
        sent = {**self.page.fields, **named, **(button or {"aller": "suite"})}
        self._landed(self.client.post("/demande", data=sent, headers=HTML))
        return self

    def _landed(self, response: Response) -> None:
        self.response = response
        self.url = str(response.url)
        self.page = Page(response.text)

    @property
    def step(self) -> str:
        return parse_qs(urlsplit(self.url).query).get("etape", [""])[0]

    @property
    def document(self) -> dict[str, object]:
        """The scenario that the address carries."""
        return decode(parse_qs(urlsplit(self.url).query)["s"][0])
