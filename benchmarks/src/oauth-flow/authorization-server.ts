// The authorization server of both contestants, in a process of its own: a code is good where its verifier fits, which is all that it looks at.
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { openChildPort } from '../child-port.ts';
import { listenOnLoopback } from '../listen-on-loopback.ts';

const { tell } = openChildPort();

/** The tokens for a code, which is the challenge of its flow; `null` where the verifier is another one's. */
function tokensFor(fields: URLSearchParams): object | null {
  const challenge = createHash('sha256')
    .update(fields.get('code_verifier') ?? '')
    .digest('base64url');
  if (fields.get('code') !== challenge) return null;
  return { access_token: randomUUID(), refresh_token: randomUUID(), token_type: 'Bearer', expires_in: 3_600, scope: 'papers' };
}

const server = createServer((request, response) => {
  void text(request).then((body) => {
    const tokens = tokensFor(new URLSearchParams(body));
    response.writeHead(tokens === null ? 400 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(tokens ?? { error: 'invalid_grant' }));
  });
});
tell({ type: 'ready', origin: `http://127.0.0.1:${await listenOnLoopback(server)}` });
