import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ErrorPlace, fingerprintOf, readGroup, traitsOf } from './error-group.ts';
import { plainMessage } from './plain-message.ts';

const place: ErrorPlace = {
  tenant: 'acme',
  connector: 'github',
  source: 'dispatch',
  operation: 'create_issue',
  template: null,
  error: { code: 'provider_rejected', message: 'Issue 17 of "Codertocat/Hello" is locked.', status: 422, providerCode: 'locked' },
  example: { dispatchId: 'd', runId: null, connection: null },
};
const print = (changes: Partial<ErrorPlace> = {}): string => fingerprintOf(traitsOf({ ...place, ...changes }, false));

describe('a message without what it names', () => {
  it.each([
    ['Issue 17 of "Codertocat/Hello" is locked.', 'Issue # of … is locked.'],
    ["The field 'summary' isn't there.", "The field … isn't there."],
    ['See https://api.example.com/x?token=abc now', 'See … now'],
    ['Ask ada@example.com about 01890a5d-ac96-774b-bcce-b302099a8057.', 'Ask … about #'],
    ['Token ghp_16C7e42F292c6912E7710c838347Ae178B4a was refused', 'Token # was refused'],
    ['Wait   for 12.5 seconds', 'Wait for # seconds'],
    ['The service says: "Ada Lovelace has', 'The service says: …'],
    ['The service says: “Ada Lovelace has', 'The service says: …'],
    ["Nobody is called 'Ada Lovelace of", 'Nobody is called …'],
    ['Ask -https://api.example.com/ada or ada@@example', 'Ask … or ada@@example'],
  ])('of %j is %j', (message, plain) => {
    expect(plainMessage(message)).toBe(plain);
  });

  it.each(['a', '語', '-', 'a+', '“', '«', '"', "'a", '@', 'a@@'])('is found in one pass over words without end, of %j', (part) => {
    // A quarter of a second for each would be over long after the test is.
    for (let index = 0; index < 300; index += 1) expect(plainMessage(part.repeat(2_000)).length).toBeLessThanOrEqual(200);
  });

  it('holds no digit, and is 200 characters at most, whatever came', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (message) => {
        const plain = plainMessage(message);
        expect(plain).not.toMatch(/\p{Nd}/u);
        expect(plain.length).toBeLessThanOrEqual(200);
      }),
    );
  });
});

describe('the fingerprint of an error', () => {
  it('is the same for errors that differ in ids, numbers, names, tenants and examples alone', () => {
    const message = 'Issue 99 of "somebody/else" is locked.';
    const example = { dispatchId: 'other', runId: 'r', connection: 'c' };
    expect(print({ tenant: 'other', example, error: { ...place.error, message } })).toBe(print());
    expect(print()).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    { connector: 'jira' },
    { source: 'request' as const },
    { operation: 'close_issue' },
    { template: '/repos/{}' },
    { error: { ...place.error, code: 'provider_error' } },
    { error: { ...place.error, status: 400 } },
    { error: { ...place.error, providerCode: 'gone' } },
    { error: { ...place.error, message: 'Something else.' } },
  ])('is another where %j', (changes) => {
    expect(print(changes)).not.toBe(print());
  });

  it('stays as it is from version to version', () => {
    expect(print()).toBe('ac9bbb5bdf0d71226a87ce8074674395');
  });
});

it('reads nothing out of what is no group', () => {
  for (const value of [null, 'x', {}, { firstSeen: 1 }]) expect(readGroup(value)).toBeNull();
  expect(readGroup({ firstSeen: 1, lastSeen: 2 })).toMatchObject({ code: 'internal', example: { dispatchId: null } });
});
