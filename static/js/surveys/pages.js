// Cuts a questionnaire into pages: a group is a page, a group of groups is a page for each of them, and questions that
// stand between groups come together, ten at most.

const MOST_LOOSE = 10;
const UNSEEN = new Set(["calculate", "hidden", "start", "end", "today", "deviceid", "username"]);

export function isSeen(node) {
  return node.kind !== "question" || !UNSEEN.has(node.type);
}

export function pagesOf(compiled) {
  const nodes = compiled.nodes;
  const roots = nodes.filter((node) => node.parent === -1).map((node) => node.i);
  return cut(nodes, roots, []).map((page, index) => ({ ...page, index }));
}

function cut(nodes, ids, trail) {
  const pages = [];
  let loose = [];
  const flush = () => {
    for (let start = 0; start < loose.length; start += MOST_LOOSE) {
      pages.push({ group: trail.at(-1) ?? null, trail, nodes: loose.slice(start, start + MOST_LOOSE) });
    }
    loose = [];
  };
  for (const id of ids) {
    const node = nodes[id];
    if (!isSeen(node)) continue;
    if (node.kind === "question") {
      loose.push(node);
      continue;
    }
    if (node.kind === "group" && !hasSeen(nodes, node)) continue;
    flush();
    if (node.kind === "group" && isOfGroups(nodes, node)) pages.push(...cut(nodes, node.children, [...trail, node]));
    else if (node.kind === "group" && isTable(node)) pages.push({ group: node, trail: [...trail, node], nodes: [node] });
    else if (node.kind === "group") pages.push({ group: node, trail: [...trail, node], nodes: node.children.map((child) => nodes[child]).filter(isSeen) });
    else pages.push({ group: node, trail: [...trail, node], nodes: [node] });
  }
  flush();
  return pages;
}

export function isTable(node) {
  return (node.appearance ?? []).some((word) => ["table-list", "matrix"].includes(word));
}

function hasSeen(nodes, group) {
  return group.children.some((child) => isSeen(nodes[child]) && (nodes[child].kind !== "group" || hasSeen(nodes, nodes[child])));
}

function isOfGroups(nodes, group) {
  if (group.appearance?.includes("field-list") || isTable(group)) return false;
  return group.children.some((child) => nodes[child].kind === "group");
}

// Every question of a node as it stands now, repeats opened: [{node, path}].
export function questionsIn(nodes, node, run, prefix = "") {
  if (!isSeen(node)) return [];
  if (node.kind === "question") return [{ node, path: prefix + node.id }];
  const inner = (at) => (node.children ?? []).flatMap((child) => questionsIn(nodes, nodes[child], run, at));
  if (node.kind === "group") return inner(prefix);
  const path = prefix + node.id;
  return Array.from({ length: run.count(path) }, (_each, index) => inner(`${path}[${index + 1}]/`)).flat();
}
