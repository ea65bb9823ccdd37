import { expect, it } from 'vitest';
import { appKeys } from './app-keys.ts';
import { defineConnector } from './connector/define-connector.ts';
import { hmacSha256, signatures } from './connector/signature-scheme.ts';
import type { WebhookDeclaration } from './connector/webhook-declaration.ts';
import { registryOf, sampleConnector } from './routing/__fixtures__/sample-tenant.ts';

const receiving = (id: string, webhook: Partial<WebhookDeclaration>) =>
  defineConnector({
    ...sampleConnector(id).definition,
    webhook: { scheme: hmacSha256({ header: 'x-signature' }), deliveryId: 'x-id', toEvents: () => [], ...webhook },
  });
const registry = registryOf(receiving('desk', {}), sampleConnector('chat'), receiving('teams', { appScheme: signatures.known.teams }));

it('makes a key of each secret, and none where an app has no secret', () => {
  const keys = appKeys({ desk: { webhookSecret: ['new-secret', 'old-secret'] }, chat: {} }, registry);
  expect(appKeys({ chat: { webhookSecret: [] } }, registry).get('chat')).toEqual([]);
  expect(keys.get('desk')?.map(({ key }) => key.export().toString())).toEqual(['new-secret', 'old-secret']);
  expect(keys.get('chat')).toEqual([]);
  expect(JSON.stringify([...keys])).not.toContain('secret');
});

it('takes five secrets at once, of 8 to 1024 characters', () => {
  const secrets = ['12345678', 'x'.repeat(1_024), 'third-secret', 'fourth-secret', 'fifth-secret'];
  expect(appKeys({ desk: { webhookSecret: secrets } }, registry).get('desk')).toHaveLength(5);
});

it.each<[string, unknown, string]>([
  ['an empty one', '', 'is empty'],
  ['a short one', 'sesame7', 'is not text of 8 to 1024 characters'],
  ['a long one', 'sesame7'.repeat(147), 'is not text of 8 to 1024 characters'],
  ['half a character', 'sesame7-\ud800', 'is not text of 8 to 1024 characters'],
  ['none at all', null, 'is not text of 8 to 1024 characters'],
  ['a number', 12_345_678, 'is not text of 8 to 1024 characters'],
  ['a short one among others', ['sound-secret', 'sesame7'], 'has a secret (number 2) that is not text of 8 to 1024 characters'],
  ['an empty one among others', ['sound-secret', ''], 'has a secret (number 2) that is empty'],
  ['six', Array.from({ length: 6 }, (_, index) => `sesame7-${index}`), 'has 6 secrets, and at most 5 hold at once'],
])('refuses %s, says which and what, and repeats no secret', (_what, webhookSecret, fault) => {
  // What plain JavaScript gets past the types.
  const apps = { desk: { webhookSecret: webhookSecret as string } };
  expect(() => appKeys(apps, registry)).toThrowError(
    expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(`apps.desk.webhookSecret ${fault}. Take the`) }),
  );
  expect(() => appKeys(apps, registry)).toThrowError(
    expect.not.objectContaining({ message: expect.stringMatching(/sesame7|sound-secret|12345678/) }),
  );
});

it('refuses an app of a connector that is not there', () => {
  expect(() => appKeys({ ghost: { webhookSecret: 'x' } }, registry)).toThrowError(expect.objectContaining({ code: 'unknown_connector' }));
});

it('reads a secret as the scheme of the URL of the app writes it, makes no key where nothing is received, and refuses what is none', () => {
  const bytes = Buffer.alloc(24, 7);
  const keys = appKeys({ teams: { webhookSecret: bytes.toString('base64') }, chat: { webhookSecret: 'a secret of nothing' } }, registry);
  expect(keys.get('teams')?.map(({ key }) => key.export())).toEqual([bytes]);
  expect(keys.get('chat')).toEqual([]);
  expect(() => appKeys({ teams: { webhookSecret: 'sesame7, which is no base64' } }, registry)).toThrowError(
    expect.objectContaining({
      code: 'invalid_argument',
      message: expect.stringMatching(/^apps\.teams\.webhookSecret is no secret of this service\. (?!.*sesame7)/),
    }),
  );
});
