import type { GraphqlOperation } from '../../../connector/graphql-options.ts';
import type { RequestPath } from '../../../connector/path.ts';
import type { Schema } from '../../../connector/schema.ts';
import { PatchbayError } from '../../../errors/patchbay-error.ts';
import type { RawRequest } from '../../raw-request.ts';
import { graphqlProtocol } from './graphql-protocol.ts';
import { operationEffect } from './operation-effect.ts';

/** The request of one operation. A query is a read, though it is posted. Throws `invalid_argument`. */
export function graphqlRequest<S extends Schema>(path: RequestPath, options: GraphqlOperation<S>): RawRequest {
  const { query, variables, operationName, headers, parameters, partial = 'refuse', host, only } = options;
  const effect = operationEffect(query);
  if (only !== undefined && effect !== (only === 'query' ? 'read' : 'write')) throw otherKind(only);
  const body = { query, ...(operationName === undefined ? {} : { operationName }), ...(variables === undefined ? {} : { variables }) };
  return {
    method: 'POST',
    path,
    effect,
    protocol: graphqlProtocol(partial),
    body: { contentType: 'application/json; charset=utf-8', text: JSON.stringify(body) },
    ...(headers === undefined ? {} : { headers }),
    ...(parameters === undefined ? {} : { query: parameters }),
    ...(host === undefined ? {} : { host }),
  };
}

function otherKind(only: 'query' | 'mutation'): PatchbayError {
  return new PatchbayError({
    code: 'invalid_argument',
    message:
      only === 'query' ? 'The document has a mutation in it, and only a query is taken here.' : 'The document has no mutation in it.',
    sent: 'no',
  });
}
