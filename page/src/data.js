// data.js - what stands in the page: blocks of packed JSON, unpacked when somebody looks at them.

async function unpack(element) {
  const packed = Uint8Array.from(atob(element.textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

const KEPT_BLOCKS = 40;

// All findings: time, rule and host of each in arrays; the rest by block.
export async function load() {
  const report = await unpack(document.querySelector("script.report"));
  const indexes = [...document.querySelectorAll("script.index")];
  const blocks = [...document.querySelectorAll("script.findings")];
  const parts = await Promise.all(indexes.map(unpack));
  const total = parts.reduce((sum, part) => sum + part.t.length, 0);
  const data = {
    report,
    total,
    time: new Float64Array(total),
    rule: new Uint32Array(total),
    host: new Uint32Array(total),
    starts: [],
  };
  let at = 0;
  for (const part of parts) {
    data.starts.push(at);
    for (let i = 0; i < part.t.length; i++, at++) {
      data.time[at] = part.t[i] === null ? NaN : part.t[i];
      data.rule[at] = part.r[i];
      data.host[at] = part.h[i];
    }
  }
  data.levelOf = (i) => report.rules_found[data.rule[i]].level;
  const kept = new Map();

  data.block = async (number) => {
    let block = kept.get(number);
    if (block) kept.delete(number);
    else block = unpack(blocks[number]);
    kept.set(number, block);
    if (kept.size > KEPT_BLOCKS) kept.delete(kept.keys().next().value);
    return block;
  };
  data.blockOf = (i) => {
    let low = 0;
    let high = data.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (data.starts[middle] <= i) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  data.finding = async (i) => {
    const number = data.blockOf(i);
    return (await data.block(number))[i - data.starts[number]];
  };
  return data;
}

// What the user asks for: which findings are shown.
export class Choice {
  constructor(data) {
    this.data = data;
    this.listeners = [];
    this.clear();
  }

  clear() {
    this.level = 0;
    this.host = -1;
    this.rule = -1;
    this.technique = "";
    this.text = "";
    this.from = -Infinity;
    this.to = Infinity;
    this.found = null; // by the search in everything: 1 where the text stands
  }

  isEmpty() {
    return (
      this.level === 0 && this.host < 0 && this.rule < 0 && !this.technique && !this.text &&
      this.from === -Infinity && this.to === Infinity
    );
  }

  change(change) {
    Object.assign(this, change);
    for (const listener of this.listeners) listener();
  }

  // Numbers of the findings that are left; `but` leaves one condition out.
  list(but) {
    const { data } = this;
    const rules = data.report.rules_found.map(
      (rule, number) =>
        rule.level >= this.level &&
        (this.rule < 0 || number === this.rule) &&
        (!this.technique ||
          rule.attack.some((id) => id === this.technique || id.startsWith(this.technique + "."))),
    );
    const timed = but !== "time" && (this.from !== -Infinity || this.to !== Infinity);
    const left = [];
    for (let i = 0; i < data.total; i++) {
      if (!rules[data.rule[i]]) continue;
      if (this.host >= 0 && data.host[i] !== this.host) continue;
      if (timed && !(data.time[i] >= this.from && data.time[i] < this.to)) continue;
      if (this.found && !this.found[i]) continue;
      left.push(i);
    }
    return left;
  }

  // Looks for a text in all findings, block by block, so that the page stays alive.
  async search(text, progress) {
    const { data } = this;
    const wanted = text.toLowerCase();
    const mine = (this.searching = {});
    if (!wanted) {
      this.change({ text: "", found: null });
      return;
    }
    const found = new Uint8Array(data.total);
    for (let number = 0; number < data.starts.length; number++) {
      const block = await data.block(number);
      if (this.searching !== mine) return;
      for (let i = 0; i < block.length; i++)
        if (JSON.stringify(block[i]).toLowerCase().includes(wanted)) found[data.starts[number] + i] = 1;
      progress((number + 1) / data.starts.length);
    }
    this.change({ text, found });
  }
}
