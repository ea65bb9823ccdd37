import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StreamScrubber } from './scrub-stream.ts';
import { secretForms, secretTextForms } from './secret-forms.ts';
import { SecretPattern } from './secret-pattern.ts';

const token = 'tok-/+"é\\1234567890';
const forms = secretForms({ type: 'bearer', token });
const pattern = new SecretPattern(forms);
const numbered = (text: string): string =>
  Array.from(text, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

function through(text: string, sizes: readonly number[], patterns: readonly SecretPattern[] = [pattern]): string {
  const scrubber = new StreamScrubber(patterns);
  const bytes = Buffer.from(text);
  const out: Uint8Array[] = [];
  let at = 0;
  for (let index = 0; at < bytes.byteLength; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    out.push(scrubber.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return Buffer.concat([...out, scrubber.end()]).toString('utf8');
}

const writings = [
  token,
  JSON.stringify(token).slice(1, -1),
  JSON.stringify(token).slice(1, -1).replaceAll('/', '\\/'),
  encodeURIComponent(token),
  numbered(token),
  numbered(token).toUpperCase().replaceAll('\\U', '\\u'),
  `tok-${numbered('/+"')}é\\\\1234567890`,
  Buffer.from(token).toString('hex'),
  ...[0, 1, 2].map((before) => Buffer.from(`${'x'.repeat(before)}${token}yz`).toString('base64')),
];

describe('a body that comes in pieces', () => {
  it('holds no secret however it is cut, and is else what it was', () => {
    const clean = 'ordinary text, {"a":"\\u00e9\\n\\"b\\""}, tok-/+ and tok-';
    for (const writing of writings) {
      const text = `${clean}${writing}${clean}${writing}`;
      const whole = Buffer.from(pattern.scrub(Buffer.from(text))).toString('utf8');
      expect(whole).not.toContain(writing);
      expect([whole.startsWith(clean), whole.split(clean).length, whole.split('[withheld]').length]).toEqual([true, 3, 3]);
      for (const size of [1, 2, 5, 11, 64]) expect([writing, size, through(text, [size])]).toEqual([writing, size, whole]);
    }
  });

  it('is the same in any pieces, for any text around it', () => {
    const part = fc.oneof(
      fc.constantFrom(...writings, 'tok', '\\', '\\u', '\\u00', '\\\\', token.slice(0, 9)),
      fc.string({ unit: 'grapheme', maxLength: 9 }),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        (parts, sizes) => {
          const text = parts.join('');
          expect(through(text, sizes)).toBe(Buffer.from(pattern.scrub(Buffer.from(text))).toString('utf8'));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('goes on at once where nothing in it could begin a secret, uncopied', () => {
    const scrubber = new StreamScrubber([pattern]);
    const piece = Buffer.from('data: {"text":"hello"}\n\n');
    const passed = scrubber.push(piece);
    expect([passed.buffer, passed.byteOffset, passed.byteLength]).toEqual([piece.buffer, piece.byteOffset, piece.byteLength]);
    expect(Buffer.from(scrubber.push(Buffer.from('data: tok-'))).toString()).toBe('data: ');
    expect(Buffer.from(scrubber.push(Buffer.from('en\n'))).toString()).toBe('tok-en\n');
    expect(scrubber.end()).toHaveLength(0);
  });

  it('is looked through for the secrets of a signature as well', () => {
    const session = new SecretPattern(secretTextForms(['session-123456']));
    expect(through(`a ${token} b session-123456 c`, [3], [pattern, session])).toBe('a [withheld] b [withheld] c');
  });

  it('is bytes, also such as are no text', () => {
    const scrubber = new StreamScrubber([pattern]);
    const bytes = Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 7) % 256));
    const out = Array.from({ length: 64 }, (_, index) => scrubber.push(bytes.subarray(index * 64, index * 64 + 64)));
    expect(Buffer.concat([...out, scrubber.end()])).toEqual(bytes);
  });
});

it('a service that writes nothing but backslashes, or almost the secret, gets its answer through all the same', () => {
  const key = Array.from({ length: 1_000 }, (_, index) => String.fromCharCode(48 + ((index * index * 31 + index * 7) % 70))).join('');
  const hostile = ['\\', '\\u', '\\u00', `\\\\${key.slice(0, -1)}`, numbered(key.slice(0, -1)), key.slice(0, 20)];
  for (const text of hostile) {
    const scrubber = new StreamScrubber([new SecretPattern(secretTextForms([key]))]);
    const piece = Buffer.from(text.repeat(Math.ceil(4_096 / text.length)));
    const given = Array.from({ length: 8 }, () => scrubber.push(piece));
    expect(Buffer.concat([...given, scrubber.end()])).toEqual(Buffer.concat(Array.from({ length: 8 }, () => piece)));
    // At most the spelled length of the longest form is kept.
    expect(Buffer.concat(given).byteLength).toBeGreaterThanOrEqual(8 * piece.byteLength - 6 * 2 * 1_000);
  }
});
