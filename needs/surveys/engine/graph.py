"""In which order relevance and calculations are settled, and where they go round in circles."""

from typing import Any

from needs.surveys.expressions import references

# What a node's own state depends on. Labels, filters and constraints are looked at when all is settled.
_SETTLED_BY = ("relevant", "calculation", "repeat_count")


def needs_of(nodes: list[dict[str, Any]]) -> list[list[int]]:
    """For each node the nodes that must be settled before it: what it speaks of, and what encloses it."""
    found = []
    for node in nodes:
        needed = {index for prop in _SETTLED_BY for index in references(node.get(prop))}
        if node["parent"] >= 0:
            needed.add(node["parent"])
        if node["kind"] == "question" and node.get("type") == "hidden":
            needed |= set(references(node.get("default")))
        found.append(sorted(needed))
    return found


def settled_order(nodes: list[dict[str, Any]]) -> list[int]:
    """Depth first, in the order of the document where nothing else is needed. In a circle the order is any."""
    needed, done, order = needs_of(nodes), set[int](), list[int]()
    for start in range(len(nodes)):
        stack = [(start, iter(needed[start]))]
        if start in done:
            continue
        done.add(start)
        while stack:
            node, left = stack[-1]
            following = next((index for index in left if index not in done), None)
            if following is None:
                order.append(node)
                stack.pop()
            else:
                done.add(following)
                stack.append((following, iter(needed[following])))
    return order


def circles(nodes: list[dict[str, Any]]) -> list[list[int]]:
    """Each circle once, as the nodes on the way round."""
    needed, found = needs_of(nodes), list[list[int]]()
    in_circle: set[int] = set()
    for start in range(len(nodes)):
        if start not in in_circle and (way := _way_back(start, needed)):
            found.append(way)
            in_circle.update(way)
    return found


def _way_back(start: int, needed: list[list[int]]) -> list[int]:
    """The shortest way from a node over what it needs back to itself; empty when there is none."""
    before: dict[int, int] = {}
    front = [start]
    while front:
        following = []
        for node in front:
            for index in needed[node]:
                if index == start:
                    way = [node]
                    while way[0] != start:
                        way.insert(0, before[way[0]])
                    return way
                if index not in before:
                    before[index] = node
                    following.append(index)
        front = following
    return []
