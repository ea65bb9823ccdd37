import type { GraphqlCost, GraphqlError } from '../../../connector/graphql-options.ts';
import { isJsonObject } from '../../../json/is-json-object.ts';
import type { Json, JsonObject } from '../../../json/json.ts';

/** An answer of GraphQL, as far as it could be read. */
export interface GraphqlBody {
  /** `undefined`: there is none, so nothing was executed (GraphQL, section 7.1); `null`: it failed while it was executed. */
  readonly data: Json | undefined;
  readonly errors: readonly GraphqlError[];
  readonly cost: GraphqlCost | undefined;
}

/** Longest message and code of an error that are kept, and most errors. */
const longest = { message: 500, code: 100, errors: 50, path: 50 };

/** Reads the body of an answer. `undefined` for one that is no answer of GraphQL. */
export function graphqlBody(body: Json | undefined): GraphqlBody | undefined {
  const found = objectOf(body);
  if (found === undefined) return undefined;
  const errors = Array.isArray(found['errors']) ? found['errors'].slice(0, longest.errors).map(errorOf) : [];
  if (!Object.hasOwn(found, 'data') && errors.length === 0) return undefined;
  return { data: found['data'], errors, cost: costOf(objectOf(objectOf(found['extensions'])?.['cost'])) };
}

function errorOf(given: Json): GraphqlError {
  const { message, path, extensions, type } = objectOf(given) ?? {};
  const { code, type: kind } = objectOf(extensions) ?? {};
  const named = [code, type, kind].find((each) => typeof each === 'string' && each !== '');
  return {
    message: typeof message === 'string' ? message.slice(0, longest.message) : '',
    path: Array.isArray(path) ? path.filter(isStep).slice(0, longest.path) : [],
    code: typeof named === 'string' ? named.slice(0, longest.code) : undefined,
  };
}

function costOf(cost: JsonObject | undefined): GraphqlCost | undefined {
  if (cost === undefined) return undefined;
  const throttle = objectOf(cost['throttleStatus']) ?? {};
  return {
    requested: numberOf(cost['requestedQueryCost']),
    actual: numberOf(cost['actualQueryCost']),
    available: numberOf(throttle['currentlyAvailable']),
    maximum: numberOf(throttle['maximumAvailable']),
    restoreRate: numberOf(throttle['restoreRate']),
  };
}

const isStep = (step: Json): step is string | number => typeof step === 'string' || typeof step === 'number';

const numberOf = (value: Json | undefined): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);

function objectOf(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}
