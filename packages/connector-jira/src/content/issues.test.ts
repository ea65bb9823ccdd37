import { describe, expect, it } from 'vitest';
import { jiraStage } from '../__fixtures__/jira-stage.ts';
import { markdownDocument } from '../formats/markdown.ts';

const read = { source: 'issues', cursor: null };

describe('documents of issues', () => {
  it('have title, description and comments as text, and where the issue belongs', async () => {
    const { provider, harness } = await jiraStage();
    const { id, key } = provider.addIssue('The disk is full');
    provider.changeIssue(key, { description: markdownDocument('Since **noon**.'), reporter: { accountId: '1', displayName: 'Ann' } });
    provider.addComment(key, markdownDocument('It is empty now.'));
    const { documents } = await harness.content(read);
    expect(documents).toMatchObject([
      {
        id,
        kind: 'issue',
        title: `${key} The disk is full`,
        text: 'The disk is full\n\nSince noon.\n\nSomebody: It is empty now.',
        url: `${provider.origin}/browse/${key}`,
        container: 'OPS',
        author: 'Ann',
        attributes: { key, status: 'To Do' },
      },
    ]);
  });

  it('hold comments beyond those that a search gives', async () => {
    const { provider, harness } = await jiraStage();
    const { key } = provider.addIssue('Much said');
    for (let number = 1; number <= 130; number += 1) provider.addComment(key, `Number ${number}.`);
    const { documents } = await harness.content(read);
    expect(documents[0]?.text).toContain('Number 1.');
    expect(documents[0]?.text).toContain('Number 130.');
  });

  it('are those of the projects that are named, and nothing is asked for where what is named is no project', async () => {
    const { provider, harness } = await jiraStage({ projects: ['OPS', 'WEB'] });
    provider.addIssue('In OPS');
    const readFrom = async (...containers: string[]) => (await harness.content({ ...read, containers })).documents.length;
    expect([await readFrom('OPS'), await readFrom('WEB')]).toEqual([1, 0]);
    const asked = provider.requests.length;
    await expect(readFrom('") OR (project = OPS')).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(provider.requests).toHaveLength(asked);
  });
});
