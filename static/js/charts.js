// Draws every [data-chart] from the JSON beside it. The table under a chart says the same to whoever cannot see it.
const css = getComputedStyle(document.body);
const colour = (name, fallback) => css.getPropertyValue(name).trim() || fallback;
const ink = colour("--ink-2", "#5c5650");
const line = colour("--line", "#e4dfd8");
// A page of one map has its hue; on the overview each section has its own.
const hueOf = (place) => getComputedStyle(place).getPropertyValue("--hue").trim() || colour("--support", "#9a5b00");
// 200,000 is 20万, so that the labels of an axis stand beside each other on a phone too.
const short = new Intl.NumberFormat(document.documentElement.lang || [], { notation: "compact", maximumFractionDigits: 2 });
const NARROW = 480;

function option(data, narrow, hue) {
  const amounts = {
    type: "value",
    splitNumber: narrow ? 3 : 5,
    axisLabel: { color: ink, hideOverlap: true, formatter: (value) => short.format(value) },
    splitLine: { lineStyle: { color: line } },
  };
  const number = (value) => (value === null || value === undefined ? "—" : value.toLocaleString());
  const bar = data.kind === "bar";
  return {
    animation: false,
    color: [hue],
    textStyle: { fontFamily: css.fontFamily },
    // The last label of a value axis is centred on the edge: long amounts need the room.
    grid: { left: 8, right: bar ? 48 : 24, top: data.series ? 40 : 16, bottom: 8, containLabel: true },
    // Text drawn on the canvas: an HTML tooltip would need inline styles, which the page's policy forbids.
    tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => `${number(value)} ${data.unit}` },
    xAxis: bar
      ? amounts
      : { type: "category", data: data.labels, axisLabel: { color: ink }, axisLine: { lineStyle: { color: line } } },
    yAxis: bar
      ? { type: "category", data: data.labels, inverse: true, axisLabel: { color: ink }, axisLine: { lineStyle: { color: line } } }
      : amounts,
    legend: data.series ? { left: "center", top: 0, textStyle: { color: ink } } : undefined,
    series: (data.series ?? [{ values: data.values }]).map((each) => series(data, each)),
  };
}

// Several lines are told apart by their strokes, not by their colours alone.
function series(data, { name, values, dashed = false }) {
  return {
    type: data.kind,
    name,
    data: values,
    barMaxWidth: 18,
    symbolSize: 6,
    showSymbol: !dashed && values.length < 60,
    connectNulls: false,
    lineStyle: dashed ? { type: "dashed", color: ink } : undefined,
    itemStyle: dashed ? { color: ink } : undefined,
  };
}

function draw(place) {
  const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  place.classList.toggle("chart-tall", data.kind === "bar" && data.labels.length > 8);
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  chart.setOption(option(data, place.clientWidth < NARROW, hueOf(place)));
  if (data.urls) chart.on("click", (point) => location.assign(data.urls[point.dataIndex]));
  new ResizeObserver(() => chart.resize()).observe(place);
  const button = document.querySelector(`[data-picture="${place.id}"]`);
  button?.addEventListener("click", () => save(chart, data.title));
}

function save(chart, title) {
  const link = document.createElement("a");
  link.href = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: "#ffffff" });
  link.download = `${title}.png`;
  link.click();
}

// A field that only one choice asks for, such as the days of an own period: `data-shown-for="period=own"`.
function shownFor(form) {
  const show = () => {
    for (const field of form.querySelectorAll("[data-shown-for]")) {
      const [name, value] = field.dataset.shownFor.split("=");
      field.hidden = form.elements[name].value !== value;
    }
  };
  form.addEventListener("change", show);
  show();
}

for (const place of document.querySelectorAll("[data-chart]")) draw(place);
for (const form of document.querySelectorAll("[data-scope]")) shownFor(form);
