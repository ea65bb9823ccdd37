import { once } from 'node:events';
import { issueOpened, webhookSecret } from '@patchbay-examples/app-suite/issue-opened';
import express from 'express';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openHub } from '../src/open-hub.ts';

describe('a body parser before the hub', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is answered and logged with what to do', async () => {
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const key = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64');
    const options = { key, publicUrl: 'https://app.example.com', githubToken: 'ghp_test', webhookSecret, onIssue: () => undefined };
    const { hub, webhookUrl } = await openHub(options);
    const app = express();
    app.use(express.json());
    app.use('/hub', hub.nodeHandler);
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;

    const answer = await fetch(origin + new URL(webhookUrl).pathname, { method: 'POST', ...issueOpened(7) });

    server.close();
    await hub.stop();
    expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('before express.json')]);
    expect(log.mock.calls.map(([line]) => String(line))).toEqual([expect.stringContaining('"code":"body_consumed"')]);
  });
});
