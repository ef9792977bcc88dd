// The hours of polling day as a slider on the map of coverage, with a button that lets the day pass.
export function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

// The hours of the choice as a slider, with a button that lets the day pass.
export function timeline(shown, choice, labels) {
  const hours = [...choice.options].slice(1);
  if (!hours.length) return;
  const box = element("div", undefined, "coverage-time");
  const slider = element("input");
  Object.assign(slider, { type: "range", min: "0", max: String(hours.length), step: "1" });
  slider.value = String(choice.selectedIndex || hours.length);
  slider.setAttribute("aria-label", labels.timeline);
  const said = element("output", choice.selectedOptions[0].textContent);
  const play = element("button", labels.play, "btn btn-secondary btn-sm");
  play.type = "button";
  let passing = null;
  const stop = () => { window.clearInterval(passing); passing = null; play.textContent = labels.play; };
  const show = () => {
    // The last place is the whole day.
    const index = Number(slider.value) >= hours.length ? 0 : Number(slider.value) + 1;
    choice.selectedIndex = index;
    said.textContent = choice.options[index].textContent;
    slider.setAttribute("aria-valuetext", said.textContent);
    choice.dispatchEvent(new Event("change", { bubbles: true }));
  };
  slider.addEventListener("input", () => { stop(); show(); });
  play.addEventListener("click", () => {
    if (passing) { stop(); return; }
    if (Number(slider.value) >= hours.length) slider.value = "-1";
    play.textContent = labels.pause;
    passing = window.setInterval(() => {
      if (Number(slider.value) >= hours.length) { stop(); return; }
      slider.value = String(Number(slider.value) + 1);
      show();
    }, 1000);
  });
  choice.addEventListener("change", () => {
    slider.value = String(choice.selectedIndex ? choice.selectedIndex - 1 : hours.length);
    said.textContent = choice.selectedOptions[0].textContent;
    const holder = shown.map.getContainer();
    holder.dataset.hour = "";
    shown.at(choice.value).then(() => { holder.dataset.hour = choice.value || "day"; });
  });
  box.append(play, slider, said);
  shown.map.getContainer().after(box);
}
