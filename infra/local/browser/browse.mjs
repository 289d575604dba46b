// Tells a story by clicking, then looks at every page of the running stack with a real browser, as each kind of user: in light and dark, narrow and wide,
// English and Chinese. Each look is a picture, an audit by axe-core, and a check that nothing was logged as an error.
//
// usage: browse.mjs <stack.json> <folder of pictures> <chromium> <order>
import { readFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { told } from "./story.mjs";

const [stackFile, folder, executablePath, order] = process.argv.slice(2);
const stack = JSON.parse(readFileSync(stackFile, "utf8"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const languages = ["en", "zh"];
const looks = ["light", "dark"].flatMap((scheme) => [390, 1280].map((width) => ({ scheme, width })));
const found = [];
let pictures = 0;

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

// Somebody who has signed in at the page of the issuer, as a person does.
async function signedIn(at, who) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on("console", (message) => {
    // A form that is refused is answered so, and a browser says that of it.
    const isRefusal = message.text().includes("status of 422");
    if (message.type() === "error" && !isRefusal) found.push(`${page.url()}: console: ${message.text()}`);
  });
  page.on("pageerror", (error) => found.push(`${page.url()}: ${error}`));
  page.on("response", (answer) => { if (answer.status() >= 500) found.push(`${answer.url()}: ${answer.status()}`); });
  await page.goto(stack.portal_url + at);
  await page.getByRole("button", { name: who, exact: true }).click();
  await page.waitForURL((address) => address.href.startsWith(stack.portal_url));
  return page;
}

function inLanguage(path, language) {
  const address = new URL(path, stack.portal_url);
  address.searchParams.set("language", language);
  return address.href;
}

// What is open, in every look: its width, its picture, its audit.
async function look(page, what, name) {
  await page.evaluate(axe);
  for (const { scheme, width } of looks) {
    const seen = `${what}, ${scheme}, ${width}`;
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wider > 0) found.push(`${seen}: ${wider} px wider`);
    await page.screenshot({ path: join(folder, `${name}.${scheme}.${width}.png`), fullPage: true });
    pictures += 1;
    const { violations } = await page.evaluate((runOnly) => globalThis.axe.run({ runOnly }), rules);
    for (const { id, nodes } of violations) found.push(`${seen}: axe ${id}: ${nodes[0].html}`);
  }
}

async function visit(page, who, path, name) {
  for (const language of languages) {
    const answer = await page.goto(inLanguage(path, language));
    if (answer.status() !== 200) found.push(`${who} ${path}: ${answer.status()}`);
    await look(page, `${who} ${path}, ${language}`, `${name}.${language}`);
  }
}

// The page as it comes back when an empty answer is sent. No address leads to it, so it is looked at where it is.
async function refusal(page, who, path) {
  for (const language of languages) {
    await page.goto(inLanguage(path, language));
    await page.locator("form[action$='/reply']").evaluate((form) => { form.noValidate = true; });
    await page.locator("form[action$='/reply'] button").click();
    await page.getByRole("alert").waitFor();
    await look(page, `${who} ${path} refused, ${language}`, `refused-reply.${language}`);
  }
}

// Certain pages; those that a page links to in its navigation; and the first link of each list on all of them.
async function walk(at, who, certain) {
  const page = await signedIn(at, who);
  const seen = new Map();
  const links = (scope) => page.$$eval(`${scope} a[href^="/stores/"]:not([href*="/csv"])`, (all) => all.map((link) => link.getAttribute("href")));
  const start = new URL(page.url()).pathname;
  const waiting = [start, ...certain, ...await links("nav")];
  while (waiting.length > 0) {
    const path = waiting.shift();
    const kind = path.split("?")[0].replace(/[0-9a-z]{26}/g, "{id}").replace(/[0-9]{4}Q[1-4]/, "{quarter}");
    if (seen.has(kind)) continue;
    seen.set(kind, path);
    await page.goto(stack.portal_url + path);
    waiting.push(...await links("main"));
  }
  const role = who.split(",")[0];
  for (const [kind, path] of seen) await visit(page, who, path, role + kind.replace(/[^a-zA-Z0-9{}]+/g, "-"));
  await page.context().close();
  return [...seen.keys()];
}

const seller = await signedIn("/stores/US/enrollment", "ann, demo-seller");
const desk = await signedIn("/stores/US/desk/queue", "mei, associate");
const { decided, asked, held } = await told(stack, order, seller, desk);
console.log(`the story is told: ${decided}`);
await refusal(seller, "ann, demo-seller", asked);

for (const [at, who, certain] of [
  // What was decided leads on to the decision; whether it can be claimed back is asked of its order.
  ["/stores/US/enrollment", "ann, demo-seller", [decided, `/stores/US/claims/new?order_id=${order}`]],
  ["/stores/US/desk/queue", "mei, associate", [held]],
  ["/stores/US/desk/queue", "lea, lead", [held]],
]) {
  const kinds = await walk(at, who, certain);
  console.log(`${who}: ${kinds.length} pages: ${kinds.join(" ")}`);
}
await browser.close();
console.log(`${pictures} pictures in ${folder}`);
for (const problem of new Set(found)) console.log(`- ${problem}`);
process.exit(found.length > 0 ? 1 : 0);
