import type { Json, JsonObject } from '@patchbay/core';
import type { ActionCase, FakeGithub } from '@patchbay/testing';

const repository = { owner: 'octocat', repo: 'Hello-World' };
const fullName = 'octocat/Hello-World';
const head = '6dcb09b5b57875f334f61aebed695e2e4193db5e';

/** A case of an action, and the operations of GitHub's description that its requests are. */
export interface GithubCase extends ActionCase<FakeGithub> {
  readonly operations: readonly string[];
  /** Further fields of the input, which take any object. */
  readonly more?: JsonObject;
}

const issue = (provider: FakeGithub): number => provider.addIssue(fullName, { title: 'Found a bug', labels: ['bug'] }).number;
const pull = (provider: FakeGithub): number => provider.addIssue(fullName, { title: 'New feature', head }).number;

const issueAnswer: JsonObject = {
  ...{ id: 1, number: 1, html_url: 'https://github.com/octocat/Hello-World/issues/1', title: 'x', state: 'open', user: null, labels: [] },
  ...{ created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
};
const repositoryAnswer: JsonObject = {
  ...{ id: 1, name: 'hello', full_name: 'octocat/hello', owner: { login: 'octocat' }, private: false, fork: false },
  html_url: 'https://github.com/octocat/hello',
};

/** One page of a listing without end. */
const endless = (json: (number: number) => Json) => ({
  make: (number: number) => ({ json: json(number), headers: { link: `</endless?page=${number + 1}>; rel="next"` } }),
});

const branch = (() => {
  let made = 0;
  return () => `feature/${++made}`;
})();

/** Every action with an input that the stand-in takes, and every field that it can have. */
export const actionCases: readonly GithubCase[] = [
  {
    name: 'create_issue',
    operations: ['issues/create'],
    input: () => ({ ...repository, title: 'Found a bug', body: 'It **breaks**.', labels: ['bug'], assignees: ['octocat'], milestone: 1 }),
    refused: [
      { owner: '../..', repo: 'Hello-World', title: 'x' },
      { owner: 'octocat', repo: '..', title: 'x' },
      { owner: 'octocat', repo: 'a/b', title: 'x' },
      { ...repository, title: '' },
    ],
  },
  {
    name: 'get_issue',
    operations: ['issues/get'],
    input: (provider) => ({ ...repository, issue_number: issue(provider) }),
  },
  {
    name: 'update_issue',
    operations: ['issues/update'],
    input: (provider) => ({
      ...{ ...repository, issue_number: issue(provider), title: 'Found a worse bug', body: 'It breaks.', state: 'closed' },
      ...{ state_reason: 'not_planned', labels: ['bug', 'question'], assignees: ['hubot'], milestone: null },
    }),
    refused: [{ ...repository, issue_number: 1, state: 'merged' }],
  },
  {
    name: 'list_issues',
    operations: ['issues/list-for-repo'],
    input: (provider) => ({
      ...{ ...repository, state: 'all', labels: ['bug', 'question'], assignee: '*', creator: 'octocat', milestone: 1 },
      ...{ since: new Date(issue(provider)).toISOString(), sort: 'updated', direction: 'asc', limit: 1_000 },
    }),
    refused: [
      { ...repository, limit: 0 },
      { ...repository, limit: 1_001 },
      { ...repository, since: 'yesterday' },
    ],
    pages: endless((number) => [{ ...issueAnswer, number }]),
  },
  {
    name: 'lock_issue',
    operations: ['issues/lock'],
    input: (provider) => ({ ...repository, issue_number: issue(provider), locked: true, lock_reason: 'too heated' }),
  },
  {
    name: 'lock_issue',
    operations: ['issues/unlock'],
    input: (provider) => {
      const number = issue(provider);
      for (const each of provider.issues(fullName)) each.locked = true;
      return { ...repository, issue_number: number, locked: false };
    },
  },
  {
    name: 'add_comment',
    operations: ['issues/create-comment'],
    input: (provider) => ({ ...repository, issue_number: issue(provider), body: 'Me too.' }),
    refused: [{ ...repository, issue_number: 0, body: 'x' }],
  },
  {
    name: 'update_comment',
    operations: ['issues/update-comment'],
    input: (provider) => {
      const { comments } = provider.addIssue(fullName, { title: 'x' });
      const times = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
      comments.push({ id: 7, body: 'Me too.', html_url: 'https://github.com/octocat/Hello-World/issues/1#issuecomment-7', ...times });
      return { ...repository, comment_id: 7, body: 'Not me.' };
    },
  },
  {
    name: 'add_labels',
    operations: ['issues/add-labels'],
    input: (provider) => ({ ...repository, issue_number: issue(provider), labels: ['bug', 'question'] }),
    refused: [{ ...repository, issue_number: 1, labels: [] }],
  },
  {
    name: 'remove_label',
    operations: ['issues/remove-label'],
    input: (provider) => ({ ...repository, issue_number: issue(provider), label: 'bug' }),
    refused: [{ ...repository, issue_number: 1, label: '../..' }],
  },
  {
    name: 'add_assignees',
    operations: ['issues/add-assignees'],
    input: (provider) => ({ ...repository, issue_number: issue(provider), assignees: ['octocat', 'renovate[bot]'] }),
  },
  {
    name: 'create_pull_request',
    operations: ['pulls/create'],
    input: () => ({
      ...{ ...repository, title: 'New feature', head: 'feature/one', base: 'main', body: 'It **works**.', draft: true },
      maintainer_can_modify: true,
    }),
    refused: [
      { ...repository, title: 'x', head: 'other:feature', base: 'main' },
      { ...repository, title: 'x', head: 'a..b', base: 'main' },
    ],
  },
  {
    name: 'create_pull_request',
    operations: ['pulls/create'],
    input: () => ({
      ...{ ...repository, title: 'New feature', head: 'feature', base: 'main' },
      from: { owner: 'octocat', repo: 'hello-fork' },
    }),
  },
  {
    name: 'get_pull_request',
    operations: ['pulls/get'],
    input: (provider) => ({ ...repository, pull_number: pull(provider) }),
  },
  {
    name: 'update_pull_request',
    operations: ['pulls/update'],
    input: (provider) => ({
      ...{ ...repository, pull_number: pull(provider), title: 'Newer feature', body: 'It works.', state: 'closed', base: 'next' },
      maintainer_can_modify: false,
    }),
  },
  {
    name: 'list_pull_requests',
    operations: ['pulls/list'],
    input: (provider) => {
      pull(provider);
      return {
        ...{ ...repository, state: 'all', head: 'feature', head_owner: 'octocat', base: 'main', sort: 'long-running' },
        ...{ direction: 'asc', limit: 1_000 },
      };
    },
    pages: endless((number) => [{ ...issueAnswer, number, head: { ref: 'feature', sha: head }, base: { ref: 'main', sha: head } }]),
  },
  {
    name: 'merge_pull_request',
    operations: ['pulls/merge'],
    input: (provider) => ({
      ...{ ...repository, pull_number: pull(provider), sha: head, merge_method: 'squash' },
      ...{ commit_title: 'New feature', commit_message: 'It works.' },
    }),
  },
  {
    name: 'get_pull_request_diff',
    operations: ['pulls/get'],
    input: (provider) => ({ ...repository, pull_number: pull(provider) }),
  },
  {
    name: 'list_pull_request_files',
    operations: ['pulls/list-files'],
    input: (provider) => ({ ...repository, pull_number: pull(provider), limit: 1_000 }),
    pages: endless((number) => [{ filename: `${number}.ts`, status: 'added', additions: 1, deletions: 0, changes: 1, sha: head }]),
  },
  {
    name: 'create_review',
    operations: ['pulls/create-review'],
    input: (provider) => ({
      ...{ ...repository, pull_number: pull(provider), event: 'REQUEST_CHANGES', body: 'Not yet.', commit_id: head },
      comments: [{ path: 'src/index.ts', line: 7, side: 'RIGHT', start_line: 5, start_side: 'RIGHT', body: 'Why?' }],
    }),
    refused: [{ ...repository, pull_number: 1, event: 'APPROVED' }],
  },
  {
    name: 'request_reviewers',
    operations: ['pulls/request-reviewers'],
    input: (provider) => ({ ...repository, pull_number: pull(provider), reviewers: ['hubot'], team_reviewers: ['justice-league'] }),
  },
  {
    name: 'get_file',
    operations: ['repos/get-content'],
    input: (provider) => {
      provider.addFile(fullName, { path: 'src/index.ts', text: 'export {};\n' });
      return { ...repository, path: 'src/index.ts', ref: 'main' };
    },
    refused: ['', '/etc/passwd', '../x', 'a/../../b', 'a//b', 'a/'].map((path) => ({ ...repository, path })),
  },
  {
    name: 'put_file',
    operations: ['repos/create-or-update-file-contents'],
    input: () => ({
      ...{ ...repository, path: 'docs/a b.md', message: 'Say hello', content: 'Hello, wörld\n', encoding: 'utf8', branch: 'main' },
      ...{ committer: { name: 'Mona', email: 'mona@example.com' }, author: { name: 'Mona', email: 'mona@example.com' } },
    }),
    refused: [{ ...repository, path: '../x', message: 'm', content: '' }],
  },
  {
    name: 'put_file',
    requests: 2,
    operations: ['repos/get-content', 'repos/create-or-update-file-contents'],
    input: (provider) => {
      provider.addFile(fullName, { path: 'README.md', text: 'Hello' });
      return { ...repository, path: 'README.md', message: 'Say more', content: 'Hello again', overwrite: true };
    },
  },
  {
    name: 'delete_file',
    operations: ['repos/delete-file'],
    input: (provider) => {
      provider.addFile(fullName, { path: 'old.md', text: 'Hello' });
      return { ...repository, path: 'old.md', message: 'Tidy up', sha: '5ab2f8a4323abafb10abb68657d9d39f1a775057', branch: 'main' };
    },
  },
  {
    name: 'create_branch',
    operations: ['git/create-ref'],
    input: () => ({ ...repository, branch: branch(), sha: head }),
    refused: ['a b', 'a..b', '/a', 'a/', 'a~1', 'x.lock', '.a', 'refs/heads/^', ''].map((name) => ({
      ...repository,
      branch: name,
      sha: head,
    })),
  },
  {
    name: 'create_release',
    operations: ['repos/create-release'],
    input: () => ({
      ...{ ...repository, tag_name: 'v1.0.0', target_commitish: 'main', name: 'One', body: 'The first.', draft: true, prerelease: false },
      ...{ generate_release_notes: true, make_latest: 'legacy', discussion_category_name: 'Announcements' },
    }),
  },
  {
    name: 'dispatch_workflow',
    operations: ['actions/create-workflow-dispatch'],
    input: () => ({ ...repository, workflow: 'ci.yml', ref: 'main', inputs: { level: 'debug', times: 2, dry: true } }),
    refused: [{ ...repository, workflow: '../ci.yml', ref: 'main' }],
  },
  {
    name: 'get_workflow_run',
    operations: ['actions/get-workflow-run'],
    input: () => ({ ...repository, run_id: 30_433_642 }),
  },
  {
    name: 'list_workflow_runs',
    operations: ['actions/list-workflow-runs'],
    input: () => ({
      ...{ ...repository, workflow: 161_335, branch: 'main', event: 'push', status: 'success', actor: 'octocat', head_sha: head },
      limit: 1_000,
    }),
    pages: endless((number) => ({
      workflow_runs: [
        {
          ...{ id: number, run_number: number, workflow_id: 1, event: 'push', head_sha: head, html_url: 'https://github.com/x' },
          ...{ created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
        },
      ],
    })),
  },
  {
    name: 'list_workflow_runs',
    operations: ['actions/list-workflow-runs-for-repo'],
    input: () => ({ ...repository, status: 'failure' }),
  },
  {
    name: 'dispatch_repository_event',
    operations: ['repos/create-dispatch-event'],
    input: () => ({ ...repository, event_type: 'deploy' }),
    more: { client_payload: { to: 'production' } },
  },
  {
    name: 'create_gist',
    operations: ['gists/create'],
    input: () => ({ description: 'A note', files: { 'note.md': { content: 'Hello' } }, public: false }),
    refused: [{ files: {} }, { files: { 'a/b': { content: 'x' } } }],
  },
  {
    name: 'search_issues',
    operations: ['search/issues-and-pull-requests'],
    input: (provider) => ({ query: `repo:${fullName} is:open ${issue(provider)}`, sort: 'updated', order: 'asc', limit: 1_000 }),
    pages: endless((number) => ({ total_count: 1_000, incomplete_results: false, items: [{ ...issueAnswer, number }] })),
  },
  {
    name: 'search_repositories',
    operations: ['search/repos'],
    input: () => ({ query: 'user:octocat hello', sort: 'stars', order: 'desc', limit: 1_000 }),
    pages: endless((number) => ({ total_count: 1_000, incomplete_results: false, items: [{ ...repositoryAnswer, id: number }] })),
  },
  {
    name: 'get_repository',
    operations: ['repos/get'],
    input: () => repository,
  },
  {
    name: 'list_repositories',
    operations: ['repos/list-for-authenticated-user'],
    input: () => ({ visibility: 'all', affiliation: ['owner', 'collaborator'], sort: 'pushed', direction: 'desc', limit: 1_000 }),
    pages: endless((number) => [{ ...repositoryAnswer, id: number }]),
  },
  {
    name: 'add_collaborator',
    operations: ['repos/add-collaborator'],
    input: () => ({ ...repository, username: 'hubot', permission: 'triage' }),
  },
  {
    name: 'api_read',
    operations: ['issues/list-labels-for-repo'],
    input: () => ({ path: ['repos', 'octocat', 'Hello-World', 'labels'], query: { per_page: 5 } }),
    refused: [{ path: [] }, { path: ['..'] }, { path: ['repos', ''] }, { path: ['repos/../../x'] }, { path: '/repos' }],
  },
  {
    name: 'api_write',
    operations: ['issues/lock'],
    input: (provider) => ({
      method: 'PUT',
      path: ['repos', 'octocat', 'Hello-World', 'issues', String(issue(provider)), 'lock'],
    }),
    more: { body: { lock_reason: 'spam' } },
    refused: [
      { method: 'GET', path: ['user'] },
      { method: 'POST', path: ['..', 'x'] },
    ],
  },
  {
    name: 'graphql_query',
    operations: ['graphql'],
    input: () => ({ query: 'query Me { viewer { login } }', operation_name: 'Me' }),
    more: { variables: { first: 3 } },
  },
  {
    name: 'graphql_mutation',
    operations: ['graphql'],
    input: () => ({
      query: 'mutation Star($id: ID!) { addStar(input: { starrableId: $id }) { starrable { id } } }',
    }),
    more: { variables: { id: 'R_1' } },
  },
];
