import type { Clock } from '../../clock/clock.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';
import { type Expiring, RequestDeadlines } from '../../net/request-deadlines.ts';

/** What a connector's code is handed besides the delivery. */
export interface AskContext {
  /** Aborts when its time is over. */
  readonly signal: AbortSignal;
}

/**
 * Asks a connector's code about a delivery. What it throws of its own, whose text could quote the delivery, becomes an error of the hub, and
 * what does not answer in time a `timeout`: the service waits for us.
 */
export type AskConnector = <Answer>(connector: string, ask: (context: AskContext) => Answer | Promise<Answer>) => Promise<Answer>;

/** Milliseconds for one answer. Services give up after about ten seconds, and send again. */
const patienceMs = 8_000;

/** Makes what asks. Many questions at once share one timer. */
export function createAskConnector(clock: Clock): AskConnector {
  const deadlines = new RequestDeadlines(clock);
  return async (connector, ask) => {
    const question = new Question(connector, deadlines.now() + patienceMs);
    try {
      const answer = ask(question);
      if (!(answer instanceof Promise)) return answer;
      deadlines.watch(question);
      return await Promise.race([answer, question.unanswered]);
    } catch (error) {
      throw isPatchbayError(error) ? error : internal(connector, error);
    } finally {
      deadlines.forget(question);
    }
  };
}

/** One question. Its signal and its promise are made only where somebody looks at them. */
class Question implements Expiring, AskContext {
  readonly dueAt: number;
  readonly #connector: string;
  readonly #unanswered = Promise.withResolvers<never>();
  #abort: AbortController | undefined;

  constructor(connector: string, dueAt: number) {
    this.#connector = connector;
    this.dueAt = dueAt;
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    return this.#abort.signal;
  }

  get unanswered(): Promise<never> {
    return this.#unanswered.promise;
  }

  expire(): void {
    const message = `The connector ${this.#connector} did not read a delivery within ${patienceMs} ms. Report it to its author.`;
    const error = new PatchbayError({ code: 'timeout', message, retryable: true });
    this.#abort?.abort(error);
    this.#unanswered.reject(error);
  }
}

function internal(connector: string, error: unknown): PatchbayError {
  return new PatchbayError({
    code: 'internal',
    message: `The connector ${connector} could not read a delivery. ${toErrorRecord(error).message} Report it to its author.`,
  });
}
