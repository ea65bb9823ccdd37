import { describe, expect, it } from 'vitest';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { createOpenedSecrets } from './opened-secrets.ts';

function setUp(maximum = 10) {
  const clock = createManualClock();
  const opened = createOpenedSecrets<string>({ clock, maximum });
  let count = 0;
  const get = (place: string, version = 'v1') =>
    opened.get(place, version, async () => {
      count += 1;
      return `${place}/${version}`;
    });
  return { clock, opened, get, count: () => count };
}

describe('createOpenedSecrets', () => {
  it('opens once in five minutes, however many ask at a time', async () => {
    const { clock, get, count } = setUp();
    await Promise.all(Array.from({ length: 100 }, () => get('a')));
    clock.advance(299_999);
    await get('a');
    expect(count()).toBe(1);
    clock.advance(1);
    await get('a');
    expect(count()).toBe(2);
  });

  it('gives no version for another, and forgets the one before', async () => {
    const { get, count } = setUp();
    expect(await get('a', 'v1')).toBe('a/v1');
    expect(await get('a', 'v2')).toBe('a/v2');
    expect(await get('a', 'v1')).toBe('a/v1');
    expect(count()).toBe(3);
  });

  it('forgets on demand', async () => {
    const { opened, get, count } = setUp();
    await get('a');
    opened.forget('a');
    await get('a');
    expect(count()).toBe(2);
  });

  it('holds no more than it may, and lets the oldest go', async () => {
    const { get, count } = setUp(2);
    for (const place of ['a', 'b', 'c']) await get(place);
    await get('c');
    await get('b');
    expect(count()).toBe(3);
    await get('a');
    expect(count()).toBe(4);
  });

  it('does not keep a failure', async () => {
    const { opened } = setUp();
    await expect(opened.get('a', 'v1', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await opened.get('a', 'v1', async () => 'here')).toBe('here');
  });

  it('does not let a failure of the version before take the new one away', async () => {
    const { opened } = setUp();
    const failing = Promise.withResolvers<string>();
    const old = opened.get('a', 'v1', () => failing.promise);
    await opened.get('a', 'v2', async () => 'new');
    failing.reject(new Error('away'));
    await expect(old).rejects.toThrow('away');
    expect(await opened.get('a', 'v2', async () => 'opened again')).toBe('new');
  });
});
