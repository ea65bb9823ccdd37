import { fieldsOf } from './fake-github-replies.ts';
import { type FakeGithubWorld, octocat } from './fake-github-world.ts';
import type { ProviderRoutes } from './provider-reply.ts';

/** GraphQL as far as a stand-in needs it: who one is, and one mutation, which stars what its variables name. */
export function githubGraphqlRoutes(world: FakeGithubWorld): ProviderRoutes {
  return {
    'POST /graphql': (request) => {
      const { query, variables } = fieldsOf(request);
      if (typeof query !== 'string') return { status: 400, json: { message: 'A query attribute must be specified and must be a string.' } };
      if (query.includes('nothing'))
        return { json: { errors: [{ type: 'NOT_FOUND', path: ['nothing'], message: 'There is none.' }], data: null } };
      if (!/^\s*mutation/.test(query)) return { json: { data: { viewer: { login: octocat.login } } } };
      const id: unknown = Object(variables)['id'];
      world.stars.add(String(id));
      return { json: { data: { addStar: { starrable: { id: String(id) } } } }, effect: true };
    },
  };
}
