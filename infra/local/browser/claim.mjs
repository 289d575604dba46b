// A refund that a seller claims back: it is paid out, the carrier finds the parcel after all, the seller looks whether it can
// claim and files; a lead asks, the seller answers, the lead denies, the seller appeals, and the lead grants. Each turn is
// made by clicking, and its page looked at.

import { now, tell } from "./facts.mjs";
import { until } from "./story.mjs";

const TRACKING = "1Z999AA10123456784";

// The marketplace pays what was decided. That the parcel came comes to light only then.
async function paidOut(stack, order, decision) {
  const at = now().toISOString();
  const part = { order_id: order, seller_id: "demo-seller" };
  await tell(stack, { type: "refund_issued", ...part, decision_id: decision, amount_minor: 1999, issued_at: at });
  const units = [{ item_id: "1", ordinal: 1 }];
  await tell(stack, { type: "shipment_confirmed", ...part, shipment_id: "p-1", shipped_at: at, units });
}

async function files(seller, stack, order, see) {
  const check = `/stores/US/claims/new?order_id=${order}`;
  await until(seller, stack.portal_url + check, () => seller.getByRole("button", { name: "File the claim" }));
  await see(seller, check, "claim-can-be-filed");

  await seller.getByRole("link", { name: "Claims", exact: true }).click();
  await seller.getByLabel("Order number").fill(order);
  await seller.getByRole("button", { name: "Check" }).click();
  await seller.getByText(`A claim about order ${order} can be filed.`).waitFor();
  await seller.getByLabel("Why you should not bear it").selectOption("delivered");
  await seller.getByLabel("Tracking numbers, one on each line").fill(TRACKING);
  await seller.getByLabel("What happened").fill("The carrier delivered it on Monday, and has a signature.");
  await seller.getByRole("button", { name: "File the claim" }).click();
  await seller.waitForURL(/claims\/[0-9a-z]{26}/);
  await seller.getByRole("link", { name: "Claims", exact: true }).click();
  await seller.getByRole("link", { name: order, exact: true }).click();
  await seller.getByText("Filed, nobody has looked at it yet").waitFor();
  return new URL(seller.url()).pathname;
}

// A lead opens the claim where leads find it.
async function opens(lead, order) {
  await lead.getByRole("link", { name: "Claims", exact: true }).click();
  await lead.getByRole("link", { name: order, exact: true }).click();
  await lead.getByText("What you can do").waitFor();
  return new URL(lead.url()).pathname;
}

async function asks(lead, order, question) {
  await opens(lead, order);
  await lead.getByText("Ask the seller for more").click();
  await lead.getByLabel("Question, without a word of the customer").fill(question);
  await lead.getByRole("button", { name: "Ask", exact: true }).click();
  await lead.getByText("Awaiting the seller").waitFor();
}

async function answers(seller, claim, question, answer, see) {
  await see(seller, claim, "claim-asked");
  await seller.getByText(question).waitFor();
  await seller.getByLabel("Your answer").fill(answer);
  await seller.getByRole("button", { name: "Send answer" }).click();
  await seller.getByText("Being looked at").waitFor();
}

async function denies(lead, order, see) {
  const place = await opens(lead, order);
  await see(lead, place, "claim-to-decide");
  await lead.getByText("Decide", { exact: true }).click();
  await lead.getByLabel("Criterion that is not met").selectOption("evidence");
  await lead.getByLabel("Why, for the seller to read").fill("The number belongs to another parcel.");
  await lead.getByRole("button", { name: "Deny" }).click();
  await lead.getByText("The number belongs to another parcel.").waitFor();
}

async function appeals(seller, claim, see) {
  await see(seller, claim, "claim-denied");
  await seller.getByLabel("Why the decision is wrong").fill("The number is that of the carrier's last leg.");
  await seller.getByRole("button", { name: "Appeal" }).click();
  await seller.getByText("Decided before the appeal").waitFor();
}

async function grants(lead, order, see) {
  const place = await opens(lead, order);
  await see(lead, place, "claim-appealed");
  await lead.getByText("Decide", { exact: true }).click();
  await lead.getByRole("button", { name: "Grant" }).click();
  await lead.getByText("Granted", { exact: false }).first().waitFor();
  return place;
}

// Where what became of it can be seen: by the seller, and at the desk.
export async function claimed(stack, order, decided, seller, lead, see) {
  await seller.goto(stack.portal_url + decided);
  await seller.locator("main a[href*='/decisions/']").click();
  await seller.waitForURL(/decisions\//);
  await paidOut(stack, order, seller.url().split("/").at(-1));
  const claim = await files(seller, stack, order, see);
  const question = "Who signed for the parcel?";
  await asks(lead, order, question);
  await answers(seller, claim, question, "A. Costa did, at the door.", see);
  await denies(lead, order, see);
  await appeals(seller, claim, see);
  const decidedOn = await grants(lead, order, see);
  await until(seller, stack.portal_url + claim, () => seller.getByText("is paid back to you."));
  return { claim, decidedOn };
}
