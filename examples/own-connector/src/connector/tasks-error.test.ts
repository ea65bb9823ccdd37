import { expect, it } from 'vitest';
import { tasksError } from './tasks-error.ts';

const answer = (status: number, error: { readonly code: string; readonly message: string; readonly retry_after_ms?: number }) => ({
  method: 'POST',
  status,
  headers: {},
  body: { error },
});

it('knows that a locked list takes nothing, and when it will', () => {
  const fault = tasksError(answer(422, { code: 'list_locked', message: 'Somebody sorts it.', retry_after_ms: 500 }));
  expect(fault).toMatchObject({ code: 'provider_conflict', retryable: true, sent: 'no', retryAfterMs: 500 });
});

it('leaves everything else to the status', () => {
  expect(tasksError(answer(422, { code: 'title_missing', message: 'No title.' }))).toBeUndefined();
});
