// A colleague who may see insights, and nothing else: invited by clicking, joined by the link of the mail, and removed again.
// And a stranger: a user of another seller. What neither may see is for them as a page that is not there.

import assert from "node:assert/strict";
import { now, tell } from "./facts.mjs";
import { until } from "./story.mjs";

const ADDRESS = "ben@seller.example";

// The links of the mails that were sent to the colleague.
async function links(stack) {
  const answer = await fetch(`${stack.endpoint}/_ministack/ses/messages?account=${stack.account}`);
  const mails = Object.values((await answer.json()).messages).flat();
  return mails.filter((mail) => mail.To.includes(ADDRESS))
    .flatMap((mail) => mail.BodyText.match(/https?:\S+\/invitations\/\S+/) ?? []);
}

async function invited(stack, seller) {
  const before = await links(stack);
  await seller.getByRole("link", { name: "Users", exact: true }).click();
  await seller.getByLabel("Name", { exact: true }).fill("Ben");
  await seller.getByLabel("Email address").fill(ADDRESS);
  await seller.getByRole("group", { name: "Permissions to give" }).getByLabel("Insights").selectOption("view");
  await seller.getByRole("button", { name: "Send the invitation" }).click();
  await seller.getByRole("cell", { name: ADDRESS }).waitFor();
  for (let tries = 0; tries < 60; tries += 1) {
    const link = (await links(stack)).find((one) => !before.includes(one));
    if (link) return link.slice(stack.portal_url.length);
    await seller.waitForTimeout(500);
  }
  throw new Error(`no invitation came to ${ADDRESS}`);
}

// The page at a path, without what only repeats where it is.
async function page(of, stack, path) {
  const answer = await of.goto(stack.portal_url + path);
  return { status: answer.status(), html: (await answer.text()).replaceAll(path, "…") };
}

// The signed in colleague, before and after the invitation is accepted.
export async function joins(stack, seller, signedIn, see) {
  const link = await invited(stack, seller);
  await see(seller, "/stores/US/users", "users-invited");
  const colleague = await signedIn(link, "ben, demo-seller");
  await see(colleague, link, "invitation");
  await colleague.getByRole("button", { name: "Accept the invitation" }).click();
  await colleague.getByText("You are a user of seller demo-seller").waitFor();
  await colleague.getByRole("link", { name: "Go on" }).click();
  await colleague.waitForURL(/insights/);
  return colleague;
}

// Whoever may see insights alone has no link to anything else, and no page.
export async function seesInsightsAlone(stack, colleague, hidden) {
  await colleague.goto(`${stack.portal_url}/stores/US/insights`);
  const places = await colleague.$$eval("a[href^='/stores/'], form[action^='/stores/']",
    (all) => all.map((one) => one.getAttribute("href") ?? one.getAttribute("action")));
  assert.deepEqual(places.filter((place) => !/^\/stores\/US\/insights([/?]|$)/.test(place)), []);
  assert.ok(hidden.length > 0);
  for (const path of hidden) await isMissing(stack, colleague, path);
}

// A page that is not the visitor's is, letter by letter, the page of a store that does not exist.
async function isMissing(stack, who, path) {
  const missing = await page(who, stack, "/stores/NOWHERE/insights");
  assert.equal(missing.status, 404);
  assert.deepEqual(await page(who, stack, path), missing, path);
}

// The seller takes its colleague out, and the page that was open is gone.
export async function isRemoved(stack, seller, colleague) {
  const insights = "/stores/US/insights";
  assert.equal((await page(colleague, stack, insights)).status, 200);
  await seller.goto(`${stack.portal_url}/stores/US/users`);
  const card = seller.getByRole("listitem").filter({ hasText: ADDRESS });
  await card.getByText("Change", { exact: true }).click();
  await card.getByLabel("Ben loses all access at once").check();
  await card.getByRole("button", { name: "Remove" }).click();
  await card.waitFor({ state: "detached" });
  await isMissing(stack, colleague, insights);
}

// Another seller, with an account of its own, finds nothing at the address of somebody else's question.
export async function strangerSeesNothing(stack, signedIn, asked, see) {
  await tell(stack, {
    type: "seller_registered", seller_id: "other-seller", occurred_at: now().toISOString(),
    plan: "professional", standing: "good", address_country: "US", email: "seller@other.example", language: "en",
    accepted_terms: "2026-01",
  });
  const stranger = await signedIn("/stores/US/enrollment", "eva, other-seller");
  await until(stranger, `${stack.portal_url}/stores/US/enrollment`, () => stranger.getByRole("navigation"));
  const absent = asked.replace(/[^/]+$/, "0".repeat(26));
  const [theirs, nobodys] = [await page(stranger, stack, asked), await page(stranger, stack, absent)];
  assert.equal(theirs.status, 404);
  assert.deepEqual(theirs, nobodys);
  await see(stranger, asked, "missing", 404);
  await stranger.context().close();
}
