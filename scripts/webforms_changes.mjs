// What is changed in ODK Web Forms while it is bundled. A text that is not found stops the build: look at the new version.

// The component only edits what was sent. The engine inside can also take up a draft again, under its own
// instanceID: `editInstance: {draft: {kept, opened}}` asks for that (nothing kept: a new one) and is handed the
// instance, so that its answers can be kept while it is being filled in.
const EDITED = "if (tA.editInstance == null)";
const RESTORED = `if (tA.editInstance?.draft) {
  const { kept, opened } = tA.editInstance.draft;
  try {
    const made = kept ? await AA.restoreInstance(kept, nA) : AA.createInstance(nA);
    if (!expressions.missed) opened(made.root);
    return success(AA, made);
  } catch (fault) {
    return failure(FormInitializationError.from(fault));
  }
}
`;

// The parser of XPath is 300 kB of WebAssembly inside the script. It becomes files of its own (build-webforms.mjs), and
// a form whose expressions were read before (`expressions.known`) is opened without it. What a form asks for that is not
// known has it begin again with the parser.
const PARSED = `const expressionParser = await ExpressionParser.init({
  webTreeSitter,
  xpathLanguage
});`;
// A tree is kept as [type, where its text begins in that of its parent, its length, children…].
const LATER = `const plainNode = (types, { type, text, children }, begin) => {
  let at = 0;
  const parts = children.map((each) => {
    const found = text.indexOf(each.text, at);
    at = found + each.text.length;
    return plainNode(types, each, found);
  });
  const known = types.indexOf(type);
  return [known < 0 ? type : known, begin, text.length, ...parts];
};
const treeNode = (types, [type, begin, length, ...parts], whole) => {
  const text = whole.slice(begin, begin + length);
  const children = parts.map((each) => treeNode(types, each, text));
  return { type: typeof type === "number" ? types[type] : type, text, childCount: children.length, children };
};
export const expressions = {
  parser: null, missed: false, known: null, starting: null,
  ready() {
    this.starting ??= TreeSitterXPathParser.init({ webTreeSitter, xpathLanguage }).then((made) => { this.parser = made; });
    return this.starting;
  },
  parse(text) {
    const { types, trees } = this.known ?? { trees: {} };
    if (Object.hasOwn(trees, text)) return { language: { types }, rootNode: treeNode(types, JSON.parse(trees[text]), text) };
    if (this.parser) return this.parser.parse(text);
    this.missed = true;
    throw new Error("the parser of expressions is not here yet: " + text);
  },
  given() {
    const [[, { language: { types } }]] = expressionParser.cache;
    const told = (text, { rootNode }) => JSON.stringify(plainNode(types, rootNode, text.indexOf(rootNode.text)));
    const trees = [...expressionParser.cache].map(([text, tree]) => [text, told(text, tree)]);
    return { types, trees: { ...this.known?.trees, ...Object.fromEntries(trees) } };
  },
};
const expressionParser = ExpressionParser.from(expressions);`;
const LOADING = "}), loadFormState = async (eA, tA) => {";
const AGAIN = `}), loadFormState = async (eA, tA) => {
  const state = await loadFormStateOnce(eA, tA);
  if (!expressions.missed) return state;
  await expressions.ready();
  expressions.missed = false;
  return loadFormStateOnce(eA, tA);
}, loadFormStateOnce = async (eA, tA) => {`;

// A whole form is drawn in one go, which takes a telephone seconds. Each list of questions draws its first one at
// once and four more after every frame; the engine knows all of them from the beginning.
const SETUP = "setup(eA) {\n    const tA = (rA) => rA.nodeType === \"group\", AA =";
const GROWING = `setup(eA) {
    const isShown = (node) => node.nodeType !== "model-value" && node.currentState.relevant;
    const drawn = ref(1 + Math.max(0, eA.nodes.findIndex(isShown)));
    const more = () => requestAnimationFrame(() => setTimeout(() => {
      drawn.value += 4;
      if (drawn.value < eA.nodes.length) more();
    }));
    onMounted(() => eA.nodes.length > 1 && more());
    const tA = (rA) => rA.nodeType === "group", AA =`;
const LISTED = "renderList(eA.nodes, (iA) => (openBlock(), createElementBlock(Fragment, {\n      key: iA.nodeId";
const SOME = LISTED.replace("eA.nodes", "drawn.value < eA.nodes.length ? eA.nodes.slice(0, drawn.value) : eA.nodes");

// The clock of the observers has 24 hours.
const TWELVE = '"hour-format": "12"';

// Its mark stands at the end of the form: it is drawn (in a page of its own, as a browser does with such a picture) when
// it comes into sight.
const LOGO = "src: _imports_0,";

// Its styles are written into the page one by one while it runs, made of a theme of 118 kB: the build writes them down
// once instead (webforms_styles.mjs).
const THEMED = `const tA = document.createElement("style");
    tA.textContent = resetStyles, document.head.prepend(tA), eA.use(PrimeVue, { theme: { preset: odkThemePreset, options: { darkModeSelector: !1 } } });`;
const WRITTEN = "load: function(tA) {\n    var AA = arguments.length > 1 && arguments[1] !== void 0 ? arguments[1] : {}, nA = arguments.length > 2";
const PRESET = "const odkThemePreset = t$G(";

// Above the form stands its title, which the page has as its heading, twice, each with a menu of languages made of a
// dozen components: the device's own list of choices takes their place, where there is a choice.
const HEADED = "return (aA, sA) => (openBlock(), createElementBlock(Fragment, null, [\n      createElementVNode(\"div\", _hoisted_1$J, [";
const CHOOSING = `return () => (openBlock(), createElementBlock("div", { class: "form-language" }, oA.length < 2 ? [] : [
      createVNode("select", {
        class: "form-select", "aria-label": "change language", autocomplete: "off",
        value: tA.form.currentState.activeLanguage.language,
        onChange: ({ target }) => iA(oA.find((each) => each.language === target.value)),
      }, oA.map((each) => createVNode("option", { key: each.language, value: each.language }, each.language)))
    ]));
    ${HEADED}`;

// The state of a form is made reactive by the engine, property by property. Around that the component wraps everything
// once more, which every drawing pays for.
const WRAPPED = "initializeFormState = () => ref({";

// PrimeVue lets an application reach into every element of every component. Nobody does here, and asking costs half
// of the drawing.
const ASKED = [
  ["    _hook: function(tA) {\n", "if (this.pt === void 0) return;"],
  ["    _loadStyles: function() {\n      this", "return;"],
  ["    _loadCoreStyles: function() {\n      var tA, AA;", "return;"],
  ["    ptm: function() {\n      var tA = arguments.length > 0 && arguments[0] !== void 0 ? arguments[0] : \"\", AA",
    "if (this.pt === void 0 && !Object.keys(this.$attrs).some((name) => name.startsWith(\"pt:\"))) return { ...this._getPTDatasets(arguments[0]) };"],
].map(([text, ours]) => [text, text.replace("{\n", `{\n      ${ours}\n`)]);

// The whole document is written out again and never read.
const WRITTEN_OUT = "hA = rA.documentElement.outerHTML";

// A text with no mark of Markdown in it is the text that the reader of Markdown makes of it.
const MARKED = "function toOdkMarkdown(eA) {\n";
const PLAIN = `const PLAIN_TEXT = /^(?!\\d{1,9}[.)](?:\\s|$))[\\p{L}\\p{N}¿¡("'«“‘](?:[^*_\`#<>&\\\\[\\]\\p{Cc}]*[^*_\`#<>&\\\\[\\]\\p{Cc}\\s])?$/u;
${MARKED}  if (PLAIN_TEXT.test(eA)) return [new ChildMarkdownNode(eA)];
`;

export const CHANGES = [
  [TWELVE, '"hour-format": "24"'], [EDITED, RESTORED + EDITED], [SETUP, GROWING], [LISTED, SOME], [PARSED, LATER],
  [LOADING, AGAIN], [HEADED, CHOOSING], [WRITTEN_OUT, "hA = tA"], [MARKED, PLAIN], [LOGO, `${LOGO} loading: "lazy",`], [WRAPPED, WRAPPED.replace("ref(", "shallowRef(")], ...ASKED,
];
export const UNSTYLED = [
  [THEMED, 'eA.use(PrimeVue, { theme: "none" });'], [WRITTEN, WRITTEN.replace("{\n", "{\n    return {};\n")],
  [PRESET, "const odkThemePreset = /* @__PURE__ */ t$G("],
];

/** A script with texts replaced, each of which stands in it once. */
export function changed(script, changes) {
  for (const [text] of changes) {
    if (script.split(text).length !== 2) throw new Error(`ODK Web Forms changed: “${text}” is not where it was`);
  }
  return changes.reduce((made, [text, ours]) => made.replace(text, () => ours), script);
}
