// Draws every [data-result-chart] from the JSON beside it once it comes into sight. The table beside a chart says the
// same to whoever cannot see it; what is hidden there is not in the JSON either.
const css = getComputedStyle(document.body);
const colour = (name, fallback) => css.getPropertyValue(name).trim() || fallback;
const ink = colour("--ink-2", "#5c5650");
const line = colour("--line", "#e4dfd8");
const hue = colour("--needs", "#1d5d99");
// Told apart by lightness as well, so also without colours.
const SERIES = ["#1d5d99", "#e0a13a", "#4f9d69", "#8e6bb0", "#c4574d", "#7a8b99", "#a9c5de", "#5d4b2f"];
const LIKERT = ["#b0472c", "#e3a27f", "#d9d4ca", "#8fb7d9", "#1d5d99"];
const ROW = 34;
const NARROW = 480;

// Text drawn on the canvas: an HTML tooltip would need inline styles, which the page's policy forbids.
const tooltip = (texts) => ({ trigger: "item", confine: true, renderMode: "richText", formatter: (point) => texts(point) });
const percents = { type: "value", min: 0, axisLabel: { color: ink, hideOverlap: true, formatter: "{value}%" }, splitLine: { lineStyle: { color: line } } };

function names(labels, narrow, inverse = true) {
  return {
    type: "category",
    data: labels,
    inverse,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: line } },
    axisLabel: { color: ink, width: narrow ? 110 : 220, overflow: "truncate" },
  };
}

const common = () => ({
  animation: false,
  textStyle: { fontFamily: css.fontFamily },
  grid: { left: 8, right: 40, top: 12, bottom: 8, containLabel: true },
});

/** The 95% interval as a thin line with ends across each bar. */
function whiskers(data) {
  return {
    type: "custom",
    silent: true,
    z: 5,
    data: data.lows.map((low, i) => [i, low, data.highs[i]]).filter((each) => each[1] !== null),
    renderItem(_params, api) {
      const [from, y] = api.coord([api.value(1), api.value(0)]);
      const [to] = api.coord([api.value(2), api.value(0)]);
      const stroke = { stroke: ink, fill: null, lineWidth: 1.25 };
      const across = (x) => ({ type: "line", shape: { x1: x, y1: y - 4, x2: x, y2: y + 4 }, style: stroke });
      return { type: "group", children: [{ type: "line", shape: { x1: from, y1: y, x2: to, y2: y }, style: stroke }, across(from), across(to)] };
    },
  };
}

const drawings = {
  bars: (data, narrow) => ({
    ...common(),
    tooltip: tooltip((point) => data.texts[point.dataIndex]),
    xAxis: percents,
    yAxis: names(data.labels, narrow),
    series: [{ type: "bar", data: data.values, barMaxWidth: 18, itemStyle: { color: hue } }, whiskers(data)],
  }),
  histogram: (data) => ({
    ...common(),
    tooltip: tooltip((point) => data.texts[point.dataIndex]),
    xAxis: { type: "category", data: data.labels, axisLabel: { color: ink, hideOverlap: true }, axisLine: { lineStyle: { color: line } } },
    yAxis: percents,
    series: [{ type: "bar", data: data.values, barCategoryGap: "8%", itemStyle: { color: hue } }],
  }),
  likert: (data) => stacked([""], data.labels.map((name, i) => ({ name, values: [data.values[i]], texts: [data.texts[i]] })), true, shades(data.labels.length)),
  stacked: (data, narrow) => stacked(data.labels, data.series, narrow, SERIES),
  matrix: (data, narrow) => stacked(data.labels, data.series, narrow, shades(data.series.length)),
  grouped: (data, narrow) => ({ ...stacked(data.labels, data.series, narrow, SERIES, ""), xAxis: percents }),
};

function shades(count) {
  if (count === 5) return LIKERT;
  if (count === 3) return [LIKERT[0], LIKERT[2], LIKERT[4]];
  if (count === 4) return [LIKERT[0], LIKERT[1], LIKERT[3], LIKERT[4]];
  return SERIES;
}

function stacked(labels, series, narrow, colours, stack = "all") {
  return {
    ...common(),
    color: colours,
    grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
    legend: { type: "scroll", top: 0, left: 0, textStyle: { color: ink }, icon: "rect", itemWidth: 12, itemHeight: 12 },
    tooltip: tooltip((point) => series[point.seriesIndex].texts[point.dataIndex]),
    xAxis: { ...percents, max: 100 },
    yAxis: names(labels, narrow),
    series: series.map((each) => ({ name: each.name, type: "bar", stack, data: each.values, barMaxWidth: stack ? 22 : 8 })),
  };
}

function height(data) {
  if (data.kind === "histogram") return 220;
  if (data.kind === "likert") return 120;
  if (data.kind === "grouped") return 70 + data.labels.length * Math.max(ROW, data.series.length * 11 + 10);
  return (["stacked", "matrix"].includes(data.kind) ? 70 : 40) + data.labels.length * ROW;
}

function draw(place) {
  const data = JSON.parse(document.getElementById(place.dataset.resultChart).textContent);
  place.style.height = `${height(data)}px`;
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  chart.setOption(drawings[data.kind](data, place.clientWidth < NARROW));
  new ResizeObserver(() => chart.resize()).observe(place);
  document.querySelector(`[data-picture="${CSS.escape(place.id)}"]`)?.addEventListener("click", () => save(chart, data.title));
}

function save(chart, title) {
  const link = document.createElement("a");
  link.href = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: "#ffffff" });
  link.download = `${title.slice(0, 80)}.png`;
  link.click();
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries.filter((each) => each.isIntersecting)) {
      seen.unobserve(entry.target);
      draw(entry.target);
    }
  },
  { rootMargin: "400px" },
);
const waiting = () => document.querySelectorAll("[data-result-chart]:empty");
for (const place of waiting()) seen.observe(place);
// What was not scrolled to must be on paper all the same.
addEventListener("beforeprint", () => waiting().forEach((place) => { seen.unobserve(place); draw(place); }));
