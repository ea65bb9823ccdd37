import type { Transforms } from '../../connector/transform.ts';
import type { Sender } from '../create-sender.ts';
import type { FinishedRequest } from '../finished-request.ts';
import { malformed } from '../protocols/answer-protocol.ts';
import { parseJsonAnswer } from '../protocols/parse-json-answer.ts';
import { transformAnswer } from './transform-answer.ts';
import { transformRequest } from './transform-request.ts';

/**
 * A sender whose requests and good answers pass transforms, given from the caller's side to the service's. The same sender where there are none. What was
 * kept is kept as the service gave it, and transformed each time.
 */
export function transformingSender(sender: Sender, transforms: readonly (Transforms | undefined)[]): Sender {
  const requests = transforms.flatMap((each) => each?.request ?? []);
  const responses = transforms.flatMap((each) => each?.response ?? []).reverse();
  if (requests.length === 0 && responses.length === 0) return sender;
  return {
    ...sender,
    finish: (request) => sender.finish(transformRequest(request, requests)),
    async transmit(finished: FinishedRequest) {
      const received = await sender.transmit(finished);
      const { reading } = received;
      if (reading !== null && 'error' in reading) return received;
      const answer = transformAnswer(finished.raw, received.answer, responses);
      if (answer === received.answer || reading === null) return { answer, reading };
      const body = parseJsonAnswer(answer);
      return { answer, reading: { body: body === malformed ? undefined : body, fault: null } };
    },
  };
}
