import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { graphqlInput, graphqlOutput } from './graphql-query.ts';

/** Any mutation of the GraphQL API. Nobody knows what a repeat of it would do, so a lost answer waits for a person. */
export const graphqlMutation = defineAction({
  title: 'Change by GraphQL',
  description: 'Sends a mutation to the GraphQL API. Fields that could not be changed are told in errors.',
  idempotency: 'unsafe',
  resources: { repository: 'any' },
  input: graphqlInput,
  output: graphqlOutput,
  async run({ input: { query, variables = {}, operation_name }, http }) {
    const { data, errors } = await http.graphql(path`/graphql`, {
      query,
      variables,
      ...(operation_name === undefined ? {} : { operationName: operation_name }),
      dangerouslyGivenQuery: true,
      only: 'mutation',
      partial: 'allow',
      host: 'graphql',
      response: z.json(),
    });
    return { data, errors: errors.map(({ message, path: at, code = null }) => ({ message, path: [...at], code })) };
  },
});
