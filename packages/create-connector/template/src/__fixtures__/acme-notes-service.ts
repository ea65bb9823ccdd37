import { type FakeProvider, type ProviderHandler, startFakeProvider } from '@patchbay/testing';
import { z } from 'zod';
import { startLogin } from './acme-notes-login.ts';

const sent = z.object({ text: z.string(), reference: z.string().optional() });

type KeptNote = {
  readonly id: string;
  readonly notebook: string;
  readonly text: string;
  readonly reference: string | null;
  readonly changed: number;
};

/** A stand-in of Acme Notes, as far as the connector uses it. */
export interface AcmeNotesService extends FakeProvider {
  notes(): readonly KeptNote[];
  /** A note of somebody else. */
  add(notebook: string, text: string): KeptNote;
  /** Every token that it gave. */
  tokens(): readonly string[];
}

/** Starts the stand-in. What it does, the service's documentation says. */
export async function startAcmeNotes(): Promise<AcmeNotesService> {
  const notes: KeptNote[] = [];
  const login = startLogin();
  const add = (notebook: string, text: string, reference: string | null = null): KeptNote => {
    const note = { id: `n${notes.length + 1}`, notebook, text, reference, changed: notes.length + 1 };
    notes.push(note);
    return note;
  };
  const shown = ({ reference: _reference, ...note }: KeptNote) => note;
  const guarded =
    (handler: ProviderHandler): ProviderHandler =>
    (request) =>
      login.isLetIn(request) ? handler(request) : { status: 401, json: { error: { code: 'unauthorized', message: 'Who are you?' } } };
  const provider = await startFakeProvider({
    idempotencyKeyOf: ({ json }) => sent.safeParse(json).data?.reference,
    routes: {
      ...login.routes,
      'GET /me': guarded(() => ({ json: { id: 'a1', name: 'An account' } })),
      'POST /notebooks/:notebook/notes': guarded(({ parameters: { notebook = '' }, json }) => {
        const { text, reference = null } = sent.parse(json);
        return { status: 201, json: shown(add(notebook, text, reference)), effect: true };
      }),
      'GET /notebooks/:notebook/notes': guarded(({ parameters, query }) => {
        const reference = query.get('reference');
        const found = notes.filter(
          (note) => note.notebook === parameters['notebook'] && (reference === null || note.reference === reference),
        );
        return { json: { notes: found.map(shown) } };
      }),
      'GET /notes': guarded(({ query }) => ({
        json: { notes: notes.filter(({ changed }) => changed > Number(query.get('since'))).map(shown) },
      })),
    },
  });
  return { ...provider, notes: () => notes, add, tokens: () => login.tokens() };
}
