import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { task } from '../tasks-schemas.ts';

/** Told by webhook. */
export const taskCompleted = defineTrigger({
  title: 'Task completed',
  description: 'Somebody ticked a task off.',
  kind: 'status_changed',
  delivery: 'webhook',
  resources: { list: [{ fields: ['task.list'] }] },
  payload: z.object({ task }),
});
