import { signatures } from '@patchbay/core';
import { signWebhook } from '@patchbay/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bellConnector } from '../webhooks/bell-connector.ts';
import { bellStage, eventsOf, ring } from '../webhooks/bell-stage.ts';
import { chimeService } from './chime-service.ts';

const appSecret = 'the-secret-of-the-app-at-the-service';
const appScheme = signatures.bearerJwt({ expiry: 'optional' });

async function setUp(options: { readonly appSecrets?: string } = { appSecrets: appSecret }) {
  const stage = bellStage();
  onTestFinished(() => stage.close());
  const service = chimeService();
  const subscriptions = { ...service.subscriptions, signedBy: 'app' as const };
  const process = stage.process({ connector: bellConnector({ webhook: { appScheme, subscriptions } }), ...options });
  const tenant = process.hub.tenant('acme');
  await tenant.connections.put('main', { connector: 'bell', credential: { type: 'none' } });
  const byToken = (secret: string) => {
    const body = JSON.stringify({ tone: 'c' });
    return { body, headers: { 'x-bell-delivery': 'd-1', ...signWebhook(appScheme, { secret, body }) } };
  };
  return { service, process, tenant, byToken };
}

describe('a registration whose deliveries the app of the host signs', () => {
  it('takes in what the app has signed, and nothing that the secret of another has', async () => {
    const { process, tenant, byToken } = await setUp();
    const { url } = await tenant.webhooks.register({ connection: 'main', trigger: 'rung' });
    expect((await process.send(url, byToken('another-secret-of-some-app'))).status).toBe(401);
    expect((await process.send(url, byToken(appSecret))).status).toBe(202);
    expect(await eventsOf(process)).toHaveLength(1);
  });

  it('takes nothing in by the app where a person has set it up, with a secret of its own', async () => {
    const { process, tenant, byToken } = await setUp();
    const { url } = await tenant.webhooks.register({ connection: 'main', trigger: 'rung', secret: 'by-the-hand-of-ada' });
    expect((await process.send(url, byToken(appSecret))).status).toBe(401);
    expect((await process.send(url, ring({ secret: appSecret }))).status).toBe(401);
    expect((await process.send(url, ring({ secret: 'by-the-hand-of-ada' }))).status).toBe(202);
  });

  it('is not registered where the hub does not know the secret of the app', async () => {
    const { service, tenant } = await setUp({});
    await expect(tenant.webhooks.register({ connection: 'main' })).rejects.toMatchObject({
      code: 'credential_missing',
      message: expect.stringContaining('apps.bell.webhookSecret'),
    });
    expect(service.calls).toEqual([]);
  });
});
