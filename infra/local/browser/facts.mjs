// What the marketplace tells: facts, into the Events queue, each signed as any AWS tool signs. And what time it is on the
// stack, which travels.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { AwsClient } from "aws4fetch";

const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: region, CSBA_TRAVEL_FILE: travelFile } = process.env;
const sqs = new AwsClient({ accessKeyId, secretAccessKey, region, service: "sqs" });

export const now = () => new Date(Date.now() + 1000 * Number(readFileSync(travelFile, "utf8")));

// Moves the time of the stack on, as `cargo xtask travel` does, and fires every schedule.
export function travel(xtask, span) {
  execFileSync(xtask, ["travel", span], { stdio: ["ignore", "ignore", "inherit"] });
}

export async function tell(stack, fact) {
  const body = JSON.stringify({
    QueueUrl: stack.queues.Events,
    MessageBody: JSON.stringify({ version: 1, store: "US", ...fact }),
  });
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.SendMessage" };
  const answer = await sqs.fetch(stack.endpoint, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`${fact.type} was answered ${answer.status}: ${await answer.text()}`);
}
