import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { jiraActions } from '../jira-actions.ts';
import { jiraStage } from './jira-stage.ts';
import { type VendorCase, vendorCases } from './vendor-cases.ts';
import { recordVendor, type SentRequest, toSentRequest, vendorRequests } from './vendor-requests.ts';

/** What ours and theirs send for the same. */
async function bothOf({ action, prepare, input, theirs }: VendorCase) {
  const { provider, harness } = await jiraStage();
  prepare?.(provider);
  await harness.execute({ action, input });
  const key = provider.requests.find(({ idempotencyKey }) => idempotencyKey !== undefined)?.idempotencyKey;
  const recorded = await recordVendor((client, stand) => {
    prepare?.(stand);
    return theirs({ client, provider: stand, key });
  });
  return { ours: provider.requests, theirs: recorded };
}

/** The same requests with one thing changed: a method, a path, a field or parameter that is gone, has another name or another type. */
function mutated(requests: readonly SentRequest[]): readonly (readonly SentRequest[])[] {
  return requests.flatMap((request, index) => {
    const replaced = (other: SentRequest) => requests.map((each, at) => (at === index ? other : each));
    const fields = typeof request.body === 'object' && request.body !== null && !Array.isArray(request.body) ? request.body : {};
    return [
      requests.toSpliced(index, 1),
      replaced({ ...request, method: `${request.method}S` }),
      replaced({ ...request, path: `${request.path}/x` }),
      ...changesOf(request.query).map((query) => replaced({ ...request, query })),
      ...changesOf(fields).map((body) => replaced({ ...request, body })),
      ...(request.body === undefined ? [] : [replaced({ ...request, body: undefined }), replaced({ ...request, body: [request.body] })]),
    ];
  });
}

function changesOf<Values extends object>(values: Values): readonly Values[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const { [name]: _, ...without } = { ...values } as Record<string, unknown>;
    return [without, { ...without, [`${name}x`]: value }, { ...without, [name]: [value] }].map((each) => each as Values);
  });
}

describe("requests, beside those of a client made from Jira's description", () => {
  it('are compared for every action', () => {
    expect(vendorCases.map(({ action }) => action).sort()).toEqual(Object.keys(jiraActions).sort());
  });

  it.each(vendorCases)('are the same for $action', async (each) => {
    const { ours, theirs } = await bothOf(each);
    expect(theirs.length).toBeGreaterThan(0);
    expect(ours.map(toSentRequest)).toEqual(theirs.map(toSentRequest));
  });

  // The negative control: what differs is seen.
  it.each(vendorCases)('would be told apart for $action, were anything of them different', async (each) => {
    const ours = (await bothOf(each)).ours.map(toSentRequest);
    const others = mutated(ours);
    expect(others.length).toBeGreaterThan(2);
    for (const other of others) expect(isDeepStrictEqual(ours, other), JSON.stringify(other)).toBe(false);
  });

  it('carry the header with files without which Jira refuses them', async () => {
    const upload = vendorCases.find(({ action }) => action === 'add_attachment');
    if (!upload) throw new Error('There is no case of add_attachment.');
    const { ours, theirs } = await bothOf(upload);
    expect(theirs[0]?.headers['x-atlassian-token']).toBe('no-check');
    expect(ours[0]?.headers['x-atlassian-token']).toBe('no-check');
  });

  it('look for an issue as it does', async () => {
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

  it('look for a comment as it does', async () => {
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

  it('look for logged work as it does', async () => {
    const { provider, harness } = await jiraStage();
    const { key: issue } = provider.addIssue('Old');
    await harness.reconcile({ action: 'add_worklog', input: { issue, seconds: 60 }, since: Date.now() });
    const theirs = await vendorRequests((client, stand) => {
      stand.addIssue('Old');
      return client.issueWorklogs.getIssueWorklog({ issueIdOrKey: issue, maxResults: 1_000, expand: 'properties' });
    });
    expect(provider.requests.map(toSentRequest)).toEqual(theirs);
  });
});
