"""What only a comparison of two versions needs to know of a form: looks, defaults, filters, parameters, settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from eom.checklists.openrosa_xml import local_name, parse
from eom.checklists.xlsform_reading import DEFAULT, MESSAGE, NAMESPACES, PRELOAD, Reader, Texts

_JR = "{http://openrosa.org/javarosa}"
_ITEXT = re.compile(r"jr:itext\('(.+)'\)")
_INSTANCE = re.compile(r"instance\('([^']+)'\)")
_FILE = re.compile(r"^jr://(?:file|file-csv|images|audio|video)/(.+)$")
_FILTER = re.compile(r"\[(.*)\]", re.DOTALL)
_PATH = re.compile(r"(?<![\w./-])/[\w.-]+(?:/[\w.-]+)+")
_PADDED = re.compile(r"(\() | ([),])")
# Attributes that are told elsewhere, or are the same in every form.
_TOLD = frozenset(
    {"ref", "nodeset", "appearance", "mediatype", "type", "relevant", "constraint", "required", "readonly", "calculate",
     MESSAGE, PRELOAD, f"{_JR}requiredMsg", f"{_JR}preloadParams"}
)  # fmt: skip
_CHOICE = frozenset({"name", "label", "itextId"})


@dataclass(frozen=True)
class Detail:
    """What is written beside a question. ``media`` are file names by medium and language; ``choices`` further columns."""

    guidance: Texts = field(default_factory=dict)
    required_messages: Texts = field(default_factory=dict)
    media: dict[str, Texts] = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    appearance: str = ""
    default: str = ""
    read_only: str = ""
    choice_filter: str = ""
    parameters: str = ""
    trigger: str = ""


@dataclass(frozen=True)
class GroupDetail:
    """How a group looks, and how often it repeats."""

    appearance: str = ""
    count: str = ""


@dataclass(frozen=True)
class Details:
    """Of a form: by the path of the question or group, relative to the root, and its settings by name."""

    names: dict[str, str]
    questions: dict[str, Detail]
    groups: dict[str, GroupDetail]
    settings: dict[str, str]

    def spoken(self, expression: str) -> str:
        """An expression with ``${name}`` where it has the path of a question, blanks squeezed."""
        told = _PATH.sub(lambda found: self.names.get(found[0], found[0]), expression)
        # pyxform puts blanks around every path that it writes.
        return _PADDED.sub(lambda found: found[1] or found[2], " ".join(told.split()))


def details_of(xform: bytes) -> Details:
    """The details of an XForm. Raises NotXML when it is none, TooLarge."""
    return _DetailReader(xform, parse(xform)).details()


class _DetailReader(Reader):
    """Looks at what the other reader passes over."""

    def details(self) -> Details:
        form = self.form()
        below = [*(each.path for each in form.questions), *(each.path for each in form.groups)]
        paths = [f"{self.prefix}{path}" for path in below]
        self.known = Details({path: f"${{{path.rsplit('/', 1)[-1]}}}" for path in paths}, {}, {}, {})
        self.forms = self._text_forms()
        for question in form.questions:
            self.known.questions[question.path] = self._detail(f"{self.prefix}{question.path}")
        self.known.groups.update(self._groups())
        self.known.settings.update(self._settings())
        return self.known

    def _text_forms(self) -> dict[str, dict[str, Texts]]:
        """Texts that are no plain words, by their id, form and language: guidance, pictures."""
        found: dict[str, dict[str, Texts]] = {}
        for translation in self.root.iterfind(".//x:itext/x:translation", NAMESPACES):
            language = translation.get("lang", DEFAULT)
            for text in translation.iterfind("x:text", NAMESPACES):
                for value in text.iterfind("x:value[@form]", NAMESPACES):
                    forms = found.setdefault(text.get("id", ""), {})
                    forms.setdefault(value.get("form", ""), {})[language] = _file(_inside(value).strip())
        return found

    def _detail(self, path: str) -> Detail:
        control, bind = self.controls.get(path), self.binds.get(path)
        label = self._forms_of(control, "label")
        read_only = self._bound(path, "readonly")
        return Detail(
            guidance=self._forms_of(control, "hint").get("guidance", {}),
            required_messages=self._required_message(bind),
            media={medium: texts for medium, texts in label.items() if medium != "guidance"},
            choices=self._columns(control),
            appearance=control.get("appearance", "") if control is not None else "",
            default=self._default(path),
            read_only="" if read_only == "false()" else self.known.spoken(read_only),
            choice_filter=self._filter(control),
            parameters=" ".join((*_others(control), *_others(bind))),
            trigger=self._trigger(path),
        )

    def _forms_of(self, control: etree._Element | None, tag: str) -> dict[str, Texts]:
        element = control.find(f"x:{tag}", NAMESPACES) if control is not None else None
        found = _ITEXT.match(element.get("ref", "")) if element is not None else None
        return self.forms.get(found[1], {}) if found else {}

    def _required_message(self, bind: etree._Element | None) -> Texts:
        text = bind.get(f"{_JR}requiredMsg", "") if bind is not None else ""
        if found := _ITEXT.match(text):
            return self.texts.get(found[1], {})
        return {self.languages[0]: text} if text else {}

    def _default(self, path: str) -> str:
        """What stands there when a form is begun, or what is then calculated."""
        for each in self.root.iterfind(".//x:setvalue", NAMESPACES):
            if each.get("ref") == path and "odk-instance-first-load" in each.get("event", ""):
                return self.known.spoken(each.get("value", "") or _inside(each))
        node: etree._Element | None = self.primary
        for name in path.removeprefix(self.prefix).split("/"):
            node = (
                next((child for child in node if local_name(child) == name), None)
                if node is not None
                else None
            )
        return (node.text or "").strip() if node is not None and not len(node) else ""

    def _trigger(self, path: str) -> str:
        """The questions at whose change this one is calculated anew."""
        found = [
            f"${{{parent.get('ref', '').rsplit('/', 1)[-1]}}}"
            for each in self.root.iterfind(".//x:setvalue", NAMESPACES)
            if each.get("ref") == path
            and "xforms-value-changed" in each.get("event", "")
            and (parent := each.getparent()) is not None
        ]
        return ", ".join(found)

    def _filter(self, control: etree._Element | None) -> str:
        itemset = control.find("x:itemset", NAMESPACES) if control is not None else None
        found = _FILTER.search(itemset.get("nodeset", "")) if itemset is not None else None
        return self.known.spoken(found[1]) if found else ""

    def _columns(self, control: etree._Element | None) -> dict[str, dict[str, str]]:
        """The further columns of choices that stand in the form, and what is attached to their words."""
        itemset = control.find("x:itemset", NAMESPACES) if control is not None else None
        found = _INSTANCE.search(itemset.get("nodeset", "")) if itemset is not None else None
        instance = self.secondary.get(found[1]) if found else None
        if instance is None or instance.get("src"):
            return {}
        return {
            item.findtext("x:name", "", NAMESPACES): dict(self._of_item(item))
            for item in instance.iterfind(".//x:item", NAMESPACES)
        }

    def _of_item(self, item: etree._Element) -> Iterator[tuple[str, str]]:
        for child in item:
            if local_name(child) not in _CHOICE:
                yield local_name(child), (child.text or "").strip()
        for medium, texts in self.forms.get(item.findtext("x:itextId", "", NAMESPACES), {}).items():
            yield medium, ", ".join(dict.fromkeys(texts.values()))

    def _groups(self) -> Iterator[tuple[str, GroupDetail]]:
        found: dict[str, GroupDetail] = {}
        for element in self.root.iter(f"{{{NAMESPACES['x']}}}group", f"{{{NAMESPACES['x']}}}repeat"):
            path = (element.get("ref") or element.get("nodeset") or "").removeprefix(self.prefix)
            was = found.get(path, GroupDetail())
            count = self.known.spoken(element.get(f"{_JR}count", ""))
            found[path] = GroupDetail(element.get("appearance", "") or was.appearance, count or was.count)
        yield from found.items()

    def _settings(self) -> Iterator[tuple[str, str]]:
        body = self.root.find("h:body", NAMESPACES)
        yield "style", body.get("class", "") if body is not None else ""
        name = next((each for path, each in self.binds.items() if path.endswith("/meta/instanceName")), None)
        yield "instance_name", self.known.spoken(name.get("calculate", "")) if name is not None else ""
        for each in self.root.iterfind(".//x:itext/x:translation[@default]", NAMESPACES):
            yield "default_language", each.get("lang", "")
        submission = self.root.find(".//x:submission", NAMESPACES)
        if submission is not None:
            told = ((_plain(key), str(value)) for key, value in submission.attrib.items())
            yield from ((name, value) for name, value in told if name != "method")


def _others(element: etree._Element | None) -> Iterator[str]:
    """The attributes of a control or bind that are told nowhere else, as an author writes parameters."""
    for key, value in element.attrib.items() if element is not None else ():
        if key not in _TOLD:
            yield f"{_plain(key)}={value!s}"


def _plain(name: object) -> str:
    return str(name).rsplit("}", 1)[-1]


def _inside(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())


def _file(text: str) -> str:
    found = _FILE.match(text)
    return found[1] if found else text
