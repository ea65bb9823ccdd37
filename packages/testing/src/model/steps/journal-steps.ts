import { constantFrom, integer, nat, option, record } from 'fast-check';
import { expect } from 'vitest';
import { earlier, rarely, tenants } from '../choices.ts';
import { nextId, pick } from '../model.ts';
import { type Step, step } from '../step.ts';

const streams = constantFrom('request', 'check');
const subjects = constantFrom('one', 'two');
const verdicts = constantFrom('ok', 'failed');

const entryChoice = record({
  tenant: tenants,
  stream: streams,
  subject: subjects,
  verdict: verdicts,
  at: nat({ max: 9 }),
  again: rarely,
  which: earlier,
});

/** Something is entered in the journal, now and then under an id that has been. */
export const appendStep: Step = step('append', entryChoice, async (model, { storage: { journal } }, { again, which, ...choice }) => {
  const known = again ? pick(model.journal, which) : undefined;
  const id = known?.id ?? nextId(model);
  const entry = { ...choice, id, value: { number: model.serial } };
  await journal.append([entry, entry]);
  const isThere = model.journal.some((one) => one.id === id && one.tenant === entry.tenant && one.stream === entry.stream);
  if (!isThere) model.journal.push(entry);
});

const readChoice = record({
  tenant: tenants,
  stream: streams,
  subject: option(subjects),
  verdict: option(verdicts),
  from: option(nat({ max: 9 })),
  below: option(nat({ max: 9 })),
  cursor: option(earlier),
  limit: integer({ min: 1, max: 4 }),
});

/** A page of the journal is read, from the beginning or behind an entry. */
export const journalStep: Step = step(
  'journal',
  readChoice,
  async (model, { storage: { journal } }, { tenant, cursor, limit, ...choice }) => {
    const { stream, subject, verdict, from, below } = choice;
    const behind = cursor === null ? null : (pick(model.journal, cursor)?.id ?? null);
    const expected = model.journal
      .filter((entry) => entry.tenant === tenant && entry.stream === stream && (behind === null || entry.id < behind))
      .filter((entry) => (subject ?? entry.subject) === entry.subject && (verdict ?? entry.verdict) === entry.verdict)
      .filter((entry) => entry.at >= (from ?? 0) && entry.at < (below ?? 10))
      .sort((left, right) => (left.id < right.id ? 1 : -1));
    const narrowed = {
      ...(subject === null ? {} : { subject }),
      ...(verdict === null ? {} : { verdict }),
      ...(from === null ? {} : { from }),
      ...(below === null ? {} : { below }),
    };
    const page = await journal.page(tenant, { stream, ...narrowed, cursor: behind, limit });
    expect(page.entries).toEqual(expected.slice(0, limit));
    expect(page.cursor).toBe(expected.length > limit ? expected[limit - 1]?.id : null);
  },
);

const pruneChoice = record({ tenant: option(tenants), stream: streams, before: nat({ max: 6 }), limit: integer({ min: 1, max: 5 }) });

/** What is old is taken away, of one tenant or of all. Of those of one time the store chooses. */
export const pruneStep: Step = step('prune', pruneChoice, async (model, { storage: { journal } }, { tenant, ...request }) => {
  const old = model.journal
    .filter((entry) => entry.stream === request.stream && entry.at < request.before && entry.tenant === (tenant ?? entry.tenant))
    .sort((left, right) => left.at - right.at);
  const gone = await journal.prune({ ...request, ...(tenant === null ? {} : { tenant }) });
  expect(gone).toBe(Math.min(old.length, request.limit));
  const left = new Set<string>();
  for (const name of ['acme', 'globex']) {
    const page = await journal.page(name, { stream: request.stream, cursor: null, limit: 500 });
    for (const { id } of page.entries) left.add(`${name}/${id}`);
  }
  const taken = old.filter((entry) => !left.has(`${entry.tenant}/${entry.id}`));
  expect(taken.map(({ at }) => at)).toEqual(old.slice(0, gone).map(({ at }) => at));
  model.journal = model.journal.filter((entry) => !taken.includes(entry));
});
