// main.js - the page: sections under a bar, in the chosen language and colours.
import { Choice, load } from "./data.js";
import { clear, el } from "./dom.js";
import { findings } from "./findings.js";
import { matrix } from "./matrix.js";
import { movement } from "./movement.js";
import { answer, coverage, incidents, summary, unseen } from "./sections.js";
import { tables } from "./summaries.js";
import { texts } from "./texts.js";
import { timeline } from "./timeline.js";

const SECTIONS = { summary, incidents, timeline, matrix, movement, findings, coverage, tables, unseen };

function draw(data, language) {
  const t = texts[language];
  const app = { data, report: data.report, choice: new Choice(data), t, language };
  const page = clear(document.getElementById("page"));
  const parts = Object.entries(SECTIONS).map(([name, make]) => [name, make(app)]).filter(([, part]) => part);

  document.documentElement.lang = language;
  document.title = t.title;
  page.append(
    el(
      "header.top",
      el("strong", "Seawall"),
      el("nav", parts.map(([name]) => el("a", { href: `#${name}` }, t[name]))),
      el("button.language", { type: "button", onclick: () => draw(data, language === "en" ? "ja" : "en") }, t.language),
      el("button.theme", { type: "button", onclick: changeTheme, title: t.theme, "aria-label": t.theme }, "◐"),
    ),
    el(
      "main",
      answer(app),
      parts.map(([name, part]) => el("section", { id: name }, el("h2", t[name]), part)),
      el("footer.faint", data.report.program),
    ),
  );
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function changeTheme() {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
}

load().then(
  (data) => {
    draw(data, document.documentElement.lang === "ja" ? "ja" : "en");
    document.documentElement.dataset.ready = "yes";
  },
  (error) => document.getElementById("page").append(el("p", `This page cannot be read: ${error}`)),
);
