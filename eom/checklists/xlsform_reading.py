"""Reads an ODK XForm into the records of ``xlsform_form``."""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree

from eom.checklists.openrosa_xml import NotXML, local_name, parse
from eom.checklists.xlsform_form import Choice, Group, PublishedForm, Question
from eom.core.i18n import lazy

NAMESPACES = {
    "x": "http://www.w3.org/2002/xforms",
    "h": "http://www.w3.org/1999/xhtml",
    "jr": "http://openrosa.org/javarosa",
}
PRELOAD = "{http://openrosa.org/javarosa}preload"
MESSAGE = "{http://openrosa.org/javarosa}constraintMsg"
DEFAULT = "default"
_ITEXT = re.compile(r"jr:itext\('(.+)'\)")
_INSTANCE = re.compile(r"instance\('([^']+)'\)")
_FILE = re.compile(r"^jr://(?:file|file-csv|images|audio|video)/(.+)$")
_KIND_BY_TYPE = {
    "int": "integer",
    "decimal": "decimal",
    "date": "date",
    "time": "time",
    "dateTime": "dateTime",
    "geopoint": "geopoint",
    "geotrace": "geotrace",
    "geoshape": "geoshape",
    "barcode": "barcode",
    "binary": "file",
}
_KIND_BY_CONTROL = {
    "select": "select_multiple",
    "select1": "select_one",
    "rank": "rank",
    "trigger": "acknowledge",
    "upload": "file",
}

Texts = dict[str, str]


def read_form(xform: bytes) -> PublishedForm:
    """The form that an XForm describes. Raises NotXML when it is not one, TooLarge."""
    return Reader(xform, parse(xform)).form()


class Reader:
    """One pass over one XForm; holds its look-up tables."""

    def __init__(self, xform: bytes, root: etree._Element) -> None:
        self.xform = xform
        self.root = root
        instances = root.findall(".//x:model/x:instance", NAMESPACES)
        if not instances or not len(instances[0]):
            raise NotXML(lazy("The XML is not an ODK form: it has no model with an instance."))
        self.primary = instances[0][0]
        self.secondary = {each.get("id", ""): each for each in instances[1:]}
        self.prefix = f"/{local_name(self.primary)}/"
        self.binds = {each.get("nodeset", ""): each for each in root.iterfind(".//x:bind", NAMESPACES)}
        self.languages, self.texts = self._translations()
        self.controls: dict[str, etree._Element] = {}
        self.groups: dict[str, Group] = {}
        body = root.find("h:body", NAMESPACES)
        if body is not None:
            self._walk(body)

    def form(self) -> PublishedForm:
        # A trigger without a rule has a control and no bind.
        paths = [path for path in {**self.binds, **self.controls} if self._is_leaf(path)]
        names = Counter(path.rsplit("/", 1)[-1] for path in paths)
        questions = tuple(self._question(path, names) for path in paths)
        title = self.root.findtext("h:head/h:title", "", NAMESPACES)
        return PublishedForm(
            form_id=self.primary.get("id", ""),
            title=title,
            version=self.primary.get("version", ""),
            xform=self.xform,
            languages=self.languages,
            questions=questions,
            groups=tuple(self.groups.values()),
            media=self._media(),
        )

    def _translations(self) -> tuple[tuple[str, ...], dict[str, Texts]]:
        texts: dict[str, Texts] = {}
        languages = []
        for translation in self.root.iterfind(".//x:itext/x:translation", NAMESPACES):
            language = translation.get("lang", DEFAULT)
            languages.append(language)
            for text in translation.iterfind("x:text", NAMESPACES):
                for value in text.iterfind("x:value", NAMESPACES):
                    if value.get("form") is None:
                        texts.setdefault(text.get("id", ""), {})[language] = _text(value)
        return tuple(languages) or (DEFAULT,), texts

    def _walk(self, element: etree._Element) -> None:
        for child in element:
            name = local_name(child)
            reference = child.get("ref") or child.get("nodeset")
            if name in ("group", "repeat"):
                if reference:
                    self._keep_group(child, reference, name == "repeat")
                self._walk(child)
            elif reference:
                self.controls[reference] = child

    def _keep_group(self, element: etree._Element, path: str, repeats: bool) -> None:
        labels = self._label(element) or (self.groups[path].labels if path in self.groups else {})
        relevant = self._bound(path, "relevant")
        key = path.rsplit("/", 1)[-1]
        self.groups[path] = Group(key, path.removeprefix(self.prefix), labels, repeats, relevant)

    def _is_leaf(self, path: str) -> bool:
        return path.startswith(self.prefix) and path not in self.groups and "/meta/" not in path

    def _bound(self, path: str, attribute: str) -> str:
        bind = self.binds.get(path)
        return bind.get(attribute, "").strip() if bind is not None else ""

    def _question(self, path: str, names: Counter[str]) -> Question:
        control = self.controls.get(path)
        relative = path.removeprefix(self.prefix)
        above = [group for known, group in self.groups.items() if path.startswith(f"{known}/")]
        above.sort(key=lambda group: len(group.path))
        repeats = [group.key for group in above if group.repeats]
        name = relative.rsplit("/", 1)[-1]
        choices, list_file = self._choices(control)
        required = self._bound(path, "required")
        return Question(
            key=name if names[name] == 1 else relative,
            name=name,
            path=relative,
            kind=self._kind(path, control),
            labels=self._label(control),
            hints=self._label(control, "hint"),
            groups=tuple(group.key for group in above),
            repeat=repeats[-1] if repeats else None,
            choices=choices,
            list_file=list_file,
            required="" if required == "false()" else required,
            relevant=self._bound(path, "relevant"),
            constraint=self._bound(path, "constraint"),
            constraint_messages=self._message(path),
            calculation=self._bound(path, "calculate"),
        )

    def _kind(self, path: str, control: etree._Element | None) -> str:
        bind = self.binds.get(path)
        if bind is None:
            return _KIND_BY_CONTROL.get(local_name(control), "text") if control is not None else "calculate"
        if bind.get(PRELOAD):
            return "metadata"
        if control is None:
            return "calculate"
        name = local_name(control)
        if name == "upload":
            medium = control.get("mediatype", "").split("/")[0]
            return medium if medium in ("image", "audio", "video") else "file"
        if name in _KIND_BY_CONTROL:
            return _KIND_BY_CONTROL[name]
        kind = _KIND_BY_TYPE.get(bind.get("type", "string").removeprefix("xsd:"), "text")
        if kind == "text" and bind.get("readonly") == "true()":
            return "note"
        return kind

    def _label(self, element: etree._Element | None, tag: str = "label") -> Texts:
        label = element.find(f"x:{tag}", NAMESPACES) if element is not None else None
        if label is None:
            return {}
        if found := _ITEXT.match(label.get("ref", "")):
            return self.texts.get(found[1], {})
        text = _text(label)
        return {self.languages[0]: text} if text else {}

    def _message(self, path: str) -> Texts:
        bind = self.binds.get(path)
        text = bind.get(MESSAGE, "") if bind is not None else ""
        if found := _ITEXT.match(text):
            return self.texts.get(found[1], {})
        return {self.languages[0]: text} if text else {}

    def _choices(self, control: etree._Element | None) -> tuple[tuple[Choice, ...], str | None]:
        if control is None:
            return (), None
        itemset = control.find("x:itemset", NAMESPACES)
        if itemset is None:
            items = control.findall("x:item", NAMESPACES)
            return tuple(
                Choice(each.findtext("x:value", "", NAMESPACES), self._label(each)) for each in items
            ), None
        found = _INSTANCE.search(itemset.get("nodeset", ""))
        instance = self.secondary.get(found[1]) if found else None
        if instance is None:
            return (), None
        if file := _FILE.match(instance.get("src", "")):
            return (), file[1]
        items = instance.findall(".//x:item", NAMESPACES)
        return tuple(self._listed(item) for item in items), None

    def _listed(self, item: etree._Element) -> Choice:
        label = item.findtext("x:label", "", NAMESPACES)
        texts = self.texts.get(item.findtext("x:itextId", "", NAMESPACES))
        return Choice(item.findtext("x:name", "", NAMESPACES), texts or {self.languages[0]: label})

    def _media(self) -> tuple[str, ...]:
        sources = [each.get("src", "") for each in self.secondary.values()]
        sources += [_text(v) for v in self.root.iterfind(".//x:itext//x:value[@form]", NAMESPACES)]
        names = [found[1] for source in sources if (found := _FILE.match(source.strip()))]
        return tuple(dict.fromkeys(names))


def _text(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext()).strip()
