import { expect, it } from 'vitest';
import { appKeys } from './app-keys.ts';
import { registryOf, sampleConnector } from './routing/__fixtures__/sample-tenant.ts';

const registry = registryOf(sampleConnector('desk'), sampleConnector('chat'));

it('makes a key of each secret, and none where an app has no secret', () => {
  const keys = appKeys({ desk: { webhookSecret: ['new-secret', 'old-secret'] }, chat: {} }, registry);
  expect(keys.get('desk')?.map((key) => key.export().toString())).toEqual(['new-secret', 'old-secret']);
  expect(keys.get('chat')).toEqual([]);
  expect(JSON.stringify([...keys])).not.toContain('secret');
});

it('refuses an empty secret and an app of a connector that is not there', () => {
  expect(() => appKeys({ desk: { webhookSecret: '' } }, registry)).toThrowError(expect.objectContaining({ code: 'invalid_argument' }));
  expect(() => appKeys({ desk: { webhookSecret: ['sound', ''] } }, registry)).toThrowError(
    expect.objectContaining({ code: 'invalid_argument' }),
  );
  expect(() => appKeys({ ghost: { webhookSecret: 'x' } }, registry)).toThrowError(expect.objectContaining({ code: 'unknown_connector' }));
});
