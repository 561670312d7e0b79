// The loan calculator: draws what is due when, marks the fields that are wrong, prints, copies the address.
const css = getComputedStyle(document.body);
const colour = (name, fallback) => css.getPropertyValue(name).trim() || fallback;
const ink = colour("--ink-2", "#5c564d");
const line = colour("--line", "#e6e1d8");
const short = new Intl.NumberFormat(document.documentElement.lang || [], { notation: "compact", maximumFractionDigits: 2 });
const exact = new Intl.NumberFormat(document.documentElement.lang || [], { minimumFractionDigits: 2, maximumFractionDigits: 2 });
// Told apart by their lightness and by patterns, not by their hues alone.
const LOOKS = [
  { color: colour("--growth", "#22693f") },
  { color: colour("--near", "#c98a1b"), decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4, color: "rgb(255 255 255 / 45%)" } },
  { color: "#b9d8c5", borderColor: colour("--growth", "#22693f"), borderWidth: 1 },
];

let chart = null;

function option(data) {
  return {
    animation: false,
    textStyle: { fontFamily: css.fontFamily },
    grid: { left: 8, right: 40, top: 48, bottom: 8, containLabel: true },
    legend: { left: "center", top: 0, itemGap: 16, textStyle: { color: ink } },
    // Text drawn on the canvas: an HTML tooltip would need inline styles, which the page's policy forbids.
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, valueFormatter: (value) => `${exact.format(value)} ${data.unit}` },
    xAxis: { type: "category", data: data.labels, axisLabel: { color: ink, hideOverlap: true }, axisLine: { lineStyle: { color: line } } },
    yAxis: { type: "value", axisLabel: { color: ink, formatter: (value) => short.format(value) }, splitLine: { lineStyle: { color: line } } },
    series: data.series.map((each, at) => ({
      type: "bar",
      stack: "due",
      name: each.name,
      data: each.values,
      barMaxWidth: 28,
      itemStyle: LOOKS[at],
    })),
  };
}

function draw() {
  chart?.dispose();
  chart = null;
  // Without an id: htmx would carry the old drawing's style attribute over, which the page's policy forbids.
  const place = document.querySelector("[data-loan-chart]");
  if (!place) return;
  chart = window.echarts.init(place, null, { renderer: "canvas" });
  chart.setOption(option(JSON.parse(place.dataset.loanChart)));
  // Paper shrinks what was drawn; drawn anew it would have no height there.
  const fit = () => chart && !chart.isDisposed() && !matchMedia("print").matches && chart.resize();
  new ResizeObserver(fit).observe(place);
  document.querySelector("#result [data-picture]").addEventListener("click", () => savePicture(place.dataset.title));
}

function savePicture(title) {
  const link = document.createElement("a");
  link.href = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: "#ffffff" });
  link.download = `${title}.png`;
  link.click();
}

// What is wrong is said beside its field; the field itself is told to who hears the page instead of seeing it.
function markFields() {
  for (const said of document.querySelectorAll("#calculator-form .field-errors[id^='errors-']")) {
    const field = document.getElementById(said.id.replace("errors-", "id_"));
    if (!field) continue;
    const wrong = said.childElementCount > 0;
    field.classList.toggle("is-invalid", wrong);
    field.setAttribute("aria-invalid", String(wrong));
    field.setAttribute("aria-describedby", said.id);
  }
}

function offerTools() {
  const print = document.querySelector("#result [data-print]");
  if (!print) return;
  print.hidden = false;
  print.addEventListener("click", () => window.print());
  const copy = document.querySelector("#result [data-copy]");
  if (!navigator.clipboard) return;
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.href);
    copy.querySelector("span").textContent = copy.dataset.copied;
  });
}

function show() {
  draw();
  markFields();
  offerTools();
}

show();
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "result" || event.detail.target?.id === "calculator") show();
});
// Another product brings another form: the cursor stays where it was.
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "calculator") document.getElementById("id_product").focus({ preventScroll: true });
});
