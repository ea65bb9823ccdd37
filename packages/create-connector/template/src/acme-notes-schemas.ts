import { z } from 'zod';

/** Name of a notebook, as an input takes it: one segment of a path, so nothing in it can lead elsewhere. */
export const notebookName = z.string().regex(/^[a-z0-9-]{1,64}$/);

/** A note as the service answers it. Ask for the fields that you use; others are passed over. */
export const note = z.object({ id: z.string(), notebook: z.string(), text: z.string(), changed: z.number() });

/** One page of notes; `next` names the page after it. */
export const notePage = z.object({ notes: z.array(note), next: z.string().optional() });

/** Whose credential it is. */
export const account = z.object({ id: z.string(), name: z.string() });
