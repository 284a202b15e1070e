// Where the steps of a journey stand: layers from top to bottom, long edges kept free of the steps they pass. Pure.

export const NODE = { width: 248, height: 56 };
const LANE = 36; // width kept free for an edge that passes a layer
const LABEL = 150; // room for a label beside a lane
const GAP = { x: 44, y: 54 };
export const PILL = { width: 248, height: 34 };

/** The edges of one step's definition: [{to, label}], `label` made by the caller. */
export function edgesOf(step, words) {
  switch (step.type) {
    case "listen": {
      const heard = step.for.map((f) => ({ to: f.next ?? "end", label: f.event ?? f.segment_entered ?? f.segment_left }));
      return step.timeout ? [...heard, { to: step.on_timeout ?? "end", label: words.after(step.timeout) }] : heard;
    }
    case "branch":
      return [...step.when.map((w) => ({ to: w.next ?? "end", label: words.condition(w.where) })), { to: step.otherwise ?? "end", label: words.otherwise }];
    case "message": {
      const edges = [{ to: step.next ?? "end", label: "" }];
      for (const way of ["on_blocked", "on_failed"]) if (step[way]) edges.push({ to: step[way], label: words[way] });
      return edges;
    }
    case "end": return [];
    default: return [{ to: step.next ?? "end", label: "" }];
  }
}

/** Edges with the same two ends become one, with their labels joined. */
export function collectEdges(steps, ends, words) {
  const edges = new Map();
  for (const [from, step] of Object.entries(steps)) {
    for (const { to, label } of edgesOf(step, words)) {
      const target = ends.has(to) ? "end" : to;
      if (from === target || ends.has(from)) continue;
      const name = `${from}→${target}`;
      const known = edges.get(name);
      if (!known) edges.set(name, { from, to: target, labels: label ? [label] : [] });
      else if (label && !known.labels.includes(label)) known.labels.push(label);
    }
  }
  return [...edges.values()];
}

function layerOf(start, edges) {
  const layer = new Map([[start, 0]]);
  for (let changed = true, turns = 0; changed && turns < 200; turns += 1) {
    changed = false;
    for (const { from, to } of edges) {
      if (!layer.has(from)) continue;
      const wanted = layer.get(from) + 1;
      if ((layer.get(to) ?? -1) < wanted) { layer.set(to, wanted); changed = true; }
    }
  }
  return layer;
}

/** Lay a journey out: {width, height, nodes: {name: {x, y, width, height}}, edges: [{from, to, labels, points, label: {x, y}}]}. */
export function layOut(start, edges) {
  const layer = layerOf(start, edges);
  if (!layer.has("end")) layer.set("end", Math.max(...layer.values()) + 1);
  layer.set("end", Math.max(layer.get("end"), ...[...layer].filter(([n]) => n !== "end").map(([, l]) => l + 1)));
  const rows = Array.from({ length: Math.max(...layer.values()) + 1 }, () => []);
  for (const [name, l] of layer) rows[l].push({ name, width: NODE.width, lane: false, above: [] });
  const cell = (l, name) => rows[l].find((c) => c.name === name);

  const routes = edges.filter((e) => layer.has(e.from)).map((edge) => {
    const cells = [cell(layer.get(edge.from), edge.from)];
    for (let l = layer.get(edge.from) + 1; l < layer.get(edge.to); l += 1) {
      const lane = { name: `${edge.from}→${edge.to}:${l}`, width: LANE, lane: true, above: [] };
      rows[l].push(lane);
      cells.push(lane);
    }
    cells.push(cell(layer.get(edge.to), edge.to));
    cells.slice(1).forEach((c, i) => c.above.push(cells[i]));
    return { ...edge, cells };
  });

  for (const row of rows) place(row);
  for (let turn = 0; turn < 4; turn += 1) {
    for (const row of rows.slice(1)) {
      for (const c of row) c.wish = c.above.length ? c.above.reduce((sum, a) => sum + a.x, 0) / c.above.length : c.x;
      row.sort((a, b) => a.wish - b.wish || Number(a.lane) - Number(b.lane));
      place(row);
    }
  }
  const beside = (c) => (c.lane && c.above[0] && !c.above[0].lane ? LABEL : c.width / 2); // a lane's label stands beside it
  const left = Math.min(...rows.flat().map((c) => c.x - (c.x < c.above[0]?.x ? beside(c) : c.width / 2)));
  const right = Math.max(...rows.flat().map((c) => c.x + (c.x > c.above[0]?.x ? beside(c) : c.width / 2)));
  const top = (l) => l * (NODE.height + GAP.y);
  const nodes = {};
  rows.forEach((row, l) => row.forEach((c) => {
    c.x -= left;
    c.y = top(l);
    if (!c.lane) nodes[c.name] = { x: c.x, y: c.y, width: NODE.width, height: c.name === "end" ? PILL.height : NODE.height };
  }));
  return {
    width: right - left,
    height: top(rows.length - 1) + PILL.height,
    nodes,
    edges: routes.map(({ from, to, labels, cells }) => ({ from, to, labels, ...route(cells) })),
  };
}

function place(row) {
  const total = row.reduce((sum, c) => sum + c.width, 0) + GAP.x * (row.length - 1);
  let x = -total / 2;
  for (const c of row) { c.x = x + c.width / 2; x += c.width + GAP.x; }
}

/** A curve through the cells, and where its label stands: in the gap below its first step. */
function route(cells) {
  const [first, second] = cells;
  let d = `M${first.x} ${first.y + NODE.height}`;
  let [x, y] = [first.x, first.y + NODE.height];
  for (const c of cells.slice(1)) {
    const middle = (y + c.y) / 2;
    d += ` C${x} ${middle} ${c.x} ${middle} ${c.x} ${c.y}`;
    if (c.lane) d += ` V${c.y + NODE.height}`;
    [x, y] = [c.x, c.lane ? c.y + NODE.height : c.y];
  }
  return { d, label: labelPlace(first, second) };
}

/** In the gap below the step, or beside the lane that is kept free for the edge. */
function labelPlace(first, second) {
  if (second.lane) return { x: second.x, y: second.y + NODE.height / 2, side: second.x < first.x ? "left" : "right" };
  return { x: (first.x + second.x) / 2, y: first.y + NODE.height + GAP.y / 2, side: "middle" };
}
