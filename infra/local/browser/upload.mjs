// A file that a seller attaches to its answer: chosen, uploaded by the page's script, and seen again by seller and associate.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

const mine = { name: "proof of shipment.png", mimeType: "image/png", buffer: randomBytes(2048) };

// On AWS the bucket lets the pages in, by the rules of the template. The emulator says nothing of it, so that is added here;
// the upload itself is the emulator's.
export async function letsUpload(page, stack) {
  await page.route(/X-Amz-Signature/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "access-control-allow-origin": stack.portal_url } });
  });
}

export async function attaches(seller) {
  await seller.locator("[data-upload] input[type=file]").setInputFiles(mine);
  await seller.locator("[data-upload] li input[name^='attachment.']").waitFor({ state: "attached" });
}

// The link leads on to the bucket, where the same bytes are.
export async function seesFile(page) {
  const link = page.getByRole("link", { name: mine.name });
  await link.waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  if (download.suggestedFilename() !== mine.name) throw new Error(`it is saved as ${download.suggestedFilename()}`);
  if (!mine.buffer.equals(readFileSync(await download.path()))) throw new Error(`${mine.name} came back as something else`);
}
