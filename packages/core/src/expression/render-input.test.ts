import { describe, expect, it } from 'vitest';
import { compileTemplate } from './compile-template.ts';
import { renderInput } from './render-input.ts';

const mebibyte = 1_048_576;
const rendered = (text: string): string => renderInput(compileTemplate('{{ event }}'), { event: text });

describe('the text of an input', () => {
  it('is JSON', () => {
    expect(renderInput(compileTemplate({ a: ['{{ event.b }}', 1] }), { event: { b: 'c' } })).toBe('{"a":["c",1]}');
  });

  it.each([
    ['ASCII', 'x', 1],
    ['two bytes a character', 'é', 2],
    ['three bytes a character', '雪', 3],
    ['characters that JSON writes as six', '\u0001', 6],
  ])('is 1 MiB at most: %s', (_what, character, size) => {
    const most = Math.floor((mebibyte - 2) / size);
    expect(Buffer.byteLength(rendered(character.repeat(most)))).toBeLessThanOrEqual(mebibyte);
    expect(() => rendered(character.repeat(most + 1))).toThrow(
      expect.objectContaining({ code: 'fuel_exhausted', message: expect.stringContaining('longer than 1 MiB. Send less') }),
    );
  });

  it('is 1 MiB at most where no expression is in it', () => {
    expect(() => renderInput(compileTemplate('x'.repeat(mebibyte)), {})).toThrow(expect.objectContaining({ code: 'fuel_exhausted' }));
  });

  it('is counted, and so is what was too long', () => {
    const use = { steps: 0, bytes: 0 };
    renderInput(compileTemplate('four'), {}, use);
    expect(use).toEqual({ steps: 0, bytes: 12 });
    expect(() => renderInput(compileTemplate('x'.repeat(mebibyte)), {}, use)).toThrow();
    expect(use.bytes).toBeGreaterThan(2 * mebibyte);
  });
});
