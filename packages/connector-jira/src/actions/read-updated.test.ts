import { describe, expect, it } from 'vitest';
import { jiraStage } from '../__fixtures__/jira-stage.ts';

const trigger = 'issue.matched';
const minute = 60_000;

/** Looks until nothing is left, and gives the subjects of what was found. */
async function lookAll({ harness }: Awaited<ReturnType<typeof jiraStage>>, from: unknown) {
  const subjects: (string | undefined)[] = [];
  let cursor = JSON.parse(JSON.stringify(from));
  for (;;) {
    const look = await harness.poll({ trigger, cursor });
    subjects.push(...look.events.map(({ subject }) => subject));
    cursor = look.cursor;
    if (look.more !== true) return { subjects, cursor };
  }
}

describe('issues that were changed', () => {
  it('are found in the time zone of the account', async () => {
    for (const timeZone of ['America/Los_Angeles', 'Pacific/Auckland']) {
      const stage = await jiraStage({ timeZone });
      stage.provider.addIssue('Before');
      const { cursor } = await lookAll(stage, null);
      const { key } = stage.provider.addIssue('After');
      expect((await lookAll(stage, cursor)).subjects, timeZone).toEqual([key]);
    }
  });

  it('are found though the search shows them minutes after others', async () => {
    let now = Date.UTC(2026, 0, 1);
    const stage = await jiraStage({ now: () => now, searchLag: 1 });
    const first = stage.provider.addIssue('Late');
    const { cursor } = await lookAll(stage, null);
    now += 5 * minute;
    stage.provider.addIssue('Not shown yet');
    const shown = await lookAll(stage, cursor);
    expect(shown.subjects).toEqual([first.key]);
  });

  it('are told again once they are changed again, with the time of the change', async () => {
    let now = Date.UTC(2026, 0, 1);
    const stage = await jiraStage({ now: () => now });
    const { key } = stage.provider.addIssue('One');
    const { cursor } = await lookAll(stage, null);
    now += 30 * minute;
    stage.provider.changeIssue(key, { summary: 'Two' });
    const { events } = await stage.harness.poll({ trigger, cursor });
    expect(events).toMatchObject([{ id: expect.stringMatching(/^\d+\/\d+$/), subject: key, time: now, data: { key, summary: 'Two' } }]);
  });

  it('come page by page, each once, the first changed first', async () => {
    let now = Date.UTC(2026, 0, 1);
    const stage = await jiraStage({ now: () => now });
    const { cursor } = await lookAll(stage, null);
    const keys = Array.from({ length: 250 }, (_, number) => {
      now += 1_000;
      return stage.provider.addIssue(`Issue ${number}`).key;
    });
    const found = await lookAll(stage, cursor);
    expect(found.subjects).toEqual(keys);
    expect((await lookAll(stage, found.cursor)).subjects).toEqual([]);
    expect(JSON.stringify(found.cursor).length).toBeLessThan(16_384);
  });

  it('are those of the JQL in the settings, which cannot order what is found', async () => {
    const stage = await jiraStage({ projects: ['OPS', 'WEB'], settings: { watch: 'project = WEB' } });
    const { cursor } = await lookAll(stage, null);
    stage.provider.addIssue('In OPS');
    expect((await lookAll(stage, cursor)).subjects).toEqual([]);
    const asked = stage.provider.requests.filter(({ path }) => path.includes('updated+%3E') || path.includes('updated%20%3E'));
    expect(asked.every(({ path }) => decodeURIComponent(path.replaceAll('+', ' ')).includes('jql=(project = WEB) '))).toBe(true);
    const settings = stage.connector.definition.settings?.['~standard'];
    expect(settings?.validate({ watch: 'project = WEB order  by key' })).toHaveProperty('issues');
  });
});
