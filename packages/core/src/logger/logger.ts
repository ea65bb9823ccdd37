import type { Json } from '../json/json.ts';

/** Facts beside a log line. No secret, token or body belongs in them. */
export type LogFields = Readonly<Record<string, Json | undefined>>;

/** Where the hub writes its log. Shaped so that pino, winston and console wrappers fit. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Writes nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
