import { expect, it } from 'vitest';
import { createResponseCache, type KeptAnswer } from './response-cache.ts';

const kept = (bytes: number): KeptAnswer => ({ answer: { status: 200, headers: {}, body: new Uint8Array(bytes) }, freshUntil: 0 });

it('keeps no more bytes than it may; what was used longest ago goes first', () => {
  const cache = createResponseCache(20_000);
  for (const name of 'abcdefgh') cache.keep(name, 'owner', kept(1_900));
  cache.find('a');
  cache.keep('i', 'owner', kept(1_900));
  expect([...'abcdefghi'].filter((name) => cache.find(name))).toEqual([...'acdefghi']);
});

it('keeps none that is larger than an eighth of the whole', () => {
  const cache = createResponseCache(8_000);
  cache.keep('a', 'owner', kept(1_000));
  expect(cache.find('a')).toBeUndefined();
  cache.keep('b', 'owner', kept(400));
  expect(cache.find('b')).toBeDefined();
  // One that has grown too large takes the one before it away.
  cache.keep('b', 'owner', kept(1_000));
  expect(cache.find('b')).toBeUndefined();
});

it('drops one, or all of an owner and no other', () => {
  const cache = createResponseCache(100_000);
  cache.keep('a', 'one', kept(1));
  cache.keep('b', 'one', kept(1));
  cache.keep('c', 'other', kept(1));
  cache.drop('a');
  cache.dropAll('one');
  expect(['a', 'b', 'c'].map((name) => cache.find(name) !== undefined)).toEqual([false, false, true]);
});

it('keeps nothing where it has no room', () => {
  const cache = createResponseCache(0);
  cache.keep('a', 'one', kept(1));
  cache.drop('a');
  cache.dropAll('one');
  expect(cache.find('a')).toBeUndefined();
});
