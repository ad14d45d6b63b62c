// screenshot.mjs - pictures of a page for the README: screenshot.mjs CHROMIUM PAGE FOLDER
import { chromium } from "playwright-core";

const [, , executablePath, file, folder] = process.argv;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1300, height: 900 } });

await page.goto(`file://${file}`);
await page.waitForFunction(() => document.documentElement.dataset.ready, null, { timeout: 60000 });
for (const [section, name] of [
  ["summary", "page"],
  ["matrix", "page-matrix"],
  ["findings", "page-findings"],
]) {
  await page.evaluate((id) => (id === "summary" ? window.scrollTo(0, 0) : document.getElementById(id).scrollIntoView()), section);
  if (section === "findings") {
    await page.selectOption("#findings select", "3"); // high and above
    await page.waitForTimeout(400);
    await page.click(".row >> nth=2");
  }
  await page.waitForTimeout(400);
  await page.screenshot({ path: `${folder}/${name}.png` });
}
await browser.close();
