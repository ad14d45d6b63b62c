// dom.js - elements, made of text alone: nothing from evidence is ever read as markup.

// What hides, moves or controls text is shown instead of taking effect.
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

export function shown(text) {
  return String(text).replace(unsafe, (c) => {
    const code = c.codePointAt(0);
    return code < 256 ? "\\x" + code.toString(16).padStart(2, "0") : "\\u{" + code.toString(16) + "}";
  });
}

// el("button.wide", {onclick: f, title: "x"}, "text", [children])
export function el(name, ...rest) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const part of rest.flat(3)) add(node, part);
  return node;
}

function add(node, part) {
  if (part === null || part === undefined || part === false) return;
  if (part instanceof Node) node.append(part);
  else if (typeof part === "object") for (const key in part) set(node, key, part[key]);
  else node.append(shown(part));
}

function set(node, key, value) {
  if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
  else if (key === "style") Object.assign(node.style, value);
  else if (key === "value") node.value = value;
  else if (value === true) node.setAttribute(key, "");
  else if (value !== false && value !== undefined) node.setAttribute(key, shown(value));
}

const svgSpace = "http://www.w3.org/2000/svg";

export function svg(tag, attributes, ...children) {
  const node = document.createElementNS(svgSpace, tag);
  for (const key in attributes) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), attributes[key]);
    else node.setAttribute(key, attributes[key]);
  }
  for (const child of children) node.append(child instanceof Node ? child : shown(child));
  return node;
}

export function clear(node) {
  while (node.firstChild) node.firstChild.remove();
  return node;
}

export function count(number) {
  return Number(number).toLocaleString("en-US");
}

// "2026-09-14 22:04:10"
export function moment(ms) {
  if (ms === null || ms === undefined) return "";
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 19).replace("T", " ");
}
