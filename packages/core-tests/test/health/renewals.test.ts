import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArchiveHub, type ArchiveStage, archiveStage, goodAnswer } from '../oauth/archive-stage.ts';

let stage: ArchiveStage;
let hub: ArchiveHub;

beforeEach(async () => {
  stage = await archiveStage();
  hub = stage.hub();
  await hub.complete(await hub.permit());
});
afterEach(() => stage.close());

const hour = 3_600_000;

/** Has the access token renewed, or tried to be: it is due and still good. */
async function useWhenDue(): Promise<void> {
  await hub.test.clock.advance(hour - 100_000);
  await hub.acme.actions.execute('archive.find', { connection: 'main', input: {} });
  await hub.test.settled({ withinMs: 0 });
}

describe('the renewals of an access token', () => {
  it('are told, and count for the health of the connection and the rate of OAuth', async () => {
    await useWhenDue();
    expect(hub.test.noticesOf('connection.token_renewed')).toMatchObject([{ tenant: 'acme', connectorId: 'archive' }]);
    stage.answer(() => ({ status: 503, json: {} }));
    await useWhenDue();
    expect(hub.test.noticesOf('connection.renewal_failed')).toMatchObject([{ code: 'provider_unavailable', isOver: false }]);
    const { parts, warning } = await hub.acme.connections.health('main');
    expect([parts.credential, warning]).toEqual([0.5, null]);
    await hub.test.clock.advance(31_000);
    await hub.acme.actions.execute('archive.find', { connection: 'main', input: {} });
    await hub.test.settled({ withinMs: 0 });
    expect((await hub.acme.connections.health('main')).warning).toEqual({ reason: 'renewal_failing', at: null });
    expect(hub.test.noticesOf('connection.health_warning')).toMatchObject([{ reason: 'renewal_failing', expectedAt: null }]);
    stage.answer(() => goodAnswer);
    await hub.test.clock.advance(31_000);
    await hub.acme.actions.execute('archive.find', { connection: 'main', input: {} });
    await hub.test.settled({ withinMs: 0 });
    expect(await hub.acme.connections.health('main')).toMatchObject({ parts: { credential: 1 }, warning: null });
    expect(hub.test.noticesOf('connection.health_warning').map(({ reason }) => reason)).toEqual(['renewal_failing', null]);
    const { counts, rates } = await hub.acme.connections.healthSummary();
    expect(counts).toMatchObject({ connectsSucceeded: 1, connectsFailed: 0, renewalsSucceeded: 2, renewalsFailed: 2 });
    expect(rates.oauthSuccess).toBe(0.6);
    expect(JSON.stringify(hub.test.notices)).not.toMatch(/access-|refresh-/);
  });

  it('that are refused for good are told as over', async () => {
    stage.answer(() => ({ status: 400, json: { error: 'invalid_grant' } }));
    await useWhenDue();
    expect(hub.test.noticesOf('connection.renewal_failed')).toMatchObject([{ code: 'authentication_failed', isOver: true }]);
    expect(await hub.acme.connections.health('main')).toMatchObject({ status: 'token_invalid', score: 0 });
  });
});

describe('connecting an account', () => {
  it('counts as failed where the flow came to nothing', async () => {
    await expect(hub.acme.oauth.completeConnect({ flowId: 'made-up', hostUser: 'user-1' })).rejects.toMatchObject({
      code: 'connect_failed',
    });
    expect((await hub.acme.connections.healthSummary()).counts).toMatchObject({ connectsSucceeded: 1, connectsFailed: 1 });
  });
});

describe('asking to connect an account of OAuth again', () => {
  it('gives the person the way there, under the name that the connection has, and is over when they have come back', async () => {
    const asked = await hub.acme.connections.askToReconnect('main', {
      message: 'The permission ends soon.',
      connect: { hostUser: 'user-1', returnTo: '/settings' },
    });
    expect(asked.connection.reconnectAsked?.message).toBe('The permission ends soon.');
    expect(new URL(asked.connect?.url ?? '').origin).toBe(stage.provider.origin);
    expect(await hub.acme.connections.get('main')).toMatchObject({ status: 'active' });
    const { id } = asked.connection;
    await hub.complete(await hub.permit());
    expect(await hub.acme.connections.get('main')).toMatchObject({ id, reconnectAsked: null });
  });
});
