import { randomBytes } from 'node:crypto';
import { github } from '@patchbay/connector-github';
import { createHub } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { httpKeys } from './http-keys.ts';
import { startKeyService } from './key-service.ts';

const token = randomBytes(16).toString('hex');
const service = await startKeyService({ token, keys: ['2025', '2026'] });
const storage = memoryStorage();
const open = (active: string) =>
  createHub({
    connectors: [github()],
    storage,
    keys: httpKeys({ origin: service.origin, token, active }),
    publicUrl: 'http://127.0.0.1/hub',
  });

const before = open('2025').tenant('acme');
await before.connections.put('code', { connector: 'github', credential: { type: 'bearer', token: 'a-token-of-acme' } });

// A new year, a new key: everything is wrapped and sealed anew, and the old key could go.
const after = open('2026').tenant('acme');
await after.vault.rotate();
const { rewrapped, keysRewrapped } = await after.vault.rewrap();
console.log(`${rewrapped} sealed anew, ${keysRewrapped} data keys wrapped anew:`, (await after.vault.keys()).versions);
console.log('the service was asked for', service.calls.join(' '));
await service.stop();
