/** Nodes that reach each other, as one. */
export interface Condensed {
  /** Number of the group of each node. */
  groupOf: Int32Array;
  /** Groups that a group leads to, each once, without itself. */
  next: readonly (readonly number[])[];
}

/**
 * Finds the groups of a graph whose nodes reach each other (Tarjan, 1972), without recursion: chains may be long.
 * @param below numbers of the nodes to which each node leads
 */
export function condense(below: readonly (readonly number[])[]): Condensed {
  const groupOf = new Int32Array(below.length).fill(-1);
  const order = new Int32Array(below.length).fill(-1);
  const lowest = new Int32Array(below.length);
  const edge = new Int32Array(below.length);
  const open: number[] = [];
  const path: number[] = [];
  let visited = 0;
  let groups = 0;
  const enter = (node: number): void => {
    order[node] = lowest[node] = visited;
    visited += 1;
    open.push(node);
    path.push(node);
  };
  const leave = (node: number): void => {
    path.pop();
    const parent = path.at(-1);
    if (parent !== undefined) lowest[parent] = Math.min(lowest[parent] ?? 0, lowest[node] ?? 0);
    if (lowest[node] !== order[node]) return;
    for (let member = open.pop(); member !== undefined; member = open.pop()) {
      groupOf[member] = groups;
      if (member === node) break;
    }
    groups += 1;
  };
  for (let start = 0; start < below.length; start += 1) {
    if (order[start] !== -1) continue;
    enter(start);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const child = below[node]?.[edge[node] ?? 0];
      edge[node] = (edge[node] ?? 0) + 1;
      if (child === undefined) leave(node);
      else if (order[child] === -1) enter(child);
      else if (groupOf[child] === -1) lowest[node] = Math.min(lowest[node] ?? 0, order[child] ?? 0);
    }
  }
  return { groupOf, next: nextOf(below, groupOf, groups) };
}

function nextOf(below: readonly (readonly number[])[], groupOf: Int32Array, groups: number): number[][] {
  const next = Array.from({ length: groups }, () => new Set<number>());
  below.forEach((children, node) => {
    const group = groupOf[node] ?? 0;
    for (const child of children) {
      const other = groupOf[child] ?? 0;
      if (other !== group) next[group]?.add(other);
    }
  });
  return next.map((others) => [...others]);
}
