// Adds up a township's grid of quotas while it is typed.
const number = (input) => {
  const text = input.value.normalize("NFKC").trim();
  return /^\d{1,7}$/.test(text) ? Number(text) : 0;
};

function addUp(grid) {
  const rows = [...grid.tBodies[0].rows].map((row) => [...row.querySelectorAll("input")].map(number));
  const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);
  [...grid.tBodies[0].rows].forEach((row, place) => {
    row.querySelector("[data-row-total]").value = sum(rows[place]).toLocaleString();
  });
  grid.tFoot.querySelectorAll("[data-column-total]").forEach((output, place) => {
    output.value = sum(rows.map((row) => row[place])).toLocaleString();
  });
  grid.tFoot.querySelector("[data-grid-total]").value = sum(rows.flat()).toLocaleString();
}

for (const form of document.querySelectorAll("[data-quotas]")) {
  const grid = form.querySelector("table");
  form.addEventListener("input", () => addUp(grid));
  addUp(grid);
}
