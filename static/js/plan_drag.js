// A station dropped on another team opens the page that shows the cost; the same page is reached by its link.
const TYPE = "application/x-eom-stop";

for (const row of document.querySelectorAll("tr[data-stop]")) {
  row.addEventListener("dragstart", (event) => {
    event.dataTransfer.setData(TYPE, row.dataset.stop);
    event.dataTransfer.effectAllowed = "move";
  });
}

for (const team of document.querySelectorAll(".team-day")) {
  const carries = (event) => event.dataTransfer.types.includes(TYPE);
  team.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    team.classList.add("is-target");
  });
  team.addEventListener("dragleave", () => team.classList.remove("is-target"));
  team.addEventListener("drop", (event) => {
    team.classList.remove("is-target");
    const address = event.dataTransfer.getData(TYPE);
    if (!/^\/(?![/\\])/.test(address)) return;
    event.preventDefault();
    window.location.assign(`${address}?team=${encodeURIComponent(team.dataset.team)}`);
  });
}
