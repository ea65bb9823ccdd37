import { beforeAll, describe, expect, it } from 'vitest';
import { runSamples } from './__fixtures__/run-samples.ts';
import { sampleSubject } from './__fixtures__/sample-connector.ts';
import { type Defect, defects } from './__fixtures__/sample-defects.ts';
import { describeAction } from './action-concern.ts';
import { checklistOf } from './checklist-of.ts';
import { describeConnector } from './describe-connector.ts';

// A sound connector passes, wherever its credential goes.
describeConnector(sampleSubject());
describe.each(['header', 'query', 'cookie', 'headers'] as const)('with a key in the %s', (way) => {
  const subject = sampleSubject(undefined, way);
  for (const action of subject.actions) describeAction(subject, action);
});

const unseenRepeat = 'has no second effect, or gives the same output (more cannot be seen: the subject has no state())';

const expected: Readonly<Record<Defect, readonly string[]>> = {
  accepts_any_input: ['refuses wrong input before anything is sent'],
  creates_twice: ['makes one change at the service', 'makes no needless request'],
  asks_needlessly: ['makes no needless request'],
  refuses_a_repeat: ['succeeds when it is repeated after a lost answer', 'leaves the service as one call leaves it'],
  repeats_its_creation: ['leaves the service as one call leaves it'],
  repeats_its_creation_unseen: [unseenRepeat],
  repeats_and_says_nothing: [],
  sends_no_key: [
    'has one effect when it is repeated with its key after a lost answer',
    'sends its key with every writing request: the same on a repeat, another for another dispatch',
  ],
  reads_without_end: [
    'ends, with a result or an error that says why, where there is always a further page',
    'ends, with a result or an error that says why, where a page comes again and again',
  ],
  goes_past_the_gateway: ['makes no needless request', 'sends the credential with every request, and nothing anywhere else'],
  names_no_documentation: ['says who and where: id, name, description, version, documentation, category, a way in'],
  never_finds: [
    'is found, and not done a second time',
    'is found with the very output that the lost answer would have given',
    'is not taken for absent where the look itself fails',
  ],
  finds_anything: ['is not confused with the same call of another dispatch'],
  forgets_the_key: [
    'is found, and not done a second time',
    'is found with the very output that the lost answer would have given',
    'carries the key to the service',
  ],
  takes_failure_for_absence: ['is not taken for absent where the look itself fails'],
  takes_a_limit_for_final: [
    'waits as long as a rate limit in seconds asks for',
    'waits until the date that a rate limit names',
    'takes a rate limit that names no time for one',
  ],
  takes_500_for_nothing_done: ['does not know what a 500 did'],
  shuts_its_payload: ['lists payloads that keep fields the connector does not know'],
  reads_the_id_elsewhere: [
    'is let in and makes the event thing.created, whose payload its schema accepts',
    'is let in with the old and the new secret while a secret is changed',
    'carries an id that stays the same when it is sent again',
  ],
  emits_what_it_does_not_declare: [
    'is let in and makes the event thing.created, whose payload its schema accepts',
    'is let in with the old and the new secret while a secret is changed',
    'carries an id that stays the same when it is sent again',
  ],
  names_no_account: ['names the account'],
  forgets_a_resource: ['are told of by each action and trigger, kind by kind'],
  names_a_resource_elsewhere: ['of the kind thing are named in a case of each action that has a place for them'],
  reads_a_resource_elsewhere: ['can be told of the delivery thing'],
  forgets_the_cursor: ['finds what happened after a cursor, once, and comes to an end'],
  looks_without_end: [
    'finds what happened after a cursor, once, and comes to an end',
    'finds the same by the same ids from a cursor of before',
    'changes nothing at the service',
  ],
  is_healthy_whatever_comes: ['fails with a credential that the service refuses'],
  leaves_the_body_unsigned: [
    'is refused with the signature of another body',
    'is refused with one byte changed, one added or one taken away',
    'is refused with an empty body',
  ],
  leaves_no_room_for_clocks: ['is let in where it is 30 seconds off, either way'],
  emits_again_what_it_kept: ['make the events of one delivery, now and later: thing'],
  tries_again_by_itself: [
    'looks, finds it, and makes no second, where the connection ends before the answer',
    'looks, finds it, and makes no second, where the answer is a 500',
    'makes no second where half an answer says that it was done',
  ],
  shows_a_token_of_its_own: [
    'shows it in no output, error, event, notice, audit or log line, where it stands in headers and body of a good answer',
  ],
  knows_no_refused_refresh_token: ['work on, or say that the account is to be connected again, where the answer to their renewal was lost'],
};

describe('describeConnector with a defective connector', () => {
  let resultsOf: ReturnType<typeof runSamples>;
  beforeAll(() => {
    resultsOf = runSamples('defective-samples.ts');
  }, 120_000);

  const titles = (defect: Defect, status: string): readonly string[] =>
    resultsOf(defect)
      .filter((result) => result.status === status)
      .map(({ title }) => title);

  it('fails exactly where the defect is', () => {
    expect(Object.fromEntries(defects.map((defect) => [defect, titles(defect, 'failed')]))).toEqual(expected);
  });

  it('skips what the subject does not let it see, and nothing else', () => {
    const skipped = Object.fromEntries(defects.map((defect) => [defect, titles(defect, 'skipped')]));
    expect(skipped).toEqual({ ...Object.fromEntries(defects.map((defect) => [defect, []])), repeats_and_says_nothing: [unseenRepeat] });
  });

  it.each([
    ['knows_no_refused_refresh_token', 'the connector does not say what its answer means: answer.errors'],
    ['tries_again_by_itself', 'create_thing is declared reconcilable. Requests with an effect'],
    ['leaves_the_body_unsigned', 'Delivery 1 of 1, changed so, succeeded.'],
    ['leaves_no_room_for_clocks', 'The request is refused.'],
    ['emits_again_what_it_kept', 'after 10 copies at a time'],
    ['shows_a_token_of_its_own', 'the credential is shown'],
    ['accepts_any_input', 'A call with the input {"name":"A thing","unknown_field":1} succeeded.'],
    ['names_no_documentation', 'docsUrl: give the definition the https address'],
    ['repeats_its_creation', 'rename_thing is declared idempotent, and a repeat changes the service'],
    ['repeats_its_creation_unseen', 'rename_thing is declared idempotent, and a repeat has a second effect and another output'],
    ['sends_no_key', 'order_thing does not send key.value where the stand-in looks for it'],
    ['reads_without_end', 'list_things read 1000 pages. Use http.pages'],
    ['goes_past_the_gateway', 'what every request carries as {"type":"api_key","in":"header","name":"X-Sample-Token"}'],
  ] as const)('says of %s: %s', (defect, message) => {
    const said = resultsOf(defect).flatMap(({ failureMessages }) => failureMessages);
    expect(said).toContainEqual(expect.stringContaining(message));
  });
});

it('says at its end what applied, what did not and why, and what the connector can do, the same each time', () => {
  const connector = sampleSubject().create('https://api.example.com');
  const text = checklistOf(connector);
  expect(text).toContain('Conformance of sample 1.0.0\n\n[x] manifest\n');
  expect(text).toContain('[x] clock skew\n');
  expect(text).toContain('[ ] registration: does not apply, its webhooks are set up by a person\n');
  expect(text).toContain('| `sample.create_thing` | Create thing | reconcilable |');
  expect(checklistOf(sampleSubject().create('https://api.example.com'))).toBe(text);
});
