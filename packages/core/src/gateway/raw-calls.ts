import type { HttpAnswer, StreamedAnswer, StreamOptions } from '../connector/connector-http.ts';
import { answerHeaders } from './answer-headers.ts';
import type { CallParts } from './call-parts.ts';
import { isWriting, type RawRequest } from './raw-request.ts';
import { streamLimits } from './stream-limits.ts';

/** Calls whose answer no schema reads. */
export interface RawCalls {
  bytes(request: RawRequest): Promise<HttpAnswer>;
  stream(request: RawRequest, options: Pick<StreamOptions, 'maximumBytes' | 'idleMs'>): Promise<StreamedAnswer>;
}

/** Makes them. They throw the error that an answer means, as other calls do. */
export function makeRawCalls({ sender, log }: Pick<CallParts, 'sender' | 'log'>): RawCalls {
  const followed = <Result>(request: RawRequest, complete: (answered: () => void) => Promise<Result>): Promise<Result> =>
    isWriting(request) ? log.follow(complete) : complete(() => undefined);
  return {
    async bytes(request) {
      const finished = sender.finish(request);
      return followed(request, async (answered) => {
        const { answer, reading } = await sender.transmit(finished);
        if (reading?.fault) throw reading.fault;
        answered();
        return { ...answer, headers: answerHeaders(answer.headers) };
      });
    },
    async stream(request, options) {
      const limits = streamLimits(options);
      const finished = sender.finish(request);
      return followed(request, async (answered) => {
        const { answer, reading } = await sender.stream(finished, limits);
        if (reading?.fault) throw reading.fault;
        answered();
        return answer;
      });
    },
  };
}
