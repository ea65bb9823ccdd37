import { github } from '@patchbay/connector-github';
import { jira } from '@patchbay/connector-jira';
import { slack } from '@patchbay/connector-slack';
import { type FakeProvider, fakeGithub, fakeJira, fakeSlack } from '@patchbay/testing';
import { actionCases as githubCases } from '../../../packages/connector-github/src/__fixtures__/action-cases.ts';
import { actionCases as jiraCases } from '../../../packages/connector-jira/src/__fixtures__/action-cases.ts';
import { channelCases } from '../../../packages/connector-slack/src/__fixtures__/channel-cases.ts';
import { messageCases } from '../../../packages/connector-slack/src/__fixtures__/message-cases.ts';
import { appCases, peopleCases } from '../../../packages/connector-slack/src/__fixtures__/people-cases.ts';
import { leastRequests } from '../../baselines/request-count/least-requests.ts';
import type { Benchmark, Case, Sample } from '../benchmark.ts';
import { type CountedConnector, countRequests } from './count-requests.ts';

/** One call of every action, as the conformance suite calls it, counted where the requests arrive. */
const requestCount = <Provider extends FakeProvider>(id: string, counted: CountedConnector<Provider>): Benchmark => {
  const least = counted.cases.map(({ name }, index) => {
    const before = counted.cases.slice(0, index).filter((each) => each.name === name).length;
    return leastRequests[id]?.[name]?.[before] ?? 1;
  });
  const needed = least.reduce((sum, each) => sum + each, 0);
  const limit = (role: Case['role'], name: string): Case => ({
    name,
    role,
    sample: async () => ({ value: needed, cpuMicroseconds: null, notes: {} }),
  });
  return {
    name: `request-count-${id}`,
    unit: 'requests',
    title: `requests that one call of each action of ${id} makes, against those that the service's API cannot do without`,
    better: 'lower',
    reach: 1,
    peerReach: null,
    repetitions: { full: 1, quick: 1 },
    async prepare({ report, baselinesOnly }) {
      const sample = async (): Promise<Sample> => {
        const counts = await countRequests(counted);
        for (const [index, [name, requests]] of counts.entries())
          if (requests !== least[index]) report(`${id}.${name}: ${requests} requests, ${least[index]} needed`);
        const value = counts.reduce((sum, [, requests]) => sum + requests, 0);
        return {
          value,
          cpuMicroseconds: null,
          notes: { calls: counts.length, 'most of one call': Math.max(...counts.map(([, each]) => each)) },
        };
      };
      return {
        cases: [
          limit('limit', 'needed'),
          ...(baselinesOnly ? [] : [{ name: 'patchbay', role: 'ours', sample } as const]),
          limit('control', 'needed again'),
        ],
        close: async () => {},
      };
    },
  };
};

const token = 'token-of-the-benchmark-0123456789';
const email = 'ops@example.com';

export const requestCounts: readonly Benchmark[] = [
  requestCount('github', {
    start: () => fakeGithub({ token, repositories: ['octocat/Hello-World', 'octocat/other'] }),
    create: ({ origin }) => github({ origin }),
    credential: { type: 'bearer', token },
    cases: githubCases,
  }),
  requestCount('slack', {
    start: () => fakeSlack({ token }),
    create: ({ origin, filesOrigin }) => slack({ origin, filesOrigin }),
    credential: { type: 'bearer', token },
    cases: [...messageCases, ...channelCases, ...peopleCases, ...appCases],
  }),
  requestCount('jira', {
    start: () => fakeJira({ email, token }),
    create: ({ origin }) => jira({ origin }),
    credential: { type: 'basic', username: email, password: token },
    cases: jiraCases,
  }),
];
