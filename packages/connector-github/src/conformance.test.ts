import type { JsonObject } from '@patchbay/core';
import { describeConnector, fakeGithub, githubDelivery } from '@patchbay/testing';
import { examplesOf } from './__fixtures__/webhook-examples.ts';
import { github } from './github.ts';

const token = 'github_pat_11AAAAAAA0conformance';
const repository = { owner: 'octocat', repo: 'Hello-World' };
const app = { clientId: 'Ov23liConformance', clientSecret: 'secret-of-the-app-0123456789' };

const delivery = (event: string, action: string | undefined, trigger: string | null) => ({
  title: `${event}${action === undefined ? '' : `.${action}`}`,
  trigger,
  make: ({ secret }: { readonly secret: string }) => {
    const [payload] = examplesOf(event, action);
    if (payload === undefined) throw new Error(`GitHub has no example of ${event}.${action}.`);
    return githubDelivery({ event, payload, secret });
  },
});

/** GitHub's example of one that was closed. */
function closedExample(): JsonObject {
  const [payload = {}] = examplesOf('pull_request', 'closed');
  return { ...payload, pull_request: { ...Object(payload['pull_request']), merged: false, merged_at: null } };
}

function mergedExample(): JsonObject {
  const payload = closedExample();
  return { ...payload, pull_request: { ...Object(payload['pull_request']), merged: true, merged_at: '2026-01-31T08:00:00Z' } };
}

describeConnector({
  create: (origin) => github({ origin }),
  startProvider: () => fakeGithub({ token, app, repositories: ['octocat/Hello-World'] }),
  credential: { type: 'bearer', token },
  wrongCredential: { type: 'bearer', token: 'github_pat_wrong' },
  state: (provider) => provider.issues('octocat/Hello-World'),
  oauth: { app, tokens: (provider) => provider.tokens() },
  actions: [
    {
      name: 'create_issue',
      input: () => ({ ...repository, title: 'Found a bug', body: 'It **breaks**.', labels: ['bug'], assignees: ['octocat'] }),
      refused: [
        { owner: '../..', repo: 'Hello-World', title: 'x' },
        { owner: 'octocat', repo: '..', title: 'x' },
        { owner: 'octocat', repo: 'a/b', title: 'x' },
        { ...repository, title: '' },
      ],
    },
    {
      name: 'add_comment',
      input: (provider) => ({
        ...repository,
        issue_number: provider.addIssue('octocat/Hello-World', { title: 'Found a bug' }).number,
        body: 'Me too.',
      }),
      refused: [{ ...repository, issue_number: 0, body: 'x' }],
    },
    {
      name: 'merge_pull_request',
      input: (provider) => {
        const head = '6dcb09b5b57875f334f61aebed695e2e4193db5e';
        const { number } = provider.addIssue('octocat/Hello-World', { title: 'New feature', head });
        return { ...repository, pull_number: number, sha: head, merge_method: 'squash' };
      },
    },
  ],
  registration: {
    target: 'octocat/Hello-World',
    held: (provider) => provider.hooks('octocat/Hello-World').map(({ config }) => config['url'] ?? ''),
  },
  deliveries: [
    delivery('issues', 'opened', 'issue.opened'),
    delivery('pull_request', 'opened', 'pull_request.opened'),
    delivery('issue_comment', 'created', 'comment.created'),
    delivery('issues', 'labeled', null),
    delivery('push', undefined, 'commits.pushed'),
    delivery('deployment', 'created', 'deployment.created'),
    delivery('deployment_status', 'created', 'deployment.status_changed'),
    delivery('check_run', 'completed', 'check_run.completed'),
    {
      title: 'pull_request.closed, merged',
      trigger: 'pull_request.merged',
      make: ({ secret }) => githubDelivery({ event: 'pull_request', payload: mergedExample(), secret }),
    },
    {
      title: 'pull_request.closed, not merged',
      trigger: null,
      make: ({ secret }) => githubDelivery({ event: 'pull_request', payload: closedExample(), secret }),
    },
    delivery('fork', undefined, null),
    delivery('ping', undefined, null),
  ],
});
