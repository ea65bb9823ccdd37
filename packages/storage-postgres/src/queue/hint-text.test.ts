import { describe, expect, it } from 'vitest';
import { hintText, joinHints, parseHint } from './hint-text.ts';

const key = { tenant: 'acme', root: '0198a000-0000-7000-8000-000000000001', target: 'call', replay: 0, path: 'x'.repeat(500) };

describe('two hints', () => {
  it('are joined to one that leaves out neither', () => {
    expect(joinHints({ handlers: ['a'], inMs: 500 }, { handlers: ['b', 'a'], inMs: 200 })).toEqual({ handlers: ['a', 'b'], inMs: 200 });
    expect(joinHints({ handlers: ['a'], inMs: 500 }, { inMs: 200 })).toEqual({ inMs: 200 });
    expect(joinHints({ handlers: ['a'], inMs: 500 }, { handlers: ['a'] })).toEqual({ handlers: ['a'] });
    expect(joinHints({ handlers: ['a'], keys: [key] }, {})).toEqual({});
  });
});

describe('a hint as text', () => {
  it('comes back as it was', () => {
    const hint = { handlers: ['action:jira@1'], keys: [key], inMs: 20 };
    expect(parseHint(hintText('me', hint))).toEqual({ origin: 'me', hint });
    expect(parseHint(hintText('me', {}))).toEqual({ origin: 'me', hint: {} });
  });

  it('says less where it would be longer than the server takes', () => {
    const keys = Array.from({ length: 20 }, () => key);
    expect(parseHint(hintText('me', { handlers: ['a'], keys })).hint).toEqual({ handlers: ['a'] });
    const handlers = Array.from({ length: 2_000 }, (_, index) => `subscriber:${index}`);
    expect(parseHint(hintText('me', { handlers, keys })).hint).toEqual({});
  });

  it.each(['', '{', 'null', '[]', '["me", 7]', '["me", {"handlers": [7], "keys": [{}], "inMs": "soon"}]'])(
    'that is not understood wakes whoever listens: %s',
    (text) => expect(parseHint(text).hint).toEqual({}),
  );
});
