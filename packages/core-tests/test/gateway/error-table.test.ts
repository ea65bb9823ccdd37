import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classOfCode } from '../../../core/src/errors/error-class.ts';

const guide = readFileSync(new URL('../../../../docs/guides/gateway.md', import.meta.url), 'utf8');
const rows = [...guide.matchAll(/^\| `(\w+)` \| (.+) \| (yes|no) \|$/gm)].map(([, kind = '', codes = '', passes]) => ({
  kind,
  codes: [...codes.matchAll(/`([a-z_]+)`/g)].map(([, code = '']) => code),
  passes: passes === 'yes',
}));

describe('the table of errors in the guide', () => {
  it('says of each code that it names what the hub says', () => {
    const known = new Map<string, readonly [string, boolean]>(Object.entries(classOfCode));
    // `response_invalid` is named as the one that is not meant, `provider_error` once more with its status.
    const meant = rows.flatMap(({ kind, codes, passes }) =>
      codes
        .filter((code) => code !== 'response_invalid' && (kind !== 'timeout' || code === 'timeout'))
        .map((code) => ({ code, kind, passes })),
    );
    expect(meant.length).toBeGreaterThan(35);
    for (const { code, kind, passes } of meant) expect([code, ...(known.get(code) ?? [])]).toEqual([code, kind, passes]);
  });

  it('leaves out only what it calls every other code', () => {
    const named = new Set(rows.flatMap(({ codes }) => codes));
    for (const [code, [kind, passes]] of Object.entries(classOfCode)) {
      const isSpelled = kind === 'invalid' && /(^invalid_|_invalid$)/.test(code);
      if (!named.has(code) && !isSpelled) expect([code, kind, passes]).toEqual([code, 'unknown', false]);
    }
  });
});
