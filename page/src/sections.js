// sections.js - what needs no more than to be written down.
import { count, el, moment } from "./dom.js";

function card(name, value, more) {
  return el("div.card", el("div.name", name), el("div.value", value), more && el("div.faint", more));
}

function spanCard(report, t) {
  if (report.first === undefined) return null;
  return el("div.card.small", el("div.name", t.span), el("div.value", moment(report.first), el("br"), moment(report.last)));
}

export function answer(app) {
  const { report, t } = app;
  const bad = report.answer === "yes";
  return el(
    `div.answer.${bad ? "bad" : report.answer === "none" ? "good" : "unsure"}`,
    el("p.question", t.question),
    el("p.said", t[report.answer]),
    report.findings > 0 && el("p", `${count(report.findings)} ${t.findings} · ${count(report.top_rules.length)} ${t.rules} · ${count(report.top_hosts.length)} ${t.hosts}`),
    report.answer === "none" && el("p", t.none_hint),
    report.partial && el("p.warning", t.partial),
  );
}

export function summary(app) {
  const { report, choice, t } = app;
  const most = Math.max(1, ...report.levels);
  const levels = [4, 3, 2, 1, 0].map((level) =>
    el(
      "button.bar",
      { type: "button", onclick: () => choice.change({ level }) },
      el("span.name", t.level_names[level]),
      el("span.track", el(`i.level${level}`, { style: { width: `${(report.levels[level] / most) * 100}%` } })),
      el("span.number", count(report.levels[level])),
    ),
  );
  const list = (title, counts, pick) =>
    el(
      "div.list",
      el("h3", title),
      counts.length === 0 && el("p.faint", t.nothing),
      counts.slice(0, 8).map((one) =>
        el(
          "button.line",
          { type: "button", onclick: () => pick(one.name) },
          el(`i.dot.level${one.level}`),
          el("span.name", one.name || "–"),
          el("span.number", count(one.count)),
        ),
      ),
    );
  return el(
    "div",
    el(
      "div.cards",
      card(t.findings, count(report.findings)),
      card(t.hosts, count(report.read_hosts.length)),
      card(t.events, count(report.events), `${count(report.files_read)} ${t.of} ${count(report.files)} ${t.files}`),
      card(t.rules, count(report.rules_loaded)),
      spanCard(report, t),
    ),
    el(
      "div.columns",
      el("div.list", el("h3", t.level), levels),
      list(t.top_hosts, report.top_hosts, (name) => choice.change({ host: report.hosts_found.indexOf(name) })),
      list(t.top_rules, report.top_rules, (name) =>
        choice.change({ rule: report.rules_found.findIndex((rule) => rule.title === name) }),
      ),
    ),
  );
}

export function incidents(app) {
  const { report, choice, t } = app;
  if (report.incidents.length === 0) return null;
  return el(
    "div.incidents",
    report.incidents.map((incident) =>
      el(
        `article.level-edge${incident.level}`,
        el("h3", el(`span.badge.level${incident.level}`, t.level_names[incident.level]), " ", incident.title),
        el("p", incident.story),
        el("p.faint", `${moment(incident.first)} – ${moment(incident.last)} · ${count(incident.findings)} ${t.findings}`),
        el(
          "button",
          {
            type: "button",
            onclick: () => {
              choice.change({ from: incident.first, to: incident.last + 1000 });
              document.getElementById("findings").scrollIntoView();
            },
          },
          t.show_findings,
        ),
      ),
    ),
  );
}

export function coverage(app) {
  const { report, t } = app;
  const { coverage: covered } = report;
  const shares = (title, numbers) => {
    const all = Math.max(1, numbers.reduce((a, b) => a + b));
    return el(
      "div.share",
      el("span.name", title),
      el("span.track", numbers.map((number, at) => el(`i.verdict${at}`, { style: { width: `${(number / all) * 100}%` } }))),
      el("span.faint", numbers.map((number, at) => `${count(number)} ${t.verdict_names[at]}`).join(" · ")),
    );
  };
  if (!covered.judged) return el("p.faint", t.nothing);
  const unsure = covered.rules.filter((rule) => rule.verdict > 1).slice(0, 500);
  return el(
    "div",
    shares(t.rules, covered.rule_verdicts),
    shares(t.techniques, covered.technique_verdicts),
    covered.elsewhere > 0 && el("p.faint", `${count(covered.elsewhere)} ${t.elsewhere}`),
    covered.needs.length > 0 && el("h3", t.to_switch_on),
    el(
      "ul.needs",
      covered.needs.slice(0, 20).map((need) =>
        el("li", el("b", need.text), el("span.faint", ` ${count(need.rules)} ${t.would_see} · ${count(need.hosts)} ${t.on_hosts}`)),
      ),
    ),
    covered.gaps.length > 0 && el("h3", t.gaps),
    covered.gaps.length > 0 &&
      el(
        "div.scroll",
        el(
          "table",
          el("tbody", covered.gaps.slice(0, 200).map((gap) =>
            el(
              "tr",
              el("td.time", moment(gap.from)),
              el("td", el("span.mark", t.gap_names[gap.kind])),
              el("td", gap.host),
              el("td", gap.source),
              el("td", gap.text),
            ),
          )),
        ),
      ),
    el("h3", t.logs),
    el(
      "div.scroll",
      el(
        "table",
        el("thead", el("tr", [t.log, t.hosts, t.events, t.first, t.last].map((text) => el("th", text)))),
        el("tbody", covered.sources.map((source) =>
          el(
            "tr",
            el("td", source.name),
            el("td.right", count(source.hosts)),
            el("td.right", count(source.events)),
            el("td.time", moment(source.first)),
            el("td.time", moment(source.last)),
          ),
        )),
      ),
    ),
    unsure.length > 0 &&
      el(
        "details",
        el("summary", `${t.blind_rules} (${count(covered.rule_verdicts[2] + covered.rule_verdicts[3])})`),
        el("ul.needs", unsure.map((rule) =>
          el("li", el(`span.verdict.verdict${rule.verdict}`, t.verdict_names[rule.verdict]), " ", el("b", rule.title), el("span.faint", ` ${rule.because.join("; ")}`)),
        )),
      ),
  );
}

export function unseen(app) {
  const { report, t } = app;
  if (report.unseen.length === 0) return el("p.faint", t.nothing);
  return el(
    "div",
    report.unseen.map((what) =>
      what.list.length === 0
        ? el("p", el("b", count(what.count)), ` ${t.unseen_names[what.what]}`)
        : el(
            "details",
            el("summary", el("b", count(what.count)), ` ${t.unseen_names[what.what]}`),
            el("ul", what.list.map((one) => el("li", el("span.path", one.path), one.text && el("span.faint", ` ${one.text}`)))),
          ),
    ),
  );
}
