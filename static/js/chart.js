// Draws every [data-chart] from its JSON, in the reader's language and the system's colours.
const LOCALES = { en: "en-US", es: "es-419", fr: "fr-FR", pt: "pt-BR" };
const locale = LOCALES[document.documentElement.lang] || "en-US";
const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(`--${name}`).trim();
const SERIES = ["chart-1", "chart-2", "chart-3", "chart-4", "chart-5", "chart-6", "chart-7", "chart-8"];
const TONES = { success: "success", warning: "warning-strong", danger: "danger", info: "chart-1", neutral: "chart-6" };

function writer(unit, compact) {
  if (unit === "percent") return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const short = compact ? { notation: "compact", maximumFractionDigits: 1 } : {};
  if (unit) return new Intl.NumberFormat(locale, { style: "currency", currency: unit, ...short });
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 2, ...short });
}

function dataset(kind, each, index) {
  const fill = colour(TONES[each.tone] || SERIES[index % SERIES.length]);
  const common = { label: each.label, data: each.values };
  if (kind === "doughnut") {
    const fills = each.values.map((_, at) => colour(SERIES[at % SERIES.length]));
    return { ...common, backgroundColor: fills, borderColor: colour("surface"), borderWidth: 2 };
  }
  if (kind === "line") {
    return { ...common, borderColor: fill, backgroundColor: fill, borderWidth: 2.5, pointRadius: 3, tension: 0 };
  }
  return { ...common, backgroundColor: fill, borderRadius: 2, maxBarThickness: 46 };
}

function scales(kind, unit) {
  if (kind === "doughnut") return {};
  const stacked = kind.endsWith("stacked");
  const short = writer(unit, true);
  const measure = {
    stacked, beginAtZero: true, border: { display: false }, grid: { color: colour("line") },
    ticks: { callback: (value) => short.format(value), maxTicksLimit: 6 },
  };
  const names = { stacked, grid: { display: false }, border: { color: colour("line-strong") } };
  return kind.startsWith("horizontal") ? { x: measure, y: names } : { x: names, y: measure };
}

// Where the value under the pointer leads, if anywhere; the table below holds the same links for the keyboard.
const linkOf = (spec, at) => (at ? spec.series[at.datasetIndex].links?.[at.index] : "");

function leading(spec) {
  if (!spec.series.some((each) => each.links)) return {};
  return {
    onClick: (_event, found) => { const link = linkOf(spec, found[0]); if (link) location.assign(link); },
    onHover: (event, found) => { event.native.target.style.cursor = linkOf(spec, found[0]) ? "pointer" : ""; },
  };
}

function options(spec) {
  const long = writer(spec.unit, false);
  return {
    ...leading(spec), locale, responsive: true, maintainAspectRatio: false,
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 300 },
    indexAxis: spec.kind.startsWith("horizontal") ? "y" : "x",
    scales: scales(spec.kind, spec.unit),
    plugins: {
      legend: {
        display: spec.series.length > 1 || spec.kind === "doughnut",
        position: "bottom", labels: { usePointStyle: true, pointStyle: "rectRounded", padding: 16 },
      },
      tooltip: {
        callbacks: {
          label: (item) => ` ${spec.kind === "doughnut" ? item.label : item.dataset.label}: ${long.format(item.raw)}`,
        },
      },
    },
  };
}

function draw(holder) {
  const spec = JSON.parse(document.getElementById(holder.dataset.chart).textContent);
  const type = spec.kind === "line" || spec.kind === "doughnut" ? spec.kind : "bar";
  if (spec.kind.startsWith("horizontal")) {
    holder.style.height = `${Math.max(10, spec.labels.length * (spec.kind === "horizontal" ? Math.max(1, spec.series.length) : 1) * 2.2 + 5)}rem`;
  }
  const data = { labels: spec.labels, datasets: spec.series.map((each, index) => dataset(spec.kind, each, index)) };
  return new window.Chart(holder.querySelector("canvas"), { type, data, options: options(spec) });
}

window.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
window.Chart.defaults.font.size = 13;
window.Chart.defaults.color = colour("ink-soft");
for (const holder of document.querySelectorAll("[data-chart]")) draw(holder);
