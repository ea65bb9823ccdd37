import { createHash } from 'node:crypto';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { ReadyConnection } from './ready-connection.ts';

/** The last good answer of a reading action. */
export interface LastAnswer {
  /** JSON text. */
  readonly output: string | null;
  /** Monotonic time at which it was given, and milliseconds since 1970. */
  readonly givenAt: number;
  readonly at: number;
}

/** Last good answers, in the memory of this process alone. */
export interface LastAnswers {
  keep(name: string, answer: LastAnswer): void;
  find(name: string): LastAnswer | undefined;
}

/** Bytes of all outputs that are kept, about; what was used longest ago goes first. 16 MiB. */
const mostBytes = 16_777_216;

/** Bytes that an answer takes beside its output. */
const overhead = 200;

/** Makes one that holds nothing. */
export function createLastAnswers(): LastAnswers {
  const answers = new Map<string, LastAnswer>();
  let bytes = 0;
  const sizeOf = ({ output }: LastAnswer): number => overhead + 2 * (output?.length ?? 0);
  const drop = (name: string): void => {
    const answer = answers.get(name);
    if (answer === undefined) return;
    answers.delete(name);
    bytes -= sizeOf(answer);
  };
  return {
    keep(name, answer) {
      drop(name);
      if (sizeOf(answer) > mostBytes / 4) return;
      answers.set(name, answer);
      bytes += sizeOf(answer);
      for (const oldest of answers.keys()) {
        if (bytes <= mostBytes) break;
        drop(oldest);
      }
    },
    find(name) {
      const answer = answers.get(name);
      if (answer === undefined) return undefined;
      answers.delete(name);
      answers.set(name, answer);
      return answer;
    },
  };
}

/**
 * What an answer was given to: the tenant's connection with this credential, these settings, this confinement and what the tenant has set, the action, of
 * which major, and its input. An answer for another of any of them is another answer.
 */
export function answerName(dispatch: ClaimedDispatch, { connection, choices }: ReadyConnection): string {
  const { secretVersion, settings, confinedTo } = connection.value;
  const asked = [dispatch.key.tenant, connection.id, secretVersion, dispatch.handler, dispatch.operation, dispatch.input];
  const under = canonicalJson(JSON.parse(JSON.stringify({ settings, confinedTo: confinedTo ?? null, choices: choices ?? null })));
  return createHash('sha256')
    .update(JSON.stringify([...asked, under]))
    .digest('base64');
}
