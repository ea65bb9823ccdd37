import { defineAction } from '@patchbay/core';
import { graphqlInput, graphqlOutput, sendOperation } from './send-operation.ts';

/** Any query of the GraphQL API. A mutation is refused before anything is sent. */
export const graphqlQuery = defineAction({
  title: 'Query by GraphQL',
  description: 'Sends a query to the GraphQL API. Fields that could not be read are told in errors.',
  idempotency: 'read',
  resources: { repository: 'any' },
  input: graphqlInput,
  output: graphqlOutput,
  run: ({ input, http }) => sendOperation(http, 'query', input),
});
