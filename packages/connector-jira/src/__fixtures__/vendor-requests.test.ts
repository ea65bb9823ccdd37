import { describe, expect, it } from 'vitest';
import { jiraStage } from './jira-stage.ts';
import { toSentRequest, vendorRequests } from './vendor-requests.ts';

const paragraph = (text: string) => ({
  type: 'doc' as const,
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

/** Our requests beside those of jira.js for the same operations. */
describe("requests, beside those of a client made from Jira's description", () => {
  it('creates an issue as it does', async () => {
    const { provider, harness } = await jiraStage();
    const input = {
      project: 'OPS',
      summary: 'The disk is full',
      issue_type: 'Bug',
      description: 'Since noon.',
      assignee: '5b10ac8d82e05b22cc7d4ef5',
      parent: 'OPS-1',
      labels: ['disk'],
      priority: 'High',
      fields: { customfield_10011: 3 },
    };
    await harness.execute({ action: 'create_issue', input });
    const key = provider.requests[0]?.idempotencyKey;
    const theirs = await vendorRequests((client) =>
      client.issues.createIssue({
        fields: {
          project: { key: 'OPS' },
          summary: 'The disk is full',
          issuetype: { name: 'Bug' },
          description: paragraph('Since noon.'),
          assignee: { accountId: '5b10ac8d82e05b22cc7d4ef5' },
          parent: { key: 'OPS-1' },
          labels: ['disk'],
          priority: { name: 'High' },
          customfield_10011: 3,
        },
        properties: [{ key: 'patchbay', value: { key } }],
      }),
    );
    expect(provider.requests.map(toSentRequest)).toEqual(theirs);
  });

  it('updates an issue as it does', async () => {
    const { provider, harness } = await jiraStage();
    const { key } = provider.addIssue('Old');
    await harness.execute({
      action: 'update_issue',
      input: { issue: key, summary: 'New', description: null, assignee: null, priority: 'Low' },
    });
    const theirs = await vendorRequests((client) =>
      client.issues.editIssue({
        issueIdOrKey: key,
        fields: { summary: 'New', description: null, assignee: null, priority: { name: 'Low' } },
      }),
    );
    expect(provider.requests.map(toSentRequest)).toEqual(theirs);
  });

  it('comments as it does', async () => {
    const { provider, harness } = await jiraStage();
    const { key: issue } = provider.addIssue('Old');
    await harness.execute({ action: 'add_comment', input: { issue, body: 'It is empty now.' } });
    const key = provider.requests[0]?.idempotencyKey;
    const theirs = await vendorRequests((client) =>
      client.issueComments.addComment({
        issueIdOrKey: issue,
        body: paragraph('It is empty now.'),
        properties: [{ key: 'patchbay', value: { key } }],
      }),
    );
    expect(provider.requests.map(toSentRequest)).toEqual(theirs);
  });

  it('looks for an issue as it does', async () => {
    const { provider, harness } = await jiraStage();
    await harness.reconcile({ action: 'create_issue', input: { project: 'OPS', summary: 'x' }, since: Date.now() });
    const theirs = await vendorRequests(async (client) => {
      await client.issueSearch.searchAndReconsileIssuesUsingJql({
        jql: 'project = "OPS" ORDER BY created DESC',
        fields: ['created'],
        properties: ['patchbay'],
        maxResults: 100,
      });
      const issueIdsOrKeys = Array.from({ length: 20 }, (_, index) => `OPS-${index + 1}`);
      await client.issues.bulkFetchIssues({ issueIdsOrKeys, fields: ['created'], properties: ['patchbay'] });
    });
    expect(provider.requests.map(toSentRequest)).toEqual(theirs);
  });

  it('looks for a comment as it does', async () => {
    const { provider, harness } = await jiraStage();
    const { key: issue } = provider.addIssue('Old');
    await harness.execute({ action: 'add_comment', input: { issue, body: 'x' }, key: 'another' });
    const comment = provider.issues()[0]?.comments[0]?.id ?? '';
    await harness.reconcile({ action: 'add_comment', input: { issue, body: 'x' }, since: Date.now() });
    const [, ...ours] = provider.requests.map(toSentRequest);
    const theirs = await vendorRequests(async (client, stand) => {
      stand.addIssue('Old');
      await client.issueComments.getComments({ issueIdOrKey: issue, orderBy: '-created', maxResults: 100 });
      await client.issueCommentProperties.getCommentProperty({ commentId: comment, propertyKey: 'patchbay' });
    });
    expect(ours).toEqual(theirs);
  });

  // The negative control: what differs is seen.
  it.each([
    { issueIdOrKey: 'OPS-1', fields: {} },
    { issueIdOrKey: 'OPS-1', fields: { sumary: 'New' } },
    { issueIdOrKey: 'OPS-1', fields: { summary: ['New'] } },
    { issueIdOrKey: 'OPS-2', fields: { summary: 'New' } },
  ])('are told apart from %j', async (other) => {
    const { provider, harness } = await jiraStage();
    await harness.execute({ action: 'update_issue', input: { issue: provider.addIssue('Old').key, summary: 'New' } });
    expect(provider.requests.map(toSentRequest)).not.toEqual(await vendorRequests((client) => client.issues.editIssue(other)));
  });
});
