// The service of all contestants, in a process of its own: 2 KB of JSON for whoever shows the token.
import { createServer } from 'node:http';
import { openChildPort } from '../child-port.ts';
import { listenOnLoopback } from '../listen-on-loopback.ts';
import { thingsPath, token } from './contestant.ts';

const { tell } = openChildPort();

/** Bytes of the answer. */
const wanted = 2_048;

function answerOf(size: number): Buffer {
  const items = Array.from({ length: 12 }, (_none, index) => ({
    id: index + 1,
    title: `Thing ${index + 1}`,
    open: true,
    labels: ['bug', 'ops'],
  }));
  const text = JSON.stringify({ items, rest: '' });
  return Buffer.from(JSON.stringify({ items, rest: 'x'.repeat(size - text.length) }));
}

const body = answerOf(wanted);
const head = {
  'content-type': 'application/json',
  'content-length': body.length,
  'x-ratelimit-limit': '1000000',
  'x-ratelimit-remaining': '999999',
};

const server = createServer((request, response) => {
  request.resume();
  const isKnown = request.url === thingsPath && request.headers.authorization === `Bearer ${token}`;
  response.writeHead(isKnown ? 200 : 401, isKnown ? head : {});
  response.end(isKnown ? body : '');
});
server.keepAliveTimeout = 60_000;
tell({ type: 'ready', origin: `http://127.0.0.1:${await listenOnLoopback(server)}` });
