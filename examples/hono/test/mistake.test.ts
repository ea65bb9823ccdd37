import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { issueOpened, webhookSecret } from '@patchbay-examples/app-suite/issue-opened';
import { Hono } from 'hono';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openHub } from '../src/open-hub.ts';

describe('a middleware that reads the body before the hub', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is answered and logged with what to do', async () => {
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const key = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64');
    const options = { key, publicUrl: 'https://app.example.com', githubToken: 'ghp_test', webhookSecret, onIssue: () => undefined };
    const { hub, webhookUrl } = await openHub(options);
    const app = new Hono();
    app.use(async (context, next) => {
      await context.req.json();
      await next();
    });
    app.all('/hub/*', (context) => hub.handler(context.req.raw));
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
    await once(server, 'listening');
    const address = server.address();
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;

    const answer = await fetch(origin + new URL(webhookUrl).pathname, { method: 'POST', ...issueOpened(7) });

    server.close();
    await hub.stop();
    expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('was read before it reached the hub')]);
    expect(log.mock.calls.map(([line]) => String(line))).toEqual([expect.stringContaining('"code":"body_consumed"')]);
  });
});
