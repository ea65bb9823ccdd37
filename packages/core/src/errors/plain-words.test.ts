import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { issueTexts } from '../connector/issue-texts.ts';
import { plainWords } from './plain-words.ts';

/** What is said of a member `a`. */
function saidOf(schema: z.ZodType, value: object): string[] {
  return issueTexts(z.strictObject({ a: schema }).safeParse(value).error?.issues ?? [], { value, limit: 5 });
}

describe('a fault that zod tells', () => {
  it('names the kinds that there are', () => {
    const kinds = z.discriminatedUnion('type', [z.object({ type: z.literal('text') }), z.object({ type: z.literal('number') })]);
    expect(saidOf(kinds, { a: { type: 'txt' } })).toEqual(['a.type: must be "text" or "number"']);
  });

  it.each<[string, z.ZodType, object, string]>([
    ['nothing where text is needed', z.string(), {}, 'is missing'],
    ['nothing where one of some words is needed', z.enum(['hold', 'retry']), {}, 'is missing'],
    ['nothing where one word is needed', z.literal(true), {}, 'is missing'],
    ['undefined itself', z.number(), { a: undefined }, 'is missing'],
    ['a number for text', z.string(), { a: 7 }, 'must be text'],
    ['text for a number', z.number(), { a: 'b' }, 'must be a number'],
    ['a broken number', z.int(), { a: 1.5 }, 'must be a whole number'],
    ['an object for a list', z.array(z.string()), { a: {} }, 'must be a list'],
    ['a list for an object', z.object({}), { a: [] }, 'must be an object'],
    ['a list for a record', z.record(z.string(), z.string()), { a: [] }, 'must be an object'],
    ['text for a switch', z.boolean(), { a: 'yes' }, 'must be true or false'],
    ['text for a map', z.map(z.string(), z.string()), { a: 'b' }, 'must be map'],
    ['another word', z.literal('bug'), { a: 'idea' }, 'must be "bug"'],
    ['none of the words', z.enum(['hold', 'retry', 'fail']), { a: 'wait' }, 'must be "hold" or "retry" or "fail"'],
    ['an empty list', z.array(z.string()).min(1), { a: [] }, 'must have at least 1 item'],
    ['a list that is too long', z.array(z.string()).max(2), { a: ['b', 'c', 'd'] }, 'must have at most 2 items'],
    ['a short text', z.string().min(3), { a: 'b' }, 'must have at least 3 characters'],
    ['a text of another length', z.string().length(3), { a: 'b' }, 'must have exactly 3 characters'],
    ['a small number', z.number().min(5), { a: 1 }, 'must be at least 5'],
    ['a number at the limit', z.number().gt(5), { a: 5 }, 'must be more than 5'],
    ['a large number', z.number().lt(-1.5), { a: 1 }, 'must be less than -1.5'],
  ])('is plain for %s', (_what, schema, value, words) => {
    expect(saidOf(schema, value)).toEqual([`a: ${words}`]);
  });

  it.each([
    'Invalid input',
    'Pass a or b, received undefined',
    'Too small to be seen',
    'Too big: expected less',
    'must be {connector}.{action}',
  ])('is left as it is where it is not one of these: %s', (message) => {
    expect(plainWords(message)).toBe(message);
    expect(plainWords(message, true)).toBe(message);
  });
});
