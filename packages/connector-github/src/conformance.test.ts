import { describeConnector, fakeGithub } from '@patchbay/testing';
import { actionCases } from './__fixtures__/action-cases.ts';
import { deliveryCases } from './__fixtures__/delivery-cases.ts';
import { github } from './github.ts';

const token = 'github_pat_11AAAAAAA0conformance';
const repository = { owner: 'octocat', repo: 'Hello-World' };
const confinedTo = { repository: ['octocat/hello-world'] };
const app = { clientId: 'Ov23liConformance', clientSecret: 'secret-of-the-app-0123456789' };

describeConnector({
  create: (origin) => github({ origin }),
  startProvider: () => fakeGithub({ token, app, repositories: ['octocat/Hello-World', 'octocat/other'] }),
  credential: { type: 'bearer', token },
  wrongCredential: { type: 'bearer', token: 'github_pat_wrong' },
  state: (provider) => provider.held(),
  oauth: {
    app,
    tokens: (provider) => provider.tokens(),
    startRenewing: () => fakeGithub({ token, app: { ...app, expiresIn: 28_800 }, repositories: ['octocat/Hello-World', 'octocat/other'] }),
  },
  actions: actionCases,
  options: [
    { action: 'get_repository', field: 'repo', input: () => ({ owner: 'octocat' }), confinedTo },
    { action: 'put_file', field: 'branch', input: () => repository, confinedTo },
    { action: 'create_issue', field: 'labels', input: () => repository, confinedTo },
    { action: 'create_issue', field: 'assignees', input: () => repository, confinedTo },
    { action: 'create_issue', field: 'milestone', input: () => repository, confinedTo },
    { action: 'dispatch_workflow', field: 'workflow', input: () => repository, confinedTo },
  ],
  content: [
    {
      source: 'issues',
      containers: ['octocat/hello-world'],
      change: (provider) => String(provider.addIssue('octocat/Hello-World', { title: 'Found a bug', body: 'It breaks.' }).id),
    },
    {
      source: 'comments',
      containers: ['octocat/hello-world'],
      change: (provider) => String(provider.addComment('octocat/Hello-World', 'Me too.').id),
    },
  ],
  registration: {
    target: 'octocat/Hello-World',
    held: (provider) => provider.hooks('octocat/Hello-World').map(({ config }) => config['url'] ?? ''),
  },
  deliveries: deliveryCases,
});
