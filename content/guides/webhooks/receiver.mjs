import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

/** Whether the portal sent this within the last five minutes. body: the text as it arrived. */
export function isGenuine(secret, headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': sentAt, 'webhook-signature': signatures = '' } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(sentAt)) <= 300)) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${sentAt}.${body}`).digest();
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature.replace('v1,', ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

const secret = process.env.WEBHOOK_SECRET ?? '';
/** Ids of the events that were handled; a real receiver keeps them in its database. */
const handled = new Set();

async function handle({ type, data }) {
  console.log(type, data.url);
}

createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts).toString('utf8');
  if (!isGenuine(secret, request.headers, body)) return response.writeHead(400).end('not genuine');
  const id = request.headers['webhook-id'];
  // An event can come twice; its id is the same.
  if (!handled.has(id)) await handle(JSON.parse(body));
  handled.add(id);
  response.writeHead(204).end();
}).listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
