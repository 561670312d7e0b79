// The board: shows what it was given, asks for more every minute, and keeps showing the last when nobody answers. It asks
// with a token of its own, never by the session of whoever opened it: that one ends as if nobody were there.
import { boundaries, mapOption } from "./town-maps.js";

const TURN_SECONDS = 15;
const FIRST_RETRY_SECONDS = 5;
const TIMEOUT_SECONDS = 20;
// Figures that came longer ago say how long.
const FRESH_SECONDS = 180;
const WARNINGS_AT_ONCE = 4;

const body = document.body;
const words = read("board-words");
const normal = Number(body.dataset.seconds);
const state = document.getElementById("board-state");
const css = getComputedStyle(body);
const charts = new Map();
const retry = { seconds: FIRST_RETRY_SECONDS };
let data = read("board-data");
const shape = data.shape; // of the page; what comes later may have another
let came = Date.now();
let timer = 0;
let turn = 0;
let lostAt = null;
let asking = false;

function read(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

function rem() {
  return parseFloat(getComputedStyle(document.documentElement).fontSize);
}

// Beijing's time, wherever the screen's own clock believes to be: the figures are of it too.
const ZONE = { timeZone: "Asia/Shanghai", hourCycle: "h23" };
const time = (moment) => moment.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", ...ZONE });
const day = (moment) => moment.toLocaleDateString("sv", ZONE).slice(5);
const since = (moment) => (day(moment) === day(new Date()) ? time(moment) : `${day(moment)} ${time(moment)}`);

// asking ---------------------------------------------------------------------------------------------------

async function refresh() {
  if (asking) return;
  asking = true;
  clearTimeout(timer);
  try {
    const answer = await ask(body.dataset.board, { headers: { "X-Board-Token": body.dataset.token } });
    if (answer.status === 401) await ended((await answer.json()).why);
    else if (!answer.ok) lost("lost");
    else await arrived(await answer.json());
  } catch {
    lost("lost");
  } finally {
    asking = false;
    timer = setTimeout(refresh, (lostAt ? retry.seconds : normal) * 1000);
  }
}

function ask(address, more) {
  return fetch(address, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000), ...more });
}

// Whoever has signed in meanwhile, in another tab, gets the board as it is now.
async function openedAnew() {
  const answer = await ask(location.href, { method: "HEAD", headers: { "X-Passive": "1" } });
  if (answer.ok) location.reload();
  return answer.ok;
}

async function ended(why) {
  if (!(await openedAnew())) lost(why);
}

async function arrived(fresh) {
  const fits = fresh.shape === shape;
  if (!fits && (await openedAnew())) return undefined;
  lostAt = null;
  retry.seconds = FIRST_RETRY_SECONDS;
  data = fresh;
  came = Date.now();
  state.classList.toggle("is-lost", !fits);
  say(fits ? "live" : "changed");
  if (fits) return show();
  try {
    return showWithoutGone();
  } catch {
    return undefined; // an update has changed more than this page can show: it says so already
  }
}

function showWithoutGone() {
  const told = new Set(data.maps.flatMap((map) => map.headlines.map((line) => line.code)));
  for (const { dataset } of document.querySelectorAll("[data-figure]")) {
    if (!told.has(dataset.figure)) showHeadline({ code: dataset.figure, value: "—", unit: "", change: "", direction: "" });
  }
  show();
}

// Twice as long from one try to the next, a minute at most.
function lost(why) {
  retry.seconds = lostAt ? Math.min(retry.seconds * 2, normal) : FIRST_RETRY_SECONDS;
  lostAt ??= new Date();
  state.classList.add("is-lost");
  say(why);
}

function say(what) {
  const place = state.querySelector("[data-state]");
  const text = words[what].replace("{time}", lostAt ? since(lostAt) : "");
  if (place.textContent !== text) place.textContent = text;
  state.querySelector(".board-sign-in").hidden = !["expired", "ended", "changed"].includes(what);
  showAge();
}

// 16小时前: a clock alone does not tell yesterday's figures from today's.
function showAge() {
  const seconds = Math.round((Date.now() - came) / 1000);
  const [unit, length] = seconds < 7200 ? ["minute", 60] : seconds < 172800 ? ["hour", 3600] : ["day", 86400];
  const told = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
  const text = seconds < FRESH_SECONDS ? "" : told.format(-Math.floor(seconds / length), unit);
  const place = state.querySelector("[data-age]");
  if (place.textContent !== text) place.textContent = text;
}

// showing --------------------------------------------------------------------------------------------------

function show() {
  state.querySelector("[data-at]").textContent = data.at_text;
  // Another day begins while the board hangs there: the numbers are of the period that came with them.
  for (const name of ["period", "compared"]) document.querySelector(`[data-${name}]`).textContent = data[name];
  for (const map of data.maps) {
    for (const line of map.headlines) showHeadline(line);
    showTrend(map);
  }
  showTown();
  showWarnings();
}

function showHeadline(line) {
  const place = document.querySelector(`[data-figure="${CSS.escape(line.code)}"]`);
  if (!place) return; // the page is older than the figure
  place.querySelector("[data-value]").textContent = line.value;
  place.querySelector("[data-unit]").textContent = line.unit;
  const change = place.querySelector("[data-change]");
  change.textContent = line.change;
  change.dataset.direction = line.direction;
  change.className = `board-change tone-${line.tone || "plain"}`;
}

function chartIn(place) {
  if (!charts.has(place)) {
    place.replaceChildren();
    charts.set(place, window.echarts.init(place, null, { renderer: "canvas" }));
  }
  return charts.get(place);
}

// What stands where a chart was; the chart comes back as soon as there is something to draw.
function instead(place, shown) {
  charts.get(place)?.dispose();
  charts.delete(place);
  place.replaceChildren(shown);
}

function showTrend(map) {
  const place = document.querySelector(`[data-trend="${map.code}"]`);
  if (!place || !map.trend) return;
  const told = map.trend.nothing && `${map.trend.title} · ${map.trend.nothing}`;
  place.setAttribute("aria-label", told || map.trend.title);
  if (told) return instead(place, noted(told));
  const hue = getComputedStyle(place).getPropertyValue("--hue").trim();
  const ink = css.getPropertyValue("--ink-2").trim();
  const line = css.getPropertyValue("--line").trim();
  const size = rem() * 0.875;
  const short = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 1 });
  chartIn(place).setOption({
    animation: false,
    textStyle: { fontFamily: css.fontFamily },
    title: { text: map.trend.title, left: 0, top: 0, textStyle: { color: ink, fontSize: size, fontWeight: 400 } },
    grid: { left: 4, right: size, top: size * 2, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: map.trend.labels, axisLabel: { color: ink, fontSize: size, hideOverlap: true }, axisLine: { lineStyle: { color: line } }, axisTick: { show: false } },
    yAxis: { type: "value", splitNumber: 2, axisLabel: { color: ink, fontSize: size, formatter: (value) => short.format(value) }, splitLine: { lineStyle: { color: line } } },
    series: [{ type: "line", data: map.trend.values, color: hue, symbolSize: size / 3, lineStyle: { width: rem() / 7 }, areaStyle: { opacity: 0.12 } }],
  });
}

async function showTown() {
  const town = data.towns[turn % (data.towns.length || 1)];
  const place = document.querySelector("[data-town]");
  if (!town) return instead(place, noted(words.none));
  place.closest("section").dataset.map = town.page;
  document.querySelector("[data-town-title]").textContent = `${town.map} · ${town.title}`;
  document.querySelector("[data-town-definition]").textContent = town.definition;
  showLegend(town);
  if (town.boundaries) {
    try {
      await boundaries(town.boundaries);
      return chartIn(place).setOption(mapOption(place, town, rem()), true);
    } catch {
      // The tiles say the same.
    }
  }
  return instead(place, town.tiles ? tiles(town.tiles) : listed(town.places));
}

function svg(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function tiles(map) {
  const made = map.at.map((tile) => svg("g", { class: `tile shade-${tile.shade}` },
    svg("rect", { x: tile.x, y: tile.y, width: 96, height: 96, rx: 6 }),
    svg("text", { x: tile.x + 48, y: tile.y + 44 }, tile.name),
    svg("text", { x: tile.x + 48, y: tile.y + 68, class: "tile-share" }, tile.text)));
  return svg("svg", { class: "tiles", viewBox: `-3 -3 ${map.width + 6} ${map.height + 6}` }, ...made);
}

function listed(places) {
  const list = document.createElement("ul");
  list.append(...places.map((each) => noted(`${each.name} ${each.text}`, "li")));
  return list;
}

function noted(text, name = "p") {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function showLegend(town) {
  const parts = town.legend.map(({ shade, text }) => {
    const part = document.createElement("span");
    part.append(svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" },
      svg("g", { class: `tile shade-${shade}` }, svg("rect", { width: 16, height: 16 }))), text);
    return part;
  });
  document.querySelector("[data-legend]").replaceChildren(...parts);
}

// As many as there is room for; the others take their turn.
function showWarnings() {
  const list = document.querySelector("[data-warnings]");
  const all = data.warnings;
  const first = all.length > WARNINGS_AT_ONCE ? turn % all.length : 0;
  const shown = all.slice(first).concat(all.slice(0, first)).slice(0, WARNINGS_AT_ONCE);
  list.replaceChildren(...(shown.length ? shown.map(warning) : [warning({ tone: "calm", what: words.calm, why: "" })]));
}

function warning({ tone, what, why }) {
  const item = document.createElement("li");
  item.className = `tone-${tone}`;
  const strong = document.createElement("strong");
  strong.textContent = what;
  item.append(strong);
  if (why) item.append(noted(why, "span"));
  return item;
}

// turning, clock, full screen ------------------------------------------------------------------------------

const turning = document.querySelector("[data-turning]");
let turns = !matchMedia("(prefers-reduced-motion: reduce)").matches;

function showTurning() {
  turning.setAttribute("aria-pressed", String(turns));
  turning.title = turns ? words.pause : words.play;
  turning.querySelector(".visually-hidden").textContent = turning.title;
}

turning.addEventListener("click", () => {
  turns = !turns;
  showTurning();
});

function tick() {
  const now = new Date();
  document.querySelector("[data-clock]").textContent = now.toLocaleTimeString("zh-CN", ZONE);
  if (now.getSeconds() % 10 === 0) showAge();
}

async function full() {
  if (document.fullscreenElement) return document.exitFullscreen();
  return document.documentElement.requestFullscreen();
}

async function stayAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // A screen that goes dark by itself is the machine's own wish.
  }
}

document.querySelector("[data-full]").addEventListener("click", () => full().catch(() => {}));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && stayAwake());
window.addEventListener("online", refresh);
window.addEventListener("offline", () => lost("lost"));
window.addEventListener("resize", () => {
  for (const chart of charts.values()) chart.resize();
  show();
});
setInterval(tick, 1000);
setInterval(() => {
  if (!turns) return;
  turn += 1;
  showTown();
  showWarnings();
}, TURN_SECONDS * 1000);
timer = setTimeout(refresh, normal * 1000);
tick();
showTurning();
show();
stayAwake();
