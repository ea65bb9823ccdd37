import type { Json } from '@patchbay/core';
import { createConnectorHarness } from '@patchbay/core/connector-kit';
import { jiraDelivery } from '@patchbay/testing';
import { describe, expect, it } from 'vitest';
import * as payloads from './__fixtures__/jira-webhooks.ts';
import { jira } from './jira.ts';
import { jiraWebhook } from './webhook.ts';

const { issueCreated, statusChanged } = payloads;

const harness = createConnectorHarness({
  connector: jira(),
  credential: { type: 'basic', username: 'x', password: 'x' },
  settings: { site: 'acme' },
});
const receive = (payload: Json, identifier = 'f1a2') => {
  const { headers, body } = jiraDelivery({ payload, secret: 's', identifier });
  return harness.receive({ headers, body: Buffer.from(body), secrets: ['s'] });
};

describe('webhook', () => {
  it("says for how long a delivery may come again: longer than Jira's fifth retry, each after a quarter of an hour at most", () => {
    expect(jiraWebhook.redeliveryHorizonMs).toBeGreaterThan(5 * 15 * 60_000);
  });

  // A body that is not JSON is refused only after its signature was found right.
  it('accepts the known signature of developer.atlassian.com', async () => {
    const headers = { 'x-hub-signature': 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9' };
    const secrets = ["It's a Secret to Everybody"];
    await expect(harness.receive({ headers, body: Buffer.from('Hello World!'), secrets })).rejects.toMatchObject({ code: 'body_invalid' });
    await expect(harness.receive({ headers, body: Buffer.from('Hello World?'), secrets })).rejects.toMatchObject({
      code: 'signature_refused',
    });
  });

  const issue = 'JRA-20002';
  it.each<[string, Json, string]>([
    ['issue.created', issueCreated, issue],
    ['issue.updated', payloads.summaryChanged, issue],
    ['issue.deleted', payloads.issueDeleted, issue],
    ['issue.linked', payloads.issueLinked, '10400'],
    ['comment.created', payloads.commentCreated, issue],
    ['comment.updated', payloads.commentUpdated, issue],
    ['comment.deleted', payloads.commentDeleted, issue],
    ['worklog.created', payloads.worklogCreated, '99291'],
    ['attachment.created', payloads.attachmentCreated, '10300'],
    ['sprint.started', payloads.sprintStarted, '37'],
    ['sprint.closed', payloads.sprintClosed, '37'],
    ['version.released', payloads.versionReleased, '10500'],
    ['project.created', payloads.projectCreated, 'JRA'],
  ])('gives the body itself as data of %s, key or id as subject, and the time', async (trigger, payload, subject) => {
    expect((await receive(payload)).events).toEqual([{ trigger, data: payload, subject, time: 1_525_698_237_764 }]);
  });

  it.each([
    ['issue.status_changed', statusChanged],
    ['issue.assigned', payloads.assigneeChanged],
  ])('tells of %s, and that the issue was changed, with one body', async (trigger, payload) => {
    const shared = { data: payload, subject: issue, time: 1_525_698_237_764 };
    expect((await receive(payload)).events).toEqual([
      { trigger, ...shared },
      { trigger: 'issue.updated', ...shared },
    ]);
  });

  it('keeps toString of a changelog as the text it is', async () => {
    const { events } = await receive(statusChanged);
    expect(JSON.stringify(events[0]?.data)).toContain('"toString":"Done"');
  });

  it('takes a changelog without toString', async () => {
    const items = [{ field: 'status', fromString: null }];
    expect((await receive({ ...statusChanged, changelog: { id: '1', items } })).events).toHaveLength(2);
  });

  it('takes the delivery id from the header that stays the same over retries', async () => {
    expect((await receive(issueCreated, '2a7b')).deliveryId).toBe('2a7b');
  });

  it('makes no event of other kinds', async () => {
    for (const webhookEvent of ['board_created', 'issue_property_set', 'user_created', 'toString']) {
      expect((await receive({ ...issueCreated, webhookEvent })).events).toEqual([]);
    }
  });

  it('refuses a payload that is not what Jira sends', async () => {
    await expect(receive({ ...issueCreated, issue: { key: 7 } })).rejects.toMatchObject({ code: 'invalid_event' });
  });
});
