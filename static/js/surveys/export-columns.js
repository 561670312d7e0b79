// The tree of columns: search, all, none, and how many are chosen. Without it the branches open and work too.

const tree = document.querySelector("[data-columns-tree]");

function leaves() {
  return [...tree.querySelectorAll("[data-columns-leaf]")];
}

function chosenOf(all) {
  return all.filter((box) => box.checked).length;
}

function boxes(shownOnly) {
  return leaves()
    .filter((leaf) => !shownOnly || !leaf.hidden)
    .map((leaf) => leaf.querySelector("input"));
}

function count() {
  const all = boxes(false);
  const told = tree.querySelector("[data-columns-count]");
  told.textContent = told.dataset.words.replace("{chosen}", chosenOf(all)).replace("{all}", all.length);
  for (const branch of tree.querySelectorAll("[data-columns-branch]")) {
    const inside = [...branch.querySelectorAll("input")];
    branch.querySelector("[data-columns-part]").textContent = `${chosenOf(inside)}/${inside.length}`;
  }
}

function find(text) {
  const wanted = text.trim().toLowerCase();
  for (const leaf of leaves()) leaf.hidden = !leaf.dataset.columnsLeaf.toLowerCase().includes(wanted);
  for (const branch of tree.querySelectorAll("[data-columns-branch]")) {
    branch.hidden = !branch.querySelector("[data-columns-leaf]:not([hidden])");
    if (wanted) branch.open = true;
  }
}

function choose(isChosen) {
  for (const box of boxes(true)) box.checked = isChosen;
  count();
}

if (tree) {
  tree.querySelector("[data-columns-tools]").hidden = false;
  tree.querySelector("[data-columns-search]").addEventListener("input", (event) => find(event.target.value));
  tree.querySelector("[data-columns-search]").addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  tree.querySelector("[data-columns-all]").addEventListener("click", () => choose(true));
  tree.querySelector("[data-columns-none]").addEventListener("click", () => choose(false));
  tree.addEventListener("change", count);
  count();
}
