// summaries.js - the tables of --summary: what was read and found, only counted.
import { count, el, moment } from "./dom.js";

const ROWS_SHOWN = 500;

function table(t, title, heads, list, cells) {
  if (!list) return null;
  return [
    el("h3", title),
    el(
      "div.scroll",
      el(
        "table",
        el("thead", el("tr", heads.map((text) => el("th", text)))),
        el(
          "tbody",
          list.slice(0, ROWS_SHOWN).map((one) => el("tr", cells(one))),
          list.length > ROWS_SHOWN &&
            el("tr", el("td.faint", { colspan: heads.length }, `${count(list.length - ROWS_SHOWN)} ${t.more}`)),
        ),
      ),
    ),
  ];
}

export function tables(app) {
  const { report, t } = app;
  const { events, hosts, keywords } = report.summaries;
  const span = (one) => [
    el("td.time", one.first !== undefined && moment(one.first)),
    el("td.time", one.last !== undefined && moment(one.last)),
  ];
  if (!events && !hosts && !keywords) return null;
  return el(
    "div",
    table(t, t.events, [t.log, t.event_id, t.provider, t.hosts, t.count, t.first, t.last], events, (one) => [
      el("td", one.channel),
      el("td.right", one.id),
      el("td", one.provider),
      el("td.right", count(one.hosts)),
      el("td.right", count(one.events)),
      span(one),
    ]),
    table(t, t.hosts, [t.host, t.findings, t.events, t.logs, t.first, t.last], hosts, (one) => [
      el("td", one.findings > 0 && el(`i.dot.level${one.level}`), " ", one.name),
      el("td.right", count(one.findings)),
      el("td.right", count(one.events)),
      el("td.right", count(one.channels)),
      span(one),
    ]),
    table(t, t.keywords, [t.kind, t.keyword, t.findings, t.level], keywords, (one) => [
      el("td", one.kind),
      el("td", one.text),
      el("td.right", count(one.findings)),
      el("td", el(`span.badge.level${one.level}`, t.level_names[one.level])),
    ]),
  );
}
