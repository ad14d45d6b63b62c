// browser.mjs - goes through a page with the system's Chromium and prints what it saw, as JSON:
// browser.mjs CHROMIUM PAGE [SEARCH]
import { chromium } from "playwright-core";

const [, , executablePath, file, wanted] = process.argv;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const context = await browser.newContext({ viewport: { width: 1300, height: 900 } });
const page = await context.newPage();
const saw = { complaints: [], requests: [] };

page.on("pageerror", (error) => saw.complaints.push(error.message));
page.on("console", (message) => message.type() === "error" && saw.complaints.push(message.text()));
page.on("dialog", (dialog) => saw.complaints.push(`dialog ${dialog.message()}`) && dialog.dismiss());
page.on("request", (request) => saw.requests.push(request.url()));

const settle = () => page.waitForTimeout(400);
const status = () => page.textContent("#findings [role=status]");

const begun = Date.now();
await page.goto(`file://${file}`);
await page.waitForFunction(() => document.documentElement.dataset.ready, null, { timeout: 60000 });
saw.ready_ms = Date.now() - begun;
await settle();
saw.answer = await page.textContent(".said");
saw.sections = await page.$$eval("main section", (all) => all.map((one) => one.id));
saw.status = await status();
saw.movement = await page.textContent("#movement");
saw.tables = (await page.$("#tables")) ? await page.textContent("#tables") : "";
saw.scripts = await page.$$eval("script", (all) => all.filter((one) => !one.type).length);

if (await page.$(".row")) {
  saw.rows = await page.$$eval(".row", (all) => all.length);
  saw.first_row = await page.textContent(".row");
  await page.click(".row");
  await page.waitForSelector(".details:not([hidden])");
  saw.details = await page.textContent(".details");
  await page.keyboard.press("Escape");
  saw.closed = await page.$eval(".details", (one) => one.hidden);
  await page.$eval(".rows", (one) => (one.scrollTop = one.scrollHeight));
  await settle();
  saw.last_at = await page.$$eval(".row", (all) => Number(all[all.length - 1].dataset.at));
  if (wanted) {
    const started = Date.now();
    await page.fill("input[type=search]", wanted);
    await page.waitForFunction(
      (before) => {
        const text = document.querySelector("#findings [role=status]").textContent;
        return text !== before && !text.includes("%");
      },
      saw.status,
      { timeout: 60000 },
    );
    saw.search_ms = Date.now() - started;
    saw.searched = await status();
    await page.click("#findings .tools button");
    await settle();
  }
  const bars = await page.$(".bars");
  if (bars) {
    await bars.evaluate((one) => one.scrollIntoView({ block: "center" }));
    const area = await bars.boundingBox();
    await page.mouse.move(area.x + 2, area.y + area.height / 2);
    await page.mouse.down();
    await page.mouse.move(area.x + area.width / 2, area.y + area.height / 2);
    await page.mouse.up();
    await settle();
    saw.zoomed = await status();
    await page.click("#findings .tools button");
    await settle();
  }
  const cell = await page.$(".cell.verdict0");
  if (cell) {
    await cell.click();
    saw.technique = await page.textContent(".technique-details");
    await page.click(".technique-details button");
    await settle();
    saw.by_technique = await status();
    await page.click("#findings .tools button");
  }
  const place = await page.$(".place");
  if (place) {
    await place.click();
    saw.place = await page.textContent("#movement table");
  }
}
await page.click("button.language");
await settle();
saw.japanese = await page.textContent("main");
await page.evaluate(() => document.getElementById("findings").scrollIntoView());
await settle();
saw.row_in_japanese = (await page.$(".row")) ? await page.textContent(".row") : "";
saw.lang = await page.getAttribute("html", "lang");
await page.click("button.theme");
saw.theme = await page.getAttribute("html", "data-theme");
await page.setViewportSize({ width: 390, height: 800 });
await settle();
saw.overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
await browser.close();
console.log(JSON.stringify(saw));
