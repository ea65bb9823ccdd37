import { describe, expect, it } from 'vitest';
import { examplesOf } from './__fixtures__/webhook-examples.ts';
import { githubEvidence } from './evidence.ts';

const [push] = examplesOf('push').filter(({ commits }) => Array.isArray(commits) && commits.length > 0);
const [deployment] = examplesOf('deployment', 'created');
const [status] = examplesOf('deployment_status', 'created');
const [check] = examplesOf('check_run', 'completed');
const [closed] = examplesOf('pull_request', 'closed');

const evidence = (trigger: keyof typeof githubEvidence, data: unknown) =>
  githubEvidence[trigger]?.evidence?.(JSON.parse(JSON.stringify(data)));
const failure = (trigger: keyof typeof githubEvidence, data: unknown) =>
  githubEvidence[trigger]?.failure?.(JSON.parse(JSON.stringify(data)));

describe("evidence in GitHub's own examples", () => {
  it('is each commit of a push, by the first line of its message', () => {
    const commit = {
      id: 'a'.repeat(40),
      message: 'Take VAT into account\n\nFor real.',
      url: 'https://github.com/Codertocat/Hello-World/commit/aaa',
    };
    const data = { ...(push ?? examplesOf('push')[0]), commits: [commit] };
    expect(evidence('commits.pushed', data)).toEqual([
      { kind: 'commit', title: 'Take VAT into account', url: commit.url, subjects: { repository: 'Codertocat/Hello-World' } },
    ]);
    const many = { ...data, commits: Array.from({ length: 30 }, (_, index) => ({ ...commit, message: `${index}` })) };
    expect(evidence('commits.pushed', many)?.map(({ title }) => title)).toEqual(Array.from({ length: 20 }, (_, index) => `${index + 10}`));
  });

  it('is a deployment, with its environment and the commit', () => {
    expect(evidence('deployment.created', deployment)).toEqual([
      {
        kind: 'deployment',
        title: expect.stringContaining(' to production'),
        url: expect.stringMatching(/^https:\/\/github\.com\/Codertocat\/Hello-World\/commit\/[0-9a-f]{40}$/),
        subjects: { repository: 'Codertocat/Hello-World', environment: 'production' },
      },
    ]);
  });

  it('is a pull request that was merged', () => {
    const { pull_request: request } = JSON.parse(JSON.stringify(closed));
    const data = { ...closed, pull_request: { ...request, merged: true, merged_at: '2026-01-01T00:00:00Z' } };
    expect(evidence('pull_request.merged', data)).toEqual([
      {
        kind: 'pull_request',
        title: expect.stringMatching(/^#\d+ /),
        url: request.html_url,
        subjects: { repository: expect.stringContaining('/') },
      },
    ]);
    expect(evidence('pull_request.merged', { ...closed, pull_request: { ...request, merged: false } })).toEqual([]);
  });

  it('is nothing where the data is of another shape', () => {
    for (const trigger of ['commits.pushed', 'pull_request.merged', 'deployment.created'] as const) {
      expect(evidence(trigger, {})).toEqual([]);
      expect(evidence(trigger, null)).toEqual([]);
    }
    expect(failure('check_run.completed', null)).toBeNull();
  });
});

describe('failures', () => {
  it('are checks and deployments that have failed', () => {
    const { check_run: run } = JSON.parse(JSON.stringify(check));
    const subjects = { repository: 'Codertocat/Hello-World' };
    expect(failure('check_run.completed', { ...check, check_run: { ...run, conclusion: 'failure' } })).toEqual(subjects);
    expect(failure('check_run.completed', { ...check, check_run: { ...run, conclusion: 'success' } })).toBeNull();
    const { deployment_status: told } = JSON.parse(JSON.stringify(status));
    expect(failure('deployment.status_changed', { ...status, deployment_status: { ...told, state: 'failure' } })).toEqual({
      ...subjects,
      environment: 'production',
    });
    expect(failure('deployment.status_changed', { ...status, deployment_status: { ...told, state: 'success' } })).toBeNull();
  });
});
