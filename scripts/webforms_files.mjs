// ODK Web Forms 0.22 takes pictures only: in the place of a recording, a film or another file stands a sentence.
// The engine inside takes any file; this gives these questions their words, a button, what was chosen, and a way back.
// What is larger than the server would take on a slow line is refused before it is kept.
const LIMIT_MB = 25;
const PENDING = `setup(eA) {
    return (tA, AA) => (openBlock(), createElementBlock("p", null, "🚧 Support for non-image uploads is pending. 🚧"));`;
const CHOOSING = `setup(eA) {
    const picker = ref(null), isLarge = ref(false);
    const give = (file) => {
      isLarge.value = file !== null && file.size > ${LIMIT_MB} * 1024 * 1024;
      if (!isLarge.value) eA.question.setValue(file);
    };
    const choose = (event) => {
      give(event.target.files?.[0] ?? null);
      event.target.value = "";
    };
    const wanted = () => {
      const { accept } = eA.question.nodeOptions.media;
      return /^(audio|video)\\//.test(accept) ? accept : null;
    };
    const isClosed = () => eA.question.currentState.readonly === true;
    return () => {
      const held = eA.question.currentState.value;
      return h$6(Fragment, null, [
        h$6(ControlText, { question: eA.question }),
        h$6("div", { class: "capture-buttons" }, [
          h$6(script$H, { class: "choose-file-button", label: "Choose file", disabled: isClosed(), onClick: () => picker.value?.click() }),
          h$6("input", { ref: picker, type: "file", accept: wanted(), style: { display: "none" }, onChange: choose }),
        ]),
        held && h$6("p", { class: "chosen-file" }, [
          h$6("span", null, held.type.startsWith("audio/") ? "Recording chosen" : held.type.startsWith("video/") ? "Film chosen" : "File chosen"),
          h$6("span", { class: "chosen-file-size" }, " · " + Math.max(1, Math.round(held.size / 1024)) + " kB "),
          !isClosed() && h$6(script$H, { class: "remove-file-button", severity: "secondary", outlined: true, label: "Remove", onClick: () => give(null) }),
        ]),
        isLarge.value && h$6("p", { class: "validation-message", role: "alert" }, "The file is larger than ${LIMIT_MB} MB."),
        h$6(ValidationMessage, { message: eA.question.validationState.violation?.message.formatted }),
      ]);
    };`;

/** The script of ODK Web Forms with files of every kind; stops the build when it does not stand where it did. */
export function withFiles(path, source) {
  if (!path.includes("/index-")) return source;
  if (source.split(PENDING).length !== 2) throw new Error("ODK Web Forms changed: files are taken, or refused, otherwise");
  return source.replace(PENDING, () => CHOOSING);
}
