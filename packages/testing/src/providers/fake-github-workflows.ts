import type { Json } from '@patchbay/core';
import { fieldsOf, invalid, notFound, pageOf } from './fake-github-replies.ts';
import { type FakeGithubWorld, firstCommit, nextId, octocat, repositoryAt } from './fake-github-world.ts';
import type { ProviderRoutes } from './provider-reply.ts';

const workflow = { id: 161_335, name: 'CI', path: '.github/workflows/ci.yml', state: 'active' };

/** The one run that every repository has had. */
const run = {
  id: 30_433_642,
  name: 'CI',
  run_number: 562,
  run_attempt: 1,
  workflow_id: workflow.id,
  event: 'push',
  status: 'completed',
  conclusion: 'success',
  head_branch: 'main',
  head_sha: firstCommit,
  actor: octocat,
  html_url: 'https://github.com/octocat/Hello-World/actions/runs/30433642',
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:10:00Z',
};

/** The routes of workflows and of events that start them. */
export function githubWorkflowRoutes(world: FakeGithubWorld): ProviderRoutes {
  const at = '/repos/:owner/:repo';
  const runs = (page: Json[]): Json => ({ total_count: 1, workflow_runs: page });
  return {
    [`GET ${at}/actions/workflows`]: (request) => pageOf(request, [workflow], (workflows) => ({ total_count: 1, workflows })),
    [`GET ${at}/actions/runs`]: (request) => pageOf(request, [run], runs),
    [`GET ${at}/actions/workflows/:workflow/runs`]: (request) => pageOf(request, [run], runs),
    [`GET ${at}/actions/runs/:run`]: ({ parameters }) => (parameters['run'] === String(run.id) ? { json: run } : notFound()),
    [`POST ${at}/actions/workflows/:workflow/dispatches`]: (request) => {
      const { ref, inputs, return_run_details: told } = fieldsOf(request);
      if (typeof ref !== 'string') return invalid('Workflow', 'ref');
      const id = nextId(world);
      const url = `https://github.com/octocat/hello/actions/runs/${id}`;
      const given = Object.entries(Object(inputs)).map(([name, value]) => [name, String(value)] as const);
      repositoryAt(world, request).dispatches.push({ ref, inputs: Object.fromEntries(given) });
      return told === true ? { json: { workflow_run_id: id, run_url: url, html_url: url }, effect: true } : { status: 204, effect: true };
    },
    [`POST ${at}/dispatches`]: (request) => {
      const { event_type: type } = fieldsOf(request);
      if (typeof type !== 'string') return invalid('RepositoryDispatch', 'event_type');
      repositoryAt(world, request).dispatches.push({ type });
      return { status: 204, effect: true };
    },
  };
}
