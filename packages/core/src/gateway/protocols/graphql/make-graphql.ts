import type { GraphqlAnswer, GraphqlOperation } from '../../../connector/graphql-options.ts';
import type { RequestPath } from '../../../connector/path.ts';
import type { Schema, SchemaOutput } from '../../../connector/schema.ts';
import type { IdempotencyKey } from '../../../contracts/idempotency.ts';
import type { RawRequest } from '../../raw-request.ts';
import { answerSchema, dataSchema } from './data-schema.ts';
import { graphqlRequest } from './graphql-request.ts';

type Ask = <S extends Schema>(request: RawRequest, response: S, key?: IdempotencyKey) => Promise<SchemaOutput<S>>;

/** Makes `http.graphql`. `ask` makes one request, and takes the key of one that writes. */
export function makeGraphql(ask: Ask) {
  function graphql<S extends Schema>(
    path: RequestPath,
    options: GraphqlOperation<S> & { readonly partial: 'allow' },
  ): Promise<GraphqlAnswer<S>>;
  function graphql<S extends Schema>(path: RequestPath, options: GraphqlOperation<S>): Promise<SchemaOutput<S>>;
  function graphql<S extends Schema>(path: RequestPath, options: GraphqlOperation<S>): Promise<GraphqlAnswer<S> | SchemaOutput<S>> {
    const asked = sent(path, options);
    // A call that its action does not wait for must not end the process when it is taken back.
    asked.catch(() => undefined);
    return asked;
  }
  const sent = async <S extends Schema>(path: RequestPath, options: GraphqlOperation<S>): Promise<GraphqlAnswer<S> | SchemaOutput<S>> => {
    const request = graphqlRequest(path, options);
    return options.partial === 'allow'
      ? ask(request, answerSchema(options.response), options.key)
      : ask(request, dataSchema(options.response), options.key);
  };
  return graphql;
}
