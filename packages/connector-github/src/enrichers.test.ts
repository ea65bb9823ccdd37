import type { ConnectorHttp, HubEvent, Json } from '@patchbay/core';
import { expect, it } from 'vitest';
import { githubEnrichers } from './enrichers.ts';

const event: HubEvent = {
  specversion: '1.0',
  id: '01980000-0000-7000-8000-000000000000',
  source: '/tenants/acme',
  type: 'app.crashed',
  time: '2026-01-31T08:00:00Z',
  datacontenttype: 'application/json',
  data: { repository: 'octocat/Hello-World' },
  tenant: 'acme',
  correlation: '01980000-0000-7000-8000-000000000000',
  class: 'custom',
  severity: 'error',
};

/** A connector's `http` that answers each read with a body, and notes what was asked. */
function answering(body: Json) {
  const asked: string[] = [];
  const get: ConnectorHttp['get'] = async (to, options) => {
    asked.push(
      `${String(to)}?${new URLSearchParams(Object.entries(options.query ?? {}).map(([name, value]): [string, string] => [name, String(value)]))}`,
    );
    const parsed = await options.response['~standard'].validate(body);
    if (parsed.issues) throw new Error('The answer does not fit.');
    return parsed.value as never;
  };
  return { asked, http: { get } as ConnectorHttp };
}

const call = (name: keyof typeof githubEnrichers, of: HubEvent, http: ConnectorHttp) =>
  githubEnrichers[name].run({ event: of, http, settings: {}, configuration: {}, flags: {}, signal: new AbortController().signal });

const sha = 'a'.repeat(40);

it('tells the latest deployments of the repository that an event names', async () => {
  const deployment = { id: 1, ref: 'main', sha, environment: 'production', created_at: '2026-01-31T07:00:00Z' };
  const { asked, http } = answering([{ ...deployment, creator: { login: 'octocat' } }]);
  expect(await call('deployments', event, http)).toEqual({ repository: 'octocat/Hello-World', deployments: [deployment] });
  expect(asked).toEqual([expect.stringContaining('per_page=10')]);
});

it('tells the latest commits, also where GitHub or a mapping names the repository', async () => {
  const commit = {
    sha,
    html_url: `https://github.com/a/b/commit/${sha}`,
    commit: { message: 'Fix\n\nit', author: { name: 'Ada', date: '2026-01-31T07:00:00Z' } },
  };
  const shown = { sha, url: commit.html_url, title: 'Fix', author: 'Ada', date: '2026-01-31T07:00:00Z' };
  const { http } = answering([commit]);
  expect(await call('commits', { ...event, data: { repository: { full_name: 'a/b' } } }, http)).toEqual({
    repository: 'a/b',
    commits: [shown],
  });
  expect(await call('commits', { ...event, mapped: { repository: 'c/d' } }, http)).toMatchObject({ repository: 'c/d' });
});

it('asks nothing where an event names no repository', async () => {
  const { asked, http } = answering([]);
  for (const data of [{}, null, { repository: '../..' }, { repository: 7 }, { repository: 'a/b/c' }])
    expect(await call('deployments', { ...event, data }, http)).toBeNull();
  expect(asked).toEqual([]);
});
