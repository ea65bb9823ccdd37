import { defineConnector, signatures, type WebhookDeclaration } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bellConnector } from './bell-connector.ts';
import { type BellStage, bellStage, eventsOf, ring, secret, settle } from './bell-stage.ts';

const reason = 'The bell signs nothing; its URLs are kept secret.';

let stage: BellStage;
beforeEach(() => {
  stage = bellStage();
});
afterEach(() => stage.close());

/** A connector whose webhook has no scheme, and what else is given. */
function unsignedBell(more: Partial<WebhookDeclaration>) {
  const { definition } = bellConnector();
  const { scheme: _none, ...webhook } = definition.webhook ?? { deliveryId: 'x', toEvents: () => [] };
  return defineConnector({ ...definition, webhook: { ...webhook, ...more } });
}

describe('a connector without a scheme', () => {
  it.each([
    ['says nothing of it', {}],
    ['gives no reason', { dangerouslyUnverified: '' }],
    ['gives hardly a reason', { dangerouslyUnverified: '         ok' }],
    ['gives none that is text', { dangerouslyUnverified: true as never }],
    ['would take them at the URL of an app', { dangerouslyUnverified: reason, accountOf: () => 'a' }],
    ['has a scheme for the app alone', { appScheme: signatures.bearerJwt() }],
    ['has a scheme as well', { dangerouslyUnverified: reason, scheme: signatures.bearerJwt() }],
  ])('does not load where it %s', (_what, more) => {
    expect(() => unsignedBell(more)).toThrow(expect.objectContaining({ code: 'connector_invalid' }));
  });

  it('lets in what nobody has signed where it says why, and marks it for conditions, in the history and in the notice', async () => {
    const process = stage.process({ connector: unsignedBell({ dangerouslyUnverified: reason }) });
    const handle = process.hub.tenant('acme');
    await handle.connections.put('main', { connector: 'bell', credential: { type: 'none' } });
    const { id, url } = await handle.webhooks.register({ connection: 'main', trigger: 'rung' });
    expect(await handle.webhooks.register({ connection: 'main', trigger: 'rung' })).toMatchObject({ id });
    await expect(handle.webhooks.register({ connection: 'main', trigger: 'rung', secret })).rejects.toMatchObject({ code: 'unsupported' });
    const answer = await process.send(url, { headers: { 'x-bell-delivery': 'd1' }, body: '{"tone":"c"}' });
    expect(answer.status).toBe(202);
    const [event] = await eventsOf(process);
    expect(event).toMatchObject({ type: 'bell.rung', unverified: true });
    expect(await handle.events.get(event?.id ?? '')).toMatchObject({ receipt: { registration: `unverified:${id}`, deliveryId: 'd1' } });
    expect(process.received).toMatchObject([{ registrationId: id, verified: false }]);
    expect((await process.send(`${url.slice(0, -4)}0000`, { headers: {}, body: '{}' })).status).toBe(401);
    await handle.webhooks.unregister(id);
    expect((await process.send(url, { headers: { 'x-bell-delivery': 'd2' }, body: '{"tone":"c"}' })).status).toBe(401);
  });

  it('marks nothing of what was signed', async () => {
    const process = stage.process();
    const { registration } = await settle(process);
    await process.send(registration.url, ring());
    const [event] = await eventsOf(process);
    expect(event).not.toHaveProperty('unverified');
    expect(process.received).toMatchObject([{ verified: true }]);
  });
});
