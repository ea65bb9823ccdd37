// The service in a process of its own: it counts each token's requests in windows that begin when it likes, and answers 429 beyond the quota.
import { createServer } from 'node:http';
import { openChildPort } from '../child-port.ts';
import { listenOnLoopback } from '../listen-on-loopback.ts';
import { serviceSettings } from './messages.ts';

const { argument, tell, onMessage } = openChildPort();
const { requests: allowed, windowMs, tells } = serviceSettings.parse(argument);

// Not at a round second, so that no window of anybody else's is the same by chance.
const begun = Date.now() - 0.37 * windowMs;
const windows = new Map<string, { readonly number: number; count: number }>();
let counted = { requests: 0, exceeded: 0, most: 0 };

const body = Buffer.from(JSON.stringify({ items: Array.from({ length: 12 }, (_none, id) => ({ id, title: `Thing ${id}` })) }));

const standing = (number: number, count: number): Record<string, number> => ({
  'x-ratelimit-limit': allowed,
  'x-ratelimit-remaining': Math.max(0, allowed - count),
  'x-ratelimit-reset': Math.ceil((begun + (number + 1) * windowMs) / 1_000),
});

const server = createServer((request, response) => {
  request.resume();
  const token = request.headers.authorization ?? '';
  const number = Math.floor((Date.now() - begun) / windowMs);
  const known = windows.get(token);
  const window = known?.number === number ? known : { number, count: 0 };
  windows.set(token, window);
  window.count += 1;
  counted.requests += 1;
  const isBeyond = window.count > allowed;
  if (isBeyond) counted.exceeded += 1;
  counted.most = Math.max(counted.most, window.count);
  response.writeHead(isBeyond ? 429 : 200, {
    'content-type': 'application/json',
    'content-length': isBeyond ? 0 : body.length,
    ...(tells ? standing(number, window.count) : {}),
  });
  response.end(isBeyond ? undefined : body);
});
server.keepAliveTimeout = 60_000;
onMessage(() => {
  tell({ type: 'counted', ...counted });
  counted = { requests: 0, exceeded: 0, most: 0 };
});
tell({ type: 'ready', origin: `http://127.0.0.1:${await listenOnLoopback(server)}` });
