// matrix.js - techniques under their tactics, coloured by verdict.
import { clear, count, el } from "./dom.js";

const ORDER = [
  "reconnaissance", "resource-development", "initial-access", "execution", "persistence",
  "privilege-escalation", "defense-evasion", "credential-access", "discovery", "lateral-movement",
  "collection", "command-and-control", "exfiltration", "impact", "other",
];

// What was judged; without a judgement what has findings.
function techniquesOf(report) {
  if (report.coverage.judged) return report.coverage.techniques.filter((one) => one.asked);
  return report.hit_techniques.map((one) => ({
    id: one.name, name: "", tactics: [], verdict: 0, findings: one.count, rules: [0, 0, 0, 0], because: [],
  }));
}

export function matrix(app) {
  const { report, choice, t } = app;
  const details = el("div.technique-details", { "aria-live": "polite" });
  const all = techniquesOf(report);

  function show(technique) {
    clear(details).append(
      el(
        "h3",
        `${technique.id} ${technique.name} `,
        el(`span.verdict.verdict${technique.verdict}`, t.verdict_names[technique.verdict]),
      ),
      el("p", t.verdict_about[technique.verdict]),
      el(
        "p.faint",
        `${t.rules_for}: `,
        t.verdict_names.map((name, at) => `${count(technique.rules[at])} ${name}`).join(" · "),
      ),
      technique.because.length > 0 && el("p", `${t.reasons}: `),
      technique.because.length > 0 && el("ul", technique.because.map((text) => el("li", text))),
      technique.findings > 0 &&
        el(
          "button",
          {
            type: "button",
            onclick: () => {
              choice.change({ technique: technique.id });
              document.getElementById("findings").scrollIntoView();
            },
          },
          `${t.show_findings} (${count(technique.findings)})`,
        ),
    );
  }

  const columns = ORDER.map((tactic) => {
    const inside = all.filter((technique) =>
      tactic === "other" ? technique.tactics.length === 0 : technique.tactics.includes(tactic),
    );
    if (inside.length === 0) return null;
    inside.sort((a, b) => a.verdict - b.verdict || b.findings - a.findings || (a.id < b.id ? -1 : 1));
    return el(
      "div.tactic",
      el("h3", t.tactics[tactic]),
      inside.map((technique) =>
        el(
          `button.cell.verdict${technique.verdict}`,
          {
            type: "button",
            title: `${technique.id} ${technique.name}: ${t.verdict_names[technique.verdict]}`,
            onclick: () => show(technique),
          },
          el("b", technique.id),
          technique.findings > 0 && el("span.number", count(technique.findings)),
          el("span.name", technique.name),
        ),
      ),
    );
  });
  return el(
    "div",
    el(
      "p.legend",
      t.verdict_names.map((name, at) => el("span", el(`i.verdict${at}`), `${name}: ${t.verdict_about[at]}`)),
    ),
    el("div.matrix", columns),
    details,
  );
}
