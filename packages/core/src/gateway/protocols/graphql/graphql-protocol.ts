import type { AnswerProtocol } from '../answer-protocol.ts';
import { parseJsonAnswer } from '../parse-json-answer.ts';
import { graphqlBody } from './graphql-body.ts';
import { graphqlFault } from './graphql-fault.ts';

/** Errors are faults, also with status 200; with `allow` those that stand beside data are the caller's to read. */
export function graphqlProtocol(partial: 'refuse' | 'allow'): AnswerProtocol {
  return {
    parse: parseJsonAnswer,
    faultOf(given, status) {
      const body = graphqlBody(given);
      const hasData = body?.data !== undefined && body.data !== null;
      return body === undefined || (partial === 'allow' && hasData && status < 400) ? undefined : graphqlFault(body);
    },
  };
}
