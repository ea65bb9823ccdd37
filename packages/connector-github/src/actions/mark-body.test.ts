import type { IdempotencyKey } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { isMarked, markBody } from './mark-body.ts';

const key = (value: string): IdempotencyKey => ({ value, child: () => key(value) });
const ours = key('A'.repeat(32));

describe('markBody', () => {
  it('puts the marker before everything', () => {
    expect(markBody(ours, 'Text')).toBe(`<!-- patchbay:${'A'.repeat(32)} -->\n\nText`);
  });

  it('is the marker alone where there is no text', () => {
    expect(markBody(ours)).toBe(`<!-- patchbay:${'A'.repeat(32)} -->`);
  });

  it.each(['```\nopen code', '<!-- open comment', '<details>', '-->', '\u0000'])('is found again before %j', (body) => {
    expect(isMarked(ours, markBody(ours, body))).toBe(true);
  });

  it('is found after an editor has changed the line ends', () => {
    expect(isMarked(ours, markBody(ours, 'a\nb').replaceAll('\n', '\r\n'))).toBe(true);
  });

  it('is not found in a body that holds it elsewhere, nor in one of another key, nor in none', () => {
    expect(isMarked(ours, `A quotation: ${markBody(ours, 'Text')}`)).toBe(false);
    expect(isMarked(ours, markBody(key('B'.repeat(32)), markBody(ours, 'Text')))).toBe(false);
    expect(isMarked(ours, null)).toBe(false);
  });
});
