import { expect, it } from 'vitest';
import { sameSecret } from './same-secret.ts';

it('is true for the same secret alone, as text or as bytes, of any length', () => {
  expect(sameSecret('geheim \u00fc', 'geheim \u00fc')).toBe(true);
  expect(sameSecret('geheim \u00fc', Buffer.from('geheim \u00fc', 'utf8'))).toBe(true);
  for (const other of ['', 'geheim', 'geheim \u00fc ', 'Geheim \u00fc']) expect(sameSecret('geheim \u00fc', other)).toBe(false);
});
