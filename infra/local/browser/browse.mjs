// Tells a story by clicking and looks at every page of the running stack with a real browser, as each kind of user: in light
// and dark, narrow and wide, English and Chinese. Each look is a picture, an audit by axe-core, and a check that nothing was
// logged as an error. At the end stands how long each page took, and how heavy it is.
//
// usage: browse.mjs <stack.json> <folder of pictures> <chromium> <xtask> <order>
import { readFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { claimed } from "./claim.mjs";
import { isRemoved, joins, seesInsightsAlone, strangerSeesNothing } from "./colleague.mjs";
import { disputed } from "./dispute.mjs";
import { told } from "./story.mjs";
import { firstView, kindOf, table, timed } from "./times.mjs";

const [stackFile, folder, executablePath, xtask, order] = process.argv.slice(2);
const stack = JSON.parse(readFileSync(stackFile, "utf8"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// The last one stays chosen, and it is that of the story.
const languages = ["zh", "en"];
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
    // A form that is refused and a page that is not there are answered so, and a browser says that of them.
    const isAnswer = /status of (404|422)/.test(message.text()) && !message.location().url.includes("/static/");
    if (message.type() === "error" && !isAnswer) found.push(`${page.url()}: console: ${message.text()}`);
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

// What stands half outside, at the left edge, where a page does not become wider by it.
function cutOff() {
  const cut = [...document.querySelectorAll("main *")].find((one) => {
    const { left, right, width } = one.getBoundingClientRect();
    return width > 0 && left < -1 && right > 1;
  });
  return cut?.outerHTML.slice(0, 100);
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
    const cut = await page.evaluate(cutOff);
    if (cut) found.push(`${seen}: cut off at the left: ${cut}`);
    await page.screenshot({ path: join(folder, `${name}.${scheme}.${width}.png`), fullPage: true });
    pictures += 1;
    const { violations } = await page.evaluate((runOnly) => globalThis.axe.run({ runOnly }), rules);
    for (const { id, nodes } of violations) found.push(`${seen}: axe ${id}: ${nodes[0].html}`);
  }
}

async function visit(page, path, name, status = 200) {
  const kind = status === 404 ? "what is not there" : kindOf(path);
  for (const language of languages) {
    const answer = await page.goto(inLanguage(path, language));
    if (answer.status() !== status) found.push(`${name} ${path}: ${answer.status()}`);
    await timed(page, kind);
    await look(page, `${name} ${path}, ${language}`, `${name}.${language}`);
  }
  await firstView(page, path, kind);
}

// The page as it comes back when an empty answer is sent. No address leads to it, so it is looked at where it is.
async function refusal(page, path) {
  for (const language of languages) {
    await page.goto(inLanguage(path, language));
    await page.locator("form[action$='/reply']").evaluate((form) => { form.noValidate = true; });
    await page.locator("form[action$='/reply'] button").click();
    await page.getByRole("alert").waitFor();
    await look(page, `${path} refused, ${language}`, `refused-reply.${language}`);
  }
}

// Certain pages; those that a page links to in its navigation; and the first link of each list on all of them.
async function walk(at, who, certain) {
  const page = await signedIn(at, who);
  const seen = new Map();
  const links = (scope) => page.$$eval(`${scope} a[href^="/stores/"]:not([href*="/csv"], [href*="/attachments/"], [href*="/files/"])`, (all) => all.map((link) => link.getAttribute("href")));
  const start = new URL(page.url()).pathname;
  const waiting = [start, ...certain, ...await links("nav")];
  while (waiting.length > 0) {
    const path = waiting.shift();
    const kind = kindOf(path);
    if (seen.has(kind)) continue;
    seen.set(kind, path);
    await page.goto(stack.portal_url + path);
    waiting.push(...await links("main"));
  }
  const role = who.split(",")[0];
  for (const [kind, path] of seen) await visit(page, path, role + kind.replace(/[^a-zA-Z0-9{}]+/g, "-"));
  await page.context().close();
  return seen;
}

const seller = await signedIn("/stores/US/enrollment", "ann, demo-seller");
const desk = await signedIn("/stores/US/desk/queue", "mei, associate");
const lead = await signedIn("/stores/US/desk/queue", "lea, lead");
const { decided, asked, held } = await told(stack, order, seller, desk);
console.log(`the story is told: ${decided}`);
await refusal(seller, asked);
const { claim, decidedOn } = await claimed(stack, order, decided, seller, lead, visit);
console.log(`a refund is claimed back: ${claim}`);
await strangerSeesNothing(stack, signedIn, asked, visit);
const colleague = await joins(stack, seller, signedIn, visit);
console.log("a colleague has joined, and a stranger has seen nothing");

const pages = {};
for (const [at, who, certain] of [
  // What was decided leads on to the decision; whether it can be claimed back is asked of its order.
  ["/stores/US/enrollment", "ann, demo-seller", [decided, claim, `/stores/US/claims/new?order_id=${order}`]],
  ["/stores/US/desk/queue", "mei, associate", [held, decidedOn]],
  ["/stores/US/desk/queue", "lea, lead", [held, decidedOn]],
  ["/stores/US/insights", "ben, demo-seller", []],
]) {
  const walked = await walk(at, who, certain);
  console.log(`${who}: ${walked.size} pages: ${[...walked.keys()].join(" ")}`);
  pages[who] = [...walked.values()].map((path) => path.split("?")[0]);
}
await seesInsightsAlone(stack, colleague, pages["ann, demo-seller"].filter((path) => !path.endsWith("/insights")));
await isRemoved(stack, seller, colleague);
console.log("the colleague saw insights alone, and then nothing");
// It comes last, for a quarter passes.
await disputed(stack, order, xtask, signedIn, visit);
console.log("a contact of a final statement is disputed");

await browser.close();
const { lines, heavy } = table();
console.log(lines.join("\n"));
console.log(`${pictures} pictures in ${folder}`);
for (const problem of new Set([...found, ...heavy])) console.log(`- ${problem}`);
process.exit(found.length + heavy.length > 0 ? 1 : 0);
