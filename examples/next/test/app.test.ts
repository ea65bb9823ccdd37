import { randomBytes } from 'node:crypto';
import type { SignedDelivery } from '@patchbay/testing';
import { issueOpened, webhookSecret } from '@patchbay-examples/app-suite/issue-opened';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runtime as runtimeOfWork } from '../app/api/work/route.ts';
import { runtime } from '../app/hub/[...path]/route.ts';
import { register } from '../instrumentation.ts';
import { type App, startApp } from '../src/app.ts';
import { connectGithub } from '../src/connect-github.ts';
import { hub } from '../src/hub.ts';

describe('the hub in route handlers of Next', () => {
  let app: App;
  let url: URL;

  const deliver = ({ headers, body }: SignedDelivery) => fetch(app.origin + url.pathname, { method: 'POST', headers, body });
  const work = (secret: string) => fetch(`${app.origin}/api/work`, { headers: { authorization: `Bearer ${secret}` } });

  beforeEach(async () => {
    vi.stubEnv('PATCHBAY_KEY', randomBytes(32).toString('base64'));
    vi.stubEnv('GITHUB_WEBHOOK_SECRET', webhookSecret);
    vi.stubEnv('CRON_SECRET', 'known-to-both');
    vi.spyOn(console, 'log').mockReturnValue(undefined);
    app = await startApp({ port: 0 });
    url = new URL((await connectGithub('acme')).url);
  });
  afterEach(async () => {
    await app.stop();
    await hub().stop();
    globalThis.patchbayHub = undefined;
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it('takes a signed delivery in, once however often it comes, and works it off when it is asked to', async () => {
    const delivery = issueOpened(7);
    expect((await deliver(delivery)).status).toBe(202);
    expect((await deliver(delivery)).status).toBe(202);
    expect(console.log).not.toHaveBeenCalled();
    expect(await (await work('known-to-both')).json()).toMatchObject({ executed: 1 });
    expect(console.log).toHaveBeenCalledExactlyOnceWith('An issue was opened: octocat/hello#7');
  });

  it('works it off by itself where Next has started a worker', async () => {
    await register();
    const called = new Promise((resolve) => hub().on('subscriber.called', resolve));
    await deliver(issueOpened(7));
    expect(await called).toMatchObject({ subscriber: 'issue-log', result: 'succeeded' });
  });

  it('refuses a delivery that was tampered with', async () => {
    const delivery = issueOpened(7);
    const answer = await deliver({ ...delivery, body: delivery.body.replace('slow', 'fast') });
    expect([answer.status, await answer.text()]).toEqual([401, 'refused']);
    expect(await (await work('known-to-both')).json()).toMatchObject({ executed: 0 });
  });

  it('works for the scheduler alone', async () => {
    expect((await work('a-guess')).status).toBe(401);
    vi.stubEnv('CRON_SECRET', '');
    expect((await work('')).status).toBe(401);
  });

  it('says that it needs the Node runtime', () => expect([runtime, runtimeOfWork]).toEqual(['nodejs', 'nodejs']));
});
