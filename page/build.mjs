// build.mjs - bundles the page's program and style: build.mjs FOLDER
import { build } from "esbuild";

await build({
  entryPoints: ["src/main.js", "src/report.css"],
  entryNames: "report",
  outdir: process.argv[2],
  bundle: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
});
