import { type ConnectorHttp, path } from '@patchbay/core';
import { z } from 'zod';

/** One operation of GraphQL. */
export const graphqlInput = z.strictObject({
  query: z.string().min(1).max(100_000).describe('The document. Values go into variables.'),
  variables: z.record(z.string().min(1).max(200), z.json()).optional(),
  operation_name: z.string().min(1).max(200).optional().describe('Which operation is meant, where the document has several.'),
});

/** What GraphQL answers: data, and errors about fields of it. Without data it is an error. */
export const graphqlOutput = z.object({
  data: z.json(),
  errors: z.array(z.object({ message: z.string(), path: z.array(z.union([z.string(), z.number()])), code: z.string().nullable() })),
});

/** Sends a document that came from outside. One that holds another kind of operation is refused before anything is sent. */
export async function sendOperation(
  http: ConnectorHttp,
  only: 'query' | 'mutation',
  { query, variables = {}, operation_name }: z.output<typeof graphqlInput>,
): Promise<z.input<typeof graphqlOutput>> {
  const { data, errors } = await http.graphql(path`/graphql`, {
    query,
    variables,
    ...(operation_name === undefined ? {} : { operationName: operation_name }),
    dangerouslyGivenQuery: true,
    only,
    partial: 'allow',
    host: 'graphql',
    response: z.json(),
  });
  return { data, errors: errors.map(({ message, path: at, code = null }) => ({ message, path: [...at], code })) };
}
