import { toErrorRecord } from '../errors/error-record.ts';
import type { OpenSpan, SpanStart, Tracing } from './tracing.ts';

/** Runs a function inside a span that ends with it, and fails by the code of what it throws. Without tracing it is just run, with `null`. */
export async function inSpan<Result>(
  tracing: Tracing | null | undefined,
  start: () => SpanStart,
  run: (span: OpenSpan | null) => Promise<Result>,
): Promise<Result> {
  if (!tracing) return run(null);
  const span = tracing.begin(start());
  try {
    return await span.within(() => run(span));
  } catch (error) {
    span.fail(toErrorRecord(error).code);
    throw error;
  } finally {
    span.end();
  }
}
