import { defineAction } from '@patchbay/core';
import { graphqlInput, graphqlOutput, sendOperation } from './send-operation.ts';

/** Any mutation of the GraphQL API. Nobody knows what a repeat of it would do, so a lost answer waits for a person. */
export const graphqlMutation = defineAction({
  title: 'Change by GraphQL',
  description: 'Sends a mutation to the GraphQL API. Fields that could not be changed are told in errors.',
  idempotency: 'unsafe',
  resources: { repository: 'any' },
  input: graphqlInput,
  output: graphqlOutput,
  run: ({ input, http }) => sendOperation(http, 'mutation', input),
});
