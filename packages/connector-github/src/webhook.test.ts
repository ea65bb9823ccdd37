import { createHmac } from 'node:crypto';
import type { JsonObject } from '@patchbay/core';
import { type ConnectorHarness, createConnectorHarness } from '@patchbay/core/connector-kit';
import { githubDelivery } from '@patchbay/testing';
import { describe, expect, it } from 'vitest';
import { sources, webhookExamples } from './__fixtures__/webhook-examples.ts';
import { github } from './github.ts';
import { githubWebhook } from './webhook.ts';

const connector = github();
const harness: ConnectorHarness = createConnectorHarness({ connector, credential: { type: 'bearer', token: 'x' } });
const receive = ({ headers, body }: { headers: Readonly<Record<string, string>>; body: string }, secret: string) =>
  harness.receive({ headers, body: Buffer.from(body), secrets: [secret] });

/** By event and action; of what is made, deleted or merged, by that too. */
const expected = new Map([
  ['issues.opened', 'issue.opened'],
  ['issues.reopened', 'issue.reopened'],
  ['issues.edited', 'issue.edited'],
  ['issues.labeled', 'issue.labeled'],
  ['issues.assigned', 'issue.assigned'],
  ['issues.deleted', 'issue.deleted'],
  ['issues.transferred', 'issue.transferred'],
  ['pull_request.opened', 'pull_request.opened'],
  ['pull_request.closed.merged', 'pull_request.merged'],
  ['pull_request.closed', 'pull_request.closed'],
  ['pull_request.review_requested', 'pull_request.review_requested'],
  ['pull_request_review.submitted', 'review.submitted'],
  ['issue_comment.created', 'comment.created'],
  ['push', 'commits.pushed'],
  ['create.branch', 'branch.created'],
  ['create.tag', 'tag.created'],
  ['delete.branch', 'branch.deleted'],
  ['delete.tag', 'tag.deleted'],
  ['release.published', 'release.published'],
  ['deployment.created', 'deployment.created'],
  ['deployment_status.created', 'deployment.status_changed'],
  ['check_run.completed', 'check_run.completed'],
  ['workflow_run.completed', 'workflow_run.completed'],
  ['repository.created', 'repository.created'],
  ['star.created', 'repository.starred'],
  ['fork', 'repository.forked'],
  ['member.added', 'member.added'],
  ['discussion.created', 'discussion.created'],
]);

/** What an example is told by. */
function nameOf(event: string, payload: JsonObject): string {
  const isMerged = event === 'pull_request' && payload['action'] === 'closed' && Object(payload['pull_request']).merged === true;
  const kind = event === 'create' || event === 'delete' ? payload['ref_type'] : undefined;
  const action = event === 'push' ? undefined : payload['action'];
  return [event, action, kind, isMerged ? 'merged' : undefined].filter((each) => each !== undefined).join('.');
}

describe('webhook', () => {
  // A body that is not JSON is refused only after its signature was found right.
  it.each([
    ['docs.github.com', "It's a Secret to Everybody", 'Hello, World!', '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'],
    ['octokit/webhooks-methods', 'mysecret', '{"foo":"bar"}', '4864d2759938a15468b5df9ade20bf161da9b4f737ea61794142f3484236bda3'],
  ])('accepts the known signature of %s', async (_source, secret, body, digest) => {
    const headers = { 'x-hub-signature-256': `sha256=${digest}` };
    await expect(receive({ headers, body }, secret)).rejects.toMatchObject({ code: 'body_invalid' });
    await expect(receive({ headers, body: `${body} ` }, secret)).rejects.toMatchObject({ code: 'signature_refused' });
  });

  it.each(sources)("makes the declared event of each of GitHub's own examples of %s, and none of all others", async (source) => {
    const made = new Set<string>();
    for (const { name, examples } of webhookExamples(source)) {
      for (const payload of examples) {
        const received = await receive(githubDelivery({ event: name, payload, secret: 's' }), 's');
        const trigger = expected.get(nameOf(name, payload));
        expect(received.events.map((event) => event.trigger)).toEqual(trigger === undefined ? [] : [trigger]);
        for (const { data } of received.events) expect(data).toEqual(payload);
        if (trigger !== undefined) made.add(trigger);
      }
    }
    // The examples of the oldest Enterprise Servers hold few of them.
    expect(made.size).toBeGreaterThanOrEqual(2);
  });

  it("makes every event that GitHub's examples of github.com have one of", () => {
    const names = webhookExamples('api.github.com').flatMap(({ name, examples }) => examples.map((payload) => nameOf(name, payload)));
    const made = new Set(names.map((name) => expected.get(name)).filter((trigger) => trigger !== undefined));
    const without = ['issue.closed', 'pull_request.merged', 'branch.created', 'branch.deleted'];
    expect([...made, ...without].sort()).toEqual(Object.keys(connector.triggers).sort());
  });

  it('gives the body itself as data, the thing as subject, and the time when it was made', async () => {
    const payload = webhookExamples('api.github.com')
      .find(({ name }) => name === 'issues')
      ?.examples.find((one) => one['action'] === 'opened');
    const { events } = await receive(githubDelivery({ event: 'issues', payload: payload ?? {}, secret: 's' }), 's');
    expect(events).toEqual([
      { trigger: 'issue.opened', data: payload, subject: 'Codertocat/Hello-World#1', time: Date.parse('2019-05-15T15:20:18Z') },
    ]);
  });

  it('reads the form-encoded delivery, whose signature is over the form', async () => {
    const payload = webhookExamples('api.github.com')
      .find(({ name }) => name === 'issues')
      ?.examples.find((one) => one['action'] === 'opened');
    const { headers } = githubDelivery({ event: 'issues', payload: {}, secret: 's' });
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const digest = createHmac('sha256', 's').update(body).digest('hex');
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded', 'x-hub-signature-256': `sha256=${digest}` };
    const { events } = await receive({ headers: form, body }, 's');
    expect(events).toMatchObject([{ trigger: 'issue.opened', data: payload }]);
  });

  it('reads the largest push that GitHub tells of', async () => {
    const person = { name: 'n', email: 'e', username: 'u', date: 'd' };
    const commit = {
      id: 'i',
      tree_id: 't',
      distinct: true,
      message: 'm',
      timestamp: 't',
      url: 'u',
      author: person,
      committer: person,
      added: [],
      removed: [],
      modified: [],
    };
    const repository = { full_name: 'octocat/Hello-World' };
    const payload = { ref: 'refs/heads/main', after: 'a', repository, commits: Array.from({ length: 2_048 }, () => commit) };
    const { events } = await receive(githubDelivery({ event: 'push', payload, secret: 's' }), 's');
    expect(events).toEqual([{ trigger: 'commits.pushed', data: payload, subject: 'octocat/Hello-World' }]);
  });

  it('takes the delivery id from its header', async () => {
    const { deliveryId } = await receive(
      githubDelivery({ event: 'ping', payload: {}, secret: 's', deliveryId: '72d3162e-cc78-11e3-81ab-4c9367dc0958' }),
      's',
    );
    expect(deliveryId).toBe('72d3162e-cc78-11e3-81ab-4c9367dc0958');
  });

  it('says that a person may have a delivery of the past week sent again, on an Enterprise Server', () => {
    expect(githubWebhook.redeliveryHorizonMs).toBeGreaterThanOrEqual(7 * 24 * 3_600_000);
  });

  it('refuses a payload that is not what GitHub sends', async () => {
    const call = receive(githubDelivery({ event: 'issues', payload: { action: 'opened', issue: { number: 'one' } }, secret: 's' }), 's');
    await expect(call).rejects.toMatchObject({ code: 'invalid_event' });
  });
});
