import type { GraphqlAnswer } from '../../../connector/graphql-options.ts';
import type { Schema, SchemaOutput, SchemaResult } from '../../../connector/schema.ts';
import type { Json } from '../../../json/json.ts';
import { graphqlBody } from './graphql-body.ts';

/** A schema of a whole answer that is made of one for its `data`; faults are named below `data`. */
export function dataSchema<S extends Schema>(response: S): Schema<unknown, SchemaOutput<S>> {
  return wholeSchema(response, (data) => data);
}

/** The same, with the errors that stand beside the data and what it has cost. */
export function answerSchema<S extends Schema>(response: S): Schema<unknown, GraphqlAnswer<S>> {
  return wholeSchema(response, (data, body) => {
    const { errors = [], cost } = graphqlBody(body) ?? {};
    return { data, errors, cost };
  });
}

function wholeSchema<S extends Schema, Output>(
  response: S,
  make: (data: SchemaOutput<S>, body: Json | undefined) => Output,
): Schema<unknown, Output> {
  const validate = (value: unknown): SchemaResult<Output> | Promise<SchemaResult<Output>> => {
    // What is validated here is always the parsed body of an answer.
    const body = value as Json | undefined;
    const finish = (result: SchemaResult<unknown>): SchemaResult<Output> =>
      result.issues
        ? { issues: result.issues.map((issue) => ({ ...issue, path: ['data', ...(issue.path ?? [])] })) }
        : // The schema's own word for the type of what it parsed.
          { value: make(result.value as SchemaOutput<S>, body) };
    const result = response['~standard'].validate(graphqlBody(body)?.data ?? null);
    return 'then' in result ? result.then(finish) : finish(result);
  };
  return { '~standard': { version: 1, vendor: 'patchbay', validate } };
}
