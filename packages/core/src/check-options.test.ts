import { describe, expect, it } from 'vitest';
import { createHub } from './hub.ts';
import type { HubOptions } from './hub-options.ts';
import { localKeys } from './vault/local-keys.ts';

const method = () => undefined;
const secret = Buffer.alloc(32, 1).fill(7, 16).toString('base64');
const keys = localKeys({ active: 'k1', keys: { k1: secret } });
// What a storage is recognised by; nothing of it is called before the hub is ready.
const storage = { ready: method, now: method, ingest: method, close: method, queue: { wake: method, onWake: method } };
const sound = { connectors: [], storage, keys, publicUrl: 'https://app.example.com/hub' };
/** Hands in what the types forbid, as a host in JavaScript may. */
const make = (options: unknown) => () => createHub(options as HubOptions<[], Record<never, never>>);

describe('createHub', () => {
  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'createHub was given no options. Pass { connectors, storage, keys, publicUrl }.'],
    ['null', null, 'createHub was given no options.'],
    ['a list', [sound], 'createHub was given no options.'],
    ['no connectors', { ...sound, connectors: undefined }, 'The option connectors is missing. Pass a list such as [github(), slack()].'],
    ['one connector', { ...sound, connectors: {} }, 'The option connectors is not a list.'],
    ['no storage', { ...sound, storage: undefined }, 'The option storage is missing. Pass memoryStorage() or'],
    [
      'a storage that was not called',
      { ...sound, storage: () => storage },
      'The option storage is a function: call it. Pass memoryStorage()',
    ],
    ['a storage that was not awaited', { ...sound, storage: Promise.resolve(storage) }, 'The option storage is a promise: await it.'],
    ['a pool for a storage', { ...sound, storage: { query: method, now: method } }, 'storage has no method ready, ingest, close. Pass'],
    ['no keys', { ...sound, keys: null }, 'The option keys is missing. Pass localKeys({ active:'],
    ['a key as text', { ...sound, keys: secret }, 'The option keys is not an object. Pass localKeys({ active:'],
    ['keys by id', { ...sound, keys: { k1: secret } }, 'The option keys has no method wrap, unwrap. Pass localKeys('],
    ['no public address', { ...sound, publicUrl: undefined }, 'The option publicUrl is missing. Pass the address'],
    ['a list for the events', { ...sound, events: [] }, 'The option events is not an object.'],
    ['text for the apps', { ...sound, apps: 'slack' }, 'The option apps is not an object.'],
    ['a queue that is none', { ...sound, queue: { wake: method } }, 'The option queue has no method onWake.'],
    ['a function for the logger', { ...sound, logger: method }, 'The option logger is a function: call it.'],
    [
      'a logger without a level',
      { ...sound, logger: { info: method, warn: method, error: method } },
      'The option logger has no method debug.',
    ],
    ['a number for the worker', { ...sound, worker: 4 }, 'The option worker is not an object. Pass figures such as'],
    ['a switch for the retries', { ...sound, retry: false }, 'The option retry is not an object. Pass figures such as'],
    ['text for the switch of tests', { ...sound, loopbackOnly: 'true' }, 'loopbackOnly is not a boolean.'],
    ['text for a switch', { ...sound, dangerouslyAllowPrivateNetworks: 'false' }, 'dangerouslyAllowPrivateNetworks is not a boolean.'],
    ['a time for the clock', { ...sound, clock: { now: method } }, 'The option clock has no method monotonic, setTimer, nextTurn.'],
    ['a number for the chance', { ...sound, random: 0.5 }, 'The option random is not a function.'],
    ['an id for the ids', { ...sound, generateId: 'a' }, 'The option generateId is not a function.'],
    [
      'a misspelt option',
      { ...sound, publicURL: 'https://a.example' },
      'There is no option publicURL. The options: connectors, storage, keys, publicUrl,',
    ],
    ['an option of another place', { ...sound, concurrency: 4 }, 'There is no option concurrency.'],
  ])('refuses %s with what to pass, and repeats no value', (_what, options, message) => {
    expect(make(options)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(message) }));
    expect(make(options)).not.toThrow(secret);
  });

  it('takes what is left out as undefined or null, and a logger that can also be called', () => {
    const levels = { debug: method, info: method, warn: method, error: method };
    expect(make({ ...sound, clock: undefined, worker: null, logger: Object.assign(() => undefined, levels) })).not.toThrow();
  });
});
