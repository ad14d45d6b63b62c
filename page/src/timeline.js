// timeline.js - findings over time, stacked by level; a drag chooses a span.
import { clear, el, moment, svg } from "./dom.js";

const BINS = 120;
const WIDTH = 1200;
const HEIGHT = 150;

export function timeline(app) {
  const { data, choice, t } = app;
  const box = el("div.timeline");
  const note = el("p.faint");
  let bounds = null;
  let start = null;

  function whole() {
    let first = Infinity;
    let last = -Infinity;
    for (const time of data.time) {
      if (time < first) first = time;
      if (time > last) last = time;
    }
    return first <= last ? [first, Math.max(last + 1, first + 1000)] : null;
  }

  function span() {
    const all = whole();
    if (!all) return null;
    return [Math.max(choice.from, all[0]), Math.min(choice.to, all[1])];
  }

  function zoom(factor, shift) {
    const all = whole();
    if (!all) return;
    const [from, to] = span();
    const width = Math.max((to - from) * factor, 1000);
    const middle = (from + to) / 2 + shift * (to - from);
    const changed = { from: middle - width / 2, to: middle + width / 2 };
    if (changed.from <= all[0] && changed.to >= all[1]) choice.change({ from: -Infinity, to: Infinity });
    else choice.change(changed);
  }

  function timeAt(event) {
    const area = box.querySelector("svg").getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - area.left) / area.width, 0), 1);
    return bounds[0] + share * (bounds[1] - bounds[0]);
  }

  function draw() {
    clear(box);
    bounds = span();
    if (!bounds) {
      box.append(el("p.faint", t.nothing));
      return;
    }
    const [from, to] = bounds;
    const bins = Array.from({ length: BINS }, () => [0, 0, 0, 0, 0]);
    let untimed = 0;
    for (const i of choice.list("time")) {
      const time = data.time[i];
      if (Number.isNaN(time)) untimed++;
      else if (time >= from && time < to)
        bins[Math.min(BINS - 1, Math.floor(((time - from) / (to - from)) * BINS))][data.levelOf(i)]++;
    }
    const most = Math.max(1, ...bins.map((bin) => bin.reduce((a, b) => a + b)));
    const picture = svg("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT + 26}`,
      class: "bars",
      role: "img",
      preserveAspectRatio: "none",
    });
    bins.forEach((bin, at) => {
      let top = HEIGHT;
      bin.forEach((number, level) => {
        if (!number) return;
        const height = Math.max((number / most) * (HEIGHT - 4), 1.5);
        top -= height;
        picture.append(
          svg(
            "rect",
            {
              x: (at * WIDTH) / BINS + 1,
              y: top,
              width: WIDTH / BINS - 2,
              height,
              class: `level${level}`,
            },
            svg("title", {}, `${moment(from + (at / BINS) * (to - from))}: ${number} ${t.level_names[level]}`),
          ),
        );
      });
    });
    picture.append(svg("line", { x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT, class: "axis" }));
    const chosen = svg("rect", { y: 0, height: HEIGHT, class: "brush", x: 0, width: 0 });
    picture.append(chosen);
    picture.addEventListener("pointerdown", (event) => {
      start = timeAt(event);
      picture.setPointerCapture(event.pointerId);
    });
    picture.addEventListener("pointermove", (event) => {
      if (start === null) return;
      const ends = [start, timeAt(event)].sort((a, b) => a - b);
      const scale = WIDTH / (to - from);
      chosen.setAttribute("x", (ends[0] - from) * scale);
      chosen.setAttribute("width", (ends[1] - ends[0]) * scale);
    });
    picture.addEventListener("pointerup", (event) => {
      const ends = [start, timeAt(event)].sort((a, b) => a - b);
      start = null;
      if (ends[1] - ends[0] > (to - from) / 200) choice.change({ from: ends[0], to: ends[1] });
      else chosen.setAttribute("width", 0);
    });
    const marks = el(
      "div.marks",
      [0, 1, 2, 3, 4].map((at) => el("span", moment(from + (at / 4) * (to - from)))),
    );
    box.append(picture, marks);
    clear(note).append(t.drag, untimed ? ` ${untimed} ${t.untimed}.` : "");
  }

  choice.listeners.push(draw);
  draw();
  const button = (label, action) => el("button", { type: "button", onclick: action }, label);
  return el(
    "div",
    box,
    el(
      "div.tools",
      button(t.zoom_in, () => zoom(0.5, 0)),
      button(t.zoom_out, () => zoom(2, 0)),
      button(t.earlier, () => zoom(1, -0.5)),
      button(t.later, () => zoom(1, 0.5)),
      el(
        "span.legend",
        t.level_names.map((name, level) => el("span", el(`i.level${level}`), name)),
      ),
    ),
    note,
  );
}
