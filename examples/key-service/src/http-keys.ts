import { setTimeout as pause } from 'node:timers/promises';
import { type KeyProvider, PatchbayError } from '@patchbay/core';
import { z } from 'zod';

/** What {@link httpKeys} is given. */
export interface HttpKeysOptions {
  /** Address of the service, without a path: `https://keys.example.com`. */
  readonly origin: string;
  /** What the service knows this host by. */
  readonly token: string;
  /** Id of the key that wraps from now on. */
  readonly active: string;
  /** Milliseconds for one try. @default 2 000 */
  readonly timeoutMs?: number;
  /** Tries of one call, the first included. Both calls change nothing at the service, so they are safe to repeat. @default 3 */
  readonly tries?: number;
  /** Milliseconds before the second try; each further wait is twice as long, and a random part of it is waited. @default 200 */
  readonly waitMs?: number;
}

const wrapAnswer = z.object({ key: z.string(), wrapped: z.base64() });
const unwrapAnswer = z.object({ dataKey: z.base64() });

/** Longest answer that is read, characters: a wrapped key is a few hundred bytes. */
const longestAnswer = 65_536;

const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/**
 * Key-encryption keys that stay in a service. Rejects with `vault_key_missing` and `vault_sealed` where the service says so for good, and
 * with retryable errors where it is away, busy or does not know this host: no credential is taken for broken because of those.
 */
export function httpKeys(options: HttpKeysOptions): KeyProvider {
  const call = async <Answer>(path: string, body: Readonly<Record<string, string>>, schema: z.ZodType<Answer>): Promise<Answer> => {
    const { tries = 3, waitMs = 200 } = options;
    for (let tried = 1; ; tried += 1) {
      try {
        return await tryOnce(options, { path, body, schema });
      } catch (error) {
        const isWorthIt = error instanceof PatchbayError && error.code === 'provider_unavailable';
        if (!isWorthIt || tried >= tries) throw error;
        await pause(Math.random() * waitMs * 2 ** (tried - 1));
      }
    }
  };
  return {
    activeKekId: options.active,
    async wrap({ dataKey, associatedData }) {
      const body = { key: options.active, dataKey: encode(dataKey), associatedData: encode(associatedData) };
      const { key, wrapped } = await call('/wrap', body, wrapAnswer);
      return { kekId: key, wrapped: Buffer.from(wrapped, 'base64') };
    },
    async unwrap({ kekId, wrapped, associatedData }) {
      const body = { key: kekId, wrapped: encode(wrapped), associatedData: encode(associatedData) };
      const { dataKey } = await call('/unwrap', body, unwrapAnswer);
      return Buffer.from(dataKey, 'base64');
    },
  };
}

interface Call<Answer> {
  readonly path: string;
  readonly body: Readonly<Record<string, string>>;
  readonly schema: z.ZodType<Answer>;
}

async function tryOnce<Answer>(
  { origin, token, timeoutMs = 2_000 }: HttpKeysOptions,
  { path, body, schema }: Call<Answer>,
): Promise<Answer> {
  const reply = await fetch(new URL(path, origin), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    // The token and the data key go to this service alone.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
    .then(async (response) => ({ status: response.status, text: await response.text() }))
    // The cause is left out: it may repeat what was sent.
    .catch(() => ({ status: 0, text: '' }));
  if (reply.status !== 200) throw faultOf(reply.status, body['key'] ?? '');
  const answer = reply.text.length > longestAnswer ? undefined : schema.safeParse(parseJson(reply.text));
  if (!answer?.success)
    throw new PatchbayError({
      code: 'response_invalid',
      message: 'The key service answered something else than a key. Look at its version.',
    });
  return answer.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function faultOf(status: number, kekId: string): PatchbayError {
  const details = { status, kekId };
  if (status === 404)
    return new PatchbayError({
      code: 'vault_key_missing',
      message: `The key service has no key "${kekId}". Bring it back; what it wrapped cannot be read without it.`,
      details,
    });
  if (status === 422)
    return new PatchbayError({
      code: 'vault_sealed',
      message: 'The key service does not unwrap this data key: it was changed, or belongs to another tenant. Restore it from a backup.',
      details,
    });
  if (status === 401 || status === 403)
    return new PatchbayError({
      code: 'authentication_failed',
      message: 'The key service does not let this host in. Check the token and what it may do.',
      retryable: true,
      details,
    });
  return new PatchbayError({
    code: 'provider_unavailable',
    message: 'The key service is away or busy. Data keys in memory work on for five minutes; look at the service.',
    retryable: true,
    details,
  });
}
