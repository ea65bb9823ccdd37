import { describe, expect, it } from 'vitest';
import { jiraStage } from '../__fixtures__/jira-stage.ts';

const action = 'transition_issue';

describe('transition_issue', () => {
  it('takes the one transition that leads to the status, by its name in any letters', async () => {
    const { provider, harness } = await jiraStage();
    const { key: issue, fields } = provider.addIssue('One');
    const { output } = await harness.execute({ action, input: { issue, status: 'in progress' } });
    expect(output).toEqual({ issue, status: 'In Progress', moved: true });
    expect(fields['status']).toMatchObject({ name: 'In Progress' });
  });

  it('leaves an issue alone that has the status', async () => {
    const { provider, harness } = await jiraStage();
    const { key: issue } = provider.addIssue('One');
    const { output } = await harness.execute({ action, input: { issue, status: 'To Do' } });
    expect(output).toEqual({ issue, status: 'To Do', moved: false });
    expect(provider.requests.map(({ method }) => method)).toEqual(['GET']);
  });

  it.each([
    ['which of several transitions it could be', 'Done', /31 Finish at once \(to Done\), 41 Give up \(to Done\)\. Name one/],
    ['what an issue can make where none leads there', 'Sold', /11 Start \(to In Progress\), 31 Finish at once/],
  ])('says %s, and changes nothing', async (_what, status, message) => {
    const { provider, harness } = await jiraStage();
    const call = harness.execute({ action, input: { issue: provider.addIssue('One').key, status } });
    await expect(call).rejects.toMatchObject({ code: 'provider_rejected', sent: 'no', message: expect.stringMatching(message) });
    expect(provider.effects()).toEqual([]);
  });
});
