// Before an interview: in which township and village. Asked only where there is a choice; the last one is offered again.
import { alertBox, h, freshId, icon } from "./dom.js";
import { freshResponse } from "./queue.js";
import { t } from "./texts.js";

export async function showPlaces(work, app, campaignId, channel) {
  const campaign = work.state.campaigns.find((each) => each.id === campaignId);
  if (!campaign?.places.length) {
    app.replaceChildren(h("h1", {}, t("home")), alertBox("wait", t("no_campaign"), " ", h("a", { href: "#/" }, t("to_home"))));
    return;
  }
  const begin = (place) => start(work, campaign, place, channel);
  const [only] = campaign.places;
  if (campaign.places.length === 1 && !only.villages.length) {
    await begin({ township: only.id, name: only.name });
    return;
  }
  const last = (await work.store.meta(`place-${campaign.id}`)) ?? {};
  app.replaceChildren(h("h1", { tabindex: "-1" }, campaign.title), placeForm(campaign.places, last, begin));
  app.querySelector("select")?.focus();
}

function placeForm(places, last, begin) {
  const [townshipId, villageId] = [freshId(), freshId()];
  const option = (place) => h("option", { value: String(place.id) }, place.name);
  const village = h("select", { class: "form-select", id: villageId });
  const township = h("select", { class: "form-select", id: townshipId, onchange: () => fillVillages() }, places.map(option));
  const villageField = h("div", { class: "sq" }, h("label", { class: "form-label", for: villageId }, t("village")), village);
  const chosen = () => places.find((place) => String(place.id) === township.value);
  const fillVillages = () => {
    const villages = chosen()?.villages ?? [];
    village.replaceChildren(h("option", { value: "" }, t("whole_township")), ...villages.map(option));
    villageField.hidden = villages.length === 0;
  };
  if (places.some((place) => place.id === last.township)) township.value = String(last.township);
  fillVillages();
  if (chosen()?.villages.some((place) => place.id === last.village)) village.value = String(last.village);
  const submit = (event) => {
    event.preventDefault();
    const name = [chosen().name, village.selectedOptions[0]?.value ? village.selectedOptions[0].textContent : ""].join("");
    begin({ township: chosen().id, village: village.value ? Number(village.value) : null, name });
  };
  return h("form", { class: "sform-page", onsubmit: submit },
    h("h2", {}, t("where")),
    h("div", { class: "sq" }, h("label", { class: "form-label", for: townshipId }, t("township")), township), villageField,
    h("div", { class: "sform-buttons" }, h("a", { class: "btn btn-secondary", href: "#/" }, t("cancel")), h("button", { type: "submit", class: "btn btn-primary" }, icon("arrow-right"), t("begin"))));
}

async function start(work, campaign, place, channel) {
  const language = (await work.store.meta(`language-${campaign.id}`)) ?? "";
  const row = await freshResponse(work.store, { campaign, place, language, user: work.user, channel });
  await work.store.setMeta(`place-${campaign.id}`, place);
  await work.store.save(row);
  location.replace(`#/r/${row.uuid}`);
}
