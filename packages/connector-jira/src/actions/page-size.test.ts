import { describe, expect, it } from 'vitest';
import { jiraStage } from '../__fixtures__/jira-stage.ts';

describe('a listing', () => {
  it.each([
    [3, 3, false],
    [2, 2, true],
  ])('of three with a limit of %i gives %i by one request, and says whether there are more: %s', async (limit, count, more) => {
    const { provider, harness } = await jiraStage();
    const { key } = provider.addIssue('One');
    for (const text of ['a', 'b', 'c']) provider.addComment(key, text);
    const { output } = await harness.execute({ action: 'list_comments', input: { issue: key, limit } });
    expect(output).toMatchObject({ more });
    expect(JSON.parse(JSON.stringify(output)).comments).toHaveLength(count);
    expect(provider.requests).toHaveLength(1);
  });

  it('by tokens is read over its pages', async () => {
    const { provider, harness } = await jiraStage();
    for (let number = 1; number <= 250; number += 1) provider.addIssue(`Issue ${number}`);
    const { output } = await harness.execute({ action: 'search_issues', input: { jql: 'project = OPS', limit: 230 } });
    expect(JSON.parse(JSON.stringify(output)).issues).toHaveLength(230);
    expect(output).toMatchObject({ more: true });
    expect(provider.requests.map(({ path }) => new URL(path, 'http://x').searchParams.get('nextPageToken'))).toEqual([null, '100', '200']);
  });
});
