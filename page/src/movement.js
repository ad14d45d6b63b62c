// movement.js - who logged on where: a graph, ways on from a foothold, and the list.
import { clear, count, el, moment, svg } from "./dom.js";

const PLACES_SHOWN = 60;
const ROWS_SHOWN = 200;
const WIDTH = 1000;
const HEIGHT = 460;
const STEPS = 240;

// The same picture for the same data: places start on a circle, and no chance is in it.
function layout(nodes, links) {
  nodes.forEach((node, at) => {
    const angle = (at / nodes.length) * 2 * Math.PI;
    node.x = WIDTH / 2 + (WIDTH / 3) * Math.cos(angle);
    node.y = HEIGHT / 2 + (HEIGHT / 3) * Math.sin(angle);
  });
  const ideal = Math.sqrt((WIDTH * HEIGHT) / Math.max(nodes.length, 1)) * 0.7;
  for (let step = 0; step < STEPS; step++) {
    const heat = 30 * (1 - step / STEPS);
    for (const node of nodes) node.dx = node.dy = 0;
    for (let i = 0; i < nodes.length; i++)
      for (let k = i + 1; k < nodes.length; k++) {
        const dx = nodes[i].x - nodes[k].x || 0.1;
        const dy = nodes[i].y - nodes[k].y || 0.1;
        const force = (ideal * ideal) / (dx * dx + dy * dy);
        nodes[i].dx += dx * force;
        nodes[i].dy += dy * force;
        nodes[k].dx -= dx * force;
        nodes[k].dy -= dy * force;
      }
    for (const link of links) {
      const dx = link.a.x - link.b.x;
      const dy = link.a.y - link.b.y;
      const force = Math.sqrt(dx * dx + dy * dy) / ideal / 4;
      link.a.dx -= dx * force;
      link.a.dy -= dy * force;
      link.b.dx += dx * force;
      link.b.dy += dy * force;
    }
    for (const node of nodes) {
      const size = Math.max(Math.sqrt(node.dx * node.dx + node.dy * node.dy), 1e-6);
      node.x += (node.dx / size) * Math.min(size, heat);
      node.y += (node.dy / size) * Math.min(size, heat);
      node.x = Math.min(Math.max(node.x, 70), WIDTH - 70);
      node.y = Math.min(Math.max(node.y, 24), HEIGHT - 30);
    }
  }
}

export function movement(app) {
  const { report, t } = app;
  const { places, edges, paths, edges_all: edgesAll } = report.movement;
  const name = (at) => (at === undefined ? t.itself : places[at].name);
  const onPath = new Set(paths.flat());
  const rows = el("tbody");
  const title = el("h3", t.all_edges);

  function list(chosen) {
    clear(rows);
    clear(title).append(chosen === undefined ? t.all_edges : places[chosen].name);
    const wanted = edges.filter(
      (edge) => chosen === undefined || edge.source === chosen || edge.target === chosen,
    );
    for (const edge of wanted.slice(0, ROWS_SHOWN))
      rows.append(
        el(
          "tr",
          el("td.time", moment(edge.first)),
          el("td", edge.account),
          el("td", name(edge.source)),
          el("td", name(edge.target)),
          el("td", edge.kind),
          el("td.right", count(edge.succeeded), edge.failed > 0 && ` (${count(edge.failed)} ${t.failed})`),
          el("td", edge.new && el("span.mark", t.new_mark), edge.privileged && el("span.mark", t.privileged_mark)),
        ),
      );
    if (wanted.length > ROWS_SHOWN)
      rows.append(el("tr", el("td.faint", { colspan: 7 }, `${count(wanted.length - ROWS_SHOWN)} ${t.more}`)));
  }

  function draw() {
    const degree = places.map(() => 0);
    for (const edge of edges)
      if (edge.source !== undefined) {
        degree[edge.source] += 1;
        degree[edge.target] += 1;
      }
    const chosen = places
      .map((place, at) => ({ place, at }))
      .filter(({ at }) => degree[at] > 0)
      .sort((a, b) => b.place.findings - a.place.findings || degree[b.at] - degree[a.at] || a.at - b.at)
      .slice(0, PLACES_SHOWN);
    const byPlace = new Map(chosen.map((node) => [node.at, node]));
    const links = new Map();
    edges.forEach((edge, at) => {
      const a = byPlace.get(edge.source);
      const b = byPlace.get(edge.target);
      if (!a || !b) return;
      const key = `${edge.source}>${edge.target}`;
      const link = links.get(key) || { a, b, ok: 0, failed: 0, path: false, fresh: false };
      link.ok += edge.succeeded;
      link.failed += edge.failed;
      link.path ||= onPath.has(at);
      link.fresh ||= edge.new;
      links.set(key, link);
    });
    layout(chosen, [...links.values()]);
    const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "graph", role: "img" });
    picture.append(
      svg(
        "defs",
        {},
        svg(
          "marker",
          { id: "arrow", viewBox: "0 0 8 8", refX: 15, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
          svg("path", { d: "M0 0L8 4L0 8z", class: "arrow" }),
        ),
      ),
    );
    for (const link of links.values())
      picture.append(
        svg(
          "line",
          {
            x1: link.a.x, y1: link.a.y, x2: link.b.x, y2: link.b.y,
            class: `edge${link.path ? " path" : link.ok === 0 ? " failed" : link.fresh ? " fresh" : ""}`,
            "marker-end": "url(#arrow)",
          },
          svg("title", {}, `${link.a.place.name} → ${link.b.place.name}: ${link.ok} (${link.failed} ${t.failed})`),
        ),
      );
    for (const node of chosen) {
      const grave = node.place.findings > 0 ? ` level${node.place.level}` : "";
      picture.append(
        svg(
          "g",
          { class: "place", tabindex: 0, onclick: () => list(node.at), onkeydown: (event) => event.key === "Enter" && list(node.at) },
          svg("circle", { cx: node.x, cy: node.y, r: 9, class: `kind${node.place.kind}${grave}` }),
          svg("text", { x: node.x, y: node.y + 23 }, node.place.name.slice(0, 32)),
          svg("title", {}, `${node.place.name}: ${t.place_names[node.place.kind]}, ${node.place.findings} ${t.findings}`),
        ),
      );
    }
    return picture;
  }

  const { sessions, sessions_all: sessionsAll } = report.movement;
  const ending = (session) => (session.ended ? moment(session.last) : session.left ? t.left_open : t.no_end);
  const sessionTable = () =>
    el(
      "div.scroll",
      el(
        "table",
        el("thead", el("tr", [t.first, t.ended, t.account, t.host, t.from, t.how, t.breaks].map((text) => el("th", text)))),
        el(
          "tbody",
          sessions.slice(0, ROWS_SHOWN).map((session) =>
            el(
              "tr",
              el("td.time", moment(session.first)),
              el("td.time", ending(session)),
              el("td", session.account),
              el("td", name(session.target)),
              el("td", name(session.source)),
              el("td", session.kind),
              el("td.right", session.breaks > 0 && count(session.breaks)),
            ),
          ),
          sessionsAll > ROWS_SHOWN && el("tr", el("td.faint", { colspan: 7 }, `${count(sessionsAll - ROWS_SHOWN)} ${t.more}`)),
        ),
      ),
    );

  if (report.movement.logons === 0) return el("p.faint", t.nothing);
  list();
  return el(
    "div",
    el("p.faint", `${count(report.movement.logons)} ${t.logons}, ${count(edgesAll)} ${t.edges_between}`),
    paths.length > 0 && el("h3", t.ways),
    paths.length > 0 &&
      el(
        "ul.paths",
        paths.map((path) =>
          el(
            "li",
            el("span.time", moment(edges[path[0]].first)),
            " ",
            el("b", name(edges[path[0]].source)),
            path.map((at) => [
              " → ",
              el("b", name(edges[at].target)),
              el("span.faint", ` ${edges[at].account}, ${edges[at].kind}`),
            ]),
          ),
        ),
      ),
    draw(),
    title,
    el(
      "div.scroll",
      el(
        "table",
        el("thead", el("tr", [t.first, t.account, t.from, t.to, t.how, t.count, ""].map((text) => el("th", text)))),
        rows,
      ),
    ),
    sessions.length > 0 && [el("h3", t.sessions), sessionTable()],
  );
}
