import { listedFields } from './log-field.ts';
import type { LogFields, Logger } from './logger.ts';

/**
 * The host's logger, of which nothing comes back: one that throws or rejects must neither change an outcome nor end the process. It is handed fields of
 * listed names alone.
 */
export function guardLogger(logger: Logger): Logger {
  const guarded = (level: keyof Logger) => (message: string, fields?: LogFields) => {
    try {
      // A logger of the host's may answer with a promise although its type has none.
      const answer: unknown = fields === undefined ? logger[level](message) : logger[level](message, listedFields(fields));
      if (answer instanceof Promise) answer.catch(() => undefined);
    } catch {
      // There is nowhere left to tell it.
    }
  };
  return { debug: guarded('debug'), info: guarded('info'), warn: guarded('warn'), error: guarded('error') };
}
