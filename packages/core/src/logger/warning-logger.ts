import { jsonLine } from './json-line.ts';
import type { Logger } from './logger.ts';

/** Writes warnings and errors to the given stream as JSON lines; debug and info are dropped. The hub's default. */
export function warningLogger(write: (line: string) => void): Logger {
  return {
    debug() {},
    info() {},
    warn: (message, fields) => write(`${jsonLine('warn', message, fields)}\n`),
    error: (message, fields) => write(`${jsonLine('error', message, fields)}\n`),
  };
}
