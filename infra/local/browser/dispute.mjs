// A contact of a final statement that the seller disputes: the quarter ends, its statement is closed, the seller files, and a
// lead denies it. Whoever comes here signs in anew, for a session does not outlive a quarter.

import { now, travel } from "./facts.mjs";
import { until } from "./story.mjs";

const DAY = 24 * 3_600_000;

// The statement of a quarter is closed three days after its end; a day more is for the zone of the store.
function toTheNextStatement(xtask) {
  const today = now();
  const quarter = Math.floor(today.getUTCMonth() / 3);
  const end = Date.UTC(today.getUTCFullYear(), 3 * quarter + 3, 1);
  travel(xtask, `${Math.ceil((end - today) / DAY) + 4}d`);
  // What was measured now is closed when the schedule comes again.
  travel(xtask, "1h");
  return `${today.getUTCFullYear()}Q${quarter + 1}`;
}

// From the statement's contacts to the form, and from there to the list.
async function files(seller, stack, order, statement, reason, see) {
  await seller.goto(stack.portal_url + statement);
  await seller.getByRole("link", { name: /Contacts recorded/ }).click();
  await seller.getByRole("link", { name: `Dispute: ${order}, ` }).first().click();
  await seller.getByLabel("Why you dispute it").waitFor();
  const { pathname, search } = new URL(seller.url());
  await see(seller, pathname + search, "dispute-form");
  await seller.getByLabel("Why you dispute it").fill(reason);
  await seller.getByRole("button", { name: "File the dispute" }).click();
  await seller.getByRole("row").filter({ hasText: reason }).waitFor();
}

export async function disputed(stack, order, xtask, signedIn, see) {
  const quarter = toTheNextStatement(xtask);
  const statement = `/stores/US/statements/${quarter}`;
  const seller = await signedIn(statement, "ann, demo-seller");
  await until(seller, stack.portal_url + statement, () => seller.getByText(/^Final since/));
  await see(seller, `${statement}?contacts=1`, "statement-final");
  const reason = `The customer wrote about another shop than that of ${order}.`;
  await files(seller, stack, order, statement, reason, see);

  const lead = await signedIn("/stores/US/desk/disputes", "lea, lead");
  await see(lead, "/stores/US/desk/disputes", "disputes-to-decide");
  const [row, own] = [lead, seller].map((page) => page.getByRole("row").filter({ hasText: reason }));
  await row.getByText("Deny", { exact: true }).first().click();
  await row.getByLabel("Why, for the seller to read").fill("The order is of your shop.");
  await row.getByRole("button", { name: /^Deny: / }).click();
  await row.waitFor({ state: "detached" });
  await until(seller, `${stack.portal_url}/stores/US/disputes`, () => own.getByText("The order is of your shop."));
  await see(seller, "/stores/US/disputes", "dispute-denied");
}
