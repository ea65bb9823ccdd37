import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { type ParseSubject, parseNow, parseWith } from './parse-with.ts';
import type { Schema, SchemaIssue, SchemaResult } from './schema.ts';

const subject: ParseSubject = { code: 'invalid_input', what: 'The input of jira.create_issue', advice: 'Correct the input.' };

/** A schema written by hand that answers what it is told. */
const answering = (answer: (value: unknown) => SchemaResult<unknown> | Promise<SchemaResult<unknown>>): Schema => ({
  '~standard': { version: 1, vendor: 'by-hand', validate: answer },
});
const refusing = (...issues: readonly SchemaIssue[]): Schema => answering(() => ({ issues }));

function faultOf(schema: Schema, value: unknown): PatchbayError {
  try {
    parseNow(schema, value, subject);
  } catch (error) {
    if (error instanceof PatchbayError) return error;
    throw error;
  }
  throw new Error('The value was accepted.');
}

describe('parseWith', () => {
  it('gives what the schema makes of a value', async () => {
    expect(await parseWith(z.object({ count: z.number().default(2) }), {}, subject)).toEqual({ count: 2 });
  });

  it('waits for a schema that answers later', async () => {
    expect(
      await parseWith(
        answering(async (value) => ({ value })),
        'late',
        subject,
      ),
    ).toBe('late');
    await expect(
      parseWith(
        answering(async () => ({ issues: [{ message: 'no' }] })),
        1,
        subject,
      ),
    ).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('names the faulty paths, what is wrong there and what to do', async () => {
    const schema = z.strictObject({ project: z.string(), fields: z.array(z.object({ id: z.number() })) });
    const parsing = parseWith(schema, { fields: [{ id: 1 }, { id: 'two' }] }, subject);
    await expect(parsing).rejects.toThrow(
      'The input of jira.create_issue is not valid: project: is missing; fields.1.id: must be a number. Correct the input.',
    );
  });
});

describe('parseNow', () => {
  it('refuses a schema that answers by promise, and leaves no rejection behind', async () => {
    const unhandled = vi.fn();
    process.once('unhandledRejection', unhandled);
    const late = answering(() => Promise.reject(new Error('too late')));
    expect(() => parseNow(late, 1, subject)).toThrow(expect.objectContaining({ code: 'unsupported' }));
    await new Promise((resolve) => setImmediate(resolve));
    process.removeListener('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe('the message of a refused value', () => {
  it('shows five faults and counts the others', () => {
    const error = faultOf(
      z.array(z.number()),
      Array.from({ length: 200 }, () => 'x'),
    );
    expect(error.message.match(/must be a number/g)).toHaveLength(5);
    expect(error.message).toContain(' and 195 more.');
    expect(error.details['issues']).toHaveLength(50);
  });

  it('calls the top (root), and reads paths made of keys or of objects with keys', () => {
    const issues = [{ message: 'bad' }, { message: 'worse', path: ['a', { key: 0 }, Symbol('b')] }];
    expect(faultOf(refusing(...issues), { a: [1] }).details['issues']).toEqual(['(root): bad', 'a.0.Symbol(b): worse']);
  });

  it.each([
    ['hunter2hunter2', 'must be a number (was "hunter2hunter2")'],
    ['hunter2hunter2', 'hunter2h... is too long'],
    ['q7', 'must not be "q7"'],
    [73_114_009, 'got 73114009'],
  ])('leaves out what a schema says where it repeats the value %j', (value, message) => {
    const error = faultOf(refusing({ message, path: ['token'] }), { token: value });
    expect(error.details['issues']).toEqual(['token: is not accepted']);
    expect(JSON.stringify(error)).not.toContain(String(value).slice(0, 8));
  });

  it('leaves it out as well where the value stands deeper than the fault', () => {
    expect(faultOf(refusing({ message: 'bad: {"a":["s3cr3t-value"]}' }), { a: ['s3cr3t-value'] }).message).not.toContain('s3cr3t');
  });

  it('leaves it out where the value is too large to compare', () => {
    const large = Array.from({ length: 2000 }, (_, index) => index);
    expect(faultOf(refusing({ message: 'something' }), large).details['issues']).toEqual(['(root): is not accepted']);
  });

  it('keeps what a schema says about a path that the value does not have', () => {
    expect(faultOf(refusing({ message: 'is missing', path: ['a', 'b', 'c'] }), { a: null }).details['issues']).toEqual([
      'a.b.c: is missing',
    ]);
  });

  it('is short however long a key is', () => {
    const error = faultOf(refusing({ message: 'm'.repeat(9000), path: ['k'.repeat(9000)] }), {});
    expect(String(error.details['issues']).length).toBe(200);
  });

  it('never holds a long enough text of the value, whatever the schema says of it', () => {
    const secret = fc
      .string({ unit: 'grapheme-ascii', minLength: 8 })
      .filter((text) => !'must not be token: is not accepted'.includes(text.slice(0, 8)));
    fc.assert(
      fc.property(secret, (text) => {
        const schema = answering((value) => ({ issues: [{ message: `must not be ${String(value)}` }] }));
        expect(faultOf(schema, text).details['issues']).toEqual(['(root): is not accepted']);
      }),
    );
  });
});
