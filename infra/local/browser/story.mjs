// One matter, told by clicking and by keys: a customer asks, an associate takes it without a mouse, asks the seller, the
// seller answers with a file, the associate decides, the seller reads the decision. The customer comes back, and the seller is asked again.
// At last the customer asks about something else, and the associate goes on with that.

import { randomUUID } from "node:crypto";
import { attaches, letsUpload, seesFile } from "./upload.mjs";

async function token(stack, claims) {
  const answer = await fetch(`${stack.issuer_url}/token`, { method: "POST", body: JSON.stringify(claims) });
  return (await answer.json()).access_token;
}

// The customer's side is the marketplace's own site, so it comes in by the API.
async function customerAsks(stack, order, topic, message) {
  const headers = {
    authorization: `Bearer ${await token(stack, { sub: "shop", scope: "marketplace" })}`,
    "idempotency-key": randomUUID(),
  };
  const body = JSON.stringify({
    contact_id: randomUUID(), customer: { id: "demo-customer", email: "ana@mail.example", language: "en" },
    channel: "email", order_id: order, topic, message,
  });
  const answer = await fetch(`${stack.api_url}/v1/stores/US/contacts`, { method: "POST", headers, body });
  if (answer.status !== 202) throw new Error(`a contact was answered ${answer.status}: ${await answer.text()}`);
}

// What the outbox sends on takes a moment.
export async function until(page, path, ready) {
  for (let tries = 0; tries < 60; tries += 1) {
    await page.goto(path);
    if (await ready().count() > 0) return;
    await page.waitForTimeout(500);
  }
  throw new Error(`${path} never shows what it should`);
}

// The associate's hands stay on the keys: each step is a key of the page, Tab and Enter.
async function takes(desk, stack, order, topic) {
  const rows = () => desk.getByRole("row").filter({ has: desk.getByRole("cell", { name: order, exact: true }) }).filter({ hasText: topic });
  await until(desk, `${stack.portal_url}/stores/US/desk/queue`, rows);
  const row = () => desk.evaluate(() => document.activeElement.closest("[data-row]")?.textContent ?? "");
  const isIt = (text) => text.includes(order) && text.includes(topic);
  for (let steps = 0; steps < 50 && !isIt(await row()); steps += 1) await desk.keyboard.press("j");
  await Promise.all([desk.waitForURL(/inquiries/), desk.keyboard.press("Enter")]);
  const inquiry = desk.url();
  await Promise.all([desk.waitForURL(inquiry), desk.waitForEvent("load"), desk.keyboard.press("c")]);
  await desk.getByText("You are working on it.").waitFor();
  return inquiry;
}

async function asksTheSeller(desk, stack, order, question) {
  const inquiry = await takes(desk, stack, order, "Late delivery");
  await desk.keyboard.press("a");
  await desk.keyboard.type("Where is the parcel");
  await desk.keyboard.press("Tab");
  await desk.keyboard.type(question);
  const send = () => desk.evaluate(() => document.activeElement.tagName === "BUTTON");
  for (let steps = 0; steps < 6 && !(await send()); steps += 1) await desk.keyboard.press("Tab");
  await Promise.all([desk.waitForEvent("load"), desk.keyboard.press("Enter")]);
  return inquiry;
}

// The question that waits for the seller's answer, opened where a seller finds it.
async function opensQuestion(seller, stack, order, question) {
  await until(seller, `${stack.portal_url}/stores/US/enrollment`, () => seller.getByText(question));
  const link = seller.getByRole("link", { name: `Request about order ${order}` }).first();
  await Promise.all([seller.waitForURL(/case-log/), link.click()]);
  return new URL(seller.url()).pathname;
}

// Where what was told can be seen: the question that came to a decision, the one that waits for the seller, and the
// inquiry that the associate holds.
export async function told(stack, order, seller, desk) {
  await customerAsks(stack, order, "late_delivery", "Hello, where are my shoes? They should have been here on Monday.");
  const question = "When did the parcel leave your warehouse?";
  const inquiry = await asksTheSeller(desk, stack, order, question);

  const decided = await opensQuestion(seller, stack, order, question);
  await seller.getByLabel("Where is the parcel?").selectOption("lost");
  await seller.getByLabel("In your own words").fill("The carrier cannot find it.");
  await letsUpload(seller, stack);
  await attaches(seller);
  await seller.getByRole("button", { name: "Send answer" }).click();
  await seller.getByText("You answered on").waitFor();
  await seesFile(seller);

  await until(desk, inquiry, () => desk.getByText("The carrier cannot find it."));
  await seesFile(desk);
  await desk.keyboard.press("d");
  await desk.getByLabel("Decision").selectOption("refund_full not_received");
  await desk.locator("[data-key=d] button").click();
  await desk.waitForURL(/queue/);

  await until(seller, stack.portal_url + decided, () => seller.getByText("Full refund"));
  await customerAsks(stack, order, "late_delivery", "And now the parcel is there after all.");
  const again = "What was in the parcel?";
  await asksTheSeller(desk, stack, order, again);
  const asked = await opensQuestion(seller, stack, order, again);

  const other = `${order}-too`;
  await customerAsks(stack, other, "damaged_item", "One of the shoes has a hole.");
  const held = await takes(desk, stack, other, "Damaged item");
  return { decided, asked, held: new URL(held).pathname };
}
