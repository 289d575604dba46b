// The routing function's happy path in Node.js: the same reads, the same items in one transaction, with the SDK that AWS
// recommends, bundled and with its connections kept. The loop at the end is what the managed runtime does.

import { createHash } from "node:crypto";
import http from "node:http";

import { BatchGetItemCommand, DynamoDBClient, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";

const dynamodb = new DynamoDBClient({});
const { TABLE_INQUIRIES, TABLE_LEDGER, TABLE_ONCE, TABLE_ORDERS, TABLE_OUTBOX } = process.env;
const FAMILY = { damaged_item: "product" };
const DAY = 86_400_000;

const digest = (text) => createHash("sha256").update(text).digest("hex");
const put = (table, item, condition) => ({
  Put: {
    TableName: table,
    Item: marshall({ schema: 1, ...item }, { removeUndefinedValues: true }),
    ...(condition && { ConditionExpression: condition, ReturnValuesOnConditionCheckFailure: "ALL_OLD" }),
  },
});

async function route(contact, body, now) {
  const { store, customer, seller, topic, subject, channel, language } = contact;
  const orderKey = { pk: `${store}#${subject.order}`, sk: "ORDER" };
  const threadKey = { pk: orderKey.pk, sk: `${seller}#THREAD` };
  const issue = FAMILY[topic] ?? topic;
  const inquiryKey = { pk: orderKey.pk, sk: `${seller}#${issue}` };
  const { Responses } = await dynamodb.send(
    new BatchGetItemCommand({
      RequestItems: {
        [TABLE_ORDERS]: { Keys: [marshall(orderKey)], ConsistentRead: true },
        [TABLE_INQUIRIES]: { Keys: [marshall(threadKey), marshall(inquiryKey)], ConsistentRead: true },
      },
    }),
  );
  const order = Responses[TABLE_ORDERS].map((item) => unmarshall(item))[0]?.state;
  const line = order?.lines.find((known) => subject.items.includes(known.item));
  if (!line) throw new Error("an order that is not there yet");

  const at = contact.received_at;
  const cause = digest(`contact-router\n${store}#${contact.id}`);
  const inquiry = cause.slice(0, 26);
  const due = new Date(Date.parse(at) + 2 * DAY);
  const rank = `${due.toISOString()}#${inquiry}`;
  const quarter = `${at.slice(0, 4)}Q${Math.ceil(Number(at.slice(5, 7)) / 3)}`;
  const entry = { contact: contact.id, counts: "fee-4.countable", order: subject.order, received_at: at, topic };
  const state = {
    id: inquiry, store, order: subject.order, seller, issue, topic, customer, items: subject.items, contacts: [contact.id],
    channel, language, mailable: null, opened_at: at, resolution_due: due.toISOString(), episode: 1, decisions: [],
    owned: { counted_to: at, customer_ms: 0, seller_ms: 0, service_ms: 0 }, request: null,
    status: { status: "open", judgement_owed: false },
  };
  const alarm = (rings) => {
    const name = `resolution#${inquiry}#${rings}`;
    const told = { alarm: "resolution", store, order: subject.order, seller, issue, inquiry, rings_at: new Date(rings) };
    const shard = String(parseInt(digest(name).slice(0, 2), 16) % 16).padStart(2, "0");
    return put(TABLE_OUTBOX, {
      pk: `ENTRY#${name}`, sk: "ENTRY", body: JSON.stringify(told), kind: "later", queue: "clocks", due_at: rings,
      due_shard: shard,
    });
  };
  const isNew = "attribute_not_exists(pk)";
  const insights = `${store}#${seller}#INSIGHTS`;
  await dynamodb.send(
    new TransactWriteItemsCommand({
      ClientRequestToken: cause.slice(0, 36),
      TransactItems: [
        put(TABLE_ONCE, {
          pk: `contact-router#${store}#${contact.id}`, sk: "ONCE", expires_at: Math.floor(now / 1000) + 400 * 86_400,
          state: { answer: null, digest: digest(body) },
        }, isNew),
        put(TABLE_INQUIRIES, {
          pk: `${store}#CONTACT#${contact.id}`, sk: "ROUTE", customer_key: `${store}#${customer}`,
          state: {
            contact: contact.id, store, seller, order: subject.order, topic, arrival: "opened", inquiry,
            route: { owner: "service", reason: "covered" },
          },
        }, isNew),
        put(TABLE_INQUIRIES, {
          ...threadKey, version: 1, state: { last: { [channel]: { at, issue } }, taken_over: [] },
        }, isNew),
        put(TABLE_INQUIRIES, {
          ...inquiryKey, version: 1, state, queue_key: `${store}#0`, queue_rank: `1#${rank}`,
          seller_key: `${store}#${seller}`, seller_rank: `${at}#${inquiry}`,
        }, isNew),
        put(TABLE_LEDGER, {
          pk: insights, sk: `FACT#${quarter}#${at.slice(0, 10)}#CONTACT#${contact.id}`,
          state: { ...entry, at, channel, fact: "contact", inquiry, products: [line.product] },
        }, isNew),
        put(TABLE_LEDGER, {
          pk: insights, sk: `DUE#${quarter}#${at.slice(0, 10)}#11`, due_at: Date.parse(at) + DAY, due_shard: "14",
          state: { day: at.slice(0, 10), quarter }, version: 1,
        }),
        put(TABLE_LEDGER, {
          pk: `${store}#${seller}#${quarter}`, sk: `CONTACT#${contact.id}`,
          state: { entry: { ...entry, entry: "contact" }, measured_next: false },
        }, isNew),
        put(TABLE_INQUIRIES, {
          pk: `${store}#INQUIRY#${inquiry}`, sk: "INQUIRY#EVENT#0000000001#00",
          state: { actor: "marketplace", at, cause, event: { event: "opened", ...state } },
        }, isNew),
        alarm(due.getTime() - DAY / 2),
        alarm(due.getTime()),
      ],
    }),
  );
}

export async function handler(event) {
  const batchItemFailures = [];
  for (const record of event.Records) {
    let failure;
    try {
      await route(JSON.parse(record.body), record.body, Number(record.attributes.SentTimestamp));
    } catch (error) {
      failure = error.message;
      batchItemFailures.push({ itemIdentifier: record.messageId });
    }
    console.log(JSON.stringify({ level: failure ? "WARN" : "INFO", id: record.messageId, failure, message: "handled" }));
  }
  return { batchItemFailures };
}

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function ask(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, method, agent, path: `/2018-06-01/runtime/invocation/${path}` }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ headers: answer.headers, text: Buffer.concat(parts).toString() }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

for (;;) {
  const { headers, text } = await ask("GET", "next");
  const answer = JSON.stringify(await handler(JSON.parse(text)));
  await ask("POST", `${headers["lambda-runtime-aws-request-id"]}/response`, answer);
}
