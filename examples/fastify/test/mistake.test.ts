import { issueOpened, webhookSecret } from '@patchbay-examples/app-suite/issue-opened';
import fastify from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openHub } from '../src/open-hub.ts';

describe("the hub in Fastify's own scope, whose parser has read the body", () => {
  afterEach(() => vi.restoreAllMocks());

  it('is answered and logged with what to do', async () => {
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const key = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64');
    const options = { key, publicUrl: 'https://app.example.com', githubToken: 'ghp_test', webhookSecret, onIssue: () => undefined };
    const { hub, webhookUrl } = await openHub(options);
    const app = fastify();
    app.all('/hub/*', (request, reply) => {
      reply.hijack();
      hub.nodeHandler(request.raw, reply.raw);
    });
    const origin = await app.listen({ port: 0, host: '127.0.0.1' });

    const answer = await fetch(origin + new URL(webhookUrl).pathname, { method: 'POST', ...issueOpened(7) });

    await app.close();
    await hub.stop();
    expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('content type parser leaves the body unread')]);
    expect(log.mock.calls.map(([line]) => String(line))).toEqual([expect.stringContaining('"code":"body_consumed"')]);
  });
});
