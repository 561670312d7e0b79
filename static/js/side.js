// The navigation begins at its top on every page: its current entry is brought into sight, and nothing else moves.
const ROOM = 16;

function showCurrent(side) {
  const body = side.querySelector(".side-body");
  const entry = body.querySelector("[aria-current]");
  if (!entry) return;
  const [around, there] = [body.getBoundingClientRect(), entry.getBoundingClientRect()];
  const bottom = Math.min(around.bottom, window.innerHeight); // something above the header may push it down
  if (there.bottom > bottom) body.scrollTop += there.bottom - bottom + ROOM;
  else if (there.top < around.top) body.scrollTop -= around.top - there.top + ROOM;
}

export function watchSide(side) {
  if (!side) return;
  showCurrent(side);
  side.addEventListener("shown.bs.offcanvas", () => showCurrent(side)); // on a phone it has no place before
}
