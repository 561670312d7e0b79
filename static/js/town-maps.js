// Draws every [data-town-map] with the boundaries that the office uploaded. The tiles that stand in its place until
// then stay where the boundaries cannot be had; the table beside it says the same to whoever sees neither.
const css = getComputedStyle(document.body);

export function mapOption(place, data, size = 12) {
  const style = getComputedStyle(place);
  const shade = (n) => style.getPropertyValue(`--shade-${n}`).trim();
  const ink = style.getPropertyValue("--shade-ink").trim();
  const inkDark = style.getPropertyValue("--shade-ink-dark").trim();
  const line = style.getPropertyValue("--line-2").trim();
  const focus = style.getPropertyValue("--focus").trim();
  const surface = style.getPropertyValue("--surface-2").trim();
  const item = (each) => {
    const colour = each.shade >= 4 ? inkDark : ink;
    const area = {
      areaColor: each.shade ? shade(each.shade) : surface,
      borderColor: each.chosen ? ink : line,
      borderWidth: each.chosen ? 3 : 1,
      borderType: each.shade ? "solid" : "dashed",
    };
    const label = { show: true, color: colour, formatter: each.text ? `${each.name}\n${each.text}` : each.name };
    return {
      name: each.code, value: each.shade, itemStyle: area, label, url: each.url,
      emphasis: { itemStyle: { ...area, borderColor: focus, borderWidth: 3 }, label },
    };
  };
  return {
    animation: false,
    textStyle: { fontFamily: css.fontFamily },
    series: [{
      type: "map",
      map: data.boundaries,
      selectedMode: false,
      // A degree of longitude is shorter than one of latitude away from the equator.
      aspectScale: 0.88,
      left: 8, right: 8, top: 8, bottom: 8,
      label: { show: true, fontSize: size, lineHeight: size * 1.3, textBorderWidth: 0 },
      labelLayout: { hideOverlap: true },
      itemStyle: { areaColor: surface, borderColor: line },
      data: data.places.map(item),
    }],
  };
}

const loaded = new Map();

export function boundaries(address) {
  if (!loaded.has(address)) {
    loaded.set(address, fetch(address, { headers: { "X-Passive": "1" }, redirect: "error" }).then(async (answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      window.echarts.registerMap(address, await answer.json());
    }));
    loaded.get(address).catch(() => loaded.delete(address)); // another try may have more luck
  }
  return loaded.get(address);
}

async function draw(place) {
  const data = JSON.parse(document.getElementById(place.dataset.townMap).textContent);
  try {
    await boundaries(data.boundaries);
  } catch {
    return; // the tiles stay
  }
  place.classList.add("is-drawn");
  place.replaceChildren();
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", data.title);
  const legend = place.parentElement.querySelector(".map-drawn-legend");
  if (legend) legend.hidden = false;
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  chart.setOption(mapOption(place, data));
  chart.on("click", (point) => point.data?.url && location.assign(point.data.url));
  new ResizeObserver(() => chart.resize()).observe(place);
  const button = document.querySelector(`[data-picture="${data.id}"]`);
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => save(chart, data.title));
}

function save(chart, title) {
  const link = document.createElement("a");
  link.href = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: "#ffffff" });
  link.download = `${title}.png`;
  link.click();
}

for (const place of document.querySelectorAll("[data-town-map]")) draw(place);
for (const form of document.querySelectorAll("form[data-sends]")) {
  form.addEventListener("change", () => form.requestSubmit());
}
