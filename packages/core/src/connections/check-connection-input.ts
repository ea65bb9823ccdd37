import { limitsFault } from '../connector/limit-fault.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import { isLongerThan } from '../json/is-longer-than.ts';

/** Most scopes of one connection. */
const mostScopes = 500;

/** Largest metadata of one connection, bytes of its JSON text: every process keeps it in memory. */
const largestMetadata = 16_384;

const plain = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

const isPlain = (text: unknown): boolean => typeof text === 'string' && plain.test(text);

/** What is said of a connection besides its credential and settings. `null` takes away. */
interface SaidOfConnection {
  readonly owner?: unknown;
  readonly externalAccount?: { readonly id: unknown; readonly name?: unknown } | null;
  readonly metadata?: unknown;
  readonly grantedScopes?: unknown;
  readonly expiresAt?: unknown;
  readonly limits?: unknown;
}

/** Throws `invalid_argument` for an owner or account that is no plain text, metadata that is too much, scopes that are no list of texts, an end that is no time, and limits that cannot be held. */
export function checkConnectionInput({ owner, externalAccount, metadata, grantedScopes, expiresAt, limits }: SaidOfConnection): void {
  if ((owner ?? null) !== null && !isPlain(owner))
    throw invalid('The owner is not text of 1 to 200 characters. Pass the id of a person of your app, or leave it out.');
  if (externalAccount && !isPlain(externalAccount.id))
    throw invalid(
      'The id of the external account is not text of 1 to 200 characters. Pass it as the service tells it, or leave the account out.',
    );
  if (externalAccount?.name !== undefined && !isPlain(externalAccount.name))
    throw invalid('The name of the external account is not text of 1 to 200 characters. Pass it as the service tells it, or leave it out.');
  if (metadata !== undefined && !isMetadata(metadata))
    throw invalid(`The metadata is not an object of JSON values of at most ${largestMetadata} bytes. Keep more of it with your own data.`);
  if ((grantedScopes ?? null) !== null && !isScopes(grantedScopes))
    throw invalid(
      `The granted scopes are not a list of at most ${mostScopes} texts. Pass them as the service tells them, or leave them out.`,
    );
  if ((expiresAt ?? null) !== null && !isTime(expiresAt))
    throw invalid('expiresAt is not a whole number of milliseconds since 1970. Pass when the credential ends, or leave it out.');
  const fault = (limits ?? null) === null ? undefined : limitsFault(limits);
  if (fault !== undefined) throw invalid(`The connection's limits cannot be held: ${fault}. Correct them, or leave them out.`);
}

/** The last time that a Date holds, milliseconds since 1970. */
const lastTime = 8_640_000_000_000_000;

const isTime = (time: unknown): boolean => Number.isInteger(time) && Number(time) >= 0 && Number(time) <= lastTime;

function isScopes(scopes: unknown): boolean {
  return Array.isArray(scopes) && scopes.length <= mostScopes && scopes.every(isPlain);
}

function isMetadata(metadata: unknown): boolean {
  try {
    return isJsonObject(metadata) && !isLongerThan(JSON.stringify(metadata), largestMetadata);
  } catch {
    // It goes round in circles, or has a value that JSON does not know.
    return false;
  }
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
