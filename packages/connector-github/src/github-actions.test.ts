import type { Json } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { actionCases, type GithubCase } from './__fixtures__/action-cases.ts';
import { faultsOf, operationOf, requiredFields, type SentRequest } from './__fixtures__/github-openapi.ts';
import { githubStage } from './__fixtures__/github-stage.ts';
import { githubActions } from './github-actions.ts';

const titled = actionCases.map((given) => ({ ...given, title: `${given.name} (${given.operations.join(', ')})` }));

/** What a case sends, as it went over the wire. */
async function sentBy({ name, input, more = {} }: GithubCase) {
  const { provider, harness } = await githubStage();
  await harness.execute({ action: name, input: { ...input(provider), ...more } });
  return provider.requests;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same request with one thing wrong in it, each with what is wrong. */
function mistakesIn(request: SentRequest): readonly (readonly [string, SentRequest])[] {
  const { path, body } = request;
  const [pathname = '', query = ''] = path.split('?');
  const fields: unknown = body === '' ? {} : JSON.parse(body);
  const given = Object.entries(isObject(fields) ? fields : {});
  const withBody = (entries: readonly (readonly [string, unknown])[]): SentRequest => ({
    ...request,
    body: JSON.stringify(Object.fromEntries(entries)),
  });
  const changed = (name: string, change: (value: unknown) => readonly (readonly [string, unknown])[]) =>
    withBody(given.flatMap(([each, value]) => (each === name ? change(value) : [[each, value] as const])));
  const required = operationOf(request) === 'graphql' ? ['query'] : requiredFields(request);
  const wrong = (value: unknown): Json => (isObject(value) ? 7 : { not: ['this'] });
  return [
    ...required.map((name) => [`without ${name}`, changed(name, () => [])] as const),
    ...given.map(([name]) => [`${name} by another name`, changed(name, (value) => [[`${name}s_`, value]])] as const),
    ...given.map(([name]) => [`${name} of another type`, changed(name, (value) => [[name, wrong(value)]])] as const),
    ...[...new URLSearchParams(query).keys()].map(
      (name) => [`the parameter ${name} by another name`, { ...request, path: path.replace(`${name}=`, `${name}s_=`) }] as const,
    ),
    ['at another path', { ...request, path: path.replace(pathname, `${pathname}/x/y/z`) }] as const,
    ...['accept', 'x-github-api-version'].map(
      (name) => [`with another header ${name}`, { ...request, headers: { ...request.headers, [name]: 'x' } }] as const,
    ),
  ];
}

describe("the requests of each action, held against GitHub's own description", () => {
  it('are those of every action', () => {
    expect([...new Set(actionCases.map(({ name }) => name))].sort()).toEqual(Object.keys(githubActions).sort());
  });

  it.each(titled)('are what it asks for: $title', async (given) => {
    const requests = await sentBy(given);
    expect(requests.map(operationOf)).toEqual(given.operations);
    expect(requests.flatMap(faultsOf)).toEqual([]);
  });

  // The negative control: each request with one thing wrong in it.
  it.each(titled)('would be objected to with something left out, renamed or mistyped: $title', async (given) => {
    const requests = await sentBy(given);
    const mistakes = requests.flatMap(mistakesIn);
    const unseen = mistakes.filter(([, request]) => faultsOf(request).length === 0);
    expect(mistakes.length).toBeGreaterThanOrEqual(requests.length * 3);
    expect(unseen.map(([what]) => what)).toEqual([]);
  });
});
