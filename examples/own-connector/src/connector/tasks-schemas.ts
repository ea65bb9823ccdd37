import { z } from 'zod';

/** Id of a list, as an input takes it: one segment of a path, so nothing in it can lead elsewhere. */
export const listId = z.string().regex(/^[a-z0-9-]{1,64}$/);

/** A task as the service answers it. Ask for the fields that you use; others are passed over. */
export const task = z.object({ id: z.string(), list: z.string(), title: z.string(), done: z.boolean() });

/** One page of tasks; `next` names the page after it. */
export const taskPage = z.object({ tasks: z.array(task), next: z.string().nullable() });

/** One page of lists. */
export const listPage = z.object({ lists: z.array(z.object({ id: z.string(), name: z.string() })), next: z.string().nullable() });

/** Whose token it is. */
export const account = z.object({ id: z.string(), name: z.string() });
