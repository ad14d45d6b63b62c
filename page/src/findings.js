// findings.js - the table of findings: only the rows that are in sight exist.
import { clear, count, el, moment, shown } from "./dom.js";

const ROW = 34;

// What the event says, in words; of those that nothing is known of, and of several, nothing.
function message(finding, language) {
  return finding[`message_${language}`] || finding.message;
}

// What the event says or, failing that, what made it match, in a line.
function gist(finding, language) {
  const said = message(finding, language);
  if (said) return shown(said.slice(0, 300));
  const parts = [];
  for (const key in finding.matched) parts.push(`${key}: ${[].concat(finding.matched[key]).join(", ")}`);
  for (const key in finding.group || {}) parts.push(`${key}: ${finding.group[key]}`);
  return shown((parts.join(" · ") || finding.why).slice(0, 300));
}

function pairs(object) {
  return el(
    "dl",
    Object.keys(object).map((key) => [
      el("dt", key),
      el("dd", typeof object[key] === "object" ? JSON.stringify(object[key]) : object[key]),
    ]),
  );
}

export function findings(app) {
  const { data, report, choice, t } = app;
  const scroller = el("div.rows", { tabindex: 0, role: "grid", "aria-label": t.findings });
  const space = el("div.space");
  const status = el("p.faint", { role: "status" });
  const details = el("aside.details", { hidden: true });
  const search = el("input", { type: "search", placeholder: t.search, "aria-label": t.search });
  let list = [];
  let drawing = 0;

  async function open(i) {
    const finding = await data.finding(i);
    const where = finding.source
      ? `${finding.source.path} ${finding.source.record === undefined ? `line ${finding.source.line}` : `record ${finding.source.record}`}, byte ${finding.source.offset}`
      : "";
    clear(details).append(
      el(
        "header",
        el("h3", el(`span.badge.level${data.levelOf(i)}`, t.level_names[data.levelOf(i)]), " ", finding.title),
        el("button", { type: "button", onclick: close, "aria-label": t.close }, "×"),
      ),
      el(
        "div.inside",
        el("p.message", message(finding, app.language)),
        el("p.faint", `${finding.time || ""} ${finding.host} · ${finding.kind} · ${finding.id}`),
        el("h4", t.why),
        el("p", finding.why),
        finding.count && el("p", `${count(finding.count)} ${t.took_part}: ${finding.first} – ${finding.last}`),
        finding.attack.length > 0 && el("h4", t.techniques),
        el("p", finding.attack.join(", ")),
        el("h4", finding.group ? t.group : t.matched),
        pairs(finding.group || finding.matched),
        Object.keys(finding.entities).length > 0 && el("h4", t.entities),
        pairs(Object.fromEntries(Object.entries(finding.entities).map(([kind, names]) => [kind, names.join(", ")]))),
        el("h4", t.source),
        el("p.path", where),
        finding.events && el("pre", JSON.stringify(finding.events, null, 2)),
        el("h4", t.event),
        el("pre", JSON.stringify(finding.fields, null, 2)),
      ),
    );
    details.hidden = false;
    details.querySelector("button").focus();
  }

  function close() {
    details.hidden = true;
    scroller.focus();
  }

  async function draw() {
    const mine = ++drawing;
    const from = Math.max(0, Math.floor(scroller.scrollTop / ROW) - 6);
    const to = Math.min(list.length, from + Math.ceil(scroller.clientHeight / ROW) + 12);
    const rows = [];
    for (let at = from; at < to; at++) {
      const i = list[at];
      const rule = report.rules_found[data.rule[i]];
      const row = el(
        "button.row",
        { type: "button", style: { top: `${at * ROW}px` }, onclick: () => open(i), "data-at": String(at) },
        el("span.time", moment(data.time[i])),
        el(`span.badge.level${rule.level}`, t.level_names[rule.level]),
        el("span.title", rule.title),
        el("span.host", report.hosts_found[data.host[i]]),
        el("span.gist"),
      );
      rows.push([row, i]);
    }
    clear(space).append(...rows.map(([row]) => row));
    for (const [row, i] of rows) {
      const finding = await data.finding(i);
      if (mine !== drawing) return;
      row.lastChild.textContent = gist(finding, app.language);
    }
  }

  function fill() {
    list = choice.list();
    space.style.height = `${list.length * ROW}px`;
    scroller.scrollTop = 0;
    const hidden = report.findings - report.shown;
    clear(status).append(
      `${count(list.length)} ${t.of} ${count(data.total)} ${t.showing}`,
      choice.technique ? ` · ${choice.technique}` : "",
      choice.from !== -Infinity ? shown(` · ${moment(choice.from)} – ${moment(choice.to)}`) : "",
      hidden > 0 ? ` · ${count(hidden)} ${t.not_in_page}` : "",
    );
    level.value = String(choice.level);
    host.value = String(choice.host);
    rule.value = String(choice.rule);
    if (!choice.text && document.activeElement !== search) search.value = "";
    draw();
  }

  const select = (label, options, change) =>
    el(
      "select",
      { "aria-label": label, onchange: (event) => choice.change(change(Number(event.target.value))) },
      options.map(([value, text]) => el("option", { value: String(value) }, text)),
    );
  const named = (names) => names.map((name, at) => [at, name]).sort((a, b) => (a[1] < b[1] ? -1 : 1));
  const level = select(
    t.level,
    t.level_names.map((name, at) => [at, at === 0 ? t.all_levels : `≥ ${name}`]),
    (value) => ({ level: value }),
  );
  const host = select(t.host, [[-1, t.all_hosts], ...named(report.hosts_found)], (value) => ({ host: value }));
  const rule = select(
    t.rules,
    [[-1, t.all_rules], ...named(report.rules_found.map((one) => one.title))],
    (value) => ({ rule: value }),
  );
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(
      () => choice.search(search.value, (share) => clear(status).append(`${t.searching} ${Math.round(share * 100)} %`)),
      250,
    );
  });
  scroller.addEventListener("scroll", draw);
  document.addEventListener("keydown", (event) => event.key === "Escape" && !details.hidden && close());
  new ResizeObserver(draw).observe(scroller);
  choice.listeners.push(fill);
  scroller.append(space);
  fill();
  const reset = () => {
    choice.clear();
    search.value = "";
    choice.change({});
  };
  return el(
    "div",
    el("div.tools", search, level, host, rule, el("button", { type: "button", onclick: reset }, t.reset)),
    status,
    el("div.table", scroller, details),
  );
}
