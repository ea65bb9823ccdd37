import { expect } from 'vitest';
import { needs, type RecordScenario } from './record-scenario.ts';
import type { RecordStage } from './record-stage.ts';

/** A link of the sample's type whose other end has a sample too. */
function linkOf({ subject, sample }: RecordStage) {
  for (const [link, { to }] of Object.entries(subject.adapter.types[sample.type]?.links ?? {})) {
    const end = subject.samples.find(({ type }) => type === to);
    if (end !== undefined) return { link, end };
  }
  return undefined;
}

const needsLink = (stage: RecordStage): string | null =>
  needs('link')(stage) ?? (linkOf(stage) === undefined ? `no link of ${stage.sample.type} has samples of both ends` : null);

async function ends(stage: RecordStage) {
  const { link = '', end = stage.sample } = linkOf(stage) ?? {};
  const { tenant, write } = stage;
  const [from, to] = [await stage.made(), await stage.made(end)];
  return { ...write(), id: from.id, link, to: { tenant, type: end.type, id: to.id } };
}

/** What every adapter does when it links. */
export const linkScenarios: readonly RecordScenario[] = [
  {
    title: 'links two records, however often it is asked',
    skip: needsLink,
    async run(stage) {
      const call = await ends(stage);
      expect(await stage.method('link')(call)).toEqual({ status: 'linked' });
      expect(await stage.method('link')({ ...call, ...stage.write() })).toEqual({ status: 'linked' });
    },
  },
  {
    title: 'links nothing that is not there',
    skip: needsLink,
    async run(stage) {
      const call = await ends(stage);
      expect(await stage.method('link')({ ...call, id: 'of-no-record' })).toEqual({ status: 'missing' });
      expect(await stage.method('link')({ ...call, to: { ...call.to, id: 'of-no-record' } })).toEqual({ status: 'missing' });
    },
  },
  {
    title: 'links nothing for another tenant',
    skip: needsLink,
    async run(stage) {
      const call = await ends(stage);
      const { stranger } = stage;
      const theirs = { ...call, tenant: stranger, to: { ...call.to, tenant: stranger } };
      expect(await stage.method('link')(theirs)).toEqual({ status: 'missing' });
    },
  },
];
