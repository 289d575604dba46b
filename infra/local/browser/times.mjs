// How long each page took to begin, and how much came with it.

const LARGEST_FIRST_VIEW = 60 * 1024;
// By kind of page: milliseconds of each view, bytes of the document, and of the first view of a browser that has nothing yet.
const kinds = new Map();

export const kindOf = (path) => path.split("?")[0].replace(/[0-9a-z]{26}/g, "{id}").replace(/[0-9]{4}Q[1-4]/, "{quarter}")
  .replace(/(invitations\/).+/, "$1{token}");

function noted(kind) {
  if (!kinds.has(kind)) kinds.set(kind, { waits: [], document: 0, first: 0 });
  return kinds.get(kind);
}

// What the page that is open says of its own way here.
async function measured(page) {
  return page.evaluate(() => {
    const [own] = performance.getEntriesByType("navigation");
    // What is asked for twice, as the icon, weighs once.
    const others = new Map(performance.getEntriesByType("resource").map((one) => [one.name, one.encodedBodySize]));
    const weight = [...others.values()].reduce((all, one) => all + one, 0);
    return { wait: own.responseStart - own.requestStart, document: own.encodedBodySize, others: weight };
  });
}

export async function timed(page, what) {
  const [{ wait, document }, kind] = [await measured(page), noted(what)];
  kind.waits.push(wait);
  kind.document = Math.max(kind.document, document);
}

// The same page in a browser that has its cookies and nothing else: document, style, script and icon. A browser may leave
// the icon for later, so it is asked for here.
export async function firstView(page, path, what) {
  const context = await page.context().browser().newContext({ storageState: await page.context().storageState() });
  const fresh = await context.newPage();
  await fresh.goto(new URL(path, page.url()).href);
  await fresh.locator("link[rel=icon]").evaluate(async (link) => (await fetch(link.href)).text());
  const [{ wait, document, others }, kind] = [await measured(fresh), noted(what)];
  kind.waits.push(wait);
  kind.first = Math.max(kind.first, document + others);
  await context.close();
}

const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];

// The table, and what is too heavy.
export function table() {
  const rows = [...kinds].sort().map(([kind, { waits, document, first }]) =>
    [kind, waits.length, Math.round(median(waits)), document, first]);
  const cells = [["page", "views", "median ms", "bytes", "first view"], ...rows].map((row) => row.map(String));
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const padded = (cell, column) => column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]);
  const heavy = [...kinds].filter(([, { first }]) => first > LARGEST_FIRST_VIEW);
  return {
    lines: cells.map((row) => row.map(padded).join("  ")),
    heavy: heavy.map(([kind, { first }]) => `${kind}: ${first} bytes at first view`),
  };
}
